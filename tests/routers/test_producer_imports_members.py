"""Files of producers who are to be members of a cluster: the same as joining one by one."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from api.core.clock import today
from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.producers import new_producer
from tests.routers.test_imports import cells, counts, rows_of, send, table

SINCE = "2024-05-01"


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def cluster(coop: Caller) -> str:
    return str((await new_cluster(coop))["id"])


def joining(cluster: str, *more: str, since: str = SINCE) -> str:
    return "?" + "&".join([f"cluster_id={cluster}", f"joined_on={since}", *more])


async def members_of(coop: Caller, cluster: str) -> set[tuple[str, str, str | None]]:
    page = await coop.get(f"/v1/clusters/{cluster}/members?limit=100")
    return {(m["producer_id"], m["joined_on"], m["left_on"]) for m in page.json()["items"]}


async def told(coop: Caller, made: dict[str, Any]) -> list[tuple[str, list[str]]]:
    rows = await rows_of(coop, made)
    return [(row["status"], [error["code"] for error in row["errors"]]) for row in rows]


async def registered(coop: Caller, rows: list[dict[str, str]]) -> list[str]:
    made = (await send(coop, table(rows))).json()
    return [row["id"] for row in await rows_of(coop, made)]


async def was_member(coop: Caller, cluster: str, producer: str, *days: str) -> None:
    joined_on, left_on = days
    body = {"producer_id": producer, "joined_on": joined_on, "left_on": left_on}
    await coop.make(f"/v1/clusters/{cluster}/members", body)


async def test_whoever_stands_in_the_file_is_a_member_afterwards(
    coop: Caller, cluster: str, callers: Callers
) -> None:
    rows = [cells(f"S-{n}") for n in range(4)]
    member, known, _ = await registered(coop, rows[:3])
    body = {"producer_id": member, "joined_on": "2020-02-01"}
    await coop.make(f"/v1/clusters/{cluster}/members", body)
    rows[2]["given_names"] = "Zoila"
    before = await callers.entries_of(coop)
    answer = await send(coop, table(rows), query=joining(cluster))
    assert answer.status_code == 201, answer.text
    assert counts(answer.json()) == {"created": 1, "updated": 2, "unchanged": 1}
    found = await rows_of(coop, answer.json())
    assert [row["status"] for row in found] == ["unchanged", "updated", "updated", "created"]
    ids = [row["id"] for row in found]
    assert ids[:2] == [member, known]
    expected = {(member, "2020-02-01", None), *((one, SINCE, None) for one in ids[1:])}
    assert await members_of(coop, cluster) == expected
    # Three joined, one was registered, one changed.
    assert await callers.entries_of(coop) == before + 5
    for query in (joining(cluster), joining(cluster, since="2021-01-01"), ""):
        again = (await send(coop, table(rows), query=query)).json()
        assert counts(again) == {"unchanged": 4}
    assert await members_of(coop, cluster) == expected
    assert await callers.entries_of(coop) == before + 5


async def test_who_names_no_day_joins_today(coop: Caller, cluster: str) -> None:
    made = (await send(coop, table([cells("S-1")]), query=f"?cluster_id={cluster}")).json()
    [row] = await rows_of(coop, made)
    assert await members_of(coop, cluster) == {(row["id"], today().isoformat(), None)}


async def test_who_left_comes_back(coop: Caller, cluster: str) -> None:
    rows = [cells("S-1")]
    [producer] = await registered(coop, rows)
    await was_member(coop, cluster, producer, "2020-01-01", SINCE)
    made = (await send(coop, table(rows), query=joining(cluster))).json()
    assert counts(made) == {"updated": 1}
    once, now = (producer, "2020-01-01", SINCE), (producer, SINCE, None)
    assert await members_of(coop, cluster) == {once, now}


async def test_memberships_that_would_overlap_refuse_their_rows(
    coop: Caller, cluster: str, callers: Callers
) -> None:
    rows = [cells(f"S-{n}") for n in range(3)]
    overlapping, known = await registered(coop, rows[:2])
    await was_member(coop, cluster, overlapping, "2020-01-01", "2024-05-02")
    past = await members_of(coop, cluster)
    before = await callers.entries_of(coop)
    alone = {"producer_id": overlapping, "joined_on": SINCE}
    single = (await coop.post(f"/v1/clusters/{cluster}/members", alone)).json()["errors"][0]
    atomic = (await send(coop, table(rows), query=joining(cluster))).json()
    assert counts(atomic) == {"refused": 1, "held_back": 2}
    refused = ("refused", ["membership-overlaps"])
    assert await told(coop, atomic) == [refused, ("held_back", []), ("held_back", [])]
    assert await members_of(coop, cluster) == past
    assert await callers.entries_of(coop) == before
    query = joining(cluster, "mode=partial")
    partial = (await send(coop, table(rows), query=query)).json()
    assert await told(coop, partial) == [refused, ("updated", []), ("created", [])]
    bad, _, new = await rows_of(coop, partial)
    assert (bad["row"], bad["id"], bad["errors"][0]["field"]) == (2, overlapping, "joined_on")
    assert bad["errors"][0]["en"] == single["detail"]
    joined = {(known, SINCE, None), (new["id"], SINCE, None)}
    assert await members_of(coop, cluster) == past | joined


async def test_nobody_joins_in_the_future(coop: Caller, cluster: str, callers: Callers) -> None:
    rows = [cells("S-0"), cells("S-1")]
    await registered(coop, rows[:1])
    before = await callers.entries_of(coop)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    query = joining(cluster, "mode=partial", since=tomorrow)
    made = (await send(coop, table(rows), query=query)).json()
    assert await told(coop, made) == [("refused", ["in-the-future"])] * 2
    assert await members_of(coop, cluster) == set()
    assert await callers.entries_of(coop) == before


async def test_a_row_that_is_refused_joins_nobody(coop: Caller, cluster: str) -> None:
    gone, stays = await new_producer(coop, external_id="S-0"), await new_producer(coop)
    await coop.make(f"/v1/producers/{gone['id']}/merge", {"into": stays["id"]})
    rows = [
        cells("S-0", document_number=gone["document"]["number"]),
        cells("S-1", birth_year="x"),
        cells("S-2"),
    ]
    made = (await send(coop, table(rows), query=joining(cluster, "mode=partial"))).json()
    statuses = [("refused", ["ended"]), ("refused", ["int-type"]), ("created", [])]
    assert await told(coop, made) == statuses
    [_, _, good] = await rows_of(coop, made)
    assert await members_of(coop, cluster) == {(good["id"], SINCE, None)}


async def test_a_dry_run_tells_who_would_join_and_joins_nobody(
    coop: Caller, cluster: str, callers: Callers
) -> None:
    rows = [cells(f"S-{n}") for n in range(3)]
    overlapping, _ = await registered(coop, rows[:2])
    await was_member(coop, cluster, overlapping, "2020-01-01", "2024-05-02")
    past = await members_of(coop, cluster)
    before = await callers.entries_of(coop)
    query = joining(cluster, "mode=partial", "dry_run=true")
    made = (await send(coop, table(rows), query=query)).json()
    refused = ("refused", ["membership-overlaps"])
    assert await told(coop, made) == [refused, ("updated", []), ("created", [])]
    assert await members_of(coop, cluster) == past
    assert len((await coop.get("/v1/producers")).json()["items"]) == 2
    assert await callers.entries_of(coop) == before


@pytest.mark.parametrize("prefer", ["wait=60", "respond-async"])
async def test_only_ones_own_cluster_is_joined(
    coop: Caller, cluster: str, callers: Callers, prefer: str
) -> None:
    other = await callers.new(Role.PRODUCER_ORGANIZATION)
    # A credit institution sees the cluster, and hosts it no more than others.
    onlooker = await callers.new(Role.PRODUCER_ORGANIZATION, Role.CREDIT_INSTITUTION)
    supplier = await callers.new(Role.INPUT_SUPPLIER)
    body = table([cells("S-1")])

    async def answer(caller: Caller, query: str) -> Any:
        headers = {"Content-Type": "text/csv", "Idempotency-Key": str(new_id()), "Prefer": prefer}
        path = f"/v1/imports/producers{query}"
        return await caller.call("POST", path, content=body, headers=headers)

    for caller in (other, onlooker):
        refused = await answer(caller, joining(cluster))
        assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
        assert (await caller.get("/v1/producers")).json()["items"] == []
        assert await callers.entries_of(caller) == 0
    before = await callers.entries_of(coop)
    assert (await answer(coop, joining(str(new_id())))).status_code == 404
    assert (await answer(supplier, joining(cluster))).status_code == 403
    assert (await answer(callers.anonymous(), joining(cluster))).status_code == 401
    without = await answer(coop, f"?joined_on={SINCE}")
    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (422, "?joined_on")
    assert (await answer(coop, "?cluster_id=x")).status_code == 422
    assert (await coop.get("/v1/producers")).json()["items"] == []
    assert await members_of(coop, cluster) == set()
    assert await callers.entries_of(coop) == before


async def test_who_may_not_change_clusters_joins_nobody(
    coop: Caller, cluster: str, callers: Callers
) -> None:
    scopes = ["producers:read", "producers:write"]
    made = await coop.make("/v1/clients", {"name": "padron", "scopes": scopes})
    token = await callers.http.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(made["client_id"], made["client_secret"]),
    )
    client = Caller(callers.http, callers.contract, coop.organization_id)
    client.token = token.json()["access_token"]
    refused = await send(client, table([cells("S-1")]), query=joining(cluster))
    assert (refused.status_code, refused.json()["permission"]) == (403, "clusters:write")
    assert (await coop.get("/v1/producers")).json()["items"] == []
    assert (await send(client, table([cells("S-1")]))).status_code == 201


async def joins_of(callers: Callers, cluster: str) -> dict[str, dict[str, Any]]:
    """The ledger's entries of joining a cluster, by producer."""
    rows = await callers.platform.database.pool.fetch(
        "SELECT body FROM ledger_entries WHERE subject_id = $1 AND event = $2",
        UUID(cluster),
        "cluster.member_joined",
    )
    found = [json.loads(row["body"]) for row in rows]
    return {entry["related"][0]["id"]: entry for entry in found}


