import asyncio
from datetime import timedelta

import pytest

from api.core.clock import today
from api.core.ids import new_id
from api.policies import Role
from api.routers.platform import Platform
from api.settings import Settings
from tests.callers import Caller, Callers
from tests.factories.archetypes import criterion, enacted, rule, table, work_off
from tests.factories.clusters import new_cluster
from tests.factories.plots import new_plot, point
from tests.factories.producers import new_producer

TABLES, RUNS = "/v1/archetype-tables", "/v1/archetype-runs"
ASSIGNMENTS = "/v1/archetype-assignments"
MEMBER = rule("member", criterion("association_status", "eq", "associated"))
LARGE = rule("large", criterion("cocoa_area_ha", "gt", "2"))


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def operator(callers: Callers) -> Caller:
    return await callers.new(Role.OPERATOR)


class TestTables:
    async def test_draft_enact_supersede(
        self, operator: Caller, coop: Caller, callers: Callers
    ) -> None:
        first = await enacted(operator, MEMBER)
        assert (first["state"], first["demonstration"]) == ("in_force", False)
        wish = table(LARGE, MEMBER, demonstration=True)
        second = await operator.make(TABLES, wish)
        assert second["rules"] == wish["rules"]
        assert (second["state"], second["in_force_since"]) == ("draft", None)
        path = f"{TABLES}/{second['id']}"
        assert (await coop.get(path)).status_code == 404
        before = await callers.entries_of(operator)
        assert (await operator.make(f"{path}/enact"))["state"] == "in_force"
        assert await callers.entries_of(operator) == before + 2
        assert (await coop.get(path)).json()["state"] == "in_force"
        assert (await coop.get(f"{TABLES}/{first['id']}")).json()["state"] == "superseded"
        again = await operator.post(f"{path}/enact")
        assert (again.status_code, again.json()["code"]) == (409, "state-not-allowed")

    async def test_one_is_in_force_however_many_come_at_once(self, operator: Caller) -> None:
        drafts = [await operator.make(TABLES, table(MEMBER)) for _ in range(4)]
        answers = await asyncio.gather(
            *(operator.post(f"{TABLES}/{each['id']}/enact") for each in drafts)
        )
        assert [answer.status_code for answer in answers] == [200] * 4
        listed = (await operator.get(f"{TABLES}?state=in_force")).json()["items"]
        assert len(listed) == 1
        assert listed[0]["id"] in {each["id"] for each in drafts}

    async def test_names_are_taken_once(self, operator: Caller) -> None:
        wish = table(MEMBER)
        await operator.make(TABLES, wish)
        again = await operator.post(TABLES, wish)
        assert (again.status_code, again.json()["code"]) == (409, "archetype-table-name-taken")

    async def test_faults_are_named(self, operator: Caller, callers: Callers) -> None:
        before = await callers.entries_of(operator)
        faulty = rule("x", criterion("association_status", "eq", "friend"))
        answer = await operator.post(TABLES, table(MEMBER, faulty))
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["code"]) == (422, "threshold-invalid")
        assert error["pointer"] == "/rules/1/criteria/0/threshold"
        unknown = await operator.post(TABLES, table(rule("x", criterion("sex", "eq", "female"))))
        assert unknown.status_code == 422
        assert await callers.entries_of(operator) == before

    async def test_who_may_write(self, operator: Caller, coop: Caller, callers: Callers) -> None:
        draft = await operator.make(TABLES, table(MEMBER))
        enact = f"{TABLES}/{draft['id']}/enact"
        nobody = callers.anonymous()
        before = await callers.entries_of(coop)
        for path, body in ((TABLES, table(MEMBER)), (enact, None)):
            assert (await nobody.post(path, body)).status_code == 401
            assert (await coop.post(path, body)).status_code == 403
        assert await callers.entries_of(coop) == before
        assert (await operator.post(f"{TABLES}/{new_id()}/enact")).status_code == 404
        supplier = await callers.new(Role.INPUT_SUPPLIER)
        for path in (TABLES, f"{TABLES}/{draft['id']}"):
            assert (await nobody.get(path)).status_code == 401
            assert (await supplier.get(path)).status_code == 403


