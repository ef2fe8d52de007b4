"""The closed lists of this room."""

from enum import StrEnum


class CustodyModel(StrEnum):
    """How a lot is kept apart; mass balance with unknown origin is not admitted."""

    IDENTITY_PRESERVED = "identity_preserved"
    SEGREGATED = "segregated"


class LotProcess(StrEnum):
    """How a lot came to be."""

    COLLECTED = "collected"
    DRIED = "dried"
    MERGED = "merged"
    SPLIT = "split"
