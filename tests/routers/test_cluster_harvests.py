"""Kilos of clusters by year and season."""

from decimal import Decimal
from typing import Any

import pytest

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.deliveries import new_centre, new_delivery
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def farms(coop: Caller, count: int, **changes: Any) -> list[dict[str, Any]]:
    """So many producers' plots."""
    producers = [await new_producer(coop, **changes) for _ in range(count)]
    return [await new_plot(coop, producer["id"]) for producer in producers]


async def harvests(caller: Caller, cluster: dict[str, Any], query: str = "") -> list[Any]:
    answer = await caller.get(f"/v1/clusters/{cluster['id']}/harvests{query}")
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["items"]
    return found


def year(of: int, producers: int | None, *kilos: str | None) -> dict[str, Any]:
    names = ("dry_kg", "main_season_dry_kg", "other_months_dry_kg")
    return {"year": of, "producers": producers, **dict(zip(names, kilos, strict=True))}


async def test_by_year_and_season_in_dry_kilos(coop: Caller) -> None:
    one, other = await farms(coop, 2)
    cluster = await new_cluster(coop, [one["producer_id"], other["producer_id"]])
    centre = await new_centre(coop)
    for plot, day, form in (
        (one, "2025-04-01", "wet"),
        (one, "2025-08-31", "dry"),
        (other, "2025-03-31", "dry"),
        (other, "2024-12-31", "wet"),
    ):
        await new_delivery(coop, plot=plot, centre=centre, delivered_on=day, form=form)
    # 100 kg each; wet at 0.33.
    expected = [
        year(2025, 2, "233.000", "133.000", "100.000"),
        year(2024, 1, "33.000", "0.000", "33.000"),
    ]
    assert await harvests(coop, cluster) == expected
    assert await harvests(coop, cluster, "?year=2024") == expected[1:]
    assert await harvests(coop, cluster, "?limit=1") == expected[:1]


async def test_the_season_is_early_in_cusco(coop: Caller) -> None:
    [plot] = await farms(coop, 1, ubigeo="080901")
    cluster = await new_cluster(coop, [plot["producer_id"]])
    centre = await new_centre(coop)
    for day in ("2025-03-01", "2025-08-01"):
        await new_delivery(coop, plot=plot, centre=centre, delivered_on=day, form="dry")
    assert await harvests(coop, cluster) == [year(2025, 1, "200.000", "100.000", "100.000")]


async def test_what_was_delivered_while_no_member_is_not_counted(coop: Caller) -> None:
    [plot] = await farms(coop, 1)
    cluster = await new_cluster(coop, [plot["producer_id"]], joined_on="2024-06-01")
    members = f"/v1/clusters/{cluster['id']}/members"
    [member] = (await coop.get(members)).json()["items"]
    await coop.make(f"{members}/{member['id']}/leave", {"left_on": "2024-08-01"})
    again = {"producer_id": plot["producer_id"], "joined_on": "2025-01-01"}
    await coop.make(members, again)
    centre = await new_centre(coop)
    for day in ("2024-05-31", "2024-06-01", "2024-07-31", "2024-08-01", "2025-01-01"):
        await new_delivery(coop, plot=plot, centre=centre, delivered_on=day, form="dry")
    totals = {one["year"]: one["dry_kg"] for one in await harvests(coop, cluster)}
    assert totals == {2024: "200.000", 2025: "100.000"}


async def test_kilos_are_conserved(coop: Caller) -> None:
    plots = await farms(coop, 3)
    cluster = await new_cluster(coop, [plot["producer_id"] for plot in plots])
    centre = await new_centre(coop)
    made = [
        await new_delivery(
            coop, plot=plot, centre=centre, form="dry", delivered_on=f"2025-{month:02d}-15"
        )
        for plot, month in zip(plots, (1, 4, 9), strict=True)
    ]
    [found] = await harvests(coop, cluster)
    seasons = ("main_season_dry_kg", "other_months_dry_kg")
    assert sum(Decimal(found[name]) for name in seasons) == Decimal(found["dry_kg"])
    assert Decimal(found["dry_kg"]) == sum(Decimal(one["net_kg"]) for one in made)


class TestOnlookers:
    async def test_get_no_sum_of_fewer_than_five_nor_what_leads_to_one(
        self, coop: Caller, callers: Callers
    ) -> None:
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        plots = await farms(coop, 6)
        members = [plot["producer_id"] for plot in plots]
        cluster = await new_cluster(coop, members, joined_on="2022-01-01")
        centre = await new_centre(coop)
        days = {
            # Four delivered: nothing is told.
            **{("2022", n): "2022-05-01" for n in range(4)},
            # Six, one of them outside the season: the year is told, the seasons would tell of one.
            **{("2023", n): "2023-05-01" if n else "2023-11-01" for n in range(6)},
            # All within the season.
            **{("2024", n): "2024-05-01" for n in range(5)},
        }
        for (_, n), day in days.items():
            await new_delivery(coop, plot=plots[n], centre=centre, delivered_on=day, form="dry")
        assert await harvests(caja, cluster) == [
            year(2024, 5, "500.000", "500.000", "0.000"),
            year(2023, 6, "600.000", None, None),
            year(2022, None, None, None, None),
        ]
        assert all(one["dry_kg"] for one in await harvests(coop, cluster))

    async def test_who(self, coop: Caller, callers: Callers) -> None:
        cluster = await new_cluster(coop)
        path = f"/v1/clusters/{cluster['id']}/harvests"
        assert (await callers.anonymous().get(path)).status_code == 401
        supplier = await callers.new(Role.INPUT_SUPPLIER)
        assert (await supplier.get(path)).status_code == 403
        second = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await second.get(path)).status_code == 404
        assert (await coop.get(f"/v1/clusters/{new_id()}/harvests")).status_code == 404
        assert (await coop.get(f"{path}?year=1")).status_code == 422
        assert await harvests(coop, cluster) == []
