"""Closing pools whose time is over."""

from contextlib import suppress
from typing import Final

from api.core.actor import SYSTEM, Actor
from api.core.clock import now
from api.core.log import log
from api.core.problems import StateConflict
from api.database import Database, open_database
from api.domains.demand_pools import repository, service
from api.domains.demand_pools.repository import Due
from api.jobs.apart import apart
from api.jobs.queue import queue
from api.policies import Role
from api.settings import settings
from api.transactions import unit_of_work

BATCH: Final = 200


async def close_due(database: Database) -> int:
    """Close or fail the pools that are due, each in its own transaction, for its host; how many."""
    async with unit_of_work(database, SYSTEM) as uow:
        found = await repository.due(uow, now(), BATCH)

    async def close(due: Due) -> None:
        roles = frozenset({Role.PRODUCER_ORGANIZATION.value})
        host = Actor(SYSTEM.client_id, due.organization_id, roles, frozenset())
        # Somebody may have closed it meanwhile.
        with suppress(StateConflict):
            async with unit_of_work(database, host) as uow:
                await service.close(uow, due.demand_pool_id)

    return await apart("demand_pools.not_closed", close, found)


@queue.periodic(cron="* * * * *")
@queue.task(queueing_lock="close_demand_pools", pass_context=False)
async def close_demand_pools(timestamp: int) -> None:
    """Every minute."""
    chosen = settings()
    if chosen.database_url is None:
        return
    few = chosen.model_copy(update={"read_connections": 1, "write_connections": 1})
    async with open_database(chosen.database_url.get_secret_value(), few) as database:
        count = await close_due(database)
    log.info("demand_pools.closed", count=count, seconds=timestamp)
