"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import Count, Hectares, Instant, PageParameters, Resource, Sentence, Shape, Share
from api.domains.plot_overlaps.states import OverlapState
from api.domains.plot_overlaps.vocabulary import OverlapDecision


class OverlapSide(Shape):
    """One of the two plots, as both organisations see it: its id, never its geometry."""

    plot_id: UUID
    organization_id: UUID
    geometry_version: Annotated[Count, Field(description="The geometry that was compared")]
    share: Annotated[Share, Field(description="Part of this plot that lies on the other")]


class OverlapOut(Resource):
    """Land that two plots share; of one organisation, or of two."""

    state: OverlapState
    area_ha: Hectares
    at_point: Annotated[
        bool, Field(description="One of the two is a point on the other: no area is known")
    ]
    sides: Annotated[list[OverlapSide], Field(min_length=2, max_length=2)]
    decision: OverlapDecision | None
    note: Sentence | None
    settled_by: Annotated[UUID | None, Field(description="The organisation that settled it")]
    settled_at: Instant | None


class OverlapSettlement(Shape):
    """What became of it. Both organisations read the note: it names no person."""

    decision: OverlapDecision = Field(examples=["survey_tolerance"])
    note: Sentence = Field(examples=["Walked together on 2026-11-20: the fence is the boundary."])


class OverlapSearch(PageParameters):
    """Filters of the lists."""

    state: Annotated[OverlapState | None, Field(description="In this state")] = None
