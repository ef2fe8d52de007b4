"""One request, one transaction: the only file that commits and the only writer of the ledger.

Three nets hold the ledger (docs/decisions/0004-ledger.md): services ``record`` events; a flushed
change of a recorded table without an event makes ``commit`` fail; triggers in the database demand
a ledger entry of the same transaction.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from api.core.actor import Actor
from api.core.canonical import canonical
from api.core.clock import now
from api.core.documents import Query
from api.core.ids import new_id
from api.core.problems import PreconditionFailed
from api.database import Database
from api.models.base import Entity, Table
from api.models.idempotency_keys import IdempotencyKey
from api.models.ledger_entries import LedgerEntry
from api.reads import Document, scope_of

Subject = tuple[str, UUID]
"""What an event is about: the ledger's name of the table, and the row's id."""

Value = str | int | bool | None | list[Any] | dict[str, Any]
T = TypeVar("T", bound=Table)
E = TypeVar("E", bound=Entity)


class UnrecordedChangeError(RuntimeError):
    """A recorded table changed and no event says so: a bug, never a caller's fault."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: name, subject, further subjects, and data without personal data.

    Quantities and amounts are strings, so that the canonical form has no floats.
    """

    name: str
    subject: Subject
    data: Mapping[str, Value] = field(default_factory=dict)
    related: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that carries an idempotency key, and what identifies its content."""

    key: str
    fingerprint: bytes


_INSERT_ENTRY: Final = sa.insert(LedgerEntry.__table__)  # type: ignore[attr-defined]
_INSERT_KEY: Final = sa.insert(IdempotencyKey.__table__)  # type: ignore[attr-defined]


class UnitOfWork:
    """A session, an actor, and what the transaction must leave in the ledger."""

    def __init__(self, session: AsyncSession, actor: Actor) -> None:
        self.session: Final = session
        self.actor: Final = actor
        self.attempt: Attempt | None = None
        self._driver: Any = None
        self._events: list[Event] = []
        self._changed: set[Subject] = set()
        session.sync_session.info["unit_of_work"] = self

    def add(self, *rows: Table) -> None:
        """New rows, written with the next flush."""
        self.session.add_all(rows)

    def record(self, event: Event) -> None:
        """Put an event into the ledger of this transaction."""
        self._events.append(event)

    async def locked(self, table: type[T], row_id: UUID, *conditions: Any) -> T | None:
        """The row, locked until the end, or None where the conditions (the scope) hide it."""
        statement = (
            sa.select(table)
            .where(table.id == row_id, *conditions)  # type: ignore[attr-defined]
            .with_for_update(of=table)
            .execution_options(populate_existing=True)
        )
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def find(self, table: type[T], *conditions: Any) -> T | None:
        """The one row that meets the conditions, or None."""
        return (
            await self.session.execute(sa.select(table).where(*conditions))
        ).scalar_one_or_none()

    async def rows(self, statement: Any, **values: Any) -> list[Any]:
        """The rows of a statement within this transaction."""
        return list((await self.session.execute(statement, values or None)).all())

    async def execute(self, statement: Any, values: Any = None) -> Any:
        """Run a Core statement within this transaction."""
        return await self.session.execute(statement, values)

    async def fetch(self, query: Query, **values: Any) -> list[Any]:
        """The rows of a query within this transaction, straight from the driver."""
        arguments = query.arguments({**scope_of(self.actor), **values})
        if self._driver is None:
            # SQLAlchemy begins the transaction with the first statement that it runs itself.
            connection = await self.session.connection()
            result = await connection.exec_driver_sql(query.sql, tuple(arguments))
            self._driver = (await connection.get_raw_connection()).driver_connection
            return list(result.all()) if result.returns_rows else []
        return list(await self._driver.fetch(query.sql, *arguments))

    def expect_version(self, row: Entity, version: int | None) -> None:
        """Refuse a change that was made from another version (412)."""
        if version is not None and row.version != version:
            raise PreconditionFailed

    async def document(self, query: Query, **values: Any) -> Document:
        """The wire document of a row as this transaction leaves it."""
        await self.session.flush()
        connection = await self.session.connection()
        arguments = query.arguments({**scope_of(self.actor), **values})
        found: Sequence[Any] = (await connection.exec_driver_sql(query.sql, tuple(arguments))).one()
        return Document(found[0].encode(), found[1] if len(found) > 1 else 0)

    async def remember(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Keep the answer for retries with the same idempotency key, if the request has one."""
        if self.attempt is None:
            return
        await self.session.execute(
            _INSERT_KEY,
            {
                "client_id": self.actor.client_id,
                "key": self.attempt.key,
                "fingerprint": self.attempt.fingerprint,
                "status": status,
                "headers": dict(headers),
                "body": body,
                "created_at": now(),
            },
        )

    async def commit(self) -> None:
        """Flush, write the ledger, commit. Nothing is saved unless all of it is."""
        await self.session.flush()
        told = {subject for e in self._events for subject in (e.subject, *e.related)}
        if self._changed - told:
            names = sorted({kind for kind, _ in self._changed - told})
            raise UnrecordedChangeError(f"changed without an event: {', '.join(names)}")
        if self._events:
            await self.session.execute(_INSERT_ENTRY, [self._entry(e) for e in self._events])
        await self.session.commit()

    def _entry(self, event: Event) -> dict[str, Any]:
        entry_id, instant = new_id(), now()
        kind, subject_id = event.subject
        body = canonical(
            {
                "id": str(entry_id),
                "event": event.name,
                "recorded_at": instant.isoformat(timespec="microseconds"),
                "actor": {
                    "organization_id": str(self.actor.organization_id),
                    "client_id": str(self.actor.client_id),
                },
                "subject": {"type": kind, "id": str(subject_id)},
                "related": [{"type": k, "id": str(i)} for k, i in event.related],
                "data": dict(event.data),
            }
        )
        return {
            "id": entry_id,
            "recorded_at": instant,
            "event": event.name,
            "organization_id": self.actor.organization_id,
            "subject_type": kind,
            "subject_id": subject_id,
            "body": body.decode(),
        }

    def changed(self, row: Table) -> None:
        """Note a flushed change of a recorded table: an event must tell of it."""
        if row.ledger_subject:
            self._changed.add((row.ledger_subject, getattr(row, row.ledger_key)))


class RecordedSession(Session):
    """The session whose flushes are watched; one class, so that listening costs nothing per use."""


@sa_event.listens_for(RecordedSession, "before_flush")
def _stamp(session: Session, *_: object) -> None:
    for row in session.dirty:
        if isinstance(row, Entity) and session.is_modified(row):
            row.version += 1
            row.updated_at = now()


@sa_event.listens_for(RecordedSession, "after_flush")
def _note(session: Session, *_: object) -> None:
    uow: UnitOfWork = session.info["unit_of_work"]
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Table):
            uow.changed(row)


@asynccontextmanager
async def unit_of_work(database: Database, actor: Actor) -> AsyncIterator[UnitOfWork]:
    """A transaction for this actor: committed at the end, rolled back on any exception."""
    async with AsyncSession(
        database.engine,
        sync_session_class=RecordedSession,
        expire_on_commit=False,
        autoflush=False,
    ) as session:
        uow = UnitOfWork(session, actor)
        yield uow
        await uow.commit()
