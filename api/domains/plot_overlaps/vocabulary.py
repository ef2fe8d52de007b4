"""The closed lists of this room."""

from enum import StrEnum


class OverlapDecision(StrEnum):
    """What two organisations made of land that both have registered."""

    SURVEY_TOLERANCE = "survey_tolerance"
    """The receivers differ by a few metres; both geometries stand."""
    BOUNDARY_AGREED = "boundary_agreed"
    """The boundary is agreed in the field; whoever is beyond it sends a new geometry."""
    SHARED_USE = "shared_use"
    """Both producers work this land."""
    SAME_PLOT = "same_plot"
    """One plot, registered twice."""
