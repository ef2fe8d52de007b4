"""The closed lists of this room."""

from enum import StrEnum


class PriceKind(StrEnum):
    """A fixed price per kg, or an exchange reference with a differential and a floor."""

    FIXED = "fixed"
    EXCHANGE = "exchange"
