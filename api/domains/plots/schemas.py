"""Wire shapes."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from api.core.geo.measure import Bounds
from api.core.invalid import Invalid
from api.core.wire import (
    Code,
    Count,
    Hectares,
    Instant,
    Name,
    PageParameters,
    PositiveHectares,
    Resource,
    Shape,
    Ubigeo,
    Year,
    optional,
    whole,
)
from api.domains.consents.schemas import Disclosure
from api.domains.plot_overlaps.schemas import OverlapOut
from api.domains.plots.rules import MAX_POSITIONS
from api.domains.plots.states import PlotState
from api.domains.plots.vocabulary import GeometryKind, LandUse, TenureKind

EXAMPLE: Final = {
    "type": "Polygon",
    "coordinates": [
        [
            [-76.7035, -7.0535],
            [-76.7021, -7.0535],
            [-76.7021, -7.0521],
            [-76.7035, -7.0521],
            [-76.7035, -7.0535],
        ]
    ],
}


def _list_of(items: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    return {"type": "array", "minItems": least, "maxItems": most, "items": items}


def _geometry(kind: str, coordinates: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"type": {"type": "string", "enum": [kind]}, "coordinates": coordinates},
        "required": ["type", "coordinates"],
    }


_POSITION: Final = _list_of({"type": "number"}, 2, 3)
_RINGS: Final = _list_of(_list_of(_POSITION, 4, MAX_POSITIONS), 1, 1)

GeometryIn = Annotated[
    Any,
    WithJsonSchema({
        "description": "RFC 7946, WGS84, longitude first: a Point, or a Polygon of one ring; a"
        " Multi type of a single part is read as that part",
        "anyOf": [
            _geometry("Point", _POSITION),
            _geometry("Polygon", _RINGS),
            _geometry("MultiPoint", _list_of(_POSITION, 1, 1)),
            _geometry("MultiPolygon", _list_of(_RINGS, 1, 1)),
        ],
        "examples": [EXAMPLE],
    }),
]  # fmt: skip
"""Whatever JSON came: the rules of the room read it, and name every fault with its place."""

Position = Annotated[list[float], Field(min_length=2, max_length=2)]
Ring = Annotated[list[Position], Field(min_length=4, max_length=MAX_POSITIONS)]


class PointOut(Shape):
    """A place."""

    type: Literal["Point"]
    coordinates: Position


class PolygonOut(Shape):
    """A boundary: one closed ring, counter-clockwise."""

    type: Literal["Polygon"]
    coordinates: Annotated[list[Ring], Field(min_length=1, max_length=1)]


GeometryOut = Annotated[
    PointOut | PolygonOut,
    Field(discriminator="type", description="Longitude first, six decimals, no height"),
]

PlantsPerHa = Annotated[int, *whole(1, 20_000)]
GeometryVersion = Annotated[
    int, Field(ge=1, le=2_147_483_647, json_schema_extra={"format": "int32"})
]


class PlotIn(Shape):
    """Land of one of the caller's producers. ``id`` may be chosen by an app that works offline."""

    id: UUID | None = None
    producer_id: UUID
    external_id: Code | None = Field(default=None, examples=["PAR-0042-1"])
    name: Name = Field(examples=["El Porvenir"])
    land_use: LandUse = Field(examples=["cocoa"])
    ubigeo: Ubigeo | None = Field(default=None, examples=["221001"], description="District (INEI)")
    geometry: GeometryIn
    declared_area_ha: PositiveHectares | None = Field(
        default=None, examples=["2.4000"], description="What the producer says"
    )
    variety: Name | None = Field(default=None, examples=["CCN-51"])
    planting_year: Year | None = Field(default=None, examples=[2014])
    plants_per_ha: PlantsPerHa | None = Field(default=None, examples=[1111])
    tenure_kind: TenureKind = Field(examples=["possession_certificate"])
    tenure_document: Name | None = Field(default=None, examples=["CP-2019-00871"])
    captured_at: Instant | None = Field(
        default=None, examples=["2026-11-20T15:04:05Z"], description="When it was surveyed"
    )


class PlotChange(Shape):
    """What changes of a plot; its geometry has an address of its own."""

    external_id: Code | None = optional(examples=["PAR-0042-1"])
    name: Name = optional(examples=["El Porvenir"])
    land_use: LandUse = optional(examples=["cocoa_agroforestry"])
    ubigeo: Ubigeo | None = optional(examples=["221001"])
    declared_area_ha: PositiveHectares | None = optional(examples=["2.4000"])
    variety: Name | None = optional(examples=["ICS-95"])
    planting_year: Year | None = optional(examples=[2014])
    plants_per_ha: PlantsPerHa | None = optional(examples=[1111])
    tenure_kind: TenureKind = optional(examples=["title"])
    tenure_document: Name | None = optional(examples=["P11004521"])


