"""A pool is open for pledges, and ends as an order, as a failure, or cancelled by its host."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class DemandPoolState(StrEnum):
    """Where a pool stands."""

    OPEN = "open"
    CLOSED = "closed"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = DemandPoolState
_OPEN: Final = frozenset({_S.OPEN})
_WRITE = Permission.DEMAND_POOLS_WRITE

LIFECYCLE: Final = Lifecycle(
    name="demand_pool",
    initial=_S.OPEN,
    transitions=MappingProxyType({
        "pledge": Transition(_OPEN, _S.OPEN, _WRITE, "demand_pool.pledged"),
        "change_pledge": Transition(_OPEN, _S.OPEN, _WRITE, "demand_pool.pledge_changed"),
        "withdraw_pledge": Transition(_OPEN, _S.OPEN, _WRITE, "demand_pool.pledge_withdrawn"),
        "close": Transition(_OPEN, _S.CLOSED, _WRITE, "demand_pool.closed"),
        # By closing below the minimum, or when time is over and the order is refused.
        "fail": Transition(_OPEN, _S.FAILED, _WRITE, "demand_pool.failed"),
        "cancel": Transition(_OPEN, _S.CANCELLED, _WRITE, "demand_pool.cancelled"),
    }),
)  # fmt: skip
