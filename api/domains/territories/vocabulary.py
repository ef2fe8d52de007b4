"""The closed lists of this room."""

from enum import StrEnum


class TerritoryLevel(StrEnum):
    """What a territory is; the first two, four or six digits of its code name it."""

    DEPARTMENT = "department"
    PROVINCE = "province"
    DISTRICT = "district"
