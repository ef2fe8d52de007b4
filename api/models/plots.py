"""Plots and the history of their geometry."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint, text
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field

from api.domains.plot_overlaps.states import OverlapState
from api.domains.plot_overlaps.vocabulary import OverlapDecision
from api.domains.plots.states import PlotState
from api.domains.plots.vocabulary import GeometryKind, LandUse, TenureKind
from api.models.base import Entity, Table, decimal, enum_column, hectares, instant, json, link


class Box(UserDefinedType[str]):
    """PostgreSQL's core ``box``: the bounding box that a GiST index can search."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The type's name in DDL."""
        return "box"


class Plot(Entity, table=True):
    """Land of one producer; ``geometry_version`` names the geometry now in force.

    ``warnings`` are those that the geometry in force and the declared area deserve together: a list
    of ``{"code", "pointer", "es", "en"}``.
    """

    __tablename__ = "plots"
    __table_args__ = (
        UniqueConstraint("organization_id", "external_id"),
        CheckConstraint("area_ha > 0", name="area_positive"),
        CheckConstraint("geometry_kind = 'polygon' OR area_ha <= 4", name="point_up_to_4_ha"),
    )
    ledger_subject: ClassVar = "plot"

    organization_id: UUID = link("organizations.id")
    producer_id: UUID = link("producers.id")
    external_id: str | None = None
    name: str
    state: PlotState = enum_column(PlotState, "state")
    land_use: LandUse = enum_column(LandUse, "land_use")
    ubigeo: str | None = None
    geometry_kind: GeometryKind = enum_column(GeometryKind, "geometry_kind")
    geometry_version: int = 1
    area_ha: Decimal = hectares()
    declared_area_ha: Decimal | None = hectares(default=None)
    variety: str | None = None
    planting_year: int | None = None
    plants_per_ha: int | None = None
    tenure_kind: TenureKind = enum_column(TenureKind, "tenure_kind")
    tenure_document: str | None = None
    closed_on: date | None = None
    """The first day on which the plot no longer stood."""
    captured_at: datetime | None = instant(default=None)
    warnings: list[dict[str, str]] = json(
        default_factory=list, sa_column_kwargs={"server_default": text("'[]'")}
    )


class PlotGeometry(Table, table=True):
    """One version of a plot's geometry: GeoJSON, longitude first, six decimals."""

    __tablename__ = "plot_geometries"
    __table_args__ = (
        UniqueConstraint("plot_id", "geometry_version"),
        Index("ix_plot_geometries_bounds", "bounds", postgresql_using="gist"),
    )
    ledger_subject: ClassVar = "plot"
    ledger_key: ClassVar = "plot_id"

    id: UUID = Field(primary_key=True)
    plot_id: UUID = link("plots.id", index=False)
    geometry_version: int
    geometry: dict[str, Any] = json()
    area_ha: Decimal = hectares()
    west: float
    south: float
    east: float
    north: float
    bounds: str = Field(
        default=None,
        sa_type=Box,
        sa_column_args=(Computed("box(point(west, south), point(east, north))", persisted=True),),
    )
    recorded_at: datetime = instant()


class PlotOverlap(Entity, table=True):
    """Land that the geometries of two plots share, found on arrival.

    One row per pair of plots, the lower id first; ``other_…`` is the second's. Both may be of one
    organisation. ``at_point``: one of the two is a point on the other, with no land of its own.
    """

    __tablename__ = "plot_overlaps"
    __table_args__ = (
        CheckConstraint("plot_id < other_plot_id", name="pair_in_order"),
        CheckConstraint("at_point OR area_ha > 0", name="land_shared"),
        CheckConstraint(
            "state <> 'settled' OR num_nonnulls(decision, settled_by, settled_at) = 3",
            name="settled_by_somebody",
        ),
        Index(
            "uq_plot_overlaps_standing",
            "plot_id",
            "other_plot_id",
            unique=True,
            postgresql_where=text("state <> 'lapsed'"),
        ),
    )
    ledger_subject: ClassVar = "plot_overlap"

    plot_id: UUID = link("plots.id")
    organization_id: UUID = link("organizations.id")
    geometry_version: int
    share: Decimal = decimal(5, 4)
    other_plot_id: UUID = link("plots.id")
    other_organization_id: UUID = link("organizations.id")
    other_geometry_version: int
    other_share: Decimal = decimal(5, 4)
    area_ha: Decimal = hectares()
    at_point: bool = False
    state: OverlapState = enum_column(OverlapState, "state")
    decision: OverlapDecision | None = enum_column(
        OverlapDecision, "decision", default=None, nullable=True
    )
    note: str | None = None
    settled_by: UUID | None = link("organizations.id", default=None)
    settled_at: datetime | None = instant(default=None)
