import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.core.actor import SYSTEM
from api.core.ids import new_id
from api.domains.territories.boundary_file import read as read_boundaries
from api.domains.territories.service import load_boundaries
from api.policies import Role
from api.transactions import unit_of_work
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.plots import new_plot, square
from tests.factories.producers import new_producer, registration
from tests.factories.territories import FILE, a_platform_of_its_own, load_territories

TERRITORIES = "/v1/territories"
UNKNOWN = "229999"
RENIEC = "210401"


@pytest.fixture(scope="module")
async def there(server: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Callers]:
    """A platform whose table of territories is loaded."""
    async with a_platform_of_its_own(server, tmp_path_factory.mktemp("territories")) as callers:
        await load_territories(callers.platform)
        yield callers


@pytest.fixture
async def coop(there: Callers) -> Caller:
    return await there.new(Role.PRODUCER_ORGANIZATION)


async def found(caller: Caller, query: str) -> list[str]:
    answer = await caller.get(f"{TERRITORIES}?{query}")
    assert answer.status_code == 200, answer.text
    return [one["ubigeo"] for one in answer.json()["items"]]


def fault(answer: Any) -> tuple[int, str, str, str | None]:
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    return answer.status_code, error["pointer"], error["code"], error.get("inei")


class TestRead:
    async def test_one(self, coop: Caller) -> None:
        answer = await coop.get(f"{TERRITORIES}/220601")
        assert answer.json() | {"updated_at": None} == {
            "ubigeo": "220601",
            "version": 1,
            "updated_at": None,
            "level": "district",
            "name": "JUANJUI",
            "department": "SAN MARTIN",
            "province": "MARISCAL CACERES",
            "capital": "Juanjuí",
            "reniec_code": RENIEC,
        }
        etag = answer.headers["etag"]
        again = await coop.get(f"{TERRITORIES}/220601", headers={"If-None-Match": etag})
        assert again.status_code == 304

    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ("level=department", ["220000"]),
            ("level=province", ["220600"]),
            ("prefix=22&level=district", ["220601", "221001"]),
            ("prefix=2206", ["220600", "220601"]),
            ("q=juanjuí", ["220601"]),
            ("q=alto chon", ["120108"]),
            ("q=CÁCERES", ["220600"]),
            (f"reniec_code={RENIEC}", ["220601"]),
            ("reniec_code=220601", []),
            ("prefix=99", []),
        ],
    )
    async def test_filters(self, coop: Caller, query: str, wanted: list[str]) -> None:
        assert await found(coop, query) == wanted

    async def test_pages(self, coop: Caller) -> None:
        first = (await coop.get(f"{TERRITORIES}?limit=4&include=total")).json()
        second = (await coop.get(f"{TERRITORIES}?limit=4&cursor={first['next']}")).json()
        codes = [one["ubigeo"] for one in first["items"] + second["items"]]
        assert codes == sorted(codes)
        assert (len(codes), first["total"], second["next"]) == (7, 7, None)

    @pytest.mark.parametrize("query", ["prefix=220", "level=village", "q=%20", "reniec_code=1"])
    async def test_refuses_what_no_filter_is(self, coop: Caller, query: str) -> None:
        assert (await coop.get(f"{TERRITORIES}?{query}")).status_code == 422

    async def test_who(self, there: Callers, coop: Caller) -> None:
        assert (await there.anonymous().get(TERRITORIES)).status_code == 401
        assert (await there.anonymous().get(f"{TERRITORIES}/220601")).status_code == 401
        for role in Role:
            assert (await (await there.new(role)).get(TERRITORIES)).status_code == 200
        assert (await coop.get(f"{TERRITORIES}/{UNKNOWN}")).status_code == 404
        assert (await coop.get(f"{TERRITORIES}/2206")).status_code == 422


