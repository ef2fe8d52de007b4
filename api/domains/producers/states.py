"""A registration is active until it is merged into another or the person is erased."""

from enum import StrEnum


class ProducerState(StrEnum):
    """Where a registration stands."""

    ACTIVE = "active"
    MERGED = "merged"
    ERASED = "erased"
