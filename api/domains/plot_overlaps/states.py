"""An overlap is open until one of the two organisations settles it. It lapses when one of the two
geometries is replaced or its plot is closed, for it was found between those geometries.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class OverlapState(StrEnum):
    """Where an overlap stands."""

    OPEN = "open"
    SETTLED = "settled"
    LAPSED = "lapsed"


_S = OverlapState

LIFECYCLE: Final = Lifecycle(
    name="plot_overlap",
    initial=_S.OPEN,
    transitions=MappingProxyType({
        "settle": Transition(
            frozenset({_S.OPEN}), _S.SETTLED, Permission.PLOTS_WRITE, "plot_overlap.settled",
        ),
        "lapse": Transition(
            frozenset({_S.OPEN, _S.SETTLED}), _S.LAPSED,
            Permission.PLOTS_WRITE, "plot_overlap.lapsed",
        ),
    }),
)  # fmt: skip