async def grown(coop: Caller) -> list[str]:
    """Somebody with 3 ha, a member without land, and somebody of whom little is known."""
    large = await new_producer(coop)
    await new_plot(coop, large["id"], geometry=point(), declared_area_ha="3.0000")
    member = await new_producer(coop)
    alone = await new_producer(coop, association_status="not_associated")
    return [large["id"], member["id"], alone["id"]]


class TestRuns:
    async def test_a_run_puts_everybody_somewhere_with_reasons(
        self, operator: Caller, coop: Caller, platform: Platform, dsn: str, settings: Settings
    ) -> None:
        producers = await grown(coop)
        version = await enacted(operator, LARGE, MEMBER)
        run = await coop.make(RUNS, {})
        assert (run["state"], run["total"], run["done"]) == ("queued", 3, 0)
        assert (await coop.get(ASSIGNMENTS)).json()["items"] == []
        await work_off(platform, dsn, settings)
        done = (await coop.get(f"{RUNS}/{run['id']}")).json()
        assert (done["state"], done["total"], done["done"]) == ("done", 3, 3)
        assert done["archetype_table_id"] == version["id"]
        answer = await coop.get(ASSIGNMENTS)
        assert answer.headers["cache-control"] == "private, no-store"
        found = {each["producer_id"]: each for each in answer.json()["items"]}
        archetypes = [found[each]["archetype"] for each in producers]
        assert archetypes == ["large", "member", "unclassified"]
        last = found[producers[2]]
        assert [(r["rule"], r["value"], r["met"]) for r in last["reasons"]] == [
            ("large", None, False),
            ("member", "not_associated", False),
        ]
        assert last["missing"] == [{"fact": "cocoa_area_ha", "because": "no_plots"}]
        assert last["archetype_table_id"] == version["id"]
        listed = (await coop.get(f"{RUNS}?state=done")).json()["items"]
        assert [each["id"] for each in listed] == [run["id"]]

    async def test_filters(
        self, operator: Caller, coop: Caller, platform: Platform, dsn: str, settings: Settings
    ) -> None:
        large, member, _ = await grown(coop)
        cluster = await new_cluster(coop, [member])
        await enacted(operator, LARGE, MEMBER)
        first = await coop.make(RUNS, {"as_of": (today() - timedelta(days=1)).isoformat()})
        second = await coop.make(RUNS, {})
        await work_off(platform, dsn, settings)

        async def found(query: str) -> list[str]:
            items = (await coop.get(f"{ASSIGNMENTS}?{query}")).json()["items"]
            return [item["producer_id"] for item in items]

        assert await found("archetype=large") == [large]
        assert await found(f"cluster_id={cluster['id']}") == [member]
        assert await found(f"producer_id={large}") == [large]
        assert len(await found(f"archetype_run_id={second['id']}")) == 3
        # Nobody was registered the day before.
        assert await found(f"archetype_run_id={first['id']}") == []

    async def test_who_may_run_and_read(
        self, operator: Caller, coop: Caller, callers: Callers
    ) -> None:
        await enacted(operator, MEMBER)
        run = await coop.make(RUNS, {})
        nobody = callers.anonymous()
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        supplier = await callers.new(Role.INPUT_SUPPLIER)
        assert (await nobody.post(RUNS, {})).status_code == 401
        assert (await operator.post(RUNS, {})).status_code == 403
        for path in (RUNS, f"{RUNS}/{run['id']}", ASSIGNMENTS):
            assert (await nobody.get(path)).status_code == 401
            assert (await supplier.get(path)).status_code == 403
        assert (await other.get(f"{RUNS}/{run['id']}")).status_code == 404
        for path in (RUNS, ASSIGNMENTS, f"{ASSIGNMENTS}?archetype_run_id={run['id']}"):
            assert (await other.get(path)).json()["items"] == []

    async def test_the_future_is_refused(self, coop: Caller) -> None:
        answer = await coop.post(RUNS, {"as_of": (today() + timedelta(days=1)).isoformat()})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "in-the-future")

    async def test_a_question_about_the_past_does_not_take_the_place_of_today(
        self, operator: Caller, coop: Caller, platform: Platform, dsn: str, settings: Settings
    ) -> None:
        producers = await grown(coop)
        cluster = await new_cluster(coop, producers)
        await enacted(operator, LARGE, MEMBER)
        current = await coop.make(RUNS, {})
        await coop.make(RUNS, {"as_of": "2020-01-01"})
        await work_off(platform, dsn, settings)
        found = (await coop.get(ASSIGNMENTS)).json()["items"]
        assert {each["archetype_run_id"] for each in found} == {current["id"]}
        told = (await coop.get(f"/v1/clusters/{cluster['id']}/archetypes")).json()
        assert (told["archetype_run_id"], len(told["groups"])) == (current["id"], 3)
        again = await coop.make(RUNS, {})
        await work_off(platform, dsn, settings)
        told = (await coop.get(f"/v1/clusters/{cluster['id']}/archetypes")).json()
        assert told["archetype_run_id"] == again["id"]

    async def test_only_so_many_wait(
        self,
        operator: Caller,
        coop: Caller,
        callers: Callers,
        platform: Platform,
        dsn: str,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("api.domains.archetypes.service.MOST_WAITING", 3)
        await enacted(operator, MEMBER)
        answers = await asyncio.gather(*(coop.post(RUNS, {}) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [201] * 3 + [429] * 3
        [refused, *_] = [answer for answer in answers if answer.status_code == 429]
        assert refused.json()["code"] == "too-many-runs-wait"
        assert refused.headers["retry-after"] == "30"
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await other.post(RUNS, {})).status_code == 201
        await work_off(platform, dsn, settings)
        assert (await coop.post(RUNS, {})).status_code == 201


class TestDistribution:
    async def test_small_groups_are_for_the_host_alone(
        self,
        operator: Caller,
        coop: Caller,
        callers: Callers,
        platform: Platform,
        dsn: str,
        settings: Settings,
    ) -> None:
        many = [(await new_producer(coop))["id"] for _ in range(6)]
        few = await new_producer(coop, association_status="not_associated")
        cluster = await new_cluster(coop, [*many, few["id"]])
        path = f"/v1/clusters/{cluster['id']}/archetypes"
        before = (await coop.get(path)).json()
        assert (before["archetype_run_id"], before["members"]) == (None, 7)
        assert before["groups"] == [{"archetype": "not_judged", "names": None, "members": 7}]
        await enacted(operator, MEMBER)
        run = await coop.make(RUNS, {})
        await work_off(platform, dsn, settings)
        own = (await coop.get(path)).json()
        assert (own["archetype_run_id"], own["hidden"]) == (run["id"], 0)
        assert {g["archetype"]: g["members"] for g in own["groups"]} == {
            "member": 6,
            "unclassified": 1,
        }
        buyer = await callers.new(Role.BUYER)
        seen = (await buyer.get(path)).json()
        # The six are hidden, too: with the total they would tell of the one.
        assert (seen["members"], seen["hidden"], seen["groups"]) == (7, 7, [])

    async def test_who_may_read(self, coop: Caller, callers: Callers) -> None:
        cluster = await new_cluster(coop)
        path = f"/v1/clusters/{cluster['id']}/archetypes"
        assert (await callers.anonymous().get(path)).status_code == 401
        assert (await (await callers.new(Role.INPUT_SUPPLIER)).get(path)).status_code == 403
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await other.get(path)).status_code == 404
