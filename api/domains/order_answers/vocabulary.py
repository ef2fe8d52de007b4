"""The closed lists of this room."""

from enum import StrEnum


class LineAnswer(StrEnum):
    """What the supplier says to a line."""

    ACCEPT = "accept"
    DECLINE = "decline"
    SUBSTITUTE = "substitute"
    """Declined, with another item proposed instead."""
