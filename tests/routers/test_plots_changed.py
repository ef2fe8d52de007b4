"""Corrections, other geometries, and the end of a plot."""

from typing import Any

import pytest

from api.policies import Role
from tests.callers import Callers
from tests.factories.plots import point, square
from tests.routers.test_plots import Land, etag, events, land, of

__all__ = ["land"]


async def versions(land: Land, plot: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await land.coop.get(of(plot, "/geometries"))).json()["items"]
    return found


class TestChange:
    async def test_changes_what_is_sent_and_nothing_else(
        self, callers: Callers, land: Land
    ) -> None:
        plot = await land.plot()
        wish = {"name": "La Esperanza", "planting_year": None, "external_id": "C-1"}
        answer = await land.coop.patch(of(plot), wish, etag(plot))
        assert answer.status_code == 200
        changed = answer.json()
        assert answer.headers["etag"] == etag(changed) != etag(plot)
        assert {name for name in changed if changed[name] != plot[name]} == {
            "name",
            "planting_year",
            "external_id",
            "version",
            "updated_at",
        }
        assert await events(callers, plot) == ["plot.registered", "plot.changed"]

    async def test_the_ledger_keeps_names_of_fields_and_no_values(
        self, callers: Callers, land: Land
    ) -> None:
        plot = await land.plot()
        wish = {"name": "Rosa Quispe", "tenure_document": "P-7"}
        await land.coop.patch(of(plot), wish, etag(plot))
        rows = await callers.platform.database.pool.fetch(
            "SELECT body FROM ledger_entries WHERE subject_id = $1 ORDER BY id", plot["id"]
        )
        registered, changed = (row[0] for row in rows)
        assert '"fields":["name","tenure_document"]' in changed
        assert "Quispe" not in changed
        assert "El Porvenir" not in registered
        assert "coordinates" not in registered

    async def test_nothing_new_leaves_the_version(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        before = await callers.entries_of(land.coop)
        answer = await land.coop.patch(of(plot), {"name": plot["name"]}, etag(plot))
        assert (answer.status_code, answer.json()["version"]) == (200, plot["version"])
        assert await callers.entries_of(land.coop) == before

    async def test_versions_guard_the_change(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        await land.coop.patch(of(plot), {"name": "Uno"}, etag(plot))
        before = await callers.entries_of(land.coop)
        assert (await land.coop.patch(of(plot), {"name": "Dos"}, etag(plot))).status_code == 412
        unguarded = await land.coop.call("PATCH", of(plot), json={"name": "Dos"})
        assert unguarded.status_code == 428
        assert await callers.entries_of(land.coop) == before

    async def test_a_code_in_use_is_409(self, land: Land) -> None:
        first, second = await land.plot(external_id="C-2"), await land.plot()
        answer = await land.coop.patch(of(second), {"external_id": "C-2"}, etag(second))
        assert (answer.status_code, answer.json()["plot_id"]) == (409, first["id"])

    @pytest.mark.parametrize("wish", [{"producer_id": None}, {"geometry": point()}, {"name": None}])
    async def test_what_cannot_change_is_422(self, land: Land, wish: dict[str, Any]) -> None:
        plot = await land.plot()
        assert (await land.coop.patch(of(plot), wish, etag(plot))).status_code == 422

    async def test_another_declared_area_of_a_polygon_moves_the_warning_alone(
        self, land: Land
    ) -> None:
        plot = await land.plot(declared_area_ha="9.0000")
        answer = await land.coop.patch(of(plot), {"declared_area_ha": "1.2"}, etag(plot))
        changed = answer.json()
        assert [warning["code"] for warning in plot["warnings"]] == ["declared-area-differs"]
        assert changed["warnings"] == []
        assert (changed["area_ha"], changed["geometry_version"]) == (plot["area_ha"], 1)
        back = (await land.coop.patch(of(plot), {"declared_area_ha": "9"}, etag(changed))).json()
        assert back["warnings"] == plot["warnings"]

    async def test_another_declared_area_of_a_point_is_another_area(self, land: Land) -> None:
        plot = await land.plot(geometry=point())
        answer = await land.coop.patch(of(plot), {"declared_area_ha": "1.5"}, etag(plot))
        changed = answer.json()
        assert (changed["area_ha"], changed["geometry_version"]) == ("1.5000", 2)
        assert (changed["geometry"], changed["warnings"]) == (plot["geometry"], [])
        newest, oldest = await versions(land, plot)
        assert (newest["area_ha"], oldest["area_ha"]) == ("1.5000", "4.0000")
        refused = await land.coop.patch(of(plot), {"declared_area_ha": "4.5"}, etag(changed))
        [error] = refused.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/declared_area_ha", "point-above-limit")

    async def test_strangers_and_readers_change_nothing(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        wish = {"name": "Mío"}
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await stranger.patch(of(plot), wish, etag(plot))).status_code == 404
        ta = await callers.new(Role.TA_PROVIDER)
        assert (await ta.patch(of(plot), wish, etag(plot))).status_code == 403
        assert (await callers.anonymous().patch(of(plot), wish, etag(plot))).status_code == 401


class TestGeometry:
    async def test_a_new_one_is_in_force_and_the_old_one_stays(
        self, callers: Callers, land: Land
    ) -> None:
        plot = await land.plot(geometry=point(), declared_area_ha="1.2")
        wider = square(side=0.002)
        answer = await land.coop.put(of(plot, "/geometry"), {"geometry": wider}, etag(plot))
        assert answer.status_code == 200
        changed = answer.json()
        assert (changed["geometry_kind"], changed["geometry_version"]) == ("polygon", 2)
        assert (changed["geometry"], changed["declared_area_ha"]) == (wider, "1.2000")
        assert [warning["code"] for warning in changed["warnings"]] == ["declared-area-differs"]
        assert answer.headers["etag"] == etag(changed)
        newest, oldest = await versions(land, plot)
        assert (newest["geometry_version"], newest["geometry"]) == (2, wider)
        assert (oldest["geometry_version"], oldest["geometry"]) == (1, plot["geometry"])
        assert oldest["area_ha"] == "1.2000"
        assert newest["area_ha"] == changed["area_ha"]
        assert await events(callers, plot) == ["plot.registered", "plot.geometry_replaced"]

    async def test_history_pages_newest_first(self, land: Land) -> None:
        plot = await land.plot()
        for _ in range(11):
            answer = await land.coop.put(of(plot, "/geometry"), {"geometry": square()}, etag(plot))
            plot = answer.json()
        first = (await land.coop.get(of(plot, "/geometries?limit=9"))).json()
        path = of(plot, f"/geometries?limit=9&cursor={first['next']}")
        rest = (await land.coop.get(path)).json()
        found = [row["geometry_version"] for row in first["items"] + rest["items"]]
        assert found == list(range(12, 0, -1))

    async def test_the_same_geometry_changes_nothing(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        before = await callers.entries_of(land.coop)
        turned = {**plot["geometry"], "coordinates": [plot["geometry"]["coordinates"][0][::-1]]}
        answer = await land.coop.put(of(plot, "/geometry"), {"geometry": turned}, etag(plot))
        assert (answer.status_code, answer.json()["version"]) == (200, plot["version"])
        assert await callers.entries_of(land.coop) == before
        assert len(await versions(land, plot)) == 1

    async def test_the_same_geometry_with_another_declaration(self, land: Land) -> None:
        plot = await land.plot()
        wish = {"geometry": plot["geometry"], "declared_area_ha": "1.2"}
        changed = (await land.coop.put(of(plot, "/geometry"), wish, etag(plot))).json()
        assert (changed["declared_area_ha"], changed["geometry_version"]) == ("1.2000", 1)
        assert changed["version"] == plot["version"] + 1
        nothing = {"geometry": plot["geometry"], "declared_area_ha": None}
        changed = (await land.coop.put(of(plot, "/geometry"), nothing, etag(changed))).json()
        assert changed["declared_area_ha"] is None

    async def test_a_broken_one_leaves_all_as_it_was(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        before = await callers.entries_of(land.coop)
        line = {"type": "LineString", "coordinates": [[-76.5, -8.2], [-76.4, -8.2]]}
        answer = await land.coop.put(of(plot, "/geometry"), {"geometry": line}, etag(plot))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "geometry-is-line"
        assert await callers.entries_of(land.coop) == before
        assert (await land.coop.get(of(plot))).json()["geometry"] == plot["geometry"]

    async def test_a_point_cannot_hold_what_was_declared(self, land: Land) -> None:
        plot = await land.plot(geometry=square(side=0.003), declared_area_ha="10.9")
        answer = await land.coop.put(of(plot, "/geometry"), {"geometry": point()}, etag(plot))
        assert answer.json()["errors"][0]["code"] == "point-above-limit"
        wish = {"geometry": point(), "declared_area_ha": "3"}
        answer = await land.coop.put(of(plot, "/geometry"), wish, etag(plot))
        assert (answer.json()["geometry_kind"], answer.json()["area_ha"]) == ("point", "3.0000")

    async def test_versions_and_callers_guard_it(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        wish, path = {"geometry": square()}, of(plot, "/geometry")
        assert (await land.coop.call("PUT", path, json=wish)).status_code == 428
        assert (await land.coop.put(path, wish, '"v9"')).status_code == 412
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await stranger.put(path, wish, etag(plot))).status_code == 404
        ta = await callers.new(Role.TA_PROVIDER)
        assert (await ta.put(path, wish, etag(plot))).status_code == 403
        assert (await callers.anonymous().put(path, wish, etag(plot))).status_code == 401
        assert len(await versions(land, plot)) == 1


class TestClose:
    async def test_ends_the_plot(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        answer = await land.coop.post(of(plot, "/close"))
        closed = answer.json()
        assert (answer.status_code, closed["state"]) == (200, "closed")
        assert await events(callers, plot) == ["plot.registered", "plot.closed"]
        before = await callers.entries_of(land.coop)
        for refused in (
            await land.coop.post(of(plot, "/close")),
            await land.coop.patch(of(plot), {"name": "Otro"}, etag(closed)),
            await land.coop.put(of(plot, "/geometry"), {"geometry": square()}, etag(closed)),
        ):
            assert refused.status_code == 409
            assert refused.json()["code"] == "state-not-allowed"
            assert refused.json()["allowed_actions"] == []
        assert await callers.entries_of(land.coop) == before

    async def test_is_the_organisations_own_affair(self, callers: Callers, land: Land) -> None:
        plot = await land.plot()
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await stranger.post(of(plot, "/close"))).status_code == 404
        ta = await callers.new(Role.TA_PROVIDER)
        assert (await ta.post(of(plot, "/close"))).status_code == 403
        assert (await callers.anonymous().post(of(plot, "/close"))).status_code == 401
        assert (await land.coop.get(of(plot))).json()["state"] == "active"
