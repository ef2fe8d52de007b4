"""Wire shapes."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.core.wire import Count, Instant, Shape, optional, whole
from api.domains.field_items.vocabulary import FieldKind, ItemStatus
from api.domains.plots.schemas import GeometryIn, PlotChange

Members = Annotated[dict[str, Any], Field(max_length=60)]
_LINE = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x1f]*$")]
_CODE = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]


class PlotFieldChange(PlotChange):
    """What changes of a plot in the field: its geometry, too."""

    geometry: GeometryIn = optional()


class FieldItemIn(Shape):
    """One captured thing.

    Without ``version`` it is new, and ``body`` is that of the kind's POST; with it, it is a change
    of the thing with this id, and ``body`` is that of its PATCH (of a plot also with ``geometry``).
    ``id`` and ``captured_at`` stand here and not in the body.
    """

    kind: FieldKind = Field(examples=["visit"])
    id: Annotated[UUID, Field(description="Chosen by the app for what is new")]
    captured_at: Instant = Field(examples=["2026-11-20T15:04:05Z"])
    version: Annotated[
        Annotated[int, *whole(1, 2_147_483_647)] | None,
        Field(description="Of a change: the version (number of the ETag) that it was made from"),
    ] = None
    base: Annotated[
        Members,
        Field(
            description="Of a change: what the fields in the body held when the app had them, so"
            " that a change of others by somebody else is no conflict"
        ),
    ] = {}
    body: Annotated[
        Members,
        Field(
            examples=[
                {
                    "producer_id": "01a2231d-0b1c-7000-8000-5f0a4c1d2e3f",
                    "visited_on": "2026-11-20",
                    "technician_code": "TEC-07",
                    "practice": "pruning",
                    "finding": "Escoba de bruja en un tercio de las plantas.",
                }
            ]
        ),
    ]


class DifferenceOut(Shape):
    """A field that both sides changed: what the app had, wants, and what stands here."""

    field: Annotated[str, Field(max_length=80, pattern=r"^[a-z_]+$")]
    base: Any
    yours: Any
    current: Any


class FaultOut(Shape):
    """One fault of an item: the pointer leads into its body."""

    pointer: Annotated[str, Field(max_length=500, pattern="^.*$")]
    code: _CODE
    es: _LINE
    en: _LINE
    facts: Annotated[dict[str, Any], Field(max_length=20)]


class RefusalOut(Shape):
    """The problem that the single route would answer with, in both languages."""

    status: Count
    code: _CODE
    es: _LINE
    en: _LINE
    errors: Annotated[list[FaultOut], Field(max_length=1000)]
    extensions: Annotated[dict[str, Any], Field(max_length=20)]


class FieldItemOut(Shape):
    """What became of an item."""

    kind: FieldKind
    id: UUID
    status: ItemStatus
    version: Annotated[
        Count | None, Field(description="The version that stands now: changes are made from it")
    ]
    problem: Annotated[RefusalOut | None, Field(description="Why it was refused")]
    differences: Annotated[
        list[DifferenceOut], Field(max_length=60, description="The fields in conflict")
    ]
    current: Annotated[
        Members | None,
        Field(description="Of a conflict: the thing as it stands, as GET has it"),
    ]
    waiting_for: Annotated[
        list[UUID],
        Field(max_length=100, description="New things of this batch that were not written"),
    ]
