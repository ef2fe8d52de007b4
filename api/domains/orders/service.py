"""Actions on orders."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import FieldError, NotAllowed, NotFound, RuleBroken, StateConflict
from api.domains.catalogues.repository import published_registrations
from api.domains.catalogues.rules import registration_fault
from api.domains.orders import fulfilment, repository
from api.domains.orders.rules import Appraisal, Priced, Wish, appraise, deadline_faults
from api.domains.orders.schemas import OrderIn, PaymentIn
from api.domains.orders.states import LIFECYCLE, PAYABLE, WAITING, OrderState
from api.domains.orders.texts import fault
from api.domains.orders.vocabulary import PaymentSource
from api.models.orders import Order, OrderPayment, OrderRefund
from api.settings import settings
from api.transactions import Event, Subject, UnitOfWork

BUYER: Final = "organization_id"
SUPPLIER: Final = "supplier_id"
"""The columns of the two sides."""
_UNOFFERED: Final = frozenset({"not-on-offer", "offer-not-valid"})


async def place(uow: UnitOfWork, wish: OrderIn, *, order_id: UUID | None = None) -> UUID:
    """Order from one supplier: reserve stock, draw on plan lines, fix prices; or refuse it all.
    An order that was a draft keeps the draft's id.
    """
    wishes = [
        Wish(line.item_id, line.quantity, line.farm_plan_line_id, line.plan_exception)
        for line in wish.lines
    ]
    planned = [w.farm_plan_line_id for w in wishes if w.farm_plan_line_id]
    plan_lines = await repository.locked_plan_lines(uow, planned)
    item_ids = [w.item_id for w in wishes]
    offers = await repository.locked_offers(uow, item_ids, wish.delivery_ubigeo)
    appraisal = appraise(wishes, offers, plan_lines, supplier_id=wish.supplier_id, day=today())
    faults = [*deadline_faults(wish.answer_until, now()), *appraisal.faults]
    if wish.cluster_id and not await repository.has_cluster(uow, wish.cluster_id):
        faults = [fault("/cluster_id", "cluster-unknown"), *faults]
    if faults:
        raise RuleBroken(errors=await _explained(uow, wishes, faults))
    plan_ids = sorted({planned.farm_plan_id for planned in plan_lines.values()})
    return await _write(uow, wish, appraisal, plan_ids, order_id or new_id())


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
    uow: UnitOfWork, wish: OrderIn, appraisal: Appraisal, plan_ids: list[UUID], order_id: UUID
) -> UUID:
    at, total = now(), appraisal.total
    lines = [(new_id(), line) for line in appraisal.lines]
    currency = appraisal.lines[0].offered.currency
    await repository.insert(
        uow,
        lines,
        plan_ids,
        order_id=order_id,
        supplier_id=wish.supplier_id,
        cluster_id=wish.cluster_id,
        state=OrderState.PLACED.value,
        currency=currency,
        freight=appraisal.freight,
        total=total,
        answer_until=wish.answer_until or answer_deadline(),
        ubigeo=wish.delivery_ubigeo,
        at=at,
    )
    data: dict[str, Any] = {
        "supplier_id": str(wish.supplier_id),
        "currency": currency,
        "freight": f"{appraisal.freight:.2f}",
        "total": f"{total:.2f}",
        "lines": [shown_line(line_id, line) for line_id, line in lines],
    }
    related: list[Subject] = [("organization", wish.supplier_id)]
    related += [("farm_plan", plan_id) for plan_id in plan_ids]
    uow.record(Event("order.placed", ("order", order_id), data, related=tuple(related)))
    return order_id


def answer_deadline() -> datetime:
    """By when an answer is due where nobody says when."""
    return now() + timedelta(days=settings().order_answer_days)


def shown_line(line_id: UUID, line: Priced) -> dict[str, str | None]:
    """A line as the ledger tells it."""
    served, exception = line.wish.farm_plan_line_id, line.wish.plan_exception
    return {
        "id": str(line_id),
        "item_id": str(line.wish.item_id),
        "quantity": f"{line.wish.quantity:.3f}",
        "amount": f"{line.amount:.2f}",
        "farm_plan_line_id": str(served) if served else None,
        "plan_exception": exception.value if exception else None,
    }


async def close(uow: UnitOfWork, order_id: UUID) -> None:
    """The buyer says that nothing more is to come; not while the supplier owes a refund."""
    order = await load(uow, order_id, BUYER)
    transition = LIFECYCLE.apply("close", order.state)
    if order.paid_amount > order.total - order.credited_amount:
        raise RuleBroken(errors=[fault("/paid_amount", "refund-due")])
    follow(uow, order, transition.target, transition.event)


async def pay(uow: UnitOfWork, order_id: UUID, wish: PaymentIn) -> OrderPayment:
    """Record money that the buyer handed over."""
    order = await load(uow, order_id, BUYER)
    payment = OrderPayment(
        id=new_id(),
        order_id=order_id,
        source=PaymentSource(wish.source),
        amount=wish.amount,
        paid_on=wish.paid_on,
        reference=wish.reference,
    )
    return _book(uow, order, payment)


async def pay_from_loan(
    uow: UnitOfWork, order_id: UUID, loan_id: UUID, amount: Decimal, on: date
) -> OrderPayment:
    """Pay an order in kind with a loan's money; called by the room of loans, which decides whether
    this loan may pay this order. 404 where there is no such order, 409 beyond its total.
    """
    order = await uow.locked(Order, order_id)
    if order is None:
        raise NotFound("order")
    payment = OrderPayment(
        id=new_id(),
        order_id=order_id,
        source=PaymentSource.LOAN,
        loan_id=loan_id,
        amount=amount,
        paid_on=on,
    )
    return _book(uow, order, payment, ("loan", loan_id))


def _book(uow: UnitOfWork, order: Order, payment: OrderPayment, *related: Subject) -> OrderPayment:
    if order.state not in PAYABLE:
        raise StateConflict("pay", order.state, LIFECYCLE.allowed(order.state))
    refuse_future(payment.paid_on, "/paid_on")
    if faults := fulfilment.payment_faults(
        order.total - order.credited_amount, order.paid_amount, payment.amount
    ):
        raise RuleBroken(errors=faults)
    order.paid_amount += payment.amount
    uow.add(payment)
    data = {
        "payment_id": str(payment.id),
        "source": payment.source.value,
        "amount": f"{payment.amount:.2f}",
        "currency": order.currency,
        "paid_on": payment.paid_on.isoformat(),
    }
    follow(uow, order, order.state, "order.paid", data, related=related)
    return payment


async def refund(uow: UnitOfWork, order_id: UUID, wish: PaymentIn) -> None:
    """Record money that came back to the buyer. Who received it records it, as nobody can write
    down another's debt.
    """
    order = await load(uow, order_id, BUYER)
    if order.state not in PAYABLE:
        raise StateConflict("refund", order.state, LIFECYCLE.allowed(order.state))
    refuse_future(wish.paid_on, "/paid_on")
    if faults := fulfilment.refund_faults(order.paid_amount, wish.amount):
        raise RuleBroken(errors=faults)
    order.paid_amount -= wish.amount
    values = {**wish.model_dump(), "source": PaymentSource(wish.source)}
    back = OrderRefund(id=new_id(), order_id=order_id, **values)
    uow.add(back)
    data = {
        "refund_id": str(back.id),
        "source": back.source.value,
        "amount": f"{back.amount:.2f}",
        "currency": order.currency,
        "paid_on": back.paid_on.isoformat(),
    }
    follow(uow, order, order.state, "order.refunded", data)


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
