"""Actions on farm plans, and what orders and credit draw from their lines."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.money import quantize_kg
from api.core.problems import InvalidPayload, NotAllowed, NotFound, RuleBroken
from api.domains.consents.service import expect_service
from api.domains.farm_plans import repository, texts
from api.domains.farm_plans.rules import (
    Line,
    Plan,
    Zone,
    reasons_against_plots,
    reasons_incoherent,
    totals,
)
from api.domains.farm_plans.schemas import FarmPlanChange, FarmPlanIn, LineIn, YieldIn, ZoneIn
from api.domains.farm_plans.states import LIFECYCLE, FarmPlanState
from api.domains.producers.service import expect_remembered
from api.domains.producers.states import ProducerState
from api.models.farm_plans import FarmPlan, FarmPlanLine, FarmPlanVisit, FarmPlanZone
from api.transactions import Event, Subject, UnitOfWork

T = TypeVar("T", FarmPlanZone, FarmPlanLine)
Drawn = Literal["ordered_quantity", "financed_amount"]
_PLANNED: Final[Mapping[Drawn, str]] = {
    "ordered_quantity": "quantity",
    "financed_amount": "estimated_cost",
}


async def draft(uow: UnitOfWork, wish: FarmPlanIn) -> UUID:
    """A new plan for a producer whose consent, or own organisation, lets the actor serve them."""
    producer = await repository.producer_for_update(uow, wish.producer_id)
    if producer is None or producer.state is not ProducerState.ACTIVE:
        raise NotFound("producer")
    await expect_service(uow, producer.organization_id, producer.id)
    if wish.cluster_id and not await repository.is_member(uow, wish.cluster_id, producer.id):
        raise RuleBroken(errors=[texts.NOT_A_MEMBER])
    plan = FarmPlan(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        producer_organization_id=producer.organization_id,
        producer_id=producer.id,
        cluster_id=wish.cluster_id,
        revision=await repository.last_revision(uow, producer.id) + 1,
        state=LIFECYCLE.initial,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
        conservation_ha=wish.conservation_ha,
        expected_yields=_yields(wish.expected_yields),
    )
    zones, lines = _zones(plan.id, wish.zones), _lines(plan.id, wish.lines)
    await _refuse_unsound(uow, plan, zones, lines)
    visits = await _visits(uow, plan, wish.visit_ids)
    uow.add(plan, *visits, *zones, *lines)
    _record(uow, "farm_plan.drafted", plan, lines)
    return plan.id


async def edit(uow: UnitOfWork, farm_plan_id: UUID, version: int, wish: FarmPlanChange) -> None:
    """Change a draft; a list that is sent replaces the whole list."""
    plan, event = await _begin(uow, farm_plan_id, "edit")
    uow.expect_version(plan, version)
    changes = wish.changes()
    zones = await repository.zones_of(uow, plan.id)
    lines = await repository.lines_of(uow, plan.id)
    if "visit_ids" in changes:
        await repository.forget_visits(uow, plan.id)
        uow.add(*await _visits(uow, plan, changes.pop("visit_ids")))
    if "zones" in changes:
        zones = await _replaced(uow, zones, _zones(plan.id, changes.pop("zones")))
    if "lines" in changes:
        lines = await _replaced(uow, lines, _lines(plan.id, changes.pop("lines")))
    if "expected_yields" in changes:
        plan.expected_yields = _yields(changes.pop("expected_yields"))
    for name, value in changes.items():
        setattr(plan, name, value)
    await _refuse_unsound(uow, plan, zones, lines)
    # A change of the lists alone must still give the plan another version.
    plan.updated_at = now()
    _record(uow, event, plan, lines)


async def act(uow: UnitOfWork, farm_plan_id: UUID, action: str) -> None:
    """Submit, return or approve: the provider's side."""
    plan, event = await _begin(uow, farm_plan_id, action)
    lines = await repository.lines_of(uow, plan.id)
    if action != "return":
        await _refuse_unsound(uow, plan, await repository.zones_of(uow, plan.id), lines)
    if action == "approve":
        plan.approved_on = today()
    plan.state = LIFECYCLE.transitions[action].target
    _record(uow, event, plan, lines)


