"""Actions on purchase commitments, and what credit and shipments ask of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import InvalidPayload, NotAllowed, NotFound, RuleBroken, StateConflict
from api.domains.purchase_commitments import repository, rules
from api.domains.purchase_commitments.schemas import PurchaseCommitmentIn
from api.domains.purchase_commitments.states import LIFECYCLE
from api.models.purchase_commitments import PurchaseCommitment
from api.transactions import Event, Subject, UnitOfWork


async def propose(uow: UnitOfWork, wish: PurchaseCommitmentIn) -> UUID:
    """A buyer's proposal to a cluster of another organisation."""
    _refuse_incoherent(wish)
    cluster = await repository.cluster(uow, wish.cluster_id)
    if cluster is None:
        raise NotFound("cluster")
    if cluster.organization_id == uow.actor.organization_id:
        raise RuleBroken(errors=[rules.OWN_CLUSTER])
    if rules.is_over(wish.window_until, today()):
        raise RuleBroken(errors=[rules.WINDOW_OVER])
    commitment = PurchaseCommitment(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        producer_organization_id=cluster.organization_id,
        cluster_id=cluster.id,
        kg_dry=wish.kg_dry,
        quality=wish.quality,
        price_kind=wish.price_kind,
        currency=wish.price.currency,
        price=wish.price.amount,
        floor_price=wish.floor_price.amount if wish.floor_price else None,
        premium=wish.premium.amount if wish.premium else Decimal(0),
        window_from=wish.window_from,
        window_until=wish.window_until,
        reference_policy=wish.reference_policy,
        state=LIFECYCLE.initial,
    )
    uow.add(commitment)
    _record(uow, "purchase_commitment.proposed", commitment)
    return commitment.id


async def sign(uow: UnitOfWork, commitment_id: UUID) -> None:
    """The cluster's host binds both sides."""
    commitment = await repository.party_for_update(uow, commitment_id)
    if commitment is None:
        raise NotFound("purchase commitment")
    if commitment.producer_organization_id != uow.actor.organization_id:
        raise NotAllowed(
            es="la firma la organización del grupo", en="the cluster's organisation signs"
        )
    if rules.is_over(commitment.window_until, today()):
        raise RuleBroken(errors=[rules.WINDOW_OVER])
    _move(uow, commitment, "sign")


async def end(uow: UnitOfWork, commitment_id: UUID, action: str) -> None:
    """``cancel`` a proposal or ``break`` a signed commitment: either party may say so."""
    commitment = await repository.party_for_update(uow, commitment_id)
    if commitment is None:
        raise NotFound("purchase commitment")
    _move(uow, commitment, action)


async def pledge(
    uow: UnitOfWork, commitment_id: UUID, kg: Decimal, *related: Subject
) -> PurchaseCommitment:
    """Pledge kilos (above zero) of the actor's commitment, as its host, to ``related`` credit.

    404 where the actor is not the host, 409 where it does not stand (not signed, or over) or less
    is left. The commitment stays locked until the unit of work ends.
    """
    commitment = await repository.any_for_update(uow, commitment_id)
    if commitment is None or commitment.producer_organization_id != uow.actor.organization_id:
        raise NotFound("purchase commitment")
    if commitment.state not in rules.STANDING:
        raise StateConflict("pledge", commitment.state, LIFECYCLE.allowed(commitment.state))
    if rules.is_over(commitment.window_until, today()):
        raise RuleBroken(errors=[rules.WINDOW_OVER])
    if kg > rules.free_kg(commitment.kg_dry, commitment.pledged_kg):
        raise RuleBroken(errors=[rules.NOT_ENOUGH_LEFT])
    commitment.pledged_kg += kg
    _record(uow, "purchase_commitment.pledged", commitment, *related, kg=kg)
    return commitment


async def release(uow: UnitOfWork, commitment_id: UUID, kg: Decimal, *related: Subject) -> None:
    """Give pledged kilos back: credit that was not granted, or was repaid. In any state."""
    commitment = await _locked(uow, commitment_id)
    commitment.pledged_kg -= kg
    _record(uow, "purchase_commitment.released", commitment, *related, kg=kg)


@dataclass(frozen=True, slots=True)
class Load:
    """Kilos (above zero) of the actor's that left for a buyer on a day."""

    buyer_id: UUID
    kg: Decimal
    on: date


async def ship(
    uow: UnitOfWork, commitment_id: UUID, load: Load, *related: Subject
) -> PurchaseCommitment:
    """Count a load towards the buyer's commitment with the actor. 404 for any other commitment;
    409 where it does not stand, and for a day outside its window.

    More than was promised may be shipped: a buyer who takes a full container breaks no promise.
    """
    commitment = await repository.any_for_update(uow, commitment_id)
    parties = (load.buyer_id, uow.actor.organization_id)
    if (
        commitment is None
        or (commitment.organization_id, commitment.producer_organization_id) != parties
    ):
        raise NotFound("purchase commitment")
    transition = LIFECYCLE.apply("ship", commitment.state)
    if not commitment.window_from <= load.on <= commitment.window_until:
        raise RuleBroken(errors=[rules.OUTSIDE_WINDOW])
    commitment.state = transition.target
    commitment.shipped_kg += load.kg
    _record(uow, transition.event, commitment, *related, kg=load.kg)
    return commitment


async def fulfil(uow: UnitOfWork, commitment_id: UUID, *related: Subject) -> None:
    """Close a commitment whose promised kilos have all been shipped; 409 before that."""
    commitment = await _locked(uow, commitment_id)
    if commitment.shipped_kg < commitment.kg_dry:
        raise RuleBroken(errors=[rules.NOT_ALL_SHIPPED])
    _move(uow, commitment, "fulfil", *related)


async def _locked(uow: UnitOfWork, commitment_id: UUID) -> PurchaseCommitment:
    commitment = await repository.any_for_update(uow, commitment_id)
    if commitment is None:
        raise NotFound("purchase commitment")
    return commitment


def _move(uow: UnitOfWork, commitment: PurchaseCommitment, action: str, *related: Subject) -> None:
    transition = LIFECYCLE.apply(action, commitment.state)
    commitment.state = transition.target
    _record(uow, transition.event, commitment, *related)


def _record(
    uow: UnitOfWork,
    event: str,
    commitment: PurchaseCommitment,
    *related: Subject,
    kg: Decimal | None = None,
) -> None:
    data = {
        "kg_dry": f"{commitment.kg_dry:.3f}",
        "pledged_kg": f"{commitment.pledged_kg:.3f}",
        "shipped_kg": f"{commitment.shipped_kg:.3f}",
    }
    if kg is not None:
        data["kg"] = f"{kg:.3f}"
    parties = (
        ("cluster", commitment.cluster_id),
        ("organization", commitment.organization_id),
        ("organization", commitment.producer_organization_id),
    )
    subject = ("purchase_commitment", commitment.id)
    uow.record(Event(event, subject, data, related=(*parties, *related)))


def _refuse_incoherent(wish: PurchaseCommitmentIn) -> None:
    amounts = (wish.price, wish.floor_price, wish.premium)
    promise = rules.Promise(
        price_kind=wish.price_kind,
        price=wish.price.amount,
        floor_price=wish.floor_price.amount if wish.floor_price else None,
        currencies=frozenset(each.currency for each in amounts if each),
        window_from=wish.window_from,
        window_until=wish.window_until,
    )
    if reasons := rules.reasons_incoherent(promise):
        raise InvalidPayload(errors=reasons)