class GeometryChange(Shape):
    """Another geometry for a plot, and what was declared with it."""

    geometry: GeometryIn
    declared_area_ha: PositiveHectares | None = optional(examples=["2.4000"])
    captured_at: Instant | None = optional(examples=["2026-11-20T15:04:05Z"])


class WarningOut(Shape):
    """What should be looked at, and did not stop the geometry; ``pointer`` leads into what came."""

    code: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
    pointer: Annotated[str, Field(max_length=500, pattern="^.*$")]
    es: Annotated[str, Field(max_length=500, pattern="^.*$")]
    en: Annotated[str, Field(max_length=500, pattern="^.*$")]


class PlotOut(Resource):
    """A plot with the geometry now in force."""

    organization_id: UUID
    producer_id: UUID
    external_id: Annotated[Code | None, Field(description="Null to other organisations")]
    name: Name
    state: PlotState
    land_use: LandUse
    ubigeo: Ubigeo | None
    geometry_kind: GeometryKind
    geometry_version: GeometryVersion
    geometry: GeometryOut
    area_ha: Annotated[
        PositiveHectares,
        Field(description="Of a polygon measured (geodesic, WGS84), of a point declared"),
    ]
    declared_area_ha: Hectares | None
    variety: Name | None
    planting_year: Year | None
    plants_per_ha: PlantsPerHa | None
    tenure_kind: TenureKind
    tenure_document: Annotated[Name | None, Field(description="Null to other organisations")]
    captured_at: Instant | None
    warnings: Annotated[list[WarningOut], Field(max_length=100)]
    open_overlaps: Annotated[Count, Field(description="Overlaps that nobody has settled")]
    disclosure: Annotated[
        Disclosure | None, Field(description="The consent that shows another's plot")
    ]


class PlotArrivalOut(PlotOut):
    """A plot as its geometry arrived, with the overlaps that were found."""

    overlaps: Annotated[list[OverlapOut], Field(max_length=1000)]


class GeometryVersionOut(Shape):
    """One version of a plot's geometry; the highest is in force."""

    plot_id: UUID
    geometry_version: GeometryVersion
    geometry: GeometryOut
    area_ha: PositiveHectares
    recorded_at: Instant


class PlotReading(Shape):
    """What a reader of others' plots states."""

    purpose: Annotated[
        Literal["service_delivery"] | None,
        Field(description="What another organisation's plot is read for; a consent must cover it"),
    ] = None


def bounds_of_text(text: str) -> Bounds:
    """``west,south,east,north``; ValueError where that is no box."""
    west, south, east, north = map(float, text.split(","))
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("must be west,south,east,north in degrees")
    return Bounds(west, south, east, north)


def _box(text: str | None) -> str | None:
    if text is not None:
        try:
            bounds_of_text(text)
        except ValueError:
            raise Invalid(
                "debe ser oeste,sur,este,norte en grados",
                "must be west,south,east,north in degrees",
            ) from None
    return text


_NUMBER: Final = r"-?\d{1,3}(\.\d{1,15})?"


class PlotSearch(PageParameters):
    """Filters of the list."""

    producer_id: Annotated[UUID | None, Field(description="Of this producer")] = None
    cluster_id: Annotated[
        UUID | None, Field(description="Of producers who are in this cluster today")
    ] = None
    state: Annotated[PlotState | None, Field(description="In this state")] = None
    external_id: Annotated[Code | None, Field(description="With this code of one's own")] = None
    geometry_kind: Annotated[GeometryKind | None, Field(description="Point or polygon")] = None
    bbox: Annotated[
        str | None,
        Field(
            description="west,south,east,north: those whose box meets this one",
            max_length=80,
            pattern=rf"^{_NUMBER}(,{_NUMBER}){{3}}$",
            examples=["-77,-9,-76,-8"],
        ),
        AfterValidator(_box),
    ] = None
    purpose: Annotated[
        Literal["service_delivery"] | None,
        Field(
            description="Lists other organisations' plots whose producers consent to this purpose;"
            " without it, one's own are listed"
        ),
    ] = None

    def filters(self) -> dict[str, Any]:
        """The filters that the caller set; the box as PostgreSQL writes one."""
        found = super().filters()
        found.pop("purpose", None)
        if self.bbox is not None:
            west, south, east, north = bounds_of_text(self.bbox)
            found["bbox"] = f"({west},{south}),({east},{north})"
        return found
