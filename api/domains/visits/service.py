"""Recording, correcting, confirming, disputing and annulling visits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import InvalidPayload, NotAllowed, NotFound, Problem, RuleBroken
from api.domains.consents.service import expect_service, refusal
from api.domains.producers.service import expect_remembered
from api.domains.service_requests.service import expect_answered
from api.domains.visits import repository, rules
from api.domains.visits.schemas import ConfirmationIn, DisputeIn, Evidence, VisitChange, VisitIn
from api.domains.visits.states import LIFECYCLE
from api.models.visits import Visit, VisitPlot
from api.reads import Reader
from api.transactions import Event, UnitOfWork


async def record(uow: UnitOfWork, wish: VisitIn) -> UUID:
    """A visit to a producer whose consent, or own organisation, lets the actor serve them.

    404 for who is not registered (any more), 403 without consent, 422 for what cannot be, 409 where
    a plot is not the producer's.
    """
    _expect_sound(
        rules.Facts(
            wish.visited_on,
            wish.next_visit_on,
            wish.captured_at,
            wish.plot_ids,
            [each.sha256 for each in wish.evidence],
        )
    )
    producer = await repository.producer(uow, wish.producer_id)
    if producer is None or not producer.is_active:
        raise NotFound("producer")
    await expect_service(uow, producer.organization_id, producer.id)
    await _expect_plots(uow, producer.id, wish.plot_ids)
    if wish.service_request_id:
        await expect_answered(uow, wish.service_request_id, producer.id, wish.visited_on)
    visit = Visit(
        **wish.model_dump(exclude={"id", "plot_ids", "evidence"}),
        id=wish.id or new_id(),
        organization_id=uow.actor.organization_id,
        producer_organization_id=producer.organization_id,
        state=LIFECYCLE.initial,
        evidence=_evidence(wish.evidence),
    )
    uow.add(visit, *_plots(visit, wish.plot_ids))
    _record(uow, "visit.recorded", visit, wish.plot_ids, _facts(visit))
    return visit.id


async def correct(uow: UnitOfWork, visit_id: UUID, version: int, wish: VisitChange) -> None:
    """Change what is told of a visit that nobody has confirmed; the producer's side is asked anew.

    The event names the fields and no values: what was found is about a person's farm.
    """
    visit = await _of_assistant(uow, visit_id)
    uow.expect_version(visit, version)
    transition = LIFECYCLE.apply("correct", visit.state)
    await expect_remembered(uow, visit.producer_id)
    await expect_service(uow, visit.producer_organization_id, visit.producer_id)
    plots = await repository.seen_plots(uow, visit.id)
    wanted = wish.changes()
    if "evidence" in wanted:
        wanted["evidence"] = _evidence(wanted["evidence"])
    now_seen = wanted.pop("plot_ids", plots)
    changed = sorted(name for name, value in wanted.items() if getattr(visit, name) != value)
    for name in changed:
        setattr(visit, name, wanted[name])
    hashes = [each["sha256"] for each in visit.evidence]
    _expect_sound(rules.Facts(visit.visited_on, visit.next_visit_on, None, now_seen, hashes))
    if now_seen != plots:
        await _expect_plots(uow, visit.producer_id, now_seen)
        await repository.forget_plots(uow, visit.id)
        uow.add(*_plots(visit, now_seen))
        changed.append("plot_ids")
        # A change of the list alone must still give the visit another version.
        visit.updated_at = now()
    if not changed:
        return
    visit.state, visit.dispute_reason = transition.target, None
    _record(uow, transition.event, visit, now_seen, {"fields": changed, **_facts(visit)})


async def confirm(uow: UnitOfWork, visit_id: UUID, wish: ConfirmationIn) -> None:
    """The producer says that it was so."""
    visit = await _of_producer_side(uow, visit_id)
    transition = LIFECYCLE.apply("confirm", visit.state)
    visit.state, visit.confirmed_on = transition.target, today()
    visit.confirmation_channel = wish.channel
    _record(uow, transition.event, visit, (), {"channel": wish.channel.value})


async def dispute(uow: UnitOfWork, visit_id: UUID, wish: DisputeIn) -> None:
    """The producer says that it was not so."""
    visit = await _of_producer_side(uow, visit_id)
    transition = LIFECYCLE.apply("dispute", visit.state)
    await expect_remembered(uow, visit.producer_id)
    visit.state, visit.dispute_reason = transition.target, wish.reason
    _record(uow, transition.event, visit, (), {})


async def annul(uow: UnitOfWork, visit_id: UUID) -> None:
    """It was not made, or was recorded twice."""
    visit = await _of_assistant(uow, visit_id)
    transition = LIFECYCLE.apply("annul", visit.state)
    visit.state = transition.target
    _record(uow, transition.event, visit, (), {})


async def why_hidden(reader: Reader, visit_id: UUID) -> Problem:
    """Why the actor does not see a visit: 404, or 403 where a consent had let it know of the
    producer.
    """
    rows = await reader.rows(repository.PRODUCER_OF, visit_id=visit_id)
    problem = await refusal(reader, rows[0][0]) if rows else NotFound("visit")
    return NotFound("visit") if isinstance(problem, NotFound) else problem


async def _party(uow: UnitOfWork, visit_id: UUID) -> Visit:
    visit = await repository.party_for_update(uow, visit_id)
    if visit is None:
        raise NotFound("visit")
    return visit


async def _of_assistant(uow: UnitOfWork, visit_id: UUID) -> Visit:
    visit = await _party(uow, visit_id)
    if visit.organization_id != uow.actor.organization_id:
        raise NotAllowed(
            es="lo hace la organización que asistió", en="the organisation that assisted does it"
        )
    return visit


async def _of_producer_side(uow: UnitOfWork, visit_id: UUID) -> Visit:
    visit = await _party(uow, visit_id)
    if visit.producer_organization_id != uow.actor.organization_id:
        raise NotAllowed(
            es="lo hace la organización del productor", en="the producer's organisation does it"
        )
    return visit


def _expect_sound(facts: rules.Facts) -> None:
    if found := rules.faults(facts, today(), now()):
        raise InvalidPayload(errors=found)


async def _expect_plots(uow: UnitOfWork, producer_id: UUID, plot_ids: Sequence[UUID]) -> None:
    known = await repository.plots_of(uow, producer_id, plot_ids)
    if found := rules.reasons_against_plots(plot_ids, known):
        raise RuleBroken(errors=found)


def _evidence(files: Sequence[Evidence]) -> list[dict[str, str]]:
    return [each.model_dump() for each in files]


def _plots(visit: Visit, plot_ids: Sequence[UUID]) -> list[VisitPlot]:
    return [VisitPlot(id=new_id(), visit_id=visit.id, plot_id=plot_id) for plot_id in plot_ids]


def _facts(visit: Visit) -> dict[str, Any]:
    return {
        "visited_on": visit.visited_on.isoformat(),
        "practice": visit.practice.value,
        "evidence": [each["sha256"] for each in visit.evidence],
    }


def _record(
    uow: UnitOfWork, event: str, visit: Visit, plots: Sequence[UUID], data: dict[str, Any]
) -> None:
    """Both sides' feeds tell of it."""
    sides = {visit.organization_id, visit.producer_organization_id} - {uow.actor.organization_id}
    request = visit.service_request_id
    related = (
        ("producer", visit.producer_id),
        *([("service_request", request)] if request else []),
        *(("organization", side) for side in sides),
        *(("plot", plot_id) for plot_id in plots),
    )
    uow.record(Event(event, ("visit", visit.id), data, related))
