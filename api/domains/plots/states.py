"""A plot is open until it is closed; a closed plot yields no deliveries."""

from enum import StrEnum


class PlotState(StrEnum):
    """Where a plot stands."""

    ACTIVE = "active"
    CLOSED = "closed"
