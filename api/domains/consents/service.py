"""Recording and revoking consents; what they let others see, and the trace that this leaves."""

from collections.abc import Collection, Mapping
from uuid import UUID

from api.core.actor import Actor
from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import InvalidPayload, NotFound, Problem, RuleBroken
from api.domains.consents import repository, rules
from api.domains.consents.problems import (
    ConsentExists,
    ConsentRequired,
    ServiceConsentRequired,
)
from api.domains.consents.schemas import ConsentIn
from api.domains.consents.states import LIFECYCLE
from api.domains.consents.vocabulary import Purpose
from api.models.consents import Consent
from api.models.organizations import Organization
from api.reads import Reader
from api.transactions import Event, Subject, UnitOfWork


async def grant(uow: UnitOfWork, wish: ConsentIn) -> UUID:
    """Record a consent of one of the organisation's producers.

    404 where the producer is not its own, 422 for a wrong recipient or dates, 409 for somebody who
    may be under 14 and where such a consent runs already: revoking one must leave none.
    """
    facts = rules.ConsentFacts(
        wish.purpose,
        wish.recipient_organization_id,
        wish.recipient_role,
        wish.valid_from,
        wish.valid_until,
        LIFECYCLE.initial,
    )
    if found := rules.faults(facts):
        raise InvalidPayload(errors=found)
    recipient = wish.recipient_organization_id
    if recipient and not await repository.is_verified(uow, recipient):
        raise InvalidPayload(errors=[rules.UNKNOWN_RECIPIENT])
    producer = await repository.own_producer(uow, wish.producer_id)
    if producer is None or not producer.is_active:
        raise NotFound("producer")
    if not rules.old_enough(producer.birth_year, wish.valid_from):
        raise RuleBroken(errors=[rules.TOO_YOUNG])
    for row in await repository.of_producers(uow, [producer.id], wish.purpose):
        if rules.clash(facts, repository.facts_of(row)):
            raise ConsentExists(extensions={"consent_id": str(row["id"])})
    return _add(uow, wish)


def _add(uow: UnitOfWork, wish: ConsentIn) -> UUID:
    consent = Consent(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        state=LIFECYCLE.initial,
        **wish.model_dump(),
    )
    uow.add(consent)
    data = wish.model_dump(mode="json", exclude={"producer_id"}, exclude_none=True)
    uow.record(Event("consent.granted", ("consent", consent.id), data, related=_concerned(consent)))
    return consent.id


async def revoke(uow: UnitOfWork, consent_id: UUID) -> None:
    """End a consent; the next request that would need it is refused."""
    consent = await repository.own_for_update(uow, consent_id)
    if consent is None:
        raise NotFound("consent")
    end(uow, consent)


def end(uow: UnitOfWork, consent: Consent) -> None:
    """Revoke a locked consent."""
    transition = LIFECYCLE.apply("revoke", consent.state)
    consent.state = transition.target
    consent.revoked_at = now()
    uow.record(Event(transition.event, ("consent", consent.id), related=_concerned(consent)))


async def revoke_all(uow: UnitOfWork, producer_ids: Collection[UUID]) -> None:
    """End every consent of producers who are leaving; each recipient's feed tells of its own."""
    for consent in await repository.granted_for_update(uow, producer_ids):
        end(uow, consent)


def _concerned(consent: Consent) -> tuple[Subject, ...]:
    """The producer, and the recipient, whose feed so tells of it."""
    recipient = consent.recipient_organization_id
    return (
        ("producer", consent.producer_id),
        *([("organization", recipient)] if recipient else []),
    )


async def consented(
    source: Reader | UnitOfWork, producer_ids: Collection[UUID], purpose: Purpose
) -> dict[UUID, UUID]:
    """Those of the producers whose data the actor may read today for the purpose, each with the
    consent that says so. One query; the organisation's own producers need none and are not in it.

    Whoever then discloses personal data calls ``record_access`` with the answer.
    """
    covered: dict[UUID, UUID] = {}
    for row in await repository.of_producers(source, producer_ids, purpose):
        if _covers(source.actor, row, purpose):
            covered.setdefault(row["producer_id"], row["id"])
    return covered


async def expect_service(uow: UnitOfWork, organization_id: UUID, producer_id: UUID) -> None:
    """403 unless the actor may serve a producer of this organisation: its own, or one who consents
    to it today.
    """
    if organization_id == uow.actor.organization_id:
        return
    if not await consented(uow, [producer_id], Purpose.SERVICE_DELIVERY):
        raise ServiceConsentRequired(extensions={"purpose": Purpose.SERVICE_DELIVERY})


async def lets_serve(uow: UnitOfWork, producer_id: UUID, provider: Organization) -> bool:
    """Whether a producer consents today to be served by this organisation."""
    purpose, roles = Purpose.SERVICE_DELIVERY, frozenset(provider.roles)
    return any(
        rules.covers(repository.facts_of(row), purpose, provider.id, roles, today())
        for row in await repository.of_producers(uow, [producer_id], purpose)
    )


async def record_access(
    uow: UnitOfWork, consents: Mapping[UUID, UUID], purpose: Purpose, operation: str
) -> None:
    """Note that the actor read these producers' personal data, each by its consent.

    ``operation`` is the operationId of the read. The unit of work must end before the data leaves.
    """
    if not consents:
        return
    instant = now()
    rows = [
        {
            "id": new_id(),
            "producer_id": producer_id,
            "organization_id": uow.actor.organization_id,
            "client_id": uow.actor.client_id,
            "purpose": purpose,
            "consent_id": consent_id,
            "operation": operation,
            "accessed_at": instant,
        }
        for producer_id, consent_id in consents.items()
    ]
    await repository.add_accesses(uow, rows)


async def refusal(reader: Reader, producer_id: UUID) -> Problem:
    """Why the actor does not see a producer: 404, or 403 where it knows already that it exists."""
    begun = await reader.rows(repository.BEGUN, producer_id=producer_id)
    if not begun:
        return NotFound("producer")
    purposes = [p for p in Purpose if any(_covers(reader.actor, row, p) for row in begun)]
    return ConsentRequired(extensions={"purposes": purposes})


def _covers(actor: Actor, row: Mapping[str, object], purpose: Purpose) -> bool:
    facts = repository.facts_of(row)
    return rules.covers(facts, purpose, actor.organization_id, actor.roles, today())