async def accept(uow: UnitOfWork, farm_plan_id: UUID) -> None:
    """The producer's organisation accepts; the plan in force until then is superseded."""
    producer_id = await repository.producer_of(uow, farm_plan_id)
    if producer_id is None:
        raise NotFound("farm plan")
    # Without this lock two plans of one producer, accepted at once, would both be in force.
    await repository.producer_for_update(uow, producer_id)
    plan = await _party(uow, farm_plan_id)
    if plan.producer_organization_id != uow.actor.organization_id:
        raise NotAllowed(
            es="lo acepta la organización del productor",
            en="the producer's organisation accepts it",
        )
    await expect_remembered(uow, producer_id)
    transition = LIFECYCLE.apply("accept", plan.state)
    for earlier in await repository.accepted_for_update(uow, plan.producer_id):
        superseded = LIFECYCLE.apply("supersede", earlier.state)
        earlier.state = superseded.target
        related = (("farm_plan", plan.id), ("producer", plan.producer_id))
        uow.record(Event(superseded.event, ("farm_plan", earlier.id), related=related))
    plan.state, plan.accepted_on = transition.target, today()
    _record(uow, transition.event, plan, await repository.lines_of(uow, plan.id))


async def of_provider(uow: UnitOfWork, farm_plan_id: UUID) -> FarmPlan:
    """A plan, locked, that the actor wrote and whose producer still consents to be served.

    404 for strangers, 403 for the producer's side and where the consent has ended, 410 for somebody
    who was erased.
    """
    plan = await _party(uow, farm_plan_id)
    if plan.organization_id != uow.actor.organization_id:
        raise NotAllowed(
            es="lo escribe el proveedor de asistencia técnica",
            en="the assistance provider writes it",
        )
    # A producer who revoked the consent is planned for no longer.
    await expect_service(uow, plan.producer_organization_id, plan.producer_id)
    await expect_remembered(uow, plan.producer_id)
    return plan


async def draw(
    uow: UnitOfWork, drawn: Drawn, wanted: Mapping[UUID, Decimal], *related: Subject
) -> list[tuple[FarmPlanLine, FarmPlan]]:
    """Take quantities (``ordered_quantity``) or money (``financed_amount``) from plan lines.

    ``wanted`` is positive, by line, in the order of the request: errors point to ``/lines/<n>``.
    Only from accepted plans for the actor's own producers (404 otherwise), and never beyond what
    a line plans (409). Plans are locked, then lines; gives the lines with their plans.
    """
    found = await _locked_lines(uow, wanted)
    if any(plan.producer_organization_id != uow.actor.organization_id for _, plan in found):
        raise NotFound("farm plan line")
    by_id = {line.id: (line, plan) for line, plan in found}
    errors = []
    for number, (line_id, amount) in enumerate(wanted.items()):
        line, plan = by_id[line_id]
        if plan.state is not FarmPlanState.ACCEPTED:
            errors.append(texts.plan_not_accepted(f"/lines/{number}"))
        elif getattr(line, drawn) + amount > getattr(line, _PLANNED[drawn]):
            errors.append(texts.exhausted(f"/lines/{number}"))
    if errors:
        raise RuleBroken(errors=errors)
    _move(uow, f"farm_plan.{drawn}_drawn", drawn, found, wanted, related)
    return found


async def give_back(
    uow: UnitOfWork, drawn: Drawn, returned: Mapping[UUID, Decimal], *related: Subject
) -> None:
    """Undo part of a ``draw``: an order that was rejected, credit that was not granted."""
    found = await _locked_lines(uow, returned)
    less = {line_id: -amount for line_id, amount in returned.items()}
    _move(uow, f"farm_plan.{drawn}_given_back", drawn, found, less, related)


def _move(
    uow: UnitOfWork,
    event: str,
    drawn: Drawn,
    found: list[tuple[FarmPlanLine, FarmPlan]],
    amounts: Mapping[UUID, Decimal],
    related: tuple[Subject, ...],
) -> None:
    for plan in {plan.id: plan for _, plan in found}.values():
        # The plan shows its lines' balances, so they are part of its version.
        plan.updated_at = now()
        moved = {str(line.id): f"{abs(amounts[line.id])}" for line, of in found if of.id == plan.id}
        uow.record(Event(event, ("farm_plan", plan.id), {"lines": moved}, related))
    for line, _ in found:
        setattr(line, drawn, getattr(line, drawn) + amounts[line.id])


