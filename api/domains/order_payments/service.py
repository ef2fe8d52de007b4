"""Paying orders, and getting money back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.core.ids import new_id
from api.core.problems import NotFound, RuleBroken, StateConflict
from api.domains.order_payments import repository
from api.domains.order_payments.repository import Owing
from api.domains.orders import fulfilment
from api.domains.orders.schemas import PaymentIn
from api.domains.orders.service import BUYER, follow, load, refuse_future
from api.domains.orders.states import LIFECYCLE, PAYABLE
from api.domains.orders.texts import fault
from api.domains.orders.vocabulary import PaymentSource
from api.models.orders import Order, OrderPayment, OrderRefund
from api.transactions import UnitOfWork


async def pay(uow: UnitOfWork, order_id: UUID, wish: PaymentIn) -> OrderPayment:
    """Record money that the buyer handed over."""
    order = await load(uow, order_id, BUYER)
    payment = OrderPayment(
        id=new_id(),
        order_id=order_id,
        source=PaymentSource(wish.source),
        order_line_id=wish.line_id,
        amount=wish.amount,
        paid_on=wish.paid_on,
        reference=wish.reference,
    )
    return await _book(uow, order, payment)


async def pay_from_loan(
    uow: UnitOfWork, order_id: UUID, loan_id: UUID, parts: Mapping[UUID, Decimal], on: date
) -> None:
    """Pay an order in kind with a loan's money, by plan line; called by the room of loans, which
    decides whether this loan may pay this order. 404 where there is no such order, 409 beyond its
    total. A pooled order is paid line by line, as its lines are different producers'.
    """
    order = await uow.locked(Order, order_id)
    if order is None:
        raise NotFound("order")
    shares: list[tuple[UUID | None, Decimal]] = [(None, sum(parts.values(), Decimal("0.00")))]
    if order.demand_pool_id:
        shares = [
            (line.id, share)
            for plan_line, part in parts.items()
            for line, share in _spread(await repository.owing(uow, order, plan_line), part)
        ]
    for line_id, amount in shares:
        payment = OrderPayment(
            id=new_id(),
            order_id=order_id,
            source=PaymentSource.LOAN,
            loan_id=loan_id,
            order_line_id=line_id,
            amount=amount,
            paid_on=on,
        )
        await _book(uow, order, payment)


def _spread(lines: list[Owing], amount: Decimal) -> list[tuple[Owing, Decimal]]:
    """An amount over lines in their order, each up to what it owes; the last takes what is more,
    to be refused as too much.
    """
    found: list[tuple[Owing, Decimal]] = []
    for line in lines:
        share = amount if line is lines[-1] else min(amount, line.left)
        if share:
            found.append((line, share))
            amount -= share
    return found


async def _book(uow: UnitOfWork, order: Order, payment: OrderPayment) -> OrderPayment:
    """The event is for both sides: it names no loan, as the supplier is shown none."""
    if order.state not in PAYABLE:
        raise StateConflict("pay", order.state, LIFECYCLE.allowed(order.state))
    refuse_future(payment.paid_on, "/paid_on")
    left = await _left_to_pay(uow, order, payment.order_line_id)
    if payment.amount > left:
        raise RuleBroken(errors=[fault("/amount", "overpaid", left=left)])
    order.paid_amount += payment.amount
    uow.add(payment)
    data = {"payment_id": str(payment.id), **_told(order, payment)}
    follow(uow, order, order.state, "order.paid", data)
    return payment


async def _left_to_pay(uow: UnitOfWork, order: Order, line_id: UUID | None) -> Decimal:
    """Of the order, and of the line, or of a pooled order's freight where none is named."""
    left = max(order.total - order.credited_amount - order.paid_amount, Decimal("0.00"))
    if line_id is None and order.demand_pool_id is None:
        return left
    await uow.session.flush()
    owed = {each.id: each.left for each in await repository.owing(uow, order)}
    if line_id not in owed:
        raise RuleBroken(errors=[fault("/line_id", "line-unknown")])
    return max(min(left, owed[line_id]), Decimal("0.00"))


def _told(order: Order, moved: OrderPayment | OrderRefund) -> dict[str, Any]:
    return {
        "line_id": str(moved.order_line_id) if moved.order_line_id else None,
        "source": moved.source.value,
        "amount": f"{moved.amount:.2f}",
        "currency": order.currency,
        "paid_on": moved.paid_on.isoformat(),
    }


async def refund(uow: UnitOfWork, order_id: UUID, wish: PaymentIn) -> None:
    """Record money that came back to the buyer. Who received it records it, as nobody can write
    down another's debt.
    """
    order = await load(uow, order_id, BUYER)
    if order.state not in PAYABLE:
        raise StateConflict("refund", order.state, LIFECYCLE.allowed(order.state))
    refuse_future(wish.paid_on, "/paid_on")
    faults = fulfilment.refund_faults(order.paid_amount, wish.amount)
    if order.demand_pool_id or wish.line_id:
        owed = {each.id: each for each in await repository.owing(uow, order)}
        line = owed.get(wish.line_id)
        if line is None:
            faults = [fault("/line_id", "line-unknown")]
        elif not faults:
            faults = fulfilment.refund_faults(line.amount - line.left, wish.amount)
    if faults:
        raise RuleBroken(errors=faults)
    order.paid_amount -= wish.amount
    given = wish.model_dump(exclude={"line_id", "source"})
    source = PaymentSource(wish.source)
    back = OrderRefund(
        id=new_id(), order_id=order_id, order_line_id=wish.line_id, source=source, **given
    )
    uow.add(back)
    data = {"refund_id": str(back.id), **_told(order, back)}
    follow(uow, order, order.state, "order.refunded", data)
