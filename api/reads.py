"""Reading: documents straight from the driver, without a session and without a transaction.

``Reader`` and ``UnitOfWork`` are different types, so that what only reads cannot write (its
connections are read-only in the database, too).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.core.actor import Actor
from api.core.clock import today
from api.core.documents import Query
from api.core.paging import Cursors, Listing
from api.database import Database


@dataclass(frozen=True, slots=True)
class Document:
    """One encoded resource and its row version (0 where it has none)."""

    body: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """One encoded page: ``{"items": [...], "next": ...}``."""

    body: bytes
    next: str | None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a caller asked of a list."""

    limit: int
    cursor: str | None
    total: bool


def assemble(documents: list[str], cursor: str | None, total: int | None) -> bytes:
    """The page's JSON from documents that are JSON already."""
    end = f'"{cursor}"' if cursor else "null"
    count = "" if total is None else f',"total":{total}'
    return f'{{"items":[{",".join(documents)}],"next":{end}{count}}}'.encode()


def scope_of(actor: Actor) -> dict[str, Any]:
    """What every repository's statement may use to show an actor only what it may see today."""
    return {
        "actor": actor.organization_id,
        "operator": actor.is_operator,
        "roles": sorted(actor.roles),
        "today": today(),
    }


class Reader:
    """Read-only access for one actor; queries get ``scope_of`` it."""

    def __init__(self, database: Database, actor: Actor, cursors: Cursors) -> None:
        self._pool = database.pool
        self.actor = actor
        self.scope = scope_of(actor)
        self._cursors = cursors

    async def one(self, query: Query, **values: Any) -> Document | None:
        """The document that the query finds for this actor, or None."""
        row = await self._pool.fetchrow(query.sql, *query.arguments(self._scoped(values)))
        if row is None or row[0] is None:
            return None
        return Document(row[0].encode(), row[1] if len(row) > 1 else 0)

    async def rows(self, query: Query, **values: Any) -> list[Any]:
        """The raw rows of a query, for services that reason over facts."""
        return await self._fetch(query, self._scoped(values))

    async def page(
        self, listing: Listing, wanted: PageRequest, filters: Mapping[str, Any], **scope: Any
    ) -> Page:
        """One page of a list. ``filters`` holds only those that the caller set."""
        present = frozenset(filters)
        bound = listing.scope({**filters, **scope})
        values = self._scoped({**filters, **scope, "limit_": wanted.limit + 1})
        if wanted.cursor:
            values |= listing.position(self._cursors.open(bound, wanted.cursor))
        query = listing.page(present, after=bool(wanted.cursor))
        rows = await self._fetch(query, values)
        cursor = None
        if len(rows) > wanted.limit:
            rows = rows[: wanted.limit]
            cursor = self._cursors.seal(bound, list(rows[-1])[1:])
        total = None
        if wanted.total:
            count = listing.count(present)
            total = await self._pool.fetchval(count.sql, *count.arguments(values))
        return Page(assemble([row[0] for row in rows], cursor, total), cursor)

    async def _fetch(self, query: Query, values: Mapping[str, Any]) -> list[Any]:
        if not query.replanned:
            return list(await self._pool.fetch(query.sql, *query.arguments(values)))
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            return list(await connection.fetch(query.sql, *query.arguments(values)))

    def _scoped(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.scope, **values}
