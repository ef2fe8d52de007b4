import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.core.clock import today
from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.plots import new_plot, point
from tests.factories.producers import new_producer


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def other(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def producer(coop: Caller) -> dict[str, Any]:
    return await new_producer(coop)


@pytest.fixture
async def cluster(coop: Caller) -> dict[str, Any]:
    return await new_cluster(coop)


def codes(answer: Any) -> list[str]:
    return [e["code"] for e in answer.json()["errors"]]


class TestKeep:
    async def test_create_change_and_read(self, coop: Caller, producer: Any) -> None:
        made = await new_cluster(coop, representative_id=producer["id"])
        assert (made["members"], made["area_ha"], made["plots"]) == (0, "0.0000", 0)
        path = f"/v1/clusters/{made['id']}"
        change = {"name": "Bajo Biavo", "representative_id": None}
        answer = await coop.patch(path, change, '"v1"')
        changed = answer.json()
        assert {k for k in made if made[k] != changed[k]} == {*change, "version", "updated_at"}
        assert (await coop.patch(path, change, '"v1"')).status_code == 412
        read = await coop.get(path)
        assert (read.json(), read.headers["etag"]) == (changed, '"v2"')

    async def test_counts_are_never_answered_from_a_cache(
        self, coop: Caller, producer: Any, cluster: Any
    ) -> None:
        path = f"/v1/clusters/{cluster['id']}"
        body = {"producer_id": producer["id"], "joined_on": "2026-01-01"}
        await coop.make(f"{path}/members", body)
        again = await coop.get(path, headers={"If-None-Match": '"v1"'})
        assert (again.status_code, again.json()["members"]) == (200, 1)

    async def test_the_representative_is_one_of_ones_own(
        self, coop: Caller, other: Caller, cluster: Any
    ) -> None:
        theirs = await new_producer(other)
        body = {"name": "x", "kind": "associated", "ubigeo": "220601"}
        answer = await coop.post("/v1/clusters", {**body, "representative_id": theirs["id"]})
        assert answer.status_code == 404
        change = {"representative_id": theirs["id"]}
        path = f"/v1/clusters/{cluster['id']}"
        assert (await coop.patch(path, change, '"v1"')).status_code == 404
        assert (await coop.get(path)).json() == cluster

    async def test_a_territory_is_kept_whole_and_found(
        self, coop: Caller, callers: Callers
    ) -> None:
        told = ["220902", "2206", "220601", "220902"]
        made = await new_cluster(coop, territory=told)
        assert made["territory"] == ["2206", "220902"]
        assert (await new_cluster(coop))["territory"] == []
        path = f"/v1/clusters/{made['id']}"

        async def finds(place: str) -> bool:
            found = (await coop.get(f"/v1/clusters?ubigeo={place}")).json()["items"]
            return made["id"] in [item["id"] for item in found]

        for place in ("22", "2206", "220605", "2209", "220902"):
            assert await finds(place), place
        for place in ("220901", "2210", "01"):
            assert not await finds(place), place
        before = await callers.entries_of(coop)
        for wish in ({"territory": ["2210"]}, {"ubigeo": "221001"}):
            answer = await coop.patch(path, wish, '"v1"')
            assert (answer.status_code, codes(answer)) == (422, ["outside-territory"])
        same = await coop.patch(path, {"territory": told}, '"v1"')
        assert (same.status_code, same.json()["version"]) == (200, 1)
        assert (await coop.patch(path, {"territory": ["220"]}, '"v1"')).status_code == 422
        assert await callers.entries_of(coop) == before
        both = {"ubigeo": "221001", "territory": ["2210"]}
        changed = (await coop.patch(path, both, '"v1"')).json()
        assert (changed["ubigeo"], changed["territory"]) == ("221001", ["2210"])

    async def test_filters(self, coop: Caller) -> None:
        juanjui = await new_cluster(coop, ubigeo="220601")
        tocache = await new_cluster(coop, ubigeo="221001", kind="associated")

        async def found(query: str) -> list[str]:
            answer = await coop.get(f"/v1/clusters?{query}")
            return [item["id"] for item in answer.json()["items"]]

        assert await found("ubigeo=22") == [juanjui["id"], tocache["id"]]
        assert await found("ubigeo=2210") == [tocache["id"]]
        assert await found("ubigeo=220601") == [juanjui["id"]]
        assert await found("kind=associated") == [tocache["id"]]
        assert (await coop.get("/v1/clusters?ubigeo=220")).status_code == 422


class TestMembership:
    async def test_what_was_before_is_entered_afterwards(self, coop: Caller) -> None:
        producer = (await new_producer(coop))["id"]
        cluster = await new_cluster(coop, [producer], joined_on="2024-01-01")
        path = f"/v1/clusters/{cluster['id']}/members"
        past = {"producer_id": producer, "joined_on": "2015-03-01", "left_on": "2019-06-30"}
        made = await coop.make(path, past)
        assert (made["joined_on"], made["left_on"]) == ("2015-03-01", "2019-06-30")
        over = await coop.post(path, {**past, "left_on": "2024-01-02"})
        assert [e["code"] for e in over.json()["errors"]] == ["membership-overlaps"]
        again = await coop.post(path, {**past, "joined_on": "2019-06-29", "left_on": None})
        assert again.status_code == 409
        for day, members in (("2016-01-01", 1), ("2020-01-01", 0), ("2024-06-01", 1)):
            found = (await coop.get(f"{path}?on={day}")).json()["items"]
            assert len(found) == members, day
        gone = await coop.post(f"{path}/{made['id']}/leave", {"left_on": "2019-07-01"})
        assert (gone.status_code, gone.json()["code"]) == (409, "membership-ended")

    async def test_join_leave_and_come_back(
        self, coop: Caller, producer: Any, cluster: Any
    ) -> None:
        path = f"/v1/clusters/{cluster['id']}"
        body = {"producer_id": producer["id"], "joined_on": "2024-01-01"}
        first = await coop.make(f"{path}/members", body)
        assert (first["given_names"], first["left_on"]) == (producer["given_names"], None)
        leave = f"{path}/members/{first['id']}/leave"
        left = await coop.make(leave, {"left_on": "2025-01-01"})
        assert left["left_on"] == "2025-01-01"
        assert (await coop.get(f"{path}/members/{first['id']}")).json() == left
        assert (await coop.get(path)).json()["members"] == 0
        again = await coop.post(leave, {"left_on": "2025-02-01"})
        assert (again.status_code, again.json()["code"]) == (409, "membership-ended")
        second = await coop.make(f"{path}/members", {**body, "joined_on": "2025-01-01"})
        assert second["id"] != first["id"]
        assert (await coop.get(path)).json()["members"] == 1

        async def on(day: str) -> list[str]:
            answer = await coop.get(f"{path}/members?on={day}")
            return [item["id"] for item in answer.json()["items"]]

        assert await on("2023-12-31") == []
        assert await on("2024-12-31") == [first["id"]]
        assert await on("2025-01-01") == [second["id"]]

    async def test_overlaps_are_refused_also_with_the_past(
        self, coop: Caller, producer: Any, cluster: Any, callers: Callers
    ) -> None:
        path = f"/v1/clusters/{cluster['id']}/members"
        body = {"producer_id": producer["id"], "joined_on": "2024-06-01"}
        first = await coop.make(path, body)
        await coop.make(f"{path}/{first['id']}/leave", {"left_on": "2024-09-01"})
        before = await callers.entries_of(coop)
        for joined_on in ("2024-01-01", "2024-06-01", "2024-08-31"):
            answer = await coop.post(path, {**body, "joined_on": joined_on})
            assert (answer.status_code, codes(answer)) == (409, ["membership-overlaps"])
        assert await callers.entries_of(coop) == before
        await coop.make(path, {**body, "joined_on": "2024-09-01"})
        again = await coop.post(path, {**body, "joined_on": "2024-10-01"})
        assert codes(again) == ["membership-overlaps"]

    async def test_days_that_cannot_be(self, coop: Caller, producer: Any, cluster: Any) -> None:
        path = f"/v1/clusters/{cluster['id']}/members"
        tomorrow = (today() + timedelta(days=1)).isoformat()
        body = {"producer_id": producer["id"], "joined_on": tomorrow}
        assert codes(await coop.post(path, body)) == ["in-the-future"]
        member = await coop.make(path, {**body, "joined_on": "2024-06-01"})
        leave = f"{path}/{member['id']}/leave"
        assert codes(await coop.post(leave, {"left_on": tomorrow})) == ["in-the-future"]
        assert codes(await coop.post(leave, {"left_on": "2024-05-31"})) == ["before-joining"]

    async def test_twelve_joins_at_once_make_one(
        self, coop: Caller, producer: Any, cluster: Any, callers: Callers
    ) -> None:
        path = f"/v1/clusters/{cluster['id']}"
        before = await callers.entries_of(coop)
        days = [f"2025-01-{day:02d}" for day in range(1, 13)]
        answers = await asyncio.gather(*(
            coop.post(f"{path}/members", {"producer_id": producer["id"], "joined_on": day})
            for day in days
        ))  # fmt: skip
        assert sorted(a.status_code for a in answers) == [201] + [409] * 11
        # Each saw the one before: none ran into the constraint.
        assert {a.json()["code"] for a in answers if a.status_code == 409} == {"rule-broken"}
        assert (await coop.get(path)).json()["members"] == 1
        assert await callers.entries_of(coop) == before + 1

    async def test_only_the_hosts_producers_join(
        self, coop: Caller, other: Caller, cluster: Any
    ) -> None:
        theirs = await new_producer(other)
        body = {"producer_id": theirs["id"], "joined_on": "2024-01-01"}
        answer = await coop.post(f"/v1/clusters/{cluster['id']}/members", body)
        assert answer.status_code == 404

    async def test_a_member_of_another_cluster_is_not_found(
        self, coop: Caller, producer: Any, cluster: Any
    ) -> None:
        second = await new_cluster(coop, [producer["id"]])
        members = (await coop.get(f"/v1/clusters/{second['id']}/members")).json()["items"]
        path = f"/v1/clusters/{cluster['id']}/members/{members[0]['id']}"
        assert (await coop.get(path)).status_code == 404
        assert (await coop.post(f"{path}/leave", {"left_on": "2025-01-01"})).status_code == 404


class TestLand:
    async def test_sums_the_active_plots_of_todays_members(
        self, coop: Caller, producer: Any
    ) -> None:
        left, outsider = await new_producer(coop), await new_producer(coop)
        cluster = await new_cluster(coop, [producer["id"], left["id"]])
        home = f"/v1/clusters/{cluster['id']}"
        polygon = await new_plot(coop, producer["id"])
        await new_plot(coop, producer["id"], geometry=point(), declared_area_ha="2.5000")
        closed = await new_plot(coop, producer["id"])
        theirs = await new_plot(coop, left["id"])
        await new_plot(coop, outsider["id"])
        area, point_area = Decimal(polygon["area_ha"]), Decimal("2.5000")
        everything = area + point_area + Decimal(closed["area_ha"]) + Decimal(theirs["area_ha"])

        async def land() -> tuple[Decimal, int, int]:
            seen = (await coop.get(home)).json()
            return Decimal(seen["area_ha"]), seen["plots"], seen["plots_with_polygon"]

        assert await land() == (everything, 4, 3)
        await coop.make(f"/v1/plots/{closed['id']}/close")
        [_, membership] = (await coop.get(f"{home}/members")).json()["items"]
        leave = f"{home}/members/{membership['id']}/leave"
        await coop.make(leave, {"left_on": today().isoformat()})
        assert await land() == (area + point_area, 2, 1)


class TestOnlookers:
    @pytest.mark.parametrize("role", [Role.TA_PROVIDER, Role.CREDIT_INSTITUTION, Role.BUYER])
    async def test_see_name_place_and_counts(
        self, coop: Caller, callers: Callers, producer: Any, role: Role
    ) -> None:
        cluster = await new_cluster(coop, [producer["id"]], representative_id=producer["id"])
        onlooker = await callers.new(role)
        seen = (await onlooker.get(f"/v1/clusters/{cluster['id']}")).json()
        assert seen == {
            **cluster,
            **dict.fromkeys(["representative_id", "area_ha", "plots", "plots_with_polygon"]),
        }
        path = f"/v1/clusters?organization_id={coop.organization_id}"
        [listed] = (await onlooker.get(path)).json()["items"]
        assert (listed["members"], listed["representative_id"]) == (1, None)
        assert (await onlooker.get(f"/v1/clusters/{cluster['id']}/members")).status_code == 403

    async def test_sums_are_told_from_five_members_on(self, coop: Caller, callers: Callers) -> None:
        members = [(await new_producer(coop))["id"] for _ in range(5)]
        cluster = await new_cluster(coop, members)
        buyer = await callers.new(Role.BUYER)
        seen = (await buyer.get(f"/v1/clusters/{cluster['id']}")).json()
        assert (seen["members"], seen["area_ha"], seen["plots"]) == (5, "0.0000", 0)

    async def test_change_nothing(self, coop: Caller, callers: Callers, cluster: Any) -> None:
        lender_coop = await callers.new(Role.CREDIT_INSTITUTION, Role.PRODUCER_ORGANIZATION)
        path = f"/v1/clusters/{cluster['id']}"
        assert (await lender_coop.get(path)).status_code == 200
        assert (await lender_coop.patch(path, {"name": "x"}, '"v1"')).status_code == 404
        assert (await coop.get(path)).json() == cluster


ROUTES = [
    ("POST", "/v1/clusters", "clusters:write"),
    ("GET", "/v1/clusters", "clusters:read"),
    ("GET", "/v1/clusters/{id}", "clusters:read"),
    ("PATCH", "/v1/clusters/{id}", "clusters:write"),
    ("POST", "/v1/clusters/{id}/members", "clusters:write"),
    ("GET", "/v1/clusters/{id}/members", "clusters:read"),
    ("GET", "/v1/clusters/{id}/members/{member}", "clusters:read"),
    ("POST", "/v1/clusters/{id}/members/{member}/leave", "clusters:write"),
]


@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
async def test_four_callers(
    coop: Caller, other: Caller, callers: Callers, method: str, path: str, permission: str
) -> None:
    member, newcomer = await new_producer(coop), await new_producer(coop)
    cluster = await new_cluster(coop, [member["id"]])
    home = f"/v1/clusters/{cluster['id']}"
    [membership] = (await coop.get(f"{home}/members")).json()["items"]
    body = {
        ("POST", "/v1/clusters"): {"name": "x", "kind": "associated", "ubigeo": "220601"},
        ("PATCH", "/v1/clusters/{id}"): {"name": "x"},
        ("POST", "/v1/clusters/{id}/members"): {
            "producer_id": newcomer["id"],
            "joined_on": "2025-01-01",
        },
        ("POST", "/v1/clusters/{id}/members/{member}/leave"): {"left_on": "2025-01-01"},
    }.get((method, path))
    options = {"json": body, "headers": {"If-Match": '"v1"'}}
    target = path.format(id=cluster["id"], member=membership["id"])
    supplier = await callers.new(Role.INPUT_SUPPLIER)

    assert (await callers.anonymous().call(method, target, **options)).status_code == 401
    refused = await supplier.call(method, target, **options)
    assert (refused.status_code, refused.json()["permission"]) == (403, permission)
    if "{id}" in path:
        hidden = await other.call(method, target, **options)
        unknown = path.format(id=new_id(), member=membership["id"])
        assert hidden.status_code == 404
        assert (await other.call(method, unknown, **options)).status_code == 404
        assert await callers.entries_of(other) == 0
    elif method == "GET":
        assert (await other.get(target)).json()["items"] == []
    assert await callers.entries_of(supplier) == 0
    assert (await coop.get(home)).json() == cluster
    assert (await coop.call(method, target, **options)).is_success
