"""Rows to wire documents, encoded once, by PostgreSQL.

A repository describes each wire shape as one SQL expression (``document``); PostgreSQL builds the
JSON text and the platform passes the bytes on. A ``Query`` is compiled once, at import, and runs
on a bare driver connection (reads) or inside a unit of work (the answer of a write), so both give
the same bytes. ``docs/decisions/0007-reads-without-orm.md`` has the measurements.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    CompoundSelect,
    Insert,
    Select,
    Text,
    TextClause,
    func,
    literal_column,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

_DIALECT: Final = asyncpg_dialect()  # type: ignore[no-untyped-call]


def document(**members: Any) -> ColumnElement[Any]:
    """A JSON object with these members, in this order (at most 50: PostgreSQL takes 100 arguments).

    Decimals must go through ``text_of`` or ``money``: JSON numbers would lose their last digits.
    """
    pairs: list[Any] = []
    for name, value in members.items():
        pairs += [literal_column(f"'{name}'"), value]
    return func.json_build_object(*pairs, type_=JSON())


def text_of(column: Any) -> ColumnElement[str]:
    """A decimal as its string, with the column's scale: ``12.3400``."""
    return sql_cast(column, Text)


def money(amount: Any, currency: Any) -> ColumnElement[Any]:
    """``{"amount": "1234.50", "currency": "PEN"}``."""
    return document(amount=text_of(amount), currency=currency)


def instant(column: Any) -> ColumnElement[str]:
    """A timestamp as RFC 3339 in UTC, to the microsecond: ``2026-11-23T10:00:00.000000Z``."""
    return func.to_char(
        func.timezone("UTC", column), literal_column('\'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\'')
    )


def children(shape: Any, *where: Any, order_by: Any) -> ColumnElement[Any]:
    """The matching rows of a child table as a JSON array, ``[]`` where there is none.

    ``where`` names the parent's column, which correlates the subselect.
    """
    rows = func.json_agg(aggregate_order_by(shape, order_by))
    inner = select(func.coalesce(rows, literal_column("'[]'::json"))).where(*where)
    return inner.scalar_subquery()


class Query:
    """A statement, compiled once for the driver.

    Parameters are the statement's ``bindparam`` names; constants in the statement keep their
    values. One that is ``replanned`` is planned for its values each time it is read, where a plan
    for any values would be a bad one.
    """

    def __init__(
        self,
        statement: Select[Any] | CompoundSelect[Any] | TextClause | Insert,
        *,
        replanned: bool = False,
    ) -> None:
        self.replanned: Final = replanned
        if isinstance(statement, Select):
            first, *rest = statement.selected_columns
            if isinstance(first.type, JSON):
                # As text: one of the two drivers' ways in would parse it only for us to encode it.
                statement = statement.with_only_columns(sql_cast(first, Text), *rest)
        compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self.sql: Final = str(compiled)
        self._order: Final = tuple(compiled.positiontup or ())
        self._constants: Final = {
            name: value for name, value in compiled.params.items() if value is not None
        }

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """The positional arguments for the driver."""
        constants = self._constants
        return [values[name] if name in values else constants[name] for name in self._order]
