"""An order is placed by the buying side and fulfilled by the supplier, line by line."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class OrderState(StrEnum):
    """Where an order stands."""

    DRAFT = "draft"
    PLACED = "placed"
    PROPOSED = "proposed"
    """The supplier proposes substitutes, the buyer is to answer."""
    ACCEPTED = "accepted"
    PARTIALLY_DISPATCHED = "partially_dispatched"
    DISPATCHED = "dispatched"
    RECEIVED = "received"
    CLOSED = "closed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    """Nobody answered in time."""
    CANCELLED = "cancelled"
    DISPUTED = "disputed"


_S = OrderState
_PLACE = Permission.ORDERS_PLACE
_FULFIL = Permission.ORDERS_FULFIL

LIFECYCLE: Final = Lifecycle(
    name="order",
    initial=_S.DRAFT,
    transitions=MappingProxyType({
        # Drafts stand in a table of their own (order_drafts); most orders are placed at once.
        "edit": Transition(frozenset({_S.DRAFT}), _S.DRAFT, _PLACE, "order.drafted"),
        "place": Transition(frozenset({_S.DRAFT}), _S.PLACED, _PLACE, "order.placed"),
        "accept": Transition(frozenset({_S.PLACED}), _S.ACCEPTED, _FULFIL, "order.accepted"),
        "propose": Transition(
            frozenset({_S.PLACED}), _S.PROPOSED, _FULFIL, "order.substitutes_proposed"
        ),
        "answer": Transition(
            frozenset({_S.PROPOSED}), _S.ACCEPTED, _PLACE, "order.substitutes_answered"
        ),
        "reject": Transition(
            frozenset({_S.PLACED, _S.PROPOSED}), _S.REJECTED, _FULFIL, "order.rejected"
        ),
        "cancel": Transition(
            frozenset({_S.PLACED, _S.PROPOSED, _S.ACCEPTED}), _S.CANCELLED,
            _PLACE, "order.cancelled",
        ),
        "cancel_rest": Transition(
            frozenset({_S.PARTIALLY_DISPATCHED}), _S.DISPATCHED, _PLACE, "order.rest_cancelled"
        ),
        # By the platform, when the time to answer is over: the order, or what was proposed in it.
        "expire": Transition(
            frozenset({_S.PLACED, _S.PROPOSED}), _S.EXPIRED, _FULFIL, "order.expired"
        ),
        "lapse": Transition(
            frozenset({_S.PROPOSED}), _S.ACCEPTED, _PLACE, "order.substitutes_lapsed"
        ),
        "dispatch_part": Transition(
            frozenset({_S.ACCEPTED, _S.PARTIALLY_DISPATCHED}), _S.PARTIALLY_DISPATCHED,
            _FULFIL, "order.partially_dispatched",
        ),
        "dispatch": Transition(
            frozenset({_S.ACCEPTED, _S.PARTIALLY_DISPATCHED}), _S.DISPATCHED,
            _FULFIL, "order.dispatched",
        ),
        "receive_part": Transition(
            frozenset({_S.PARTIALLY_DISPATCHED}), _S.PARTIALLY_DISPATCHED,
            _PLACE, "order.partially_received",
        ),
        "receive": Transition(frozenset({_S.DISPATCHED}), _S.RECEIVED, _PLACE, "order.received"),
        "dispute": Transition(
            frozenset({_S.DISPATCHED, _S.RECEIVED}), _S.DISPUTED, _PLACE, "order.disputed"
        ),
        "offer_settlement": Transition(
            frozenset({_S.DISPUTED}), _S.DISPUTED, _FULFIL, "order.settlement_offered"
        ),
        "settle": Transition(frozenset({_S.DISPUTED}), _S.RECEIVED, _PLACE, "order.settled"),
        "settle_to_receive": Transition(
            frozenset({_S.DISPUTED}), _S.DISPATCHED, _PLACE, "order.settled"
        ),
        "close": Transition(frozenset({_S.RECEIVED}), _S.CLOSED, _PLACE, "order.closed"),
    }),
)  # fmt: skip

WAITING: Final = frozenset({_S.PLACED, _S.PROPOSED})
"""Where one side waits for the other's answer, and not for ever."""

UNSENT: Final = WAITING | {_S.ACCEPTED, _S.PARTIALLY_DISPATCHED}
"""Where goods of the order may still be sent."""

IN_HAND: Final = frozenset({
    _S.ACCEPTED, _S.PARTIALLY_DISPATCHED, _S.DISPATCHED, _S.RECEIVED, _S.DISPUTED,
})  # fmt: skip
"""From acceptance to the end: where the supplier has something to deliver, and sees to whom."""

INVOICED: Final = IN_HAND | {_S.CLOSED}
"""Where the supplier may name its invoice, or another one in its place."""

PAYABLE: Final = frozenset({
    _S.ACCEPTED, _S.PARTIALLY_DISPATCHED, _S.DISPATCHED, _S.RECEIVED, _S.CLOSED,
})  # fmt: skip
"""Where a payment can be recorded: nobody pays before the supplier accepts, or amid a dispute."""
