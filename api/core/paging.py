"""Keyset paging: a page costs the same wherever it lies, and nothing is counted.

The cursor names the list, a hash of the filters and the sort values of the last row, signed so
that nobody builds one by hand. ``?include=total`` is the only way to a count.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
)

from api.core.documents import Query, text_of
from api.core.problems import InvalidCursor

_MAC_BYTES: Final = 16


def _parse(kind: type[Any], value: str) -> Any:
    return kind.fromisoformat(value) if issubclass(kind, date) else kind(value)


@dataclass(frozen=True, slots=True)
class Cursors:
    """Makes and opens cursors with one secret."""

    secret: bytes

    def seal(self, scope: str, last: Sequence[str]) -> str:
        """An opaque, URL-safe cursor after the row with these sort values."""
        body = orjson.dumps([scope, *last])
        return base64.urlsafe_b64encode(self._mac(body) + body).rstrip(b"=").decode()

    def open(self, scope: str, cursor: str) -> list[str]:
        """The sort values; ``InvalidCursor`` (400) unless made here for this very scope."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise InvalidCursor from None
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(body)):
            raise InvalidCursor
        found, *last = orjson.loads(body)
        if found != scope:
            raise InvalidCursor
        return [str(value) for value in last]

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self.secret, body, "sha256")[:_MAC_BYTES]


@dataclass(frozen=True)
class Listing:
    """A pageable list: what a row looks like, what may filter it, how it is ordered.

    ``statement`` selects exactly one column, the document, already scoped to the actor.
    ``filters`` maps a query parameter to a condition with a ``bindparam`` of the same name (a
    condition without one is switched on by a true value). ``order`` ends with a unique column;
    all its columns run the same way.
    """

    name: str
    statement: Select[Any]
    order: Sequence[ColumnElement[Any]]
    filters: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)
    descending: bool = False
    _compiled: dict[tuple[frozenset[str], bool], Query] = field(default_factory=dict)
    _counts: dict[frozenset[str], Query] = field(default_factory=dict)

    def page(self, present: frozenset[str], *, after: bool) -> Query:
        """The page query for the filters in use: columns document, sort values as text."""
        key = (present, after)
        if key not in self._compiled:
            self._compiled[key] = self._build(present, after=after)
        return self._compiled[key]

    def count(self, present: frozenset[str]) -> Query:
        """The count query for the filters in use."""
        if present not in self._counts:
            rows: Select[Any] = self._filtered(present).with_only_columns(
                literal_column("1").label("one")
            )
            self._counts[present] = Query(select(func.count()).select_from(rows.subquery()))
        return self._counts[present]

    def scope(self, filters: Mapping[str, Any]) -> str:
        """What a cursor is bound to: this list with these filters."""
        canonical = orjson.dumps(sorted((key, str(value)) for key, value in filters.items()))
        return f"{self.name}:{hashlib.sha256(canonical).hexdigest()[:16]}"

    def position(self, last: Sequence[str]) -> dict[str, Any]:
        """A cursor's sort values as query arguments of the columns' own types."""
        if len(last) != len(self.order):
            raise InvalidCursor
        try:
            return {
                f"after_{n}": _parse(column.type.python_type, value)
                for n, (column, value) in enumerate(zip(self.order, last, strict=True))
            }
        except (ValueError, ArithmeticError):
            raise InvalidCursor from None

    def _filtered(self, present: frozenset[str]) -> Select[Any]:
        return self.statement.where(*(self.filters[name] for name in sorted(present)))

    def _build(self, present: frozenset[str], *, after: bool) -> Query:
        statement = self._filtered(present)
        if after:
            marks = tuple_(
                *(bindparam(f"after_{n}", type_=c.type) for n, c in enumerate(self.order))
            )
            row = tuple_(*self.order)
            statement = statement.where(row < marks if self.descending else row > marks)
        ordered = [c.desc() if self.descending else c.asc() for c in self.order]
        sort_values = [text_of(c).label(f"sort_{n}") for n, c in enumerate(self.order)]
        limit: Any = bindparam("limit_", type_=Integer())
        return Query(statement.add_columns(*sort_values).order_by(*ordered).limit(limit))
