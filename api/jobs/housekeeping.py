"""What must go when its time is over."""

from datetime import timedelta
from typing import Final

import asyncpg

from api.core.clock import now
from api.core.log import log
from api.database import driver_dsn
from api.jobs.queue import queue
from api.settings import settings

_EXPIRED_KEYS: Final = """
DELETE FROM idempotency_keys WHERE (client_id, key) IN (
    SELECT client_id, key FROM idempotency_keys WHERE created_at < $1 LIMIT 10000)
"""
_EXPIRED_TOKENS: Final = "DELETE FROM revoked_tokens WHERE expires_at < $1"


async def forget_expired(dsn: str, idempotency_days: int) -> int:
    """Delete idempotency keys past their days and revocations of tokens that are dead anyway;
    how many rows went.
    """
    connection = await asyncpg.connect(driver_dsn(dsn))
    try:
        gone = 0
        before = now() - timedelta(days=idempotency_days)
        while count := _rows(await connection.execute(_EXPIRED_KEYS, before)):
            gone += count
        return gone + _rows(await connection.execute(_EXPIRED_TOKENS, now()))
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
