"""What every table shares: naming of constraints, columns of the house, the ledger's subject.

SQLModel's table classes check nothing on construction; ``Table`` at least refuses a name that is
no column, so that a typo is an error and not a lost value.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import relationship
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig

from api.core.clock import now
from api.core.ids import new_id

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of every table.

    ``ledger_subject`` names what the ledger calls a row of a recorded table, ``ledger_key`` the
    column with the subject's id (a child row is recorded under its parent). A table without a
    subject is not recorded.
    """

    model_config = SQLModelConfig(extra="forbid")

    ledger_subject: ClassVar[str | None] = None
    ledger_key: ClassVar[str] = "id"

    def __init__(self, **values: Any) -> None:
        unknown = values.keys() - type(self).model_fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no column {', '.join(sorted(unknown))}")
        super().__init__(**values)


class Entity(Table):
    """A thing with an id, a row version (its ETag) and the instants of its record."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    created_at: datetime = Field(default_factory=now, sa_type=sa.DateTime(timezone=True))
    updated_at: datetime = Field(default_factory=now, sa_type=sa.DateTime(timezone=True))


def enum_column(kind: type[StrEnum], name: str, **options: Any) -> Any:
    """A text column that admits the values of a ``StrEnum`` (CHECK, not a native enum type)."""
    column_type = sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=40,
    )
    return Field(sa_type=column_type, **options)


def instant(**options: Any) -> Any:
    """A timestamp with time zone."""
    return Field(sa_type=sa.DateTime(timezone=True), **options)


def decimal(precision: int, scale: int, **options: Any) -> Any:
    """An exact number."""
    return Field(sa_type=sa.Numeric(precision, scale), **options)


def money(**options: Any) -> Any:
    """An amount with céntimos: numeric(14, 2)."""
    return decimal(14, 2, **options)


def kilos(**options: Any) -> Any:
    """A weight or an input's quantity with grams: numeric(14, 3)."""
    return decimal(14, 3, **options)


def hectares(**options: Any) -> Any:
    """An area to the square metre: numeric(12, 4)."""
    return decimal(12, 4, **options)


def rate(**options: Any) -> Any:
    """A rate as a decimal: numeric(9, 6), ``0.350000`` is 35 %."""
    return decimal(9, 6, **options)


def text_list(**options: Any) -> Any:
    """An array of text."""
    return Field(sa_type=sa.ARRAY(sa.Text()), **options)


def json(**options: Any) -> Any:
    """A JSONB value; replace it, never change it in place."""
    return Field(sa_type=JSONB, **options)


def link(target: str, *, index: bool = True, **options: Any) -> Any:
    """A foreign key, indexed: PostgreSQL does not do so by itself."""
    return Field(foreign_key=target, index=index, **options)


ZERO = Decimal(0)


def referring_to(target: str) -> list[tuple[type[Table], str]]:
    """Every table with a column that refers to this one (``producers.id``), and the column."""
    registry = SQLModel._sa_registry  # noqa: SLF001 - SQLModel offers no other way to it
    return [
        (mapper.class_, column.name)
        for mapper in registry.mappers
        for column in mapper.local_table.columns
        if any(key.target_fullname == target for key in column.foreign_keys)
    ]


def order_flushes() -> None:
    """Give every foreign key a relationship nobody reads, so that a flush inserts parents first.

    SQLAlchemy orders tables within a flush by relationships alone; queries here never navigate,
    so these raise when touched.
    """
    registry = SQLModel._sa_registry  # noqa: SLF001 - SQLModel offers no other way to it
    owners = {mapper.local_table: mapper for mapper in registry.mappers}
    for mapper in owners.values():
        for column in mapper.local_table.columns:
            for key in column.foreign_keys:
                parent = relationship(
                    owners[key.column.table].class_, foreign_keys=[column], lazy="raise"
                )
                mapper.add_property(f"_parent_{column.name}", parent)
