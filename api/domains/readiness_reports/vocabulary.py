"""The closed lists of this room."""

from enum import StrEnum


class Verdict(StrEnum):
    """What a report says: never a probability of default."""

    READY = "ready"
    NOT_READY = "not_ready"
