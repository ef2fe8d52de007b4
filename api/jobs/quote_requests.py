"""Ending what nobody awarded in time."""

from typing import Final
from uuid import UUID

from api.core.actor import SYSTEM
from api.core.clock import now
from api.core.log import log
from api.database import Database, open_database
from api.domains.quote_requests import service
from api.jobs.apart import apart
from api.jobs.queue import queue
from api.settings import settings
from api.transactions import unit_of_work

BATCH: Final = 200


async def lapse_unawarded(database: Database) -> int:
    """Let requests lapse whose time to award is over, each in its own transaction; how many."""

    async def lapse(request_id: UUID) -> None:
        async with unit_of_work(database, SYSTEM) as uow:
            await service.lapse(uow, request_id)

    async with unit_of_work(database, SYSTEM) as uow:
        found = await service.overdue(uow, now(), BATCH)
    return await apart("quote_requests.not_lapsed", lapse, found)


@queue.periodic(cron="*/15 * * * *")
@queue.task(queueing_lock="lapse_quote_requests", pass_context=False)
async def lapse_quote_requests(timestamp: int) -> None:
    """Every fifteen minutes."""
    chosen = settings()
    if chosen.database_url is None:
        return
    few = chosen.model_copy(update={"read_connections": 1, "write_connections": 1})
    async with open_database(chosen.database_url.get_secret_value(), few) as database:
        count = await lapse_unawarded(database)
    log.info("quote_requests.lapsed", count=count, seconds=timestamp)
