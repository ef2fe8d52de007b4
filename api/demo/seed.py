"""Filling an empty installation: through the rooms' services, in one transaction.

The organisations' units of work run one after the other on one connection and are committed
together, so that a first start that is killed leaves an empty database and the next start begins
again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from api.core.actor import SYSTEM, Actor
from api.database import Database, open_database
from api.demo import credentials as store
from api.demo.credentials import Credential
from api.demo.people import ORGANIZATIONS, TOCACHE, demo_ruc
from api.demo.sown import sow_catalogue, sow_credit_product, sow_farmers
from api.domains.organizations import service
from api.domains.organizations.schemas import Credentials, OrganizationIn
from api.policies import Role
from api.settings import Settings
from api.transactions import unit_of_work


async def seed(dsn: str, settings: Settings) -> None:
    """Fill a migrated, empty database; write ``<data_dir>/demo-credentials.json``."""
    async with open_database(dsn, settings) as database, _together(database) as one:
        found = {
            role.value: await _organization(one, role, name, number)
            for number, (role, name) in enumerate(ORGANIZATIONS.items(), 1)
        }
        as_role = {Role(role): _actor(Role(role), each) for role, each in found.items()}
        async with unit_of_work(one, as_role[Role.PRODUCER_ORGANIZATION]) as uow:
            await sow_farmers(uow)
        async with unit_of_work(one, as_role[Role.INPUT_SUPPLIER]) as uow:
            await sow_catalogue(uow)
        async with unit_of_work(one, as_role[Role.CREDIT_INSTITUTION]) as uow:
            await sow_credit_product(uow)
        # Before the commit: data whose secrets nobody knows would be of no use.
        store.write(settings.data_dir / store.FILE_NAME, found)


async def found_operator(dsn: str, settings: Settings, legal_name: str, ruc: str) -> Credentials:
    """A verified operator for a migrated database; its first client's id and secret.

    ``RucTaken`` where an organisation has that RUC, pydantic's ``ValidationError`` for a bad one.
    """
    wish = OrganizationIn(legal_name=legal_name, ruc=ruc, roles=[Role.OPERATOR])
    async with open_database(dsn, settings) as database:
        _, made = await _verified(database, wish)
    return made


class _OneTransaction(Database):
    """The database as units of work see it that are committed together."""

    def __init__(self, database: Database, connection: AsyncConnection, driver: Any) -> None:
        super().__init__(database.engine, database.pool)
        self._both = connection, driver

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, Any]]:
        """The transaction that is open already; whoever opened it ends it."""
        yield self._both


@asynccontextmanager
async def _together(database: Database) -> AsyncIterator[Database]:
    async with database.transaction() as (connection, driver):
        yield _OneTransaction(database, connection, driver)


async def _organization(database: Database, role: Role, name: str, number: int) -> Credential:
    wish = OrganizationIn(legal_name=name, ruc=demo_ruc(number), roles=[role], ubigeo=TOCACHE)
    organization_id, made = await _verified(database, wish)
    return Credential(organization_id, name, made.client_id, made.client_secret)


async def _verified(database: Database, wish: OrganizationIn) -> tuple[UUID, Credentials]:
    async with unit_of_work(database, SYSTEM) as uow:
        organization_id, made = await service.register(uow, wish, as_operator=True)
        await uow.session.flush()
        await service.act(uow, organization_id, "verify")
    return organization_id, made


def _actor(role: Role, found: Credential) -> Actor:
    return Actor(found.client_id, found.organization_id, frozenset({role}), frozenset())
