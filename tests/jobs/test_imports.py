"""Files that wait: the same as within the request, all or nothing whatever happens to the worker,
and nothing kept of them afterwards.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from api.core.actor import SYSTEM
from api.core.clock import now, today
from api.core.ids import new_id
from api.domains.imports import service as imports
from api.domains.plot_imports import service as plot_imports
from api.domains.producer_imports import service as producer_imports
from api.jobs.housekeeping import forget_expired
from api.jobs.imports import ATTEMPTS
from api.policies import Role
from api.routers.platform import Platform
from api.settings import Settings
from api.transactions import UnitOfWork, unit_of_work
from tests.callers import Caller, Callers, new_ruc
from tests.factories.archetypes import work_off
from tests.factories.clusters import new_cluster
from tests.factories.plot_imports import collection, counts, feature, rows_of, send
from tests.factories.plots import square
from tests.factories.producers import new_producer, registration
from tests.routers.test_plot_overlaps import OVERLAPS, pairs_of, place
from tests.routers.test_plots import PLOTS, Land, land

__all__ = ["land"]

LATER = {"Prefer": "wait=3, respond-async"}
FILES = "SELECT count(*) FROM import_files AS f JOIN imports AS i ON i.id = f.import_id"


async def later(caller: Caller, content: bytes, query: str = "") -> dict[str, Any]:
    """An import that waits."""
    answer = await send(caller, content, query, **LATER)
    assert answer.status_code == 202, answer.text
    assert answer.headers["preference-applied"] == "respond-async"
    found: dict[str, Any] = (await caller.get(answer.headers["location"])).json()
    assert found == answer.json()
    assert (found["state"], found["rows"], found["rows_done"]) == ("queued", 0, 0)
    return found


async def now_of(caller: Caller, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await caller.get(f"/v1/imports/{made['kind']}/{made['id']}")).json()
    return found


async def files_of(platform: Platform, caller: Caller) -> int:
    query = f"{FILES} WHERE i.organization_id = $1"
    return int(await platform.database.pool.fetchval(query, caller.organization_id))


def file(land: Land, count: int = 3) -> bytes:
    return collection(
        *(feature(square(), external_id=f"P-{n}", producer_id=land.producer) for n in range(count))
    )


async def test_a_file_that_waits_is_imported_as_within_the_request(
    land: Land, platform: Platform, dsn: str, settings: Settings
) -> None:
    content = file(land)
    made = await later(land.coop, content)
    assert (await land.coop.get(PLOTS)).json()["items"] == []
    assert await files_of(platform, land.coop) == 1
    await work_off(platform, dsn, settings)
    done = await now_of(land.coop, made)
    assert (done["state"], done["rows_done"], counts(done)) == ("done", 3, {"created": 3})
    assert [row["status"] for row in await rows_of(land.coop, done)] == ["created"] * 3
    assert await files_of(platform, land.coop) == 0
    within = (await send(land.coop, content)).json()
    assert within.keys() == done.keys()
    assert (within["state"], within["rows_done"], counts(within)) == ("done", 3, {"unchanged": 3})


async def test_producers_too(
    callers: Callers, platform: Platform, dsn: str, settings: Settings
) -> None:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    headers = {**LATER, "Content-Type": "application/json", "Idempotency-Key": str(new_id())}
    body = json.dumps([registration(external_id=f"S-{n}") for n in range(3)]).encode()
    answer = await coop.call("POST", "/v1/imports/producers", content=body, headers=headers)
    assert answer.status_code == 202
    again = await coop.call("POST", "/v1/imports/producers", content=body, headers=headers)
    assert (again.status_code, again.json()) == (202, answer.json())
    await work_off(platform, dsn, settings)
    assert counts(await now_of(coop, answer.json())) == {"created": 3}
    assert len((await coop.get("/v1/producers")).json()["items"]) == 3
    refused = await coop.call(
        "POST",
        "/v1/imports/producers",
        content=b"x",
        headers={**headers, "Content-Type": "image/png", "Idempotency-Key": str(new_id())},
    )
    assert refused.status_code == 422


async def test_the_cluster_that_they_join_waits_with_them(
    callers: Callers, platform: Platform, dsn: str, settings: Settings
) -> None:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    body = json.dumps([registration(external_id=f"S-{n}") for n in range(3)]).encode()

    async def import_into(cluster: Any, query: str = "") -> dict[str, int]:
        headers = {**LATER, "Content-Type": "application/json", "Idempotency-Key": str(new_id())}
        path = f"/v1/imports/producers?cluster_id={cluster['id']}{query}"
        answer = await coop.call("POST", path, content=body, headers=headers)
        assert answer.status_code == 202, answer.text
        members = await coop.get(f"/v1/clusters/{cluster['id']}/members")
        assert members.json()["items"] == []
        await work_off(platform, dsn, settings)
        return counts(await now_of(coop, answer.json()))

    async def since(cluster: Any) -> list[str]:
        page = await coop.get(f"/v1/clusters/{cluster['id']}/members")
        return [member["joined_on"] for member in page.json()["items"]]

    first, second = await new_cluster(coop), await new_cluster(coop)
    assert await import_into(first, "&dry_run=true&joined_on=2024-05-01") == {"created": 3}
    assert await since(first) == []
    assert await import_into(first, "&joined_on=2024-05-01") == {"created": 3}
    assert await since(first) == ["2024-05-01"] * 3
    before = await callers.entries_of(coop)
    assert await import_into(second) == {"updated": 3}
    assert await since(second) == [today().isoformat()] * 3
    assert await callers.entries_of(coop) == before + 3


async def test_who_joins_does_so_on_the_day_on_which_the_file_was_sent(
    callers: Callers,
    platform: Platform,
    dsn: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    cluster = await new_cluster(coop)
    body = json.dumps([registration()]).encode()
    headers = {**LATER, "Content-Type": "application/json", "Idempotency-Key": str(new_id())}
    path = f"/v1/imports/producers?cluster_id={cluster['id']}"
    sent_on = today() - timedelta(days=1)
    with monkeypatch.context() as yesterday:
        yesterday.setattr(producer_imports, "today", lambda: sent_on)
        answer = await coop.call("POST", path, content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    await work_off(platform, dsn, settings)
    [member] = (await coop.get(f"/v1/clusters/{cluster['id']}/members")).json()["items"]
    assert member["joined_on"] == sent_on.isoformat()


async def test_only_so_many_files_of_one_organisation_wait(
    callers: Callers,
    land: Land,
    platform: Platform,
    dsn: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imports, "MOST_WAITING", 2)
    for count in (1, 2):
        await later(land.coop, file(land, count))
    refused = await send(land.coop, file(land, 3), **LATER)
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-files-wait")
    assert refused.headers["retry-after"] == "30"
    assert await files_of(platform, land.coop) == 2
    other = await callers.new(Role.PRODUCER_ORGANIZATION)
    producer = await new_producer(other)
    await later(other, collection(feature(square(), producer_id=producer["id"])))
    await work_off(platform, dsn, settings)
    await later(land.coop, file(land, 3))
    await work_off(platform, dsn, settings)


async def test_how_far_it_is_can_be_seen_while_it_runs(
    land: Land,
    platform: Platform,
    dsn: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plot_imports, "AT_ONCE", 2)
    made = await later(land.coop, file(land, 5))
    seen: list[tuple[str, int, int, int]] = []
    note = imports.note

    async def noted(uow: UnitOfWork, import_id: Any, done: int, total: int) -> None:
        await note(uow, import_id, done, total)
        if str(import_id) != made["id"]:
            return  # A file that another test left.
        await uow.session.flush()
        found = await now_of(land.coop, made)
        plots = len((await land.coop.get(PLOTS)).json()["items"])
        seen.append((found["state"], found["rows_done"], found["rows"], plots))

    monkeypatch.setattr(imports, "note", noted)
    await work_off(platform, dsn, settings)
    # Each word is told once it is committed: what is seen is the word before.
    assert seen == [
        ("running", 0, 0, 0),
        ("running", 0, 5, 0),
        ("running", 2, 5, 0),
        ("running", 4, 5, 0),
    ]
    assert (await now_of(land.coop, made))["state"] == "done"


async def test_a_worker_lost_before_the_end_leaves_nothing_and_another_does_all(
    land: Land,
    callers: Callers,
    platform: Platform,
    dsn: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = await later(land.coop, file(land))
    before = await callers.entries_of(land.coop)
    keep = imports.keep

    async def killed(uow: UnitOfWork, *rest: Any) -> Any:
        await keep(uow, *rest)
        await uow.session.flush()
        await uow.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    monkeypatch.setattr(imports, "keep", killed)
    await work_off(platform, dsn, settings)
    assert (await now_of(land.coop, made))["state"] == "running"
    assert (await land.coop.get(PLOTS)).json()["items"] == []
    assert await callers.entries_of(land.coop) == before
    assert await files_of(platform, land.coop) == 1
    monkeypatch.setattr(imports, "keep", keep)
    await at_once(platform, made, 1)
    await work_off(platform, dsn, settings)
    assert counts(await now_of(land.coop, made)) == {"created": 3}
    assert await callers.entries_of(land.coop) == before + 3
    assert await files_of(platform, land.coop) == 0


async def at_once(platform: Platform, made: dict[str, Any], attempts: int) -> None:
    """Let a job that failed be tried again now, as if for the n-th time."""
    statement = sa.text(
        "UPDATE procrastinate_jobs SET attempts = :attempts, scheduled_at = NULL"
        " WHERE args ->> 'import_id' = :import_id"
    )
    async with unit_of_work(platform.database, SYSTEM) as uow:
        await uow.execute(statement, {"attempts": attempts, "import_id": made["id"]})


async def test_what_cannot_be_read_fails_and_says_why(
    land: Land, platform: Platform, dsn: str, settings: Settings
) -> None:
    made = await later(land.coop, b"{")
    await work_off(platform, dsn, settings)
    failed = await now_of(land.coop, made)
    assert (failed["state"], [e["code"] for e in failed["errors"]]) == ("failed", ["json-syntax"])
    assert failed["errors"][0]["es"] != failed["errors"][0]["en"]
    assert await files_of(platform, land.coop) == 0
    assert (await send(land.coop, b"{", kind="image/png", **LATER)).status_code == 422


async def test_what_keeps_failing_fails_and_its_file_is_forgotten(
    land: Land,
    platform: Platform,
    dsn: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(imports, "keep", broken)
    made = await later(land.coop, file(land))
    await work_off(platform, dsn, settings)
    assert (await now_of(land.coop, made))["state"] == "running"
    await at_once(platform, made, ATTEMPTS)
    await work_off(platform, dsn, settings)
    failed = await now_of(land.coop, made)
    assert (failed["state"], [e["code"] for e in failed["errors"]]) == (
        "failed",
        ["internal-error"],
    )
    assert await files_of(platform, land.coop) == 0


async def test_a_file_that_nobody_takes_up_is_forgotten(
    land: Land, platform: Platform, dsn: str, settings: Settings
) -> None:
    made = await later(land.coop, file(land))
    old = sa.text("UPDATE import_files SET created_at = :at WHERE import_id = :import_id")
    async with unit_of_work(platform.database, SYSTEM) as uow:
        await uow.execute(old, {"at": now() - timedelta(days=2), "import_id": made["id"]})
    await forget_expired(dsn, settings.idempotency_days)
    assert (await now_of(land.coop, made))["state"] == "failed"
    assert await files_of(platform, land.coop) == 0
    await work_off(platform, dsn, settings)
    assert (await now_of(land.coop, made))["state"] == "failed"
    assert (await land.coop.get(PLOTS)).json()["items"] == []


async def test_somebody_erased_is_not_brought_back_by_a_file_that_waits(
    land: Land, callers: Callers, platform: Platform, dsn: str, settings: Settings
) -> None:
    other = Land(await callers.new(Role.PRODUCER_ORGANIZATION), "")
    other.producer = (await new_producer(other.coop))["id"]
    made, others = await later(land.coop, file(land)), await later(other.coop, file(other))
    wrong = await other.coop.post(f"/v1/producers/{land.producer}/erase")
    assert wrong.status_code == 404
    assert await files_of(platform, land.coop) == await files_of(platform, other.coop) == 1
    await land.coop.make(f"/v1/producers/{land.producer}/erase")
    assert (await files_of(platform, land.coop), await files_of(platform, other.coop)) == (0, 1)
    failed = await now_of(land.coop, made)
    assert (failed["state"], [e["code"] for e in failed["errors"]]) == (
        "failed",
        ["person-erased"],
    )
    await work_off(platform, dsn, settings)
    assert await now_of(land.coop, made) == failed
    assert (await now_of(other.coop, others))["state"] == "done"


async def test_twenty_files_that_wait_lose_no_overlap(
    callers: Callers, platform: Platform, dsn: str, settings: Settings
) -> None:
    """Of twenty organisations, done four at a time, while others send theirs in the request."""
    lon, lat = place()
    lands = []
    for _ in range(20):
        coop = await callers.new(Role.PRODUCER_ORGANIZATION)
        lands.append(Land(coop, (await new_producer(coop))["id"]))

    def overlapping(number: int) -> bytes:
        step = round(lon + number * 0.00002, 6)
        shapes = [square(step, lat), square(round(step + 0.0004, 6), lat)]
        features = (feature(shape, external_id=f"P-{n}") for n, shape in enumerate(shapes))
        return collection(*features)

    async def one(number: int) -> None:
        each = lands[number]
        headers = LATER if number % 2 else {}
        query = f"?producer_id={each.producer}"
        answer = await send(each.coop, overlapping(number), query, **headers)
        assert answer.status_code == (202 if number % 2 else 201), answer.text

    await asyncio.gather(*(one(number) for number in range(1, 20, 2)))
    worker = work_off(platform, dsn, settings, concurrency=4)
    await asyncio.gather(worker, *(one(number) for number in range(0, 20, 2)))
    pairs: set[frozenset[str]] = set()
    for each in lands:
        assert len((await each.coop.get(PLOTS)).json()["items"]) == 2
        page = await each.coop.get(f"{OVERLAPS}?limit=100")
        pairs |= pairs_of(page.json()["items"])
        while page.json()["next"]:
            page = await each.coop.get(page.links["next"]["url"])
            pairs |= pairs_of(page.json()["items"])
    assert len(pairs) == 40 * 39 // 2


_DEAD_WORKER = """
UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, scheduled_at = NULL
 WHERE args ->> 'import_id' = :import_id AND status = 'doing'
