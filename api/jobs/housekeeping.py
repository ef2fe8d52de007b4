"""What must go when its time is over."""

from datetime import timedelta
from typing import Final

import asyncpg

from api.core.clock import now
from api.core.log import log
from api.database import driver_dsn
from api.domains.imports.states import LIFECYCLE
from api.jobs.queue import queue
from api.settings import settings

_EXPIRED_KEYS: Final = """
DELETE FROM idempotency_keys WHERE (client_id, key) IN (
    SELECT client_id, key FROM idempotency_keys WHERE created_at < $1 LIMIT 10000)
"""
# The database keeps every line for two calendar years: with a leap year, more than 730 days.
_OLD_ACCESSES: Final = """
DELETE FROM data_accesses WHERE id IN (
    SELECT id FROM data_accesses
     WHERE accessed_at < least($1, now() - interval '2 years') LIMIT 10000)
"""
_OLD_ITEMS: Final = "DELETE FROM field_batch_items WHERE created_at < $1"
LONGEST_OFFLINE: Final = timedelta(days=400)
"""A field app that sends again after longer is told by the content what is here already."""
_EXPIRED_IMPORTS: Final = "DELETE FROM imports WHERE created_at < $1"
_LOST_FILES: Final = """
WITH gone AS (DELETE FROM import_files WHERE created_at < $1 RETURNING import_id)
UPDATE imports SET state = $2, version = version + 1, updated_at = now()
 WHERE id IN (SELECT import_id FROM gone)
"""
LONGEST_WAIT: Final = timedelta(days=1)
"""A file that no worker took up by then is forgotten: it holds personal data."""
_EXPIRED_TOKENS: Final = "DELETE FROM revoked_tokens WHERE expires_at < $1"


async def forget_expired(dsn: str, idempotency_days: int) -> int:
    """Delete idempotency keys and outcomes of imports past their days, and revocations of tokens
    that are dead anyway; how many rows went.
    """
    connection = await asyncpg.connect(driver_dsn(dsn))
    try:
        gone = 0
        before = now() - timedelta(days=idempotency_days)
        while count := _rows(await connection.execute(_EXPIRED_KEYS, before)):
            gone += count
        gone += _rows(await connection.execute(_EXPIRED_IMPORTS, before))
        gone += _rows(await connection.execute(_OLD_ITEMS, now() - LONGEST_OFFLINE))
        failed = LIFECYCLE.transitions["fail"].target.value
        gone += _rows(await connection.execute(_LOST_FILES, now() - LONGEST_WAIT, failed))
        return gone + _rows(await connection.execute(_EXPIRED_TOKENS, now()))
    finally:
        await connection.close()


async def forget_accesses(dsn: str, days: int) -> int:
    """Delete what the access log holds past its days; how many lines went."""
    connection = await asyncpg.connect(driver_dsn(dsn))
    try:
        gone = 0
        before = now() - timedelta(days=days)
        while count := _rows(await connection.execute(_OLD_ACCESSES, before)):
            gone += count
        return gone
    finally:
        await connection.close()


def _rows(command_tag: str) -> int:
    return int(command_tag.rsplit(" ", 1)[-1])


@queue.periodic(cron="*/10 * * * *")
@queue.task(queueing_lock="forget_expired", pass_context=False)
async def housekeeping(timestamp: int) -> None:
    """Every ten minutes."""
    chosen = settings()
    if chosen.database_url is not None:
        dsn = chosen.database_url.get_secret_value()
        count = await forget_expired(dsn, chosen.idempotency_days)
        log.info("housekeeping", count=count, seconds=timestamp)


@queue.periodic(cron="17 3 * * *")
@queue.task(queueing_lock="forget_accesses", pass_context=False)
async def access_log_housekeeping(timestamp: int) -> None:
    """Every night: no index serves it, and it has time."""
    chosen = settings()
    if chosen.database_url is not None:
        dsn = chosen.database_url.get_secret_value()
        count = await forget_accesses(dsn, chosen.access_log_days)
        log.info("housekeeping", kind="access_log", count=count, seconds=timestamp)