async def _locked_lines(
    uow: UnitOfWork, wanted: Mapping[UUID, Decimal]
) -> list[tuple[FarmPlanLine, FarmPlan]]:
    found = await repository.lines_for_update(uow, wanted.keys())
    if len(found) != len(wanted):
        raise NotFound("farm plan line")
    return found


async def _party(uow: UnitOfWork, farm_plan_id: UUID) -> FarmPlan:
    plan = await repository.party_for_update(uow, farm_plan_id)
    if plan is None:
        raise NotFound("farm plan")
    return plan


async def _begin(uow: UnitOfWork, farm_plan_id: UUID, action: str) -> tuple[FarmPlan, str]:
    """The plan, locked, for an action of its provider, and the event's name."""
    plan = await of_provider(uow, farm_plan_id)
    return plan, LIFECYCLE.apply(action, plan.state).event


async def _refuse_unsound(
    uow: UnitOfWork, plan: FarmPlan, zones: list[FarmPlanZone], lines: list[FarmPlanLine]
) -> None:
    """422 where the plan contradicts itself, 409 where it does not fit the producer's land."""
    judged = Plan(
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        conservation_ha=plan.conservation_ha,
        years=[each["year"] for each in plan.expected_yields],
        zones=[Zone(z.plot_id, z.current_use, z.future_use, z.treatment, z.area_ha) for z in zones],
        lines=[Line(x.plot_id, x.month, x.kind, x.category, x.currency) for x in lines],
    )
    if reasons := reasons_incoherent(judged):
        raise InvalidPayload(errors=reasons)
    areas = await repository.open_areas(uow, plan.producer_id)
    if reasons := reasons_against_plots(judged, areas):
        raise RuleBroken(errors=reasons)


async def _visits(uow: UnitOfWork, plan: FarmPlan, wish: list[UUID]) -> list[FarmPlanVisit]:
    """The visits that the plan derives from; 409 where one was not made to its producer."""
    known = await repository.visits_among(uow, plan.producer_id, wish)
    if errors := [
        texts.visit_unknown(f"/visit_ids/{number}")
        for number, visit_id in enumerate(wish)
        if visit_id not in known or visit_id in wish[:number]
    ]:
        raise RuleBroken(errors=errors)
    return [FarmPlanVisit(id=new_id(), farm_plan_id=plan.id, visit_id=each) for each in wish]


async def _replaced(uow: UnitOfWork, old: list[T], new: list[T]) -> list[T]:
    for row in old:
        await uow.session.delete(row)
    uow.add(*new)
    return new


def _yields(wish: list[YieldIn]) -> list[dict[str, Any]]:
    return [{"year": each.year, "kg_per_ha": f"{quantize_kg(each.kg_per_ha)}"} for each in wish]


def _ids(count: int) -> list[UUID]:
    """Ids in the order of the request: ids made in one millisecond have none of their own."""
    return sorted(new_id() for _ in range(count))


def _zones(plan_id: UUID, wish: list[ZoneIn]) -> list[FarmPlanZone]:
    return [
        FarmPlanZone(id=row_id, farm_plan_id=plan_id, **dict(each))
        for row_id, each in zip(_ids(len(wish)), wish, strict=True)
    ]


def _lines(plan_id: UUID, wish: list[LineIn]) -> list[FarmPlanLine]:
    rows = []
    for row_id, each in zip(_ids(len(wish)), wish, strict=True):
        values = dict(each)
        cost = values.pop("estimated_cost")
        values |= {"estimated_cost": cost.amount, "currency": cost.currency}
        rows.append(FarmPlanLine(id=row_id, farm_plan_id=plan_id, **values))
    return rows


def _record(uow: UnitOfWork, event: str, plan: FarmPlan, lines: list[FarmPlanLine]) -> None:
    costs = totals((line.kind, line.estimated_cost) for line in lines)
    data: dict[str, Any] = {
        "revision": plan.revision,
        "currency": lines[0].currency,
        "conservation_ha": f"{plan.conservation_ha:.4f}",
        **{f"{kind}_cost": f"{cost:.2f}" for kind, cost in costs.items()},
    }
    uow.record(
        Event(event, ("farm_plan", plan.id), data, related=(("producer", plan.producer_id),))
    )
