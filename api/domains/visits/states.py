"""A visit is recorded by who assists, and confirmed or disputed for the producer; what nobody has
confirmed may still be corrected, which asks the producer's side again, or annulled.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class VisitState(StrEnum):
    """Where a visit stands."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    ANNULLED = "annulled"


_S = VisitState
_UNCONFIRMED: Final = frozenset({_S.RECORDED, _S.DISPUTED})

LIFECYCLE: Final = Lifecycle(
    name="visit",
    initial=_S.RECORDED,
    transitions=MappingProxyType({
        "correct": Transition(
            _UNCONFIRMED, _S.RECORDED, Permission.VISITS_WRITE, "visit.corrected",
        ),
        "confirm": Transition(
            _UNCONFIRMED, _S.CONFIRMED, Permission.VISITS_CONFIRM, "visit.confirmed",
        ),
        "dispute": Transition(
            frozenset({_S.RECORDED}), _S.DISPUTED, Permission.VISITS_CONFIRM, "visit.disputed",
        ),
        "annul": Transition(
            _UNCONFIRMED, _S.ANNULLED, Permission.VISITS_WRITE, "visit.annulled",
        ),
    }),
)  # fmt: skip
