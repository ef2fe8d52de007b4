"""A plot is open until it is closed; a closed plot yields no deliveries."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class PlotState(StrEnum):
    """Where a plot stands."""

    ACTIVE = "active"
    CLOSED = "closed"


_S = PlotState

LIFECYCLE: Final = Lifecycle(
    name="plot",
    initial=_S.ACTIVE,
    transitions=MappingProxyType({
        "change": Transition(
            frozenset({_S.ACTIVE}), _S.ACTIVE, Permission.PLOTS_WRITE, "plot.changed",
        ),
        "replace_geometry": Transition(
            frozenset({_S.ACTIVE}), _S.ACTIVE, Permission.PLOTS_WRITE, "plot.geometry_replaced",
        ),
        "close": Transition(
            frozenset({_S.ACTIVE}), _S.CLOSED, Permission.PLOTS_WRITE, "plot.closed",
        ),
    }),
)  # fmt: skip