"""


@pytest.mark.e2e
async def test_a_worker_killed_amid_a_file_leaves_nothing_and_another_does_all(
    land: Land, callers: Callers, platform: Platform, dsn: str, settings: Settings
) -> None:
    """A real process, killed without warning amid thousands of rows: it cannot write the last of
    them before the test is quick enough to kill it.
    """
    made = await later(land.coop, file(land, 4_000))
    before = await callers.entries_of(land.coop)
    environment = {
        **os.environ,
        "DATABASE_URL": dsn,
        "MAZORCA_DATA_DIR": str(settings.data_dir),
        "MAZORCA_ISSUER": settings.issuer,
    }
    arguments = [sys.executable, "-m", "api.cli", "worker"]
    async with platform.database.transaction() as (_, driver):
        await driver.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        await driver.execute("LOCK TABLE plots IN SHARE MODE")
        worker = await asyncio.create_subprocess_exec(
            *arguments, env=environment, stdout=DEVNULL, stderr=DEVNULL
        )
        try:
            async with asyncio.timeout(300):
                while (await now_of(land.coop, made))["rows_done"] == 0:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        finally:
            worker.kill()
            await worker.wait()
    cut_short = await now_of(land.coop, made)
    assert (cut_short["state"], cut_short["rows"]) == ("running", 4_000)
    assert (await land.coop.get(PLOTS)).json()["items"] == []
    assert await callers.entries_of(land.coop) == before
    assert await files_of(platform, land.coop) == 1
    async with unit_of_work(platform.database, SYSTEM) as uow:
        await uow.execute(sa.text(_DEAD_WORKER), {"import_id": made["id"]})
    await work_off(platform, dsn, settings)
    assert counts(await now_of(land.coop, made)) == {"created": 4_000}
    assert await callers.entries_of(land.coop) == before + 4_000
    assert await files_of(platform, land.coop) == 0


async def test_a_file_of_who_was_suspended_meanwhile_is_not_imported(
    callers: Callers, platform: Platform, dsn: str, settings: Settings
) -> None:
    operator = await callers.new(Role.OPERATOR)
    wish = {"legal_name": "Coop", "ruc": new_ruc(), "roles": ["producer_organization"]}
    made = await callers.anonymous().make("/v1/organizations", wish)
    organization_id = UUID(made["organization"]["id"])
    path = f"/v1/organizations/{organization_id}"
    await operator.make(f"{path}/verify")
    credentials = made["credentials"]
    token = await callers.http.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(credentials["client_id"], credentials["client_secret"]),
    )
    coop = Caller(callers.http, callers.contract, organization_id)
    coop.token = token.json()["access_token"]
    content = json.dumps([registration()]).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(new_id()), **LATER}
    answer = await coop.call("POST", "/v1/imports/producers", content=content, headers=headers)
    assert answer.status_code == 202, answer.text
    await operator.make(f"{path}/suspend")
    before = await callers.entries_of(coop)

    await work_off(platform, dsn, settings)

    row = await platform.database.pool.fetchrow(
        "SELECT state, errors FROM imports WHERE organization_id = $1", organization_id
    )
    assert row["state"] == "failed"
    assert "not-allowed" in str(row["errors"])
    count = "SELECT count(*) FROM producers WHERE organization_id = $1"
    assert await platform.database.pool.fetchval(count, organization_id) == 0
    assert await files_of(platform, coop) == 0
    assert await callers.entries_of(coop) == before
