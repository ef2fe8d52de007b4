"""Ending what nobody answered in time, and blocking what SENASA no longer lets be sold."""

from typing import Final
from uuid import UUID

from api.core.actor import SYSTEM
from api.core.clock import now
from api.core.log import log
from api.database import Database, open_database
from api.domains.delivery_contacts import service as contacts
from api.domains.order_answers import service as answers
from api.domains.order_fulfilment import service as fulfilment
from api.jobs.apart import apart
from api.jobs.queue import queue
from api.settings import settings
from api.transactions import unit_of_work

BATCH: Final = 200


async def expire_unanswered(database: Database) -> int:
    """Expire orders and proposals whose time is over, each in its own transaction; how many."""

    async def expire(order_id: UUID) -> None:
        async with unit_of_work(database, SYSTEM) as uow:
            await answers.expire(uow, order_id)

    count = 0
    while True:
        async with unit_of_work(database, SYSTEM) as uow:
            found = await answers.overdue(uow, now(), BATCH)
        done = await apart("orders.not_expired", expire, found)
        count += done
        if len(found) < BATCH or not done:
            return count


async def block_expired(database: Database) -> int:
    """Block what is still to be sent under registrations that have expired; in how many orders."""

    async def block(order_id: UUID) -> None:
        async with unit_of_work(database, SYSTEM) as uow:
            await fulfilment.block_expired(uow, order_id)

    async with unit_of_work(database, SYSTEM) as uow:
        found = await fulfilment.newly_expired(uow)
    return await apart("orders.not_blocked", block, found)


async def forget_contacts(database: Database) -> int:
    """Delete to whom orders were delivered that are over; of how many."""
    async with unit_of_work(database, SYSTEM) as uow:
        return await contacts.forget_ended(uow)


@queue.periodic(cron="*/5 * * * *")
@queue.task(queueing_lock="expire_orders", pass_context=False)
async def expire_orders(timestamp: int) -> None:
    """Every five minutes."""
    chosen = settings()
    if chosen.database_url is None:
        return
    few = chosen.model_copy(update={"read_connections": 1, "write_connections": 1})
    async with open_database(chosen.database_url.get_secret_value(), few) as database:
        expired, blocked = await expire_unanswered(database), await block_expired(database)
        forgotten = await forget_contacts(database)
    log.info("orders.expired", count=expired, seconds=timestamp)
    log.info("orders.blocked", count=blocked, seconds=timestamp)
    log.info("orders.contacts_forgotten", count=forgotten, seconds=timestamp)
