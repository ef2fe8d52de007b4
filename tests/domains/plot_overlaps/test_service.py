"""All plots in one batch: the same overlaps as on arrival, and what is wrong is mended."""

import random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from api.core.actor import SYSTEM
from api.core.documents import Query
from api.domains.plot_overlaps import repository, service
from api.domains.plot_overlaps.service import Checked
from api.routers.platform import Platform
from api.transactions import Event, unit_of_work
from tests.callers import Callers
from tests.factories.plot_imports import collection, feature, imported
from tests.factories.plots import new_plot, point, square
from tests.routers.test_plot_overlaps import OVERLAPS, of_plot, place
from tests.routers.test_plots import PLOTS, Land, etag, events, land, of

__all__ = ["land"]

Pair = tuple[UUID, UUID]


async def checked(platform: Platform) -> Checked:
    async with unit_of_work(platform.database, SYSTEM) as uow:
        return await service.check(uow)


async def of_land(land: Land, pairs: tuple[Pair, ...]) -> set[Pair]:
    """Those of the pairs that are of the land's plots: other tests write what they like."""
    ids = {UUID(item["id"]) for item in (await land.coop.get(f"{PLOTS}?limit=100")).json()["items"]}
    return {pair for pair in pairs if ids & set(pair)}


async def scattered(land: Land, count: int = 40) -> list[dict[str, Any]]:
    """Plots and points that lie across each other, half of them one by one, half from a file."""
    lon, lat = place()
    chance = random.Random(7)  # noqa: S311 - places, no secrets

    def shape(number: int) -> dict[str, Any]:
        west, south = (round(edge + chance.uniform(0, 0.004), 6) for edge in (lon, lat))
        return point(west, south) if number % 8 == 0 else square(west, south)

    half = count // 2
    for number in range(half):
        area = {"declared_area_ha": "1"} if number % 8 == 0 else {}
        await new_plot(land.coop, land.producer, geometry=shape(number), **area)
    features = [feature(shape(number), external_id=f"P-{number}") for number in range(half)]
    query = f"?producer_id={land.producer}"
    assert (await imported(land.coop, collection(*features), query))["created"] == half
    found: list[dict[str, Any]] = (await land.coop.get(f"{PLOTS}?limit=100")).json()["items"]
    return found


async def test_the_batch_agrees_with_arrival_one_by_one_and_from_files(
    land: Land, platform: Platform
) -> None:
    plots = await scattered(land)
    await land.coop.make(of(plots[3], "/close"))
    wish = {"geometry": square()}
    moved = await land.coop.put(of(plots[5], "/geometry"), wish, etag(plots[5]))
    assert moved.status_code == 200
    found = await checked(platform)
    assert found.plots >= 39
    assert await of_land(land, found.missing) == set()
    assert await of_land(land, found.mistaken) == set()
    standing = (await land.coop.get(f"{OVERLAPS}?state=open&include=total&limit=1")).json()["total"]
    assert standing > 40


@pytest.mark.parametrize("wrong", ["missing", "mistaken"])
async def test_what_is_wrong_is_found_mended_and_told(
    land: Land, platform: Platform, callers: Callers, wrong: str
) -> None:
    lon, lat = place()
    first = await new_plot(land.coop, land.producer, geometry=square(lon, lat))
    await new_plot(land.coop, land.producer, geometry=square(round(lon + 0.0005, 6), lat))
    [kept] = await of_plot(land.coop, first)
    pair = tuple(sorted(UUID(side["plot_id"]) for side in kept["sides"]))
    statement = "DELETE FROM plot_overlaps WHERE id = :id"
    if wrong == "mistaken":
        away = {"geometry": square()}
        await land.coop.put(of(first, "/geometry"), away, etag(first))
        statement = "UPDATE plot_overlaps SET state = 'open' WHERE id = :id"
    async with unit_of_work(platform.database, SYSTEM) as uow:
        await uow.execute(sa.text(statement), {"id": kept["id"]})
        uow.record(Event("test.spoilt", ("plot_overlap", UUID(kept["id"]))))
    found = await checked(platform)
    assert await of_land(land, found.missing) == ({pair} if wrong == "missing" else set())
    assert await of_land(land, found.mistaken) == ({pair} if wrong == "mistaken" else set())
    for expected in (True, False):
        async with unit_of_work(platform.database, SYSTEM) as uow:
            assert await service.mend(uow, *pair) is expected
    found = await checked(platform)
    assert await of_land(land, (*found.missing, *found.mistaken)) == set()
    [mended] = await of_plot(land.coop, first)
    assert mended["state"] == ("open" if wrong == "missing" else "lapsed")
    told = await events(callers, mended)
    assert told[-1] == ("plot_overlap.found" if wrong == "missing" else "plot_overlap.lapsed")
    assert {k: mended[k] for k in ("area_ha", "sides")} == {
        k: kept[k] for k in ("area_ha", "sides")
    }


@pytest.mark.parametrize("statement", ["_NEIGHBOURS", "_MEETINGS"])
async def test_neighbours_are_found_by_their_boxes(platform: Platform, statement: str) -> None:
    """Whatever the planner thinks of the tables: it does not know the boxes, and writes use plans
    made without them.
    """
    query = Query(getattr(repository, statement))
    async with unit_of_work(platform.database, SYSTEM) as uow:
        # On few rows reading all is cheaper; what is asked is whether the index can be used.
        await uow.execute(sa.text("SET LOCAL enable_seqscan = off"))
        await uow.execute(sa.text(f"PREPARE asked AS {query.sql}"))
        arguments = {
            "_NEIGHBOURS": "-76.7, -7.1, -76.6, -7.0, '00000000-0000-0000-0000-000000000000', 9",
            "_MEETINGS": "'{-76.7}', '{-7.1}', '{-76.6}', '{-7.0}', 9, 9",
        }[statement]
        plan = await uow.rows(sa.text(f"EXPLAIN EXECUTE asked({arguments})"))
        await uow.execute(sa.text("DEALLOCATE asked"))
    text = "\n".join(row[0] for row in plan)
    assert "ix_plot_geometries_bounds" in text
    assert "Seq Scan" not in text
