"""The sequencer: one process at a time gives committed ledger entries their place.

It takes what is committed, never what is still open: everything below the oldest running
transaction is over, so what is found at or above the mark of the last pass and has no position yet
is new, however late it committed. Writers never wait for it.
"""

import asyncio
from typing import Any, Final

import asyncpg

from api.core.clock import now
from api.core.log import log
from api.core.merkle import Frontier, frontier_nodes
from api.core.notes import Checkpoint, Signer, sign
from api.database import driver_dsn
from api.domains.ledger.sequence import Extension, extend

SEQUENCER_LOCK: Final = 0x6D617A6F7263
"""Advisory lock: permanent, never reused."""
BATCH: Final = 5_000
_STATE: Final = """
SELECT (SELECT max(position) + 1 FROM ledger_leaves) AS size,
       (SELECT low_water FROM ledger_checkpoints ORDER BY tree_size DESC LIMIT 1) AS low_water,
       (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint AS oldest_open
"""
_WAITING: Final = """
SELECT e.id, e.body FROM ledger_entries AS e
 WHERE e.transaction_id >= $1
   AND NOT EXISTS (SELECT FROM ledger_leaves AS l WHERE l.entry_id = e.id)
 ORDER BY e.transaction_id, e.id LIMIT $2
"""
_NODES: Final = """
SELECT n.level, n.index, n.hash FROM ledger_nodes AS n
  JOIN unnest($1::smallint[], $2::bigint[]) AS wanted(level, index)
    ON n.level = wanted.level AND n.index = wanted.index
UNION ALL
SELECT 0, l.position, l.leaf_hash FROM ledger_leaves AS l
  JOIN unnest($1::smallint[], $2::bigint[]) AS wanted(level, index)
    ON wanted.level = 0 AND l.position = wanted.index
"""


class Sequencer:
    """Sequences until it is cancelled. Only the holder of the advisory lock does anything."""

    def __init__(self, dsn: str, signer: Signer, every_seconds: float) -> None:
        self._dsn = driver_dsn(dsn)
        self._signer = signer
        self._every_seconds = every_seconds

    async def run(self) -> None:
        """Connect, wait for the lock, sequence; connect again when the connection is lost."""
        while True:
            try:
                await self._serve()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("sequencer.reconnects", kind=type(error).__name__)
            await asyncio.sleep(self._every_seconds)

    async def _serve(self) -> None:
        connection = await asyncpg.connect(self._dsn, server_settings={"timezone": "UTC"})
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", SEQUENCER_LOCK, timeout=None)
            while True:
                sequenced = await self.once(connection)
                if sequenced < BATCH:
                    await asyncio.sleep(self._every_seconds)
        finally:
            await connection.close()

    async def once(self, connection: "asyncpg.Connection[Any]") -> int:
        """One pass in one transaction; how many entries got their position."""
        async with connection.transaction(isolation="repeatable_read"):
            state = await connection.fetchrow(_STATE)
            low_water, oldest_open = state["low_water"] or 0, state["oldest_open"]
            if low_water > oldest_open:
                # The database was restored into a server that counts transactions anew.
                low_water = 0
            waiting = await connection.fetch(_WAITING, low_water, BATCH)
            if not waiting:
                return 0
            frontier = await self._frontier(connection, state["size"] or 0)
            extension = extend(frontier, [(row["id"], row["body"]) for row in waiting])
            mark = low_water if len(waiting) == BATCH else oldest_open
            await self._store(connection, extension, mark)
        log.info("sequencer.checkpoint", size=extension.size, count=len(waiting))
        return len(waiting)

    async def _frontier(self, connection: "asyncpg.Connection[Any]", size: int) -> Frontier:
        wanted = frontier_nodes(size)
        rows = await connection.fetch(
            _NODES, [level for level, _ in wanted], [index for _, index in wanted]
        )
        return Frontier.restore(size, {(r["level"], r["index"]): r["hash"] for r in rows})

    async def _store(
        self, connection: "asyncpg.Connection[Any]", extension: Extension, low_water: int
    ) -> None:
        await connection.copy_records_to_table(
            "ledger_leaves", records=extension.leaves, columns=["position", "entry_id", "leaf_hash"]
        )
        await connection.copy_records_to_table(
            "ledger_nodes", records=extension.nodes, columns=["level", "index", "hash"]
        )
        await connection.copy_records_to_table(
            "ledger_parties", records=extension.parties, columns=["organization_id", "position"]
        )
        checkpoint = Checkpoint(self._signer.name, extension.size, extension.root)
        await connection.execute(
            "INSERT INTO ledger_checkpoints (tree_size, root, note, low_water, created_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            extension.size,
            extension.root,
            sign(checkpoint, self._signer),
            low_water,
            now(),
        )
