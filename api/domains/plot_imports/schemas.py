"""Wire shapes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError

from api.core.wire import Name
from api.domains.plots.schemas import PlotIn
from api.domains.plots.vocabulary import LandUse, TenureKind

NAMELESS = "Parcela"
"""The name of a new plot of which nobody says name or code."""


class PlotRow(PlotIn):
    """A row: what it does not say stays as it is, or is the least that a new plot can be."""

    producer_id: UUID | None = None  # type: ignore[assignment]
    name: Name = Field(default=NAMELESS)
    land_use: LandUse = LandUse.COCOA
    tenure_kind: TenureKind = TenureKind.NONE
    geometry: Any = None


def read_wish(said: Mapping[str, Any]) -> tuple[PlotRow | None, list[Any]]:
    """What a row says, or None and Pydantic's findings, placed as in a request's body."""
    try:
        return PlotRow.model_validate(said), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return None, [{**one, "loc": ("body", *one["loc"])} for one in found]
