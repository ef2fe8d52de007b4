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

import orjson
import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import Session

from api.core.actor import Actor
from api.core.canonical import canonical
from api.core.clock import now
from api.core.documents import Query
from api.core.ids import new_id
from api.core.problems import PreconditionFailed
from api.database import Database
from api.models.base import Entity, Table
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


_INSERT_ENTRIES: Final = """
INSERT INTO ledger_entries
    (id, recorded_at, event, organization_id, subject_type, subject_id, body)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::uuid[], $5::text[], $6::uuid[],
    $7::text[])
"""
_INSERT_KEY: Final = """
INSERT INTO idempotency_keys (client_id, key, fingerprint, status, headers, body, created_at)
VALUES ($8, $9, $10, $11, $12, $13, $14)
"""
_INSERT_BOTH: Final = f"WITH kept AS ({_INSERT_KEY}) {_INSERT_ENTRIES}"
_DEFER: Final = """
SELECT procrastinate_defer_jobs_v1(ARRAY[
    ROW('default', $1, 0, $2, NULL, $3::jsonb, NULL)::procrastinate_job_to_defer_v1])
"""


class UnitOfWork:
    """A transaction, an actor, and what the transaction must leave in the ledger.

    The ORM's session is made when somebody asks for it; hot paths ask the driver alone.
    """

    def __init__(self, connection: AsyncConnection, driver: Any, actor: Actor) -> None:
        self.actor: Final = actor
        self.attempt: Attempt | None = None
        self._connection: Final = connection
        self._driver: Final = driver
        self._session: AsyncSession | None = None
        self._answer: tuple[Any, ...] = ()
        self._events: list[Event] = []
        self._changed: set[Subject] = set()

    @property
    def session(self) -> AsyncSession:
        """The ORM's session on this transaction."""
        if self._session is None:
            self._session = AsyncSession(
                self._connection,
                sync_session_class=RecordedSession,
                expire_on_commit=False,
                autoflush=False,
            )
            self._session.sync_session.info["unit_of_work"] = self
        return self._session

    def add(self, *rows: Table) -> None:
        """New rows, written with the next flush."""
        self.session.add_all(rows)

    def record(self, event: Event) -> None:
        """Put an event into the ledger of this transaction."""
        self._events.append(event)

    def recorded(self, name: str) -> int:
        """How many events of this name the transaction holds."""
        return sum(event.name == name for event in self._events)

    async def locked(self, table: type[T], row_id: UUID, *conditions: Any) -> T | None:
        """The row, locked until the end, or None where the conditions (the scope) hide it."""
        # What was changed here before must not be lost to the fresh read.
        await self.session.flush()
        statement = (
            sa.select(table)
            .where(table.id == row_id, *conditions)  # type: ignore[attr-defined]
            .with_for_update(of=table)
            .execution_options(populate_existing=True)
        )
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def find(self, table: type[T], *conditions: Any) -> T | None:
        """The one row that meets the conditions, or None."""
        found = await self.session.execute(sa.select(table).where(*conditions))
        return found.scalar_one_or_none()

    async def rows(self, statement: Any, **values: Any) -> list[Any]:
        """The rows of a statement within this transaction."""
        return list((await self.session.execute(statement, values or None)).all())

    async def execute(self, statement: Any, values: Any = None) -> Any:
        """Run a Core statement within this transaction."""
        return await self.session.execute(statement, values)

    async def load(self, table: type[Table], records: Sequence[Mapping[str, Any]]) -> None:
        """Write many new rows at once, past the session; JSON values come as their text.

        All records have the same members. What the session holds is flushed first.
        """
        if not records:
            return
        await self._flush()
        columns = list(records[0])
        if table.ledger_subject:
            self._changed |= {(table.ledger_subject, one[table.ledger_key]) for one in records}
        await self._driver.copy_records_to_table(
            table.__tablename__,
            columns=columns,
            records=[[one[name] for name in columns] for one in records],
        )

    async def fetch(self, query: Query, **values: Any) -> list[Any]:
        """The rows of a query within this transaction, straight from the driver.

        It does not see what the session has not flushed.
        """
        arguments = query.arguments({**scope_of(self.actor), **values})
        return list(await self._driver.fetch(query.sql, *arguments))

    async def defer(self, task: str, *, lock: str | None = None, **arguments: str) -> None:
        """Ask for a job: a worker takes it up once this transaction is committed, and only then.

        Jobs with the same ``lock`` are done one after the other.
        """
        await self._driver.execute(_DEFER, task, lock, orjson.dumps(arguments).decode())

    def expect_version(self, row: Entity, version: int | None) -> None:
        """Refuse a change that was made from another version (412)."""
        if version is not None and row.version != version:
            raise PreconditionFailed

    async def document(self, query: Query, **values: Any) -> Document:
        """The wire document of a row as this transaction leaves it."""
        await self._flush()
        [found] = await self.fetch(query, **values)
        return Document(found[0].encode(), found[1] if len(found) > 1 else 0)

    async def remember(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Keep the answer for retries with the same idempotency key, if the request has one."""
        if self.attempt is not None:
            whose = self.actor.client_id, self.attempt.key, self.attempt.fingerprint
            kept = orjson.dumps(dict(headers)).decode()
            self._answer = (*whose, status, kept, body, now())

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part of the transaction that may fail alone: what it wrote and recorded goes with its
        exception, what came before stays.
        """
        await self._flush()
        events, changed = list(self._events), set(self._changed)
        await self._driver.execute("SAVEPOINT part")
        try:
            yield
            await self._flush()
        except Exception:
            # The session's objects are of the part, too; the next use makes another session.
            await self.close()
            self._session = None
            await self._driver.execute("ROLLBACK TO SAVEPOINT part")
            self._events, self._changed = events, changed
            raise
        finally:
            await self._driver.execute("RELEASE SAVEPOINT part")

    async def _flush(self) -> None:
        if self._session is not None:
            await self._session.flush()

    async def commit(self) -> None:
        """Flush and write the ledger, as the last thing before the transaction is committed.

        Nothing is saved unless all of it is.
        """
        await self._flush()
        told = {subject for e in self._events for subject in (e.subject, *e.related)}
        if self._changed - told:
            names = sorted({kind for kind, _ in self._changed - told})
            raise UnrecordedChangeError(f"changed without an event: {', '.join(names)}")
        await self._write_down()

    async def _write_down(self) -> None:
        """The ledger entries and the answer for retries, in one round trip."""
        entries = [self._entry(event) for event in self._events]
        columns = map(list, zip(*entries, strict=True)) if entries else ([] for _ in range(7))
        if self._answer:
            await self._driver.execute(_INSERT_BOTH, *columns, *self._answer)
        elif entries:
            await self._driver.execute(_INSERT_ENTRIES, *columns)

    async def close(self) -> None:
        """Let go of the ORM's objects."""
        if self._session is not None:
            await self._session.close()

    def _entry(self, event: Event) -> tuple[Any, ...]:
        entry_id, instant, whose = new_id(), now(), self.actor.organization_id
        kind, subject_id = event.subject
        body = canonical(
            {
                "id": str(entry_id),
                "event": event.name,
                "recorded_at": instant.isoformat(timespec="microseconds"),
                "actor": {"organization_id": str(whose), "client_id": str(self.actor.client_id)},
                "subject": {"type": kind, "id": str(subject_id)},
                "related": [{"type": k, "id": str(i)} for k, i in event.related],
                "data": dict(event.data),
            }
        )
        return entry_id, instant, event.name, whose, kind, subject_id, body.decode()

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
    async with database.transaction() as (connection, driver):
        uow = UnitOfWork(connection, driver, actor)
        try:
            yield uow
            await uow.commit()
        finally:
            await uow.close()
