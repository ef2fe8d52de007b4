"""Merging one registration into another."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from api.core.problems import InvalidPayload, NotFound, RuleBroken
from api.domains.clusters.rules import Membership
from api.domains.consents import rules as consent_rules
from api.domains.consents.repository import facts_of
from api.domains.consents.service import end
from api.domains.farm_plans.states import LIFECYCLE as PLANS
from api.domains.farm_plans.states import FarmPlanState
from api.domains.producer_merges import repository, rules
from api.domains.producers.states import LIFECYCLE
from api.models.clusters import ClusterMember
from api.models.consents import Consent
from api.models.farm_plans import FarmPlan
from api.models.producers import Producer
from api.transactions import Event, UnitOfWork


@dataclass(slots=True)
class _Merge:
    """Which registration ends, which stands, and what has changed hands so far."""

    uow: UnitOfWork
    ending: Producer
    standing: Producer
    moved: list[Any] = field(default_factory=list)


async def merge(uow: UnitOfWork, producer_id: UUID, into: UUID) -> None:
    """End a registration of the actor's organisation; another of its own stands for it.

    422 for the same one, 404 for another organisation's, 409 for one that has ended, be it this one
    or the other.
    """
    if producer_id == into:
        raise InvalidPayload(errors=[rules.ITSELF])
    found = await repository.pair_for_update(uow, producer_id, into)
    if len(found) < 2:
        raise NotFound("producer")
    merging = _Merge(uow, found[producer_id], found[into])
    transition = LIFECYCLE.apply("merge", merging.ending.state)
    if not merging.standing.is_active:
        raise RuleBroken(errors=[rules.ENDED])
    await _change_hands(merging)
    await _unite_memberships(merging)
    await _hand_over_consents(merging)
    earlier = await repository.merged_before(uow, producer_id)
    for one in (merging.ending, *earlier):
        one.merged_into = into
    merging.ending.state = transition.target
    merging.standing.registered_on = rules.earlier(
        merging.standing.registered_on, merging.ending.registered_on
    )
    _record(merging, transition.event, earlier)


async def _change_hands(merging: _Merge) -> None:
    for table, column in repository.moving():
        rows = await repository.naming(merging.uow, table, column, [merging.ending.id])
        for row in rows:
            setattr(row, column, merging.standing.id)
        merging.moved += rows
        if table is FarmPlan and rows:
            await _leave_one_plan_in_force(merging)


async def _leave_one_plan_in_force(merging: _Merge) -> None:
    """Of two accepted plans the one that was accepted later stands, as ever."""
    uow = merging.uow
    await uow.session.flush()
    plans = await repository.naming(uow, FarmPlan, "producer_id", [merging.standing.id])
    accepted = [plan for plan in plans if plan.state is FarmPlanState.ACCEPTED]
    *superseded, latest = sorted(accepted, key=lambda plan: (plan.accepted_on, plan.id)) or [None]
    for plan in superseded:
        transition = PLANS.apply("supersede", plan.state)
        plan.state = transition.target
        related = (("farm_plan", latest.id), ("producer", merging.standing.id))
        uow.record(Event(transition.event, ("farm_plan", plan.id), related=related))


async def _unite_memberships(merging: _Merge) -> None:
    uow, pair = merging.uow, [merging.standing.id, merging.ending.id]
    rows = await repository.naming(uow, ClusterMember, "producer_id", pair)
    by_cluster: dict[UUID, list[ClusterMember]] = defaultdict(list)
    for row in rows:
        by_cluster[row.cluster_id].append(row)
    for members in by_cluster.values():
        if any(member.producer_id == merging.ending.id for member in members):
            await _unite(merging, {member.id: member for member in members})


async def _unite(merging: _Merge, members: dict[UUID, ClusterMember]) -> None:
    united = rules.unite(
        rules.Held(
            member.id,
            Membership(member.joined_on, member.left_on),
            member.producer_id == merging.standing.id,
        )
        for member in members.values()
    )
    # First what is left without a day: a producer is never twice in a cluster at once.
    for emptied in (members[member_id] for one in united for member_id in one.emptied):
        emptied.left_on = emptied.joined_on
        merging.moved.append(emptied)
    await merging.uow.session.flush()
    for one in united:
        keeper = members[one.keeper]
        if one.emptied or keeper.producer_id == merging.ending.id:
            keeper.producer_id = merging.standing.id
            keeper.joined_on, keeper.left_on = one.days.joined_on, one.days.left_on
            merging.moved.append(keeper)


async def _hand_over_consents(merging: _Merge) -> None:
    """The person's consents are the survivor's; of two that say the same, the survivor's stays."""
    uow = merging.uow
    kept = await repository.granted(uow, merging.standing.id)
    for consent in await repository.granted(uow, merging.ending.id):
        facts = _facts(consent)
        if any(consent_rules.clash(facts, _facts(other)) for other in kept):
            end(uow, consent)
        else:
            consent.producer_id = merging.standing.id
            merging.moved.append(consent)


def _facts(consent: Consent) -> consent_rules.ConsentFacts:
    return facts_of(consent.model_dump())


def _record(merging: _Merge, event: str, earlier: list[Producer]) -> None:
    """What happened, for the organisation itself; and for everybody else whom it concerns that
    another id is the person's now, and nothing of each other.
    """
    uow, moved = merging.uow, merging.moved
    counted = Counter(row.__tablename__ for row in moved)
    related = {
        ("producer", merging.standing.id),
        *(("producer", one.id) for one in earlier),
        *repository.subjects_of(moved),
    }
    ending, standing = ("producer", merging.ending.id), ("producer", merging.standing.id)
    data: dict[str, Any] = {
        "merged_into": str(merging.standing.id),
        "moved": dict(sorted(counted.items())),
    }
    uow.record(Event(event, ending, data, tuple(sorted(related))))
    for party in sorted(repository.parties_of(moved) - {uow.actor.organization_id}):
        told = {"merged_into": str(merging.standing.id)}
        uow.record(Event("producer.replaced", ending, told, (standing, ("organization", party))))
