"""The two ways into PostgreSQL: an engine for writes, a bare driver pool for reads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from api.core.revisions import migrations_folder, newest_revision
from api.settings import Settings

POOL_TIMEOUT_SECONDS: Final = 20


MOST_LAG_SECONDS: Final = 60
HEAD: Final = newest_revision(migrations_folder())
"""The migration that this code expects."""
_HEALTH: Final = """
SELECT (SELECT version_num FROM alembic_version) AS revision,
       (SELECT extract(epoch FROM now() - min(e.recorded_at)) FROM ledger_entries e
         WHERE e.transaction_id >= coalesce((SELECT max(low_water) FROM ledger_checkpoints), 0)
           AND NOT EXISTS (SELECT FROM ledger_leaves l WHERE l.entry_id = e.id)) AS lag
"""


def engine_url(dsn: str) -> str:
    """A plain ``postgresql://`` address as SQLAlchemy wants it for asyncpg."""
    return make_url(dsn).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def driver_dsn(dsn: str) -> str:
    """The same address for asyncpg and psycopg themselves."""
    return make_url(dsn).set(drivername="postgresql").render_as_string(hide_password=False)


def _server_settings(settings: Settings) -> dict[str, str]:
    return {
        "application_name": "mazorca",
        "timezone": "UTC",
        "statement_timeout": str(settings.statement_timeout_ms),
        "lock_timeout": str(settings.lock_timeout_ms),
        "idle_in_transaction_session_timeout": "60000",
        "jit": "off",
    }


class TransactionAbortedError(RuntimeError):
    """A failed statement was swallowed: PostgreSQL answered COMMIT with a rollback."""


class Database:
    """The connections of one process. ``engine`` writes, ``pool`` reads."""

    def __init__(self, engine: AsyncEngine, pool: "asyncpg.Pool[Any]") -> None:
        self.engine = engine
        self.pool = pool
        # Transactions are begun and ended here, so SQLAlchemy must not do it, too.
        self._writing = engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, Any]]:
        """A connection in a transaction, and the driver's view of it; committed at the end.

        Hot statements go to the driver straight: SQLAlchemy's way to it costs each a tenth of a
        millisecond more (docs/decisions/0007-reads-without-orm.md).
        """
        async with self._writing.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute("BEGIN")
            try:
                yield connection, driver
                ended = await driver.execute("COMMIT")
            except BaseException:
                await _roll_back(connection, driver)
                raise
            if ended != "COMMIT":
                raise TransactionAbortedError

    async def checks(self) -> dict[str, dict[str, Any]]:
        """Health by part: the connection, and how far the ledger's sequencer is behind."""
        try:
            row = await self.pool.fetchrow(_HEALTH)
        except (OSError, asyncpg.PostgresError):
            return {"database": {"status": "fail"}}
        current = row["revision"] == HEAD
        lag = float(row["lag"] or 0)
        return {
            "database": {"status": "pass"},
            "migrations": {"status": "pass" if current else "fail", "revision": row["revision"]},
            "ledger": {"status": "pass" if lag < MOST_LAG_SECONDS else "fail", "lag_seconds": lag},
        }


async def _roll_back(connection: AsyncConnection, driver: Any) -> None:
    try:
        if driver.is_in_transaction():
            await driver.execute("ROLLBACK")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        # Whatever state it is in: nobody gets this connection again.
        await connection.invalidate()


async def _no_reset(_connection: Any) -> None:
    """Reads leave nothing behind, so a released connection needs no reset round trip."""


@asynccontextmanager
async def open_database(dsn: str, settings: Settings) -> AsyncIterator[Database]:
    """Connect; disconnect at the end. ``dsn`` is a plain ``postgresql://`` address."""
    server_settings = _server_settings(settings)
    engine = create_async_engine(
        engine_url(dsn),
        pool_size=settings.write_connections,
        max_overflow=0,
        # A driver error must not carry names or documents into a log.
        hide_parameters=True,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        connect_args={
            # Writes find rows by id: one plan does for all ids, and planning an order's statements
            # anew each time took longer than running them.
            "server_settings": {**server_settings, "plan_cache_mode": "force_generic_plan"},
            "prepared_statement_cache_size": 500,
            "statement_cache_size": 500,
        },
    )
    pool = await asyncpg.create_pool(
        driver_dsn(dsn),
        min_size=1,
        max_size=settings.read_connections,
        reset=_no_reset,
        statement_cache_size=500,
        server_settings={**server_settings, "default_transaction_read_only": "on"},
    )
    try:
        yield Database(engine, pool)
    finally:
        await pool.close()
        await engine.dispose()
