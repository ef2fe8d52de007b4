"""A registration is active until it is merged into another or the person is erased."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class ProducerState(StrEnum):
    """Where a registration stands."""

    ACTIVE = "active"
    MERGED = "merged"
    ERASED = "erased"


_ACTIVE: Final = frozenset({ProducerState.ACTIVE})

LIFECYCLE: Final = Lifecycle(
    name="producer",
    initial=ProducerState.ACTIVE,
    transitions=MappingProxyType({
        "change": Transition(
            _ACTIVE, ProducerState.ACTIVE, Permission.PRODUCERS_WRITE, "producer.changed",
        ),
        "merge": Transition(
            _ACTIVE, ProducerState.MERGED, Permission.PRODUCERS_WRITE, "producer.merged",
        ),
        "erase": Transition(
            _ACTIVE, ProducerState.ERASED, Permission.PRODUCERS_WRITE, "producer.erased",
        ),
    }),
)  # fmt: skip
