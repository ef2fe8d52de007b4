"""Departments, provinces and districts, and where districts lie. Not recorded: public facts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Computed, Index, Text
from sqlmodel import Field

from api.domains.territories.vocabulary import TerritoryLevel
from api.models.base import Table, enum_column, instant
from api.models.plots import Box


class Territory(Table, table=True):
    """A territory by its INEI code; ``reniec_code`` is RENIEC's of the same place."""

    __tablename__ = "territories"
    __table_args__ = (
        CheckConstraint("ubigeo ~ '^[0-9]{6}$'", name="six_digits"),
        CheckConstraint("reniec_code ~ '^[0-9]{6}$'", name="reniec_six_digits"),
        Index("ix_territories_level", "level", "ubigeo"),
    )

    ubigeo: str = Field(primary_key=True, sa_type=Text)
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    updated_at: datetime = instant()
    level: TerritoryLevel = enum_column(TerritoryLevel, "level")
    name: str
    search_name: str
    department: str | None = None
    province: str | None = None
    capital: str | None = None
    reniec_code: str | None = Field(default=None, index=True)


class DistrictBoundary(Table, table=True):
    """Where a district lies: its shape as WKB (degrees, longitude first), and the box around it."""

    __tablename__ = "district_boundaries"
    __table_args__ = (Index("ix_district_boundaries_bounds", "bounds", postgresql_using="gist"),)

    ubigeo: str = Field(primary_key=True, sa_type=Text)
    shape: bytes
    west: float
    south: float
    east: float
    north: float
    bounds: str = Field(
        default=None,
        sa_type=Box,
        sa_column_args=(Computed("box(point(west, south), point(east, north))", persisted=True),),
    )
    updated_at: datetime = instant()
