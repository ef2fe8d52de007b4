"""Overlaps: found whoever registered the land, told to both, settled by either, never lost."""

import asyncio
import itertools
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.plots import new_plot, plot_wish, point, square
from tests.factories.producers import new_producer
from tests.routers.test_plots import PLOTS, etag, events, of

OVERLAPS = "/v1/plot-overlaps"
NOTE = {"decision": "survey_tolerance", "note": "Walked together; the fence is the boundary."}
_places = itertools.count()


def place() -> tuple[float, float]:
    """A corner of land that no other test uses, some kilometres from any other."""
    row, column = divmod(next(_places), 20)
    return round(-74.5 + column * 0.05, 6), round(-11.5 + row * 0.05, 6)


@dataclass
class Neighbours:
    """Two cooperatives, each with a producer."""

    ours: Caller
    producer: str
    theirs: Caller
    their_producer: str

    async def plot(self, lon: float, lat: float, side: float = 0.001) -> dict[str, Any]:
        return await new_plot(self.ours, self.producer, geometry=square(lon, lat, side))

    async def their_plot(self, lon: float, lat: float, side: float = 0.001) -> dict[str, Any]:
        return await new_plot(self.theirs, self.their_producer, geometry=square(lon, lat, side))

    async def pair(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """A plot of ours, one of theirs over half of it, and the overlap."""
        lon, lat = place()
        plot = await self.plot(lon, lat)
        other = await self.their_plot(round(lon + 0.0005, 6), lat)
        [overlap] = other["overlaps"]
        return plot, other, overlap


@pytest.fixture
async def two(callers: Callers) -> Neighbours:
    ours = await callers.new(Role.PRODUCER_ORGANIZATION)
    theirs = await callers.new(Role.PRODUCER_ORGANIZATION)
    producers = [(await new_producer(coop))["id"] for coop in (ours, theirs)]
    return Neighbours(ours, producers[0], theirs, producers[1])


async def of_plot(caller: Caller, plot: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.get(of(plot, "/overlaps") + query)).json()["items"]
    return found


def pairs_of(overlaps: list[dict[str, Any]]) -> set[frozenset[str]]:
    return {frozenset(side["plot_id"] for side in overlap["sides"]) for overlap in overlaps}


class TestFound:
    async def test_half_of_each(self, two: Neighbours) -> None:
        plot, other, overlap = await two.pair()
        assert overlap["state"] == "open"
        assert abs(2 * Decimal(overlap["area_ha"]) - Decimal(plot["area_ha"])) <= Decimal("0.0002")
        assert {side["plot_id"]: side["share"] for side in overlap["sides"]} == {
            plot["id"]: "0.5000",
            other["id"]: "0.5000",
        }
        assert {side["organization_id"] for side in overlap["sides"]} == {
            str(two.ours.organization_id),
            str(two.theirs.organization_id),
        }
        assert (other["open_overlaps"], plot["open_overlaps"]) == (1, 0)
        assert (await two.ours.get(of(plot))).json()["open_overlaps"] == 1

    async def test_both_see_it_and_not_each_others_geometry(
        self, callers: Callers, two: Neighbours
    ) -> None:
        plot, other, overlap = await two.pair()
        for caller, own in ((two.ours, plot), (two.theirs, other)):
            assert await of_plot(caller, own) == [overlap]
            assert (await caller.get(f"{OVERLAPS}/{overlap['id']}")).json() == overlap
            assert (await caller.get(OVERLAPS)).json()["items"] == [overlap]
            assert "coordinates" not in (await caller.get(OVERLAPS)).text
        assert (await two.ours.get(of(other))).status_code == 404
        assert await of_plot(two.ours, other) == [overlap]

    async def test_a_third_party_sees_nothing(self, callers: Callers, two: Neighbours) -> None:
        plot, _, overlap = await two.pair()
        third = await callers.new(Role.PRODUCER_ORGANIZATION)
        for path in (of(plot, "/overlaps"), f"{OVERLAPS}/{overlap['id']}"):
            assert (await third.get(path)).status_code == 404
            assert (await (await callers.new(Role.BUYER)).get(path)).status_code == 403
            assert (await callers.anonymous().get(path)).status_code == 401
        assert (await third.get(OVERLAPS)).json()["items"] == []

    async def test_of_anothers_plot_one_sees_what_concerns_oneself(self, two: Neighbours) -> None:
        plot, other, overlap = await two.pair()
        west, south = other["geometry"]["coordinates"][0][0]
        await two.their_plot(west, south)
        assert len(await of_plot(two.theirs, other)) == 2
        assert await of_plot(two.ours, other) == [overlap]
        assert plot["id"] in {side["plot_id"] for side in overlap["sides"]}

    async def test_within_one_organisation_too(self, two: Neighbours) -> None:
        lon, lat = place()
        first, second = await two.plot(lon, lat), await two.plot(lon, lat)
        assert first["overlaps"] == []
        assert [side["share"] for side in second["overlaps"][0]["sides"]] == ["1.0000", "1.0000"]

    async def test_a_point_on_anothers_land(self, two: Neighbours) -> None:
        lon, lat = place()
        plot = await two.plot(lon, lat)
        inside = point(round(lon + 0.0005, 6), round(lat + 0.0005, 6))
        other = await new_plot(two.theirs, two.their_producer, geometry=inside)
        [overlap] = other["overlaps"]
        assert (overlap["at_point"], overlap["area_ha"]) == (True, "0.0000")
        assert await of_plot(two.ours, plot) == [overlap]

    async def test_a_shared_fence_is_no_overlap(self, two: Neighbours) -> None:
        lon, lat = place()
        await two.plot(lon, lat)
        beside = await two.their_plot(round(lon + 0.001, 6), lat)
        corner = await two.their_plot(round(lon - 0.001, 6), round(lat - 0.001, 6))
        assert (beside["overlaps"], corner["overlaps"]) == ([], [])

    async def test_boxes_that_meet_are_not_enough(self, two: Neighbours) -> None:
        lon, lat = place()
        ring = [[lon, lat], [lon + 0.01, lat], [lon, lat + 0.01], [lon, lat]]
        triangle = [[round(x, 6), round(y, 6)] for x, y in ring]
        geometry = {"type": "Polygon", "coordinates": [triangle]}
        await new_plot(two.ours, two.producer, geometry=geometry)
        beyond = await two.their_plot(round(lon + 0.008, 6), round(lat + 0.008, 6))
        assert beyond["overlaps"] == []

    async def test_a_plot_over_many_cells_of_the_map(self, two: Neighbours) -> None:
        lon, lat = place()
        small = await two.plot(round(lon + 0.02, 6), round(lat + 0.02, 6))
        vast = await two.their_plot(lon, lat, side=0.045)
        assert pairs_of(vast["overlaps"]) == {frozenset({small["id"], vast["id"]})}

    async def test_the_ledger_tells_both(self, callers: Callers, two: Neighbours) -> None:
        plot, other, overlap = await two.pair()
        assert await events(callers, overlap) == ["plot_overlap.found"]
        body = await callers.platform.database.pool.fetchval(
            "SELECT body FROM ledger_entries WHERE subject_id = $1", overlap["id"]
        )
        for named in (plot, other):
            assert named["id"] in body
            assert named["organization_id"] in body

    async def test_more_neighbours_than_any_plot_has(
        self, callers: Callers, two: Neighbours, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.domains.plot_overlaps.repository.MOST_NEIGHBOURS", 1)
        monkeypatch.setattr("api.domains.plot_overlaps.service.MOST_NEIGHBOURS", 1)
        lon, lat = place()
        await two.plot(lon, lat)
        await two.plot(round(lon + 0.002, 6), lat)
        before = await callers.entries_of(two.theirs)
        wish = plot_wish(two.their_producer, geometry=square(lon, lat, 0.003))
        answer = await two.theirs.post(PLOTS, wish)
        assert (answer.status_code, answer.json()["code"]) == (409, "too-many-neighbours")
        assert await callers.entries_of(two.theirs) == before


class TestSettle:
    @pytest.mark.parametrize("ours", [True, False])
    async def test_either_settles_it_once(
        self, callers: Callers, two: Neighbours, ours: bool
    ) -> None:
        plot, other, overlap = await two.pair()
        first, second = (two.ours, two.theirs) if ours else (two.theirs, two.ours)
        path = f"{OVERLAPS}/{overlap['id']}"
        answer = await first.post(f"{path}/settle", NOTE)
        settled = answer.json()
        assert (answer.status_code, settled["state"]) == (200, "settled")
        assert {name: settled[name] for name in NOTE} == NOTE
        assert settled["settled_by"] == str(first.organization_id)
        assert (await second.get(path)).json() == settled
        before = await callers.entries_of(second)
        again = await second.post(f"{path}/settle", NOTE)
        assert (again.status_code, again.json()["code"]) == (409, "state-not-allowed")
        assert await callers.entries_of(second) == before
        assert await events(callers, overlap) == ["plot_overlap.found", "plot_overlap.settled"]
        assert (await two.ours.get(of(plot))).json()["open_overlaps"] == 0
        assert await of_plot(two.theirs, other, "?state=open") == []
        assert await of_plot(two.theirs, other, "?state=settled") == [settled]

    async def test_nobody_else_does(self, callers: Callers, two: Neighbours) -> None:
        _, _, overlap = await two.pair()
        path = f"{OVERLAPS}/{overlap['id']}/settle"
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await stranger.post(path, NOTE)).status_code == 404
        assert (await two.ours.post(f"{OVERLAPS}/{new_id()}/settle", NOTE)).status_code == 404
        assert (await (await callers.new(Role.TA_PROVIDER)).post(path, NOTE)).status_code == 403
        assert (await callers.anonymous().post(path, NOTE)).status_code == 401
        assert (await two.ours.post(path, {"decision": "mine", "note": "x"})).status_code == 422
        assert (await two.ours.get(f"{OVERLAPS}/{overlap['id']}")).json() == overlap

    async def test_both_at_once_leave_one_decision(self, two: Neighbours) -> None:
        _, _, overlap = await two.pair()
        path = f"{OVERLAPS}/{overlap['id']}/settle"
        answers = await asyncio.gather(
            *(caller.post(path, NOTE) for caller in (two.ours, two.theirs) * 3)
        )
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5


class TestLapse:
    async def test_another_geometry_ends_the_old_and_finds_the_new(self, two: Neighbours) -> None:
        plot, other, overlap = await two.pair()
        await two.ours.make(f"{OVERLAPS}/{overlap['id']}/settle", NOTE)
        west, south = plot["geometry"]["coordinates"][0][0]
        wider = square(west, south, 0.002)
        answer = await two.ours.put(of(plot, "/geometry"), {"geometry": wider}, etag(plot))
        [found] = answer.json()["overlaps"]
        assert (found["state"], found["id"] != overlap["id"]) == ("open", True)
        versions = {side["plot_id"]: side["geometry_version"] for side in found["sides"]}
        assert versions == {plot["id"]: 2, other["id"]: 1}
        [lapsed] = await of_plot(two.theirs, other, "?state=lapsed")
        assert (lapsed["id"], lapsed["decision"]) == (overlap["id"], "survey_tolerance")

    async def test_moving_away_ends_it(self, callers: Callers, two: Neighbours) -> None:
        plot, other, overlap = await two.pair()
        wish = {"geometry": square(*place())}
        answer = await two.ours.put(of(plot, "/geometry"), wish, etag(plot))
        assert answer.json()["overlaps"] == []
        assert (await two.theirs.get(of(other))).json()["open_overlaps"] == 0
        assert await events(callers, overlap) == ["plot_overlap.found", "plot_overlap.lapsed"]
        assert (
            await two.theirs.post(f"{OVERLAPS}/{overlap['id']}/settle", NOTE)
        ).status_code == 409

    async def test_another_area_of_a_point_leaves_it(self, two: Neighbours) -> None:
        lon, lat = place()
        await two.plot(lon, lat)
        inside = point(round(lon + 0.0005, 6), round(lat + 0.0005, 6))
        other = await new_plot(two.theirs, two.their_producer, geometry=inside)
        await two.theirs.patch(of(other), {"declared_area_ha": "1"}, etag(other))
        assert await of_plot(two.theirs, other) == other["overlaps"]

    async def test_a_closed_plot_overlaps_nothing(self, two: Neighbours) -> None:
        plot, other, _ = await two.pair()
        await two.ours.make(of(plot, "/close"))
        assert [row["state"] for row in await of_plot(two.theirs, other)] == ["lapsed"]
        west, south = plot["geometry"]["coordinates"][0][0]
        again = await two.plot(west, south)
        assert pairs_of(again["overlaps"]) == {frozenset({again["id"], other["id"]})}


class TestAtOnce:
    async def test_twenty_arriving_plots_find_all_pairs(self, two: Neighbours) -> None:
        lon, lat = place()
        n = 20
        made = await asyncio.gather(
            *(
                (two.plot if i % 2 else two.their_plot)(round(lon + i * 0.00002, 6), lat)
                for i in range(n)
            )
        )
        found = [o for plot in made for o in plot["overlaps"]]
        pairs = {frozenset(pair) for pair in itertools.combinations([p["id"] for p in made], 2)}
        assert pairs_of(found) == pairs
        assert len(found) == len({o["id"] for o in found}) == n * (n - 1) // 2

    async def test_vast_and_small_ones_find_each_other(self, two: Neighbours) -> None:
        """Those that hold the whole map and those that hold cells of it wait for each other."""
        lon, lat = place()
        sides = [0.001 if i % 3 else 0.045 for i in range(12)]
        made = await asyncio.gather(*(two.plot(lon, lat, side) for side in sides))
        pairs = {frozenset(pair) for pair in itertools.combinations([p["id"] for p in made], 2)}
        assert pairs_of([o for plot in made for o in plot["overlaps"]]) == pairs

    async def test_moving_closing_and_arriving_agree_in_the_end(self, two: Neighbours) -> None:
        """Whatever the order, what stands in the end is what the geometries in force share."""
        lon, lat = place()
        spots = [round(lon + i * 0.0004, 6) for i in range(6)]
        plots = [await two.plot(spot, lat) for spot in spots]
        chance = random.Random(20)  # noqa: S311
        moves = [
            two.ours.put(
                of(plot, "/geometry"), {"geometry": square(chance.choice(spots), lat)}, etag(plot)
            )
            for plot in plots[:4]
        ]
        closes = [two.ours.post(of(plot, "/close")) for plot in plots[4:]]
        wishes = [
            plot_wish(two.their_producer, geometry=square(chance.choice(spots), lat))
            for _ in range(6)
        ]
        arrivals = [two.theirs.post(PLOTS, wish) for wish in wishes]
        calls = [*moves, *closes, *arrivals]
        chance.shuffle(calls)
        answers = await asyncio.gather(*calls)
        assert {answer.status_code for answer in answers} == {200, 201}
        box = f"bbox={lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}&limit=100"
        standing = [
            plot
            for caller in (two.ours, two.theirs)
            for plot in (await caller.get(f"{PLOTS}?{box}&state=active")).json()["items"]
        ]
        assert len(standing) == 10
        expected = {
            frozenset({a["id"], b["id"]})
            for a, b in itertools.combinations(standing, 2)
            if abs(west(a) - west(b)) < 0.0009
        }
        open_ones = [
            overlap
            for caller in (two.ours, two.theirs)
            for overlap in (await caller.get(f"{OVERLAPS}?state=open&limit=100")).json()["items"]
        ]
        assert expected
        assert pairs_of(open_ones) == expected


def west(plot: dict[str, Any]) -> float:
    return float(plot["geometry"]["coordinates"][0][0][0])
