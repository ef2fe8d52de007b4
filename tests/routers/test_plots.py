import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from pyproj import Geod
from shapely.geometry import shape

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.plots import new_plot, plot_wish, point, square
from tests.factories.producers import new_producer

PLOTS = "/v1/plots"


@dataclass
class Land:
    coop: Caller
    producer: str

    def wish(self, **changes: Any) -> dict[str, Any]:
        return plot_wish(self.producer, **changes)

    async def plot(self, **changes: Any) -> dict[str, Any]:
        return await new_plot(self.coop, self.producer, **changes)


@pytest.fixture
async def land(callers: Callers) -> Land:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    return Land(coop, (await new_producer(coop))["id"])


def of(plot: dict[str, Any], action: str = "") -> str:
    return f"{PLOTS}/{plot['id']}{action}"


def measured(geometry: dict[str, Any]) -> str:
    """Hectares of a polygon by PROJ itself, as a plot tells them."""
    square_metres, _ = Geod(ellps="WGS84").geometry_area_perimeter(shape(geometry))
    return f"{square_metres / 10_000:.4f}"


def etag(plot: dict[str, Any]) -> str:
    return f'"v{plot["version"]}"'


async def events(callers: Callers, plot: dict[str, Any]) -> list[str]:
    rows = await callers.platform.database.pool.fetch(
        "SELECT event FROM ledger_entries WHERE subject_id = $1 ORDER BY id", plot["id"]
    )
    return [row[0] for row in rows]