class TestKnown:
    async def test_a_producer_lives_in_a_district(self, there: Callers, coop: Caller) -> None:
        before = await there.entries_of(coop)
        path = "/v1/producers"
        answer = await coop.post(path, registration(ubigeo=UNKNOWN))
        assert fault(answer) == (422, "/ubigeo", "unknown-district", None)
        answer = await coop.post(path, registration(ubigeo=RENIEC))
        assert fault(answer) == (422, "/ubigeo", "unknown-district", "220601")
        assert "220601" in answer.json()["errors"][0]["detail"]
        # A province is no district.
        answer = await coop.post(path, registration(ubigeo="220600"))
        assert fault(answer) == (422, "/ubigeo", "unknown-district", None)
        assert await there.entries_of(coop) == before
        assert (await coop.get(path)).json()["items"] == []

    async def test_a_producer_moves_to_a_district(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        path = f"/v1/producers/{producer['id']}"
        answer = await coop.patch(path, {"ubigeo": RENIEC}, '"v1"')
        assert fault(answer) == (422, "/ubigeo", "unknown-district", "220601")
        assert (await coop.get(path)).json() == producer
        assert (await coop.patch(path, {"ubigeo": "010101"}, '"v1"')).status_code == 200

    async def test_every_fault_of_a_registration_is_told_at_once(self, coop: Caller) -> None:
        wish = registration(ubigeo=UNKNOWN, birth_year=2199)
        errors = (await coop.post("/v1/producers", wish)).json()["errors"]
        assert {error["pointer"] for error in errors} == {"/ubigeo", "/birth_year"}

    async def test_clusters_and_collection_centres(self, coop: Caller) -> None:
        body = {"name": "Alto Biavo", "kind": "associated", "ubigeo": UNKNOWN}
        assert fault(await coop.post("/v1/clusters", body))[1] == "/ubigeo"
        cluster = await new_cluster(coop)
        path = f"/v1/clusters/{cluster['id']}"
        assert fault(await coop.patch(path, {"ubigeo": RENIEC}, '"v1"'))[3] == "220601"
        assert (await coop.patch(path, {"name": "Bajo Biavo"}, '"v1"')).status_code == 200
        wide = {**body, "ubigeo": "220601", "territory": ["22", "99", "2207"]}
        errors = (await coop.post("/v1/clusters", wide)).json()["errors"]
        assert [(e["pointer"], e["code"]) for e in errors] == [
            ("/territory/1", "unknown-territory"),
            ("/territory/2", "unknown-territory"),
        ]
        centre = {"name": "Acopio", "ubigeo": UNKNOWN}
        assert fault(await coop.post("/v1/collection-centres", centre))[1] == "/ubigeo"

    async def test_plots(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        plot = await new_plot(coop, producer["id"], geometry=square())
        path = f"/v1/plots/{plot['id']}"
        wish = {
            "producer_id": producer["id"],
            "name": "La Ladera",
            "geometry": square(),
            "land_use": "cocoa",
            "tenure_kind": "none",
            "ubigeo": UNKNOWN,
        }
        assert fault(await coop.post("/v1/plots", wish))[1] == "/ubigeo"
        assert fault(await coop.patch(path, {"ubigeo": RENIEC}, '"v1"'))[3] == "220601"
        assert (await coop.patch(path, {"ubigeo": "221001"}, '"v1"')).status_code == 200

    async def test_rows_of_a_file(self, coop: Caller) -> None:
        rows = [registration(ubigeo=code) for code in ("220601", RENIEC, UNKNOWN)]
        answer = await coop.post("/v1/imports/producers?mode=partial", rows)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert (made["created"], made["refused"]) == (1, 2)
        told = (await coop.get(f"/v1/imports/producers/{made['id']}/rows?status=refused")).json()[
            "items"
        ]
        errors = [error for row in told for error in row["errors"]]
        assert [(e["field"], e["code"]) for e in errors] == [("ubigeo", "unknown-district")] * 2
        assert "220601" in errors[0]["en"]


class TestLoad:
    async def test_the_same_file_again_changes_nothing(self, there: Callers, coop: Caller) -> None:
        before = (await coop.get(TERRITORIES)).json()
        done = await load_territories(there.platform)
        assert (done.added, done.changed, done.unchanged) == (0, 0, 7)
        assert (await coop.get(TERRITORIES)).json() == before

    async def test_a_later_file_adds_and_corrects(self, server: str, tmp_path: Any) -> None:
        async with a_platform_of_its_own(server, tmp_path) as callers:
            await load_territories(callers.platform)
            coop = await callers.new(Role.PRODUCER_ORGANIZATION)
            later = (
                "ubigeo,departamento,provincia,distrito\n"
                "220601,SAN MARTIN,MARISCAL CACERES,JUANJUY\n"
                "220606,SAN MARTIN,MARISCAL CACERES,NUEVO DISTRITO\n"
            )
            done = await load_territories(callers.platform, later)
            assert (done.added, done.changed, done.unchanged) == (1, 1, 0)
            one = (await coop.get(f"{TERRITORIES}/220601")).json()
            # What the later file does not tell stays.
            assert (one["name"], one["reniec_code"], one["version"]) == ("JUANJUY", RENIEC, 2)
            assert await found(coop, "q=juanjuy") == ["220601"]
            await new_producer(coop, ubigeo="220606")

    async def test_where_nothing_is_loaded_every_code_passes(self, callers: Callers) -> None:
        coop = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await new_producer(coop, ubigeo=UNKNOWN))["ubigeo"] == UNKNOWN

    async def test_two_at_once(self, server: str, tmp_path: Any) -> None:
        async with a_platform_of_its_own(server, tmp_path) as callers:
            done = await asyncio.gather(
                *(load_territories(callers.platform, FILE) for _ in range(4))
            )
            assert sorted(one.added for one in done) == [0, 0, 0, 7]


BLOCKS = {"220601": (-77.0, -8.0), "221001": (-76.0, -8.0)}
"""Two districts of one degree each, side by side."""


def boundary_file() -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"inei": ubigeo},
            "geometry": square(lon, lat, side=1.0),
        }
        for ubigeo, (lon, lat) in BLOCKS.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def about_district(plot: dict[str, Any]) -> list[str]:
    return [w["en"] for w in plot["warnings"] if w["code"] == "ubigeo-differs"]


