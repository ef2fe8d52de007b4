"""The ways out of an order, whole or in part: nothing stays reserved for what will not be sent."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from api.core.clock import now
from api.core.problems import RuleBroken
from api.domains.order_cancellations import repository
from api.domains.order_lines.repository import lines_of
from api.domains.orders.repository import Moved
from api.domains.orders.rules import amount_of
from api.domains.orders.schemas import ReasonIn
from api.domains.orders.service import follow, load
from api.domains.orders.states import LIFECYCLE, OrderState
from api.domains.orders.texts import fault
from api.domains.orders.vocabulary import LineState, SubstituteState
from api.models.orders import Order, OrderLine
from api.transactions import UnitOfWork


async def give_up(
    uow: UnitOfWork, order_id: UUID, action: str, side: str, wish: ReasonIn | None
) -> None:
    """Reject or cancel: what the order reserved is free again, but for what is on the road."""
    plans = await repository.locked_goods(uow, order_id)
    order = await load(uow, order_id, side)
    if action == "cancel" and order.state is OrderState.PARTIALLY_DISPATCHED:
        action = "cancel_rest"
    transition = LIFECYCLE.apply(action, order.state)
    lines = await lines_of(uow, order_id)
    if wish:
        order.decision_reason = wish.reason
    if action == "cancel_rest":
        await cancel_lines(uow, order, lines, plans)
        if order.paid_amount > order.total:
            raise RuleBroken(errors=[fault("/paid_amount", "paid-beyond")])
    elif order.paid_amount:
        raise RuleBroken(errors=[fault("/paid_amount", "order-paid")])
    else:
        await end(uow, order, lines, plans)
    if action == "reject" and (order.answer_until is None or now() <= order.answer_until):
        order.answered_at = order.answered_at or now()
    follow(uow, order, transition.target, transition.event)


async def end(
    uow: UnitOfWork, order: Order, lines: Sequence[OrderLine], plans: Mapping[UUID, UUID]
) -> None:
    """Free all that an order reserved; it stays written as it was ordered."""
    goods = [
        repository.freed(line, held)
        for line in lines
        if (held := line.quantity - line.cancelled_quantity)
    ]
    for each in (await repository.open_substitutes(uow, order.id)).values():
        each.state = SubstituteState.LAPSED
    await _release(uow, order, goods, plans)


async def cancel_lines(
    uow: UnitOfWork,
    order: Order,
    lines: Sequence[OrderLine],
    plans: Mapping[UUID, UUID],
    state: LineState | None = None,
) -> None:
    """Cancel what is not sent of lines: it is free, and costs nothing any more."""
    goods = []
    for line in lines:
        packs = line.quantity - line.cancelled_quantity - line.dispatched_quantity
        if packs:
            goods.append(repository.freed(line, packs))
            line.cancelled_quantity += packs
            amount = amount_of(line.quantity - line.cancelled_quantity, line.unit_price)
            order.total -= line.amount - amount
            line.amount = amount
        line.state = state or line.state
    await _release(uow, order, goods, plans)


async def _release(
    uow: UnitOfWork, order: Order, goods: Sequence[Moved], plans: Mapping[UUID, UUID]
) -> None:
    if goods:
        await repository.release(uow, order.id, goods, plans)