class TestRegister:
    async def test_anonymous_is_401(self, callers: Callers, land: Land) -> None:
        assert (await callers.anonymous().post(PLOTS, land.wish())).status_code == 401

    @pytest.mark.parametrize("role", [Role.TA_PROVIDER, Role.BUYER, Role.CREDIT_INSTITUTION])
    async def test_others_do_not_register_land(
        self, callers: Callers, land: Land, role: Role
    ) -> None:
        caller = await callers.new(role)
        answer = await caller.post(PLOTS, land.wish())
        assert (answer.status_code, answer.json()["permission"]) == (403, "plots:write")
        assert await callers.entries_of(caller) == 0

    async def test_anothers_producer_is_404(self, callers: Callers, land: Land) -> None:
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await stranger.post(PLOTS, land.wish())).status_code == 404
        assert await callers.entries_of(stranger) == 0

    async def test_gives_the_plot_back_measured(self, callers: Callers, land: Land) -> None:
        answer = await land.coop.post(PLOTS, land.wish(external_id="PAR-1"))
        assert answer.status_code == 201
        plot = answer.json()
        assert answer.headers["location"] == of(plot)
        assert answer.headers["etag"] == etag(plot)
        assert answer.headers["cache-control"] == "private, no-store"
        assert plot["area_ha"] == measured(plot["geometry"])
        assert (plot["geometry_kind"], plot["geometry_version"]) == ("polygon", 1)
        assert (plot["state"], plot["warnings"], plot["overlaps"]) == ("active", [], [])
        assert plot["external_id"] == "PAR-1"
        assert (await land.coop.get(of(plot))).json() == {
            name: value for name, value in plot.items() if name != "overlaps"
        }
        assert await events(callers, plot) == ["plot.registered"]

    async def test_a_field_app_chooses_the_id_once(self, callers: Callers, land: Land) -> None:
        wish = land.wish(id=str(new_id()), external_id="PAR-2")
        plot = await land.coop.make(PLOTS, wish)
        assert plot["id"] == wish["id"]
        before = await callers.entries_of(land.coop)
        again = await land.coop.post(PLOTS, {**wish, "external_id": None})
        assert (again.status_code, again.json()["code"]) == (409, "plot-exists")
        same_code = await land.coop.post(PLOTS, {**wish, "id": None})
        assert (same_code.status_code, same_code.json()["plot_id"]) == (409, plot["id"])
        assert await callers.entries_of(land.coop) == before

    async def test_an_id_of_anothers_plot_tells_nothing_of_it(
        self, callers: Callers, land: Land
    ) -> None:
        plot = await land.plot()
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        producer = await new_producer(stranger)
        answer = await stranger.post(PLOTS, plot_wish(producer["id"], id=plot["id"]))
        assert (answer.status_code, answer.json()["code"]) == (409, "already-exists")
        assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/id"]
        assert "plot_id" not in answer.json()

    async def test_codes_are_the_organisations_own(self, callers: Callers, land: Land) -> None:
        await land.plot(external_id="PAR-3")
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        await new_plot(other, (await new_producer(other))["id"], external_id="PAR-3")

    async def test_one_code_at_once_makes_one_plot(self, land: Land) -> None:
        wishes = [land.wish(external_id="PAR-4") for _ in range(6)]
        answers = await asyncio.gather(*(land.coop.post(PLOTS, wish) for wish in wishes))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5

    async def test_the_cut_the_height_and_the_winding(self, land: Land) -> None:
        ring = [
            [-76.5012345678, -8.2, 512.0],
            [-76.5012345678, -8.1990000009, 512.0],
            [-76.5002345678, -8.1990000009],
            [-76.5002345678, -8.2],
            [-76.5012345678, -8.2],
        ]
        plot = await land.plot(geometry={"type": "Polygon", "coordinates": [ring]})
        assert plot["geometry"] == {
            "type": "Polygon",
            "coordinates": [
                [
                    [-76.501234, -8.2],
                    [-76.500234, -8.2],
                    [-76.500234, -8.199],
                    [-76.501234, -8.199],
                    [-76.501234, -8.2],
                ]
            ],
        }
        [warning] = plot["warnings"]
        assert (warning["code"], warning["pointer"]) == (
            "height-dropped",
            "/geometry/coordinates/0/0",
        )

    async def test_a_declared_area_far_off_is_a_warning(self, land: Land) -> None:
        near = await land.plot(declared_area_ha="1.3000")
        assert near["warnings"] == []
        far = await land.plot(declared_area_ha="1.5000")
        [warning] = far["warnings"]
        assert warning["code"] == "declared-area-differs"
        area = measured(far["geometry"])
        assert f"({area} ha)" in warning["es"]
        assert f"({area} ha)" in warning["en"]
        assert (far["area_ha"], far["declared_area_ha"]) == (area, "1.5000")

    async def test_a_point_is_as_large_as_declared(self, land: Land) -> None:
        plot = await land.plot(geometry=point(), declared_area_ha="2.5")
        assert (plot["geometry_kind"], plot["area_ha"]) == ("point", "2.5000")
        unsaid = await land.plot(geometry=point())
        assert unsaid["area_ha"] == "4.0000"
        assert [warning["code"] for warning in unsaid["warnings"]] == ["point-area-assumed"]

    @pytest.mark.parametrize(
        ("changes", "pointer", "code"),
        [
            ({"planting_year": 2199}, "/planting_year", "in-the-future"),
            ({"captured_at": "2199-01-01T00:00:00Z"}, "/captured_at", "in-the-future"),
            ({"declared_area_ha": "two"}, "/declared_area_ha", "value-error"),
            ({"declared_area_ha": "1.00001"}, "/declared_area_ha", "value-error"),
            ({"ubigeo": "22"}, "/ubigeo", "string-pattern-mismatch"),
            ({"plants_per_ha": 0}, "/plants_per_ha", "greater-than-equal"),
            ({"geometry": None}, "/geometry", "geometry-missing"),
            ({"geometry": point(), "declared_area_ha": "4.0001"}, None, "point-above-limit"),
        ],
    )
    async def test_wrong_values_are_422(
        self, callers: Callers, land: Land, changes: dict[str, Any], pointer: str, code: str
    ) -> None:
        before = await callers.entries_of(land.coop)
        answer = await land.coop.post(PLOTS, land.wish(**changes))
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert error["code"] == code
        assert error["pointer"] == pointer or pointer is None
        assert await callers.entries_of(land.coop) == before

    async def test_geometry_and_the_rest_are_refused_together(self, land: Land) -> None:
        ring = square()["coordinates"][0][:-1]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        answer = await land.coop.post(PLOTS, land.wish(geometry=geometry, planting_year=2199))
        codes = {error["code"] for error in answer.json()["errors"]}
        assert codes == {"ring-not-closed", "in-the-future"}

    async def test_every_breach_names_ring_and_position_in_both_languages(self, land: Land) -> None:
        bowtie = [[-76.5, -8.2], [-76.49, -8.19], [-76.49, -8.2], [-76.5, -8.19], [-76.5, -8.2]]
        wish = land.wish(geometry={"type": "Polygon", "coordinates": [bowtie]})
        sentences = set()
        for language in ("es", "en"):
            answer = await land.coop.post(PLOTS, wish, headers={"Accept-Language": language})
            [error] = answer.json()["errors"]
            assert (error["code"], error["ring"]) == ("ring-sides-cross", 0)
            assert error["pointer"].startswith("/geometry/coordinates/0/")
            sentences.add(error["detail"])
        assert len(sentences) == 2

    async def test_latitude_first_gets_a_hint(self, land: Land) -> None:
        ring = [[lat, lon] for lon, lat in square()["coordinates"][0]]
        answer = await land.coop.post(
            PLOTS, land.wish(geometry={"type": "Polygon", "coordinates": [ring]})
        )
        [error] = answer.json()["errors"]
        assert error["code"] == "axes-swapped"
        assert "longitude first" in error["detail"]

    async def test_land_elsewhere_is_refused(self, land: Land) -> None:
        answer = await land.coop.post(PLOTS, land.wish(geometry=square(-1.98, 6.35)))
        [error] = answer.json()["errors"]
        assert error["code"] == "outside-area-of-operation"
        assert "Perú" in error["detail"]


