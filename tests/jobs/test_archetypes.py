"""Runs as jobs: nothing doubles, nothing is lost, a rolled-back request asks for nothing."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from api.core.actor import SYSTEM, Actor
from api.core.ids import new_id
from api.domains.archetypes import service
from api.domains.archetypes.schemas import ArchetypeRunIn
from api.domains.archetypes.vocabulary import CLASSIFY
from api.jobs.archetypes import ATTEMPTS
from api.jobs.queue import connector, queue
from api.jobs.stalled import retry_stalled
from api.policies import Role
from api.routers.platform import Platform
from api.settings import Settings
from api.transactions import unit_of_work
from tests.callers import Caller, Callers
from tests.factories.archetypes import criterion, enacted, rule, work_off
from tests.factories.producers import new_producer

RUNS = "/v1/archetype-runs"
MEMBER = rule("member", criterion("association_status", "eq", "associated"))
_ASSIGNED = """
SELECT count(*) AS rows, count(DISTINCT producer_id) AS producers
  FROM archetype_assignments WHERE archetype_run_id = $1
"""
_WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'run_id' = $1"
_IN_FORCE = "SELECT name, state, demonstration, organization_id FROM archetype_tables"
_DEAD_WORKER = """
WITH dead AS (
    INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')
    RETURNING id)
UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)
 WHERE args ->> 'run_id' = :run_id
"""


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    await enacted(await callers.new(Role.OPERATOR), MEMBER)
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    for _ in range(7):
        await new_producer(coop)
    return coop


async def assigned(platform: Platform, run: dict[str, Any]) -> tuple[int, int]:
    row = await platform.database.pool.fetchrow(_ASSIGNED, UUID(run["id"]))
    return row["rows"], row["producers"]


async def batch(platform: Platform, run: dict[str, Any]) -> bool:
    async with unit_of_work(platform.database, SYSTEM) as uow:
        return await service.classify_batch(uow, UUID(run["id"]))


async def test_a_run_cut_short_goes_on_and_doubles_nothing(
    coop: Caller,
    platform: Platform,
    dsn: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "BATCH", 3)
    run = await coop.make(RUNS, {})
    assert await batch(platform, run)
    halfway = (await coop.get(f"{RUNS}/{run['id']}")).json()
    assert (halfway["state"], halfway["done"], halfway["total"]) == ("running", 3, 7)
    await work_off(platform, dsn, settings)
    done = (await coop.get(f"{RUNS}/{run['id']}")).json()
    assert (done["state"], done["done"], done["total"]) == ("done", 7, 7)
    assert await assigned(platform, run) == (7, 7)
    async with unit_of_work(platform.database, SYSTEM) as uow:
        await uow.defer(CLASSIFY, run_id=run["id"])
    await work_off(platform, dsn, settings)
    assert await assigned(platform, run) == (7, 7)
    assert (await coop.get(f"{RUNS}/{run['id']}")).json() == done


async def test_two_workers_at_once_double_nothing(
    coop: Caller, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    run = await coop.make(RUNS, {})

    async def worker() -> None:
        while await batch(platform, run):
            pass

    await asyncio.gather(worker(), worker(), worker())
    assert await assigned(platform, run) == (7, 7)
    done = (await coop.get(f"{RUNS}/{run['id']}")).json()
    assert (done["state"], done["done"]) == ("done", 7)


async def test_a_run_that_keeps_failing_says_so(
    coop: Caller,
    platform: Platform,
    dsn: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(*_: object) -> bool:
        raise ConnectionError

    monkeypatch.setattr(service, "classify_batch", broken)
    run = await coop.make(RUNS, {})
    await work_off(platform, dsn, settings)
    assert (await coop.get(f"{RUNS}/{run['id']}")).json()["state"] == "queued"
    async with unit_of_work(platform.database, SYSTEM) as uow:
        await uow.execute(_last_attempt(run["id"]))
    await work_off(platform, dsn, settings)
    failed = (await coop.get(f"{RUNS}/{run['id']}")).json()
    assert (failed["state"], failed["done"]) == ("failed", 0)
    assert failed["ended_at"] is not None
    items = (await coop.get(f"/v1/archetype-assignments?archetype_run_id={run['id']}")).json()
    assert items["items"] == []


def _last_attempt(run_id: str) -> Any:
    statement = sa.text(
        "UPDATE procrastinate_jobs SET attempts = :attempts, scheduled_at = NULL"
        " WHERE args ->> 'run_id' = :run_id"
    )
    return statement.bindparams(attempts=ATTEMPTS, run_id=run_id)


class _TakenBackError(Exception):
    """Ends a transaction that shall leave nothing."""


async def test_where_no_table_is_in_force_the_one_shipped_is(
    coop: Caller, platform: Platform
) -> None:
    actor = Actor(new_id(), coop.organization_id, frozenset(), frozenset())
    found: list[Any] = []

    async def first_run() -> None:
        async with unit_of_work(platform.database, actor) as uow:
            await uow.execute(sa.text("DELETE FROM archetype_assignments"))
            await uow.execute(sa.text("DELETE FROM archetype_runs"))
            await uow.execute(sa.text("DELETE FROM archetype_tables"))
            for _ in range(2):
                await service.ask(uow, ArchetypeRunIn())
                await uow.session.flush()
            found.extend(await uow.rows(sa.text(_IN_FORCE)))
            raise _TakenBackError

    with pytest.raises(_TakenBackError):
        await first_run()
    assert [tuple(row) for row in found] == [("demonstration-1", "in_force", True, None)]


async def test_a_job_whose_worker_died_goes_to_another(
    coop: Caller, platform: Platform, dsn: str, settings: Settings
) -> None:
    run = await coop.make(RUNS, {})
    async with unit_of_work(platform.database, SYSTEM) as uow:
        await uow.execute(sa.text(_DEAD_WORKER), {"run_id": run["id"]})
    await work_off(platform, dsn, settings)
    assert (await coop.get(f"{RUNS}/{run['id']}")).json()["state"] == "queued"
    with queue.replace_connector(connector(dsn)) as jobs:
        async with jobs.open_async():
            await retry_stalled(0)
    await work_off(platform, dsn, settings)
    assert (await coop.get(f"{RUNS}/{run['id']}")).json()["state"] == "done"


class TestDefer:
    async def test_a_job_is_asked_for_with_the_commit(
        self, coop: Caller, platform: Platform
    ) -> None:
        async with unit_of_work(platform.database, SYSTEM) as uow:
            await uow.defer("nothing.such", lock="one by one", run_id="committed")
            # Not before: other connections do not see it.
            assert await platform.database.pool.fetchval(_WAITING, "committed") == 0
        row = await platform.database.pool.fetchrow(
            "SELECT task_name, lock, status, queue_name FROM procrastinate_jobs"
            " WHERE args ->> 'run_id' = 'committed'"
        )
        assert tuple(row) == ("nothing.such", "one by one", "todo", "default")
        async with unit_of_work(platform.database, SYSTEM) as uow:
            await uow.execute(
                sa.text("DELETE FROM procrastinate_jobs WHERE task_name = 'nothing.such'")
            )

    async def test_a_request_that_fails_asks_for_nothing(self, platform: Platform) -> None:
        async def failing() -> None:
            async with unit_of_work(platform.database, SYSTEM) as uow:
                await uow.defer(CLASSIFY, run_id="rolled back")
                raise ConnectionError

        with pytest.raises(ConnectionError):
            await failing()
        assert await platform.database.pool.fetchval(_WAITING, "rolled back") == 0
