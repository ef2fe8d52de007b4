"""Actions on orders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import FieldError, NotAllowed, NotFound, RuleBroken
from api.domains.catalogues.repository import published_registrations
from api.domains.catalogues.rules import registration_fault
from api.domains.orders import repository
from api.domains.orders.repository import Placed
from api.domains.orders.rules import (
    Appraisal,
    Priced,
    Wish,
    appraise,
    deadline_faults,
    price_faults,
)
from api.domains.orders.schemas import OrderIn
from api.domains.orders.states import LIFECYCLE, WAITING, OrderState
from api.domains.orders.texts import fault
from api.models.orders import Order
from api.settings import settings
from api.transactions import Event, Subject, UnitOfWork

BUYER: Final = "organization_id"
SUPPLIER: Final = "supplier_id"
"""The columns of the two sides."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order is besides its lines: from whom, whereto, for which cluster, out of which pool,
    and by when an answer is due.
    """

    supplier_id: UUID
    delivery_ubigeo: str
    cluster_id: UUID | None = None
    answer_until: datetime | None = None
    demand_pool_id: UUID | None = None


Agree = Callable[[list[Priced]], list[Priced]]
"""Lines at the prices of the offers to lines at those that were agreed."""
_UNOFFERED: Final = frozenset({"not-on-offer", "offer-not-valid"})


async def place(uow: UnitOfWork, wish: OrderIn, *, order_id: UUID | None = None) -> UUID:
    """Order from one supplier: reserve stock, draw on plan lines, fix prices; or refuse it all.
    An order that was a draft keeps the draft's id.
    """
    wishes = [
        Wish(line.item_id, line.quantity, line.farm_plan_line_id, line.plan_exception)
        for line in wish.lines
    ]
    terms = Terms(wish.supplier_id, wish.delivery_ubigeo, wish.cluster_id, wish.answer_until)
    order_id, _ = await place_on_terms(uow, terms, wishes, order_id=order_id)
    return order_id


async def place_on_terms(
    uow: UnitOfWork,
    terms: Terms,
    wishes: list[Wish],
    *,
    agree: Agree = list,
    order_id: UUID | None = None,
) -> tuple[UUID, list[Placed]]:
    """Place an order; its id, and the lines with theirs, in the order of the wishes. ``agree``
    gives the lines other prices or amounts than the offers do.
    """
    planned = [w.farm_plan_line_id for w in wishes if w.farm_plan_line_id]
    plan_lines = await repository.locked_plan_lines(uow, planned)
    item_ids = [w.item_id for w in wishes]
    offers = await repository.locked_offers(uow, item_ids, terms.delivery_ubigeo)
    appraisal = appraise(wishes, offers, plan_lines, supplier_id=terms.supplier_id, day=today())
    faults = [*deadline_faults(terms.answer_until, now()), *appraisal.faults]
    if terms.cluster_id and not await repository.has_cluster(uow, terms.cluster_id):
        faults = [fault("/cluster_id", "cluster-unknown"), *faults]
    if faults:
        raise RuleBroken(errors=await _explained(uow, wishes, faults))
    appraisal.lines = agree(appraisal.lines)
    # What a pool costs is shared over its lines: there a part may come to nothing.
    if terms.demand_pool_id is None and (faults := price_faults(appraisal.lines)):
        raise RuleBroken(errors=faults)
    plan_ids = sorted({planned.farm_plan_id for planned in plan_lines.values()})
    order_id = order_id or new_id()
    return order_id, await _write(uow, terms, appraisal, plan_ids, order_id)


async def _explained(
    uow: UnitOfWork, wishes: list[Wish], faults: list[FieldError]
) -> list[FieldError]:
    """The faults; where SENASA's word is why an item is not on offer, that says so."""
    standings = await published_registrations(uow, [wish.item_id for wish in wishes])
    blocked = {
        f"/lines/{index}/item_id": found
        for index, wish in enumerate(wishes)
        if wish.item_id in standings
        and (found := registration_fault(standings[wish.item_id], today()))
    }
    return [
        replace(blocked[each.pointer], pointer=each.pointer)
        if each.code in _UNOFFERED and each.pointer in blocked
        else each
        for each in faults
    ]