async def test_the_ledger_holds_the_entries_of_single_calls(
    coop: Caller, cluster: str, callers: Callers
) -> None:
    alone = (await new_producer(coop))["id"]
    body = {"producer_id": alone, "joined_on": SINCE}
    await coop.make(f"/v1/clusters/{cluster}/members", body)
    made = (await send(coop, table([cells("S-1"), cells("S-2")]), query=joining(cluster))).json()
    ids = [row["id"] for row in await rows_of(coop, made)]
    page = (await coop.get(f"/v1/clusters/{cluster}/members")).json()["items"]
    members = {member["producer_id"]: member for member in page}
    assert {member["version"] for member in page} == {1}
    entries = await joins_of(callers, cluster)
    assert entries.keys() == members.keys() == {alone, *ids}
    for producer, entry in entries.items():
        assert entry["data"] == {"member_id": members[producer]["id"], "joined_on": SINCE}
        assert entry["related"] == [{"type": "producer", "id": producer}]
        assert entry["subject"] == {"type": "cluster", "id": cluster}
        assert entry.keys() == entries[alone].keys()
        assert entry["actor"] == entries[alone]["actor"]


async def test_a_file_and_single_calls_at_once_make_one_membership_each(
    coop: Caller, cluster: str
) -> None:
    rows = [cells(f"S-{n}") for n in range(8)]
    producers = await registered(coop, rows)
    path = f"/v1/clusters/{cluster}/members"
    singles = (
        coop.post(path, {"producer_id": one, "joined_on": "2025-01-01"}) for one in producers
    )
    files = (send(coop, table(rows), query=joining(cluster)) for _ in range(3))
    answers = await asyncio.gather(*singles, *files)
    assert {answer.status_code for answer in answers[8:]} == {201}
    alone = [answer.status_code for answer in answers[:8]]
    assert set(alone) <= {201, 409}
    assert sum(answer.json()["updated"] for answer in answers[8:]) == alone.count(409)
    members = await members_of(coop, cluster)
    assert sorted(producer for producer, _, _ in members) == sorted(producers)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


async def test_many_rows_take_as_many_statements_as_few(coop: Caller, callers: Callers) -> None:
    async def statements(count: int) -> list[int]:
        cluster = (await new_cluster(coop))["id"]
        rows = [cells(f"S-{count}-{n}") for n in range(count)]
        await registered(coop, rows[: count // 2])
        taken = []
        for outcome in (
            {"created": count // 2, "updated": count // 2},
            {"unchanged": count},
        ):
            with counted() as found:
                answer = await send(coop, table(rows), query=joining(cluster))
            assert counts(answer.json()) == outcome
            taken.append(len(found))
        assert (await coop.get(f"/v1/clusters/{cluster}")).json()["members"] == count
        return taken

    few, many = await statements(4), await statements(500)
    assert few == many
    assert min(few) > 3
