"""A lot is in stock until its last kilo is used, in another lot or in a shipment."""

from enum import StrEnum


class LotState(StrEnum):
    """Where a lot stands."""

    IN_STOCK = "in_stock"
    USED_UP = "used_up"