class TestRead:
    async def test_anothers_plot_is_404(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        for path in ("", "/geometries", "/overlaps"):
            assert (await stranger.get(of(plot, path))).status_code == 404
        assert (await stranger.get(PLOTS)).json()["items"] == []

    async def test_roles_without_land_are_403(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        buyer = await callers.new(Role.BUYER)
        for path in (PLOTS, of(plot), of(plot, "/geometries"), of(plot, "/overlaps")):
            assert (await buyer.get(path)).status_code == 403
            assert (await callers.anonymous().get(path)).status_code == 401

    async def test_filters(self, land: Land) -> None:
        other = (await new_producer(land.coop))["id"]
        mine = await land.plot(external_id="F-1", geometry=square(-75.0, -9.0))
        theirs = await new_plot(land.coop, other, geometry=point(-75.1, -9.1))
        closed = await land.plot()
        await land.coop.make(of(closed, "/close"))
        cluster = await new_cluster(land.coop, [other])
        for query, expected in {
            f"producer_id={other}": [theirs],
            f"cluster_id={cluster['id']}": [theirs],
            "state=closed": [closed],
            "external_id=F-1": [mine],
            "geometry_kind=point": [theirs],
            "bbox=-75.05,-9.05,-74.95,-8.95": [mine],
            "bbox=-75.1,-9.1,-75.1,-9.1": [theirs],
            "bbox=-75.2,-9.2,-74.9,-8.9&geometry_kind=polygon": [mine],
            "bbox=-70,-10,-69,-9": [],
        }.items():
            found = (await land.coop.get(f"{PLOTS}?{query}")).json()["items"]
            assert [plot["id"] for plot in found] == [plot["id"] for plot in expected], query

    @pytest.mark.parametrize("box", ["1,2,3", "2,1,1,2", "0,0,0,91", "a,b,c,d", "-181,0,0,0", ""])
    async def test_a_box_that_is_none_is_422(self, land: Land, box: str) -> None:
        answer = await land.coop.get(f"{PLOTS}?bbox={box}")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "?bbox"

    async def test_pages(self, land: Land) -> None:
        ids = [(await land.plot())["id"] for _ in range(5)]
        found, path = [], f"{PLOTS}?limit=2&include=total"
        while path:
            answer = await land.coop.get(path)
            assert answer.json()["total"] == 5
            found += [plot["id"] for plot in answer.json()["items"]]
            path = answer.links["next"]["url"] if answer.json()["next"] else ""
        assert found == ids
