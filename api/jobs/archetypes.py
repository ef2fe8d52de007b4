"""Classifying an organisation's producers."""

from typing import Final
from uuid import UUID

import procrastinate

from api.core.actor import SYSTEM
from api.core.log import log
from api.database import Database, open_database
from api.domains.archetypes import service
from api.domains.archetypes.vocabulary import CLASSIFY
from api.jobs.queue import queue
from api.settings import Settings
from api.transactions import unit_of_work

ATTEMPTS: Final = 4
RETRY: Final = procrastinate.RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=2)


@queue.task(name=CLASSIFY, pass_context=True, retry=RETRY)
async def classify(context: procrastinate.JobContext, run_id: str) -> None:
    """Do a run, batch by batch; begun again, it goes on where it was cut short."""
    dsn: str = context.additional_context["dsn"]
    chosen: Settings = context.additional_context["settings"]
    few = chosen.model_copy(update={"read_connections": 1, "write_connections": 1})
    async with open_database(dsn, few) as database:
        try:
            await _all(database, UUID(run_id))
        except Exception:
            # The first attempt counts as none.
            if context.job.attempts >= ATTEMPTS:
                async with unit_of_work(database, SYSTEM) as uow:
                    await service.give_up(uow, UUID(run_id))
            raise


async def _all(database: Database, run_id: UUID) -> None:
    left, batches = True, 0
    while left:
        async with unit_of_work(database, SYSTEM) as uow:
            left = await service.classify_batch(uow, run_id)
        batches += left
    log.info("archetypes.classified", count=batches)
