"""Departments, provinces and districts, and where districts lie. Not recorded: public facts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from api.domains.territories.vocabulary import TerritoryLevel
from api.models.base import Table, enum_column, instant


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