async def _write(
    uow: UnitOfWork, terms: Terms, appraisal: Appraisal, plan_ids: list[UUID], order_id: UUID
) -> list[Placed]:
    at, total = now(), appraisal.total
    lines = [(new_id(), line) for line in appraisal.lines]
    currency = appraisal.lines[0].offered.currency
    await repository.insert(
        uow,
        lines,
        plan_ids,
        order_id=order_id,
        supplier_id=terms.supplier_id,
        cluster_id=terms.cluster_id,
        state=OrderState.PLACED.value,
        currency=currency,
        freight=appraisal.freight,
        total=total,
        answer_until=terms.answer_until or answer_deadline(),
        ubigeo=terms.delivery_ubigeo,
        demand_pool_id=terms.demand_pool_id,
        at=at,
    )
    data: dict[str, Any] = {
        "supplier_id": str(terms.supplier_id),
        "currency": currency,
        "freight": f"{appraisal.freight:.2f}",
        "total": f"{total:.2f}",
        "lines": [shown_line(line_id, line) for line_id, line in lines],
    }
    related: list[Subject] = [("organization", terms.supplier_id)]
    if terms.demand_pool_id:
        related.append(("demand_pool", terms.demand_pool_id))
    uow.record(Event("order.placed", ("order", order_id), data, related=tuple(related)))
    record_plans(uow, order_id, lines, plan_ids)
    return lines


def record_plans(
    uow: UnitOfWork, order_id: UUID, lines: Sequence[Placed], plan_ids: Sequence[UUID]
) -> None:
    """Which plan lines new lines of an order serve, in an entry that only the buyer, who acts, has
    in its feed: to the supplier it would tell which orders are for one producer.
    """
    served = {
        str(line_id): str(line.wish.farm_plan_line_id)
        for line_id, line in lines
        if line.wish.farm_plan_line_id
    }
    if served:
        plans = tuple(("farm_plan", plan_id) for plan_id in plan_ids)
        uow.record(Event("order.planned", ("order", order_id), {"lines": served}, plans))


def answer_deadline() -> datetime:
    """By when an answer is due where nobody says when."""
    return now() + timedelta(days=settings().order_answer_days)


def shown_line(line_id: UUID, line: Priced) -> dict[str, str | None]:
    """A line as the ledger tells it to both sides."""
    exception = line.wish.plan_exception
    return {
        "id": str(line_id),
        "item_id": str(line.wish.item_id),
        "quantity": f"{line.wish.quantity:.3f}",
        "amount": f"{line.amount:.2f}",
        "plan_exception": exception.value if exception else None,
    }


async def close(uow: UnitOfWork, order_id: UUID) -> None:
    """The buyer says that nothing more is to come; not while the supplier owes a refund."""
    order = await load(uow, order_id, BUYER)
    transition = LIFECYCLE.apply("close", order.state)
    if order.paid_amount > order.total - order.credited_amount:
        raise RuleBroken(errors=[fault("/paid_amount", "refund-due")])
    follow(uow, order, transition.target, transition.event)


async def load(uow: UnitOfWork, order_id: UUID, side: str) -> Order:
    """The order, locked, for an action of one side; the other side sees it, but may not (403)."""
    order = await repository.side_for_update(uow, order_id)
    if order is None:
        raise NotFound("order")
    if getattr(order, side) != uow.actor.organization_id:
        raise (
            NotAllowed(es="lo hace el comprador", en="the buyer does it")
            if side == BUYER
            else NotAllowed(es="lo hace el proveedor", en="the supplier does it")
        )
    return order


def follow(
    uow: UnitOfWork,
    order: Order,
    target: OrderState,
    event: str,
    data: dict[str, Any] | None = None,
    related: tuple[Subject, ...] = (),
) -> None:
    """The order's new state, and an event that both sides' feeds carry."""
    order.state = target
    if target not in WAITING:
        order.answer_until = None
    # The document shows lines, dispatches and payments: any change of them is one of the order.
    order.updated_at = now()
    sides = (("organization", order.organization_id), ("organization", order.supplier_id))
    uow.record(Event(event, ("order", order.id), data or {}, (*sides, *related)))


def refuse_future(day: date, pointer: str) -> None:
    """409 for what is told of a day that has not come."""
    if day > today():
        raise RuleBroken(errors=[fault(pointer, "date-in-future")])
