from contextlib import suppress

import asyncpg
import pytest
from sqlalchemy.exc import IntegrityError

from api.core.actor import SYSTEM
from api.core.canonical import NotCanonical
from api.core.ids import new_id
from api.database import TransactionAbortedError
from api.domains.organizations.states import OrganizationState
from api.models.organizations import Organization
from api.routers.platform import Platform
from api.transactions import Event, UnrecordedChangeError, unit_of_work
from tests.callers import new_ruc


def organization() -> Organization:
    return Organization(
        id=new_id(),
        legal_name="Unrecorded",
        ruc=new_ruc(),
        roles=["buyer"],
        state=OrganizationState.REGISTERED,
    )


async def save(platform: Platform, row: Organization, *events: Event, fault: bool = False) -> None:
    async with unit_of_work(platform.database, SYSTEM) as uow:
        uow.add(row)
        for event in events:
            uow.record(event)
        await uow.session.flush()
        if fault:
            raise ZeroDivisionError


async def run(platform: Platform, sql: str) -> None:
    async with platform.database.transaction() as (_, driver):
        await driver.execute(sql)


async def exists(platform: Platform, row: Organization) -> bool:
    query = "SELECT count(*) FROM organizations WHERE id = $1"
    return bool(await platform.database.pool.fetchval(query, row.id))


async def test_a_recorded_change_is_saved(platform: Platform) -> None:
    row = organization()
    await save(platform, row, Event("organization.registered", ("organization", row.id)))
    assert await exists(platform, row)


async def test_a_change_without_an_event_is_refused_and_not_saved(platform: Platform) -> None:
    row = organization()
    with pytest.raises(UnrecordedChangeError, match="organization"):
        await save(platform, row)
    assert not await exists(platform, row)


async def test_an_event_about_something_else_does_not_cover_it(platform: Platform) -> None:
    row = organization()
    with pytest.raises(UnrecordedChangeError):
        await save(platform, row, Event("organization.registered", ("organization", new_id())))
    assert not await exists(platform, row)


async def test_an_exception_leaves_nothing(platform: Platform) -> None:
    row = organization()
    event = Event("organization.registered", ("organization", row.id))
    with pytest.raises(ZeroDivisionError):
        await save(platform, row, event, fault=True)
    assert not await exists(platform, row)


async def test_a_part_that_fails_goes_alone(platform: Platform) -> None:
    rows = [organization() for _ in range(3)]
    events = [Event("organization.registered", ("organization", row.id)) for row in rows]
    async with unit_of_work(platform.database, SYSTEM) as uow:
        for number, (row, event) in enumerate(zip(rows, events, strict=True)):
            with suppress(ZeroDivisionError):
                async with uow.savepoint():
                    uow.add(row)
                    uow.record(event)
                    await uow.session.flush()
                    if number == 1:
                        raise ZeroDivisionError
    assert [await exists(platform, row) for row in rows] == [True, False, True]
    told = "SELECT count(*) FROM ledger_entries WHERE subject_id = $1"
    counts = [await platform.database.pool.fetchval(told, row.id) for row in rows]
    assert counts == [1, 0, 1]


async def test_a_part_that_the_database_refuses_goes_alone(platform: Platform) -> None:
    row, twin, last = organization(), organization(), organization()
    twin.ruc = row.ruc
    async with unit_of_work(platform.database, SYSTEM) as uow:
        for one in (row, twin, last):
            with suppress(IntegrityError):
                async with uow.savepoint():
                    uow.add(one)
                    uow.record(Event("organization.registered", ("organization", one.id)))
    assert [await exists(platform, one) for one in (row, twin, last)] == [True, False, True]


async def test_a_part_cannot_hide_a_change(platform: Platform) -> None:
    row = organization()
    with pytest.raises(UnrecordedChangeError):
        async with unit_of_work(platform.database, SYSTEM) as uow, uow.savepoint():
            uow.add(row)
    assert not await exists(platform, row)


async def test_a_failed_statement_cannot_be_swallowed(platform: Platform) -> None:
    async def swallow() -> None:
        async with platform.database.transaction() as (_, driver):
            with suppress(asyncpg.DivisionByZeroError):
                await driver.execute("SELECT 1 / 0")

    with pytest.raises(TransactionAbortedError):
        await swallow()


async def test_faults_do_not_use_up_connections(platform: Platform) -> None:
    for _ in range(3 * platform.settings.write_connections):
        with pytest.raises(asyncpg.DivisionByZeroError):
            await run(platform, "SELECT 1 / 0")
    row = organization()
    await save(platform, row, Event("organization.registered", ("organization", row.id)))
    assert await exists(platform, row)


async def test_a_lost_connection_is_replaced(platform: Platform) -> None:
    with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)):
        await run(platform, "SELECT pg_terminate_backend(pg_backend_pid())")
    for _ in range(3 * platform.settings.write_connections):
        await run(platform, "SELECT 1")


async def test_a_float_in_an_event_is_refused(platform: Platform) -> None:
    row = organization()
    event = Event("organization.registered", ("organization", row.id), {"kg": 1.5})  # type: ignore[dict-item]
    with pytest.raises(NotCanonical):
        await save(platform, row, event)
    assert not await exists(platform, row)


def test_a_table_refuses_a_name_that_is_no_column() -> None:
    with pytest.raises(TypeError, match="leagl_name"):
        Organization(leagl_name="x")  # type: ignore[call-arg]
