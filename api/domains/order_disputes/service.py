"""Actions on disputes."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from api.core.clock import now
from api.core.ids import new_id
from api.core.problems import RuleBroken
from api.domains.order_disputes import repository
from api.domains.order_disputes.schemas import DisputeIn, SettlementIn, SettlementOfferIn
from api.domains.order_lines.repository import lines_of
from api.domains.orders.fulfilment import credit_faults
from api.domains.orders.service import BUYER, SUPPLIER, follow, load
from api.domains.orders.states import LIFECYCLE, OrderState
from api.domains.orders.texts import fault
from api.domains.orders.vocabulary import DisputeState, SettlementOutcome
from api.models.orders import Order, OrderDispute
from api.transactions import UnitOfWork


async def dispute(uow: UnitOfWork, order_id: UUID, wish: DisputeIn) -> None:
    """The buyer contests what was sent or received."""
    order = await load(uow, order_id, BUYER)
    transition = LIFECYCLE.apply("dispute", order.state)
    uow.add(
        OrderDispute(
            id=new_id(),
            order_id=order_id,
            reason=wish.code,
            statement=wish.reason,
            was_received=order.state is OrderState.RECEIVED,
            state=DisputeState.OPEN,
        )
    )
    order.decision_reason = wish.reason or order.decision_reason
    follow(uow, order, transition.target, transition.event, {"code": wish.code.value})


async def offer(uow: UnitOfWork, order_id: UUID, wish: SettlementOfferIn) -> None:
    """The supplier offers how to end it; another offer takes the place of the one before."""
    order = await load(uow, order_id, SUPPLIER)
    transition = LIFECYCLE.apply("offer_settlement", order.state)
    standing = await repository.standing(uow, order_id)
    await _refuse_impossible(uow, order, wish)
    if standing is not None:
        standing.state, standing.outcome = DisputeState.OFFERED, wish.outcome
        standing.amount, standing.note = wish.amount, wish.note
    follow(uow, order, transition.target, transition.event, _told(wish))


async def settle(uow: UnitOfWork, order_id: UUID, wish: SettlementIn) -> None:
    """The buyer takes what the supplier offers, or gives the dispute up for nothing."""
    order = await load(uow, order_id, BUYER)
    LIFECYCLE.apply("settle", order.state)
    standing = await repository.standing(uow, order_id)
    offered = (standing.outcome, standing.amount) if standing else (None, None)
    given_up = wish.outcome is SettlementOutcome.NOTHING
    if not given_up and offered != (wish.outcome, wish.amount):
        raise RuleBroken(errors=[fault("/outcome", "settlement-differs")])
    await _refuse_impossible(uow, order, wish)
    if standing is not None:
        standing.state, standing.settled_at = DisputeState.SETTLED, now()
        standing.outcome, standing.amount = wish.outcome, wish.amount
    order.credited_amount += wish.amount or 0
    if wish.outcome is SettlementOutcome.REPLACEMENT:
        for line in await lines_of(uow, order_id):
            # What came damaged is on the road again, as what never came has been all the time.
            line.damaged_quantity = Decimal(0)
    received = wish.outcome is not SettlementOutcome.REPLACEMENT and (
        standing is None or standing.was_received
    )
    transition = LIFECYCLE.apply("settle" if received else "settle_to_receive", order.state)
    follow(uow, order, transition.target, transition.event, _told(wish))


async def _refuse_impossible(uow: UnitOfWork, order: Order, wish: SettlementIn) -> None:
    """409 for a credit beyond the order, and for a replacement of nothing."""
    if wish.amount is not None and (
        faults := credit_faults(order.total, order.credited_amount, wish.amount)
    ):
        raise RuleBroken(errors=faults)
    if wish.outcome is SettlementOutcome.REPLACEMENT:
        lines = await lines_of(uow, order.id)
        if all(line.received_quantity == line.dispatched_quantity for line in lines):
            raise RuleBroken(errors=[fault("/outcome", "nothing-to-replace")])


def _told(wish: SettlementIn) -> dict[str, Any]:
    return {
        "outcome": wish.outcome.value,
        "amount": None if wish.amount is None else f"{wish.amount:.2f}",
    }
