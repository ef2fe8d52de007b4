"""The closed lists of this room."""

from enum import StrEnum
from typing import Final


class ForecastLevel(StrEnum):
    """How wide a place a forecast had to be made for."""

    DISTRICT = "district"
    PROVINCE = "province"
    """What is left of a province without the districts that have a forecast of their own."""
    DEPARTMENT = "department"
    """What is left of a department without the districts and provinces that have one."""


FEWEST: Final = 5
"""Producers in a forecast, at least."""
