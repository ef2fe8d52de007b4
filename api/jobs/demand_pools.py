"""Closing pools whose time is over."""

from typing import Final

from api.core.actor import SYSTEM, Actor
from api.core.clock import now
from api.core.log import log
from api.core.problems import StateConflict
from api.database import Database, open_database
from api.domains.demand_pools import repository, service
from api.domains.demand_pools.repository import Due
from api.jobs.queue import queue
from api.policies import Role
from api.settings import settings
from api.transactions import unit_of_work

BATCH: Final = 200


async def close_due(database: Database) -> int:
    """Close or fail the pools that are due, each in its own transaction, for its host; how many.

    A pool that cannot be closed for a reason that nobody foresaw stays open, is told in the log and
    tried again; the others do not wait for it.
    """
    async with unit_of_work(database, SYSTEM) as uow:
        found = await repository.due(uow, now(), BATCH)
    return sum([await _close(database, each) for each in found])


async def _close(database: Database, due: Due) -> bool:
    roles = frozenset({Role.PRODUCER_ORGANIZATION.value})
    host = Actor(SYSTEM.client_id, due.organization_id, roles, frozenset())
    try:
        async with unit_of_work(database, host) as uow:
            await service.close(uow, due.demand_pool_id)
    except StateConflict:
        return True  # Somebody closed it meanwhile.
    except Exception as error:  # noqa: BLE001 - whatever it is, the others do not wait for it
        kind = type(error).__name__
        log.error("demand_pools.not_closed", organization_id=due.organization_id, kind=kind)
        return False
    return True


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