@pytest.fixture(scope="module")
async def bounded(server: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Callers]:
    data_dir = tmp_path_factory.mktemp("boundaries")
    async with a_platform_of_its_own(server, data_dir) as callers:
        boundaries, _ = read_boundaries(boundary_file())
        for counts in ((2, 0, 0), (0, 0, 2)):
            async with unit_of_work(callers.platform.database, SYSTEM) as uow:
                done = await load_boundaries(uow, boundaries)
            assert (done.added, done.changed, done.unchanged) == counts
        yield callers


class TestBoundaries:
    async def test_a_plot_in_another_district_gets_a_warning(self, bounded: Callers) -> None:
        coop = await bounded.new(Role.PRODUCER_ORGANIZATION)
        producer = await new_producer(coop)
        here = square(-76.5, -7.5)
        plot = await new_plot(coop, producer["id"], geometry=here, ubigeo="221001")
        [said] = about_district(plot)
        assert "220601" in said
        assert "221001" in said
        path = f"/v1/plots/{plot['id']}"
        right = (await coop.patch(path, {"ubigeo": "220601"}, '"v1"')).json()
        assert about_district(right) == []
        undeclared = (await coop.patch(path, {"ubigeo": None}, '"v2"')).json()
        assert about_district(undeclared) == []
        wrong = (await coop.patch(path, {"ubigeo": "221001"}, '"v3"')).json()
        assert len(about_district(wrong)) == 1
        # A new place is compared anew; one on the border is in both.
        wish = {"geometry": square(-76.0005, -7.5)}
        moved = await coop.put(f"{path}/geometry", wish, '"v4"')
        assert moved.status_code == 200, moved.text
        assert about_district(moved.json()) == []

    async def test_what_lies_beyond_all_boundaries_gets_none(self, bounded: Callers) -> None:
        coop = await bounded.new(Role.PRODUCER_ORGANIZATION)
        producer = await new_producer(coop)
        plot = await new_plot(coop, producer["id"], geometry=square(-74.5, -9.5), ubigeo="221001")
        assert about_district(plot) == []

    async def test_rows_of_a_file(self, bounded: Callers) -> None:
        coop = await bounded.new(Role.PRODUCER_ORGANIZATION)
        producer = await new_producer(coop)
        rows = [("P-1", "221001", -76.4), ("P-2", "220601", -76.3), ("P-3", None, -76.2)]
        features = [
            {
                "type": "Feature",
                "properties": {"external_id": code, "producer_id": producer["id"]}
                | ({"ubigeo": ubigeo} if ubigeo else {}),
                "geometry": square(lon, -7.4),
            }
            for code, ubigeo, lon in rows
        ]
        body = json.dumps({"type": "FeatureCollection", "features": features}).encode()

        async def send() -> dict[str, Any]:
            headers = {"Content-Type": "application/geo+json", "Idempotency-Key": str(new_id())}
            answer = await coop.call("POST", "/v1/imports/plots", content=body, headers=headers)
            assert answer.status_code == 201, answer.text
            found: dict[str, Any] = answer.json()
            return found

        made = await send()
        assert made["created"] == 3
        told = (await coop.get(f"/v1/imports/plots/{made['id']}/rows")).json()["items"]
        warned = [[w["code"] for w in row["warnings"]] for row in told]
        assert ["ubigeo-differs" in codes for codes in warned] == [True, False, False]
        assert (await send())["unchanged"] == 3
        plots = (await coop.get("/v1/plots")).json()["items"]
        assert sum(len(about_district(plot)) for plot in plots) == 1
