"""A request is open until it is awarded, given up, or lapses; a quote stands until then.

Whether the deadline has passed is no state: the clock alone decides, nobody has to close anything.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class QuoteRequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    AWARDED = "awarded"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    """Nobody was awarded it in time."""


class QuoteState(StrEnum):
    """Where a quote stands."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    AWARDED = "awarded"
    DECLINED = "declined"
    """Another one was awarded, or none."""


_R = QuoteRequestState
_Q = QuoteState
_ASK = Permission.QUOTE_REQUESTS_WRITE
_QUOTE = Permission.QUOTE_REQUESTS_QUOTE

LIFECYCLE: Final = Lifecycle(
    name="quote_request",
    initial=_R.OPEN,
    transitions=MappingProxyType({
        "quote": Transition(frozenset({_R.OPEN}), _R.OPEN, _QUOTE, "quote.submitted"),
        "withdraw_quote": Transition(frozenset({_R.OPEN}), _R.OPEN, _QUOTE, "quote.withdrawn"),
        "award": Transition(frozenset({_R.OPEN}), _R.AWARDED, _ASK, "quote_request.awarded"),
        "cancel": Transition(frozenset({_R.OPEN}), _R.CANCELLED, _ASK, "quote_request.cancelled"),
        # By the platform, when the time to award is over.
        "lapse": Transition(frozenset({_R.OPEN}), _R.LAPSED, _ASK, "quote_request.lapsed"),
    }),
)  # fmt: skip

QUOTE_LIFECYCLE: Final = Lifecycle(
    name="quote",
    initial=_Q.SUBMITTED,
    transitions=MappingProxyType({
        "replace": Transition(
            frozenset({_Q.SUBMITTED, _Q.WITHDRAWN}), _Q.SUBMITTED, _QUOTE, "quote.submitted"
        ),
        "withdraw": Transition(
            frozenset({_Q.SUBMITTED}), _Q.WITHDRAWN, _QUOTE, "quote.withdrawn"
        ),
        "award": Transition(frozenset({_Q.SUBMITTED}), _Q.AWARDED, _ASK, "quote.awarded"),
        "decline": Transition(frozenset({_Q.SUBMITTED}), _Q.DECLINED, _ASK, "quote.declined"),
    }),
)  # fmt: skip
