"""Facts as of a past day. What a test records is of today; the past is written by hand."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.deliveries import new_centre, new_delivery
from tests.factories.plots import new_plot, point
from tests.factories.producers import new_producer


def yesterday() -> date:
    return today() - timedelta(days=1)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


def rewrite(dsn: str, statement: Any, *values: Any) -> None:
    """Change rows without the guards of the ledger."""
    with psycopg.connect(dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        assert connection.execute(statement, values).rowcount == 1


async def value(coop: Caller, producer: dict[str, Any], fact: str, as_of: date) -> str | None:
    answer = await coop.get(f"/v1/producers/{producer['id']}/facts?as_of={as_of}")
    [found] = [each for each in answer.json()["facts"] if each["fact"] == fact]
    known: str | None = found["value"]
    return known


async def test_land_is_that_of_the_day(coop: Caller, dsn: str) -> None:
    producer = await new_producer(coop)
    plot = await new_plot(coop, producer["id"], geometry=point(), declared_area_ha="3.0000")
    rewrite(
        dsn,
        "UPDATE plot_geometries SET recorded_at = recorded_at - interval '9 days'"
        " WHERE plot_id = %s",
        plot["id"],
    )
    path = f"/v1/plots/{plot['id']}"
    smaller = await coop.patch(path, {"declared_area_ha": "2.0000"}, '"v1"')
    assert smaller.status_code == 200, smaller.text
    for day, area in ((yesterday(), "3.0000"), (today(), "2.0000")):
        assert await value(coop, producer, "cocoa_area_ha", day) == area
    assert await value(coop, producer, "plots", today() - timedelta(days=10)) == "0"
    await coop.make(f"{path}/close")
    assert await value(coop, producer, "cocoa_area_ha", yesterday()) == "3.0000"
    assert await value(coop, producer, "plots", yesterday()) == "1"
    assert await value(coop, producer, "plots", today()) == "0"


async def test_a_closed_plot_does_not_stand_again_with_what_changes_it_later(
    coop: Caller, dsn: str
) -> None:
    """Two registrations of one person were merged today; the plot was closed a week ago."""
    ending, standing = await new_producer(coop), await new_producer(coop)
    plot = await new_plot(coop, ending["id"])
    await coop.make(f"/v1/plots/{plot['id']}/close")
    rewrite(
        dsn,
        "UPDATE plot_geometries SET recorded_at = recorded_at - interval '9 days'"
        " WHERE plot_id = %s",
        plot["id"],
    )
    rewrite(
        dsn,
        "UPDATE plots SET closed_on = closed_on - 7, updated_at = updated_at - interval '7 days'"
        " WHERE id = %s",
        plot["id"],
    )
    assert await value(coop, ending, "plots", today() - timedelta(days=8)) == "1"
    await coop.make(f"/v1/producers/{ending['id']}/merge", {"into": standing["id"]})
    assert await value(coop, standing, "plots", today() - timedelta(days=8)) == "1"
    assert await value(coop, standing, "plots", yesterday()) == "0"


@pytest.mark.parametrize(
    ("ubigeo", "delivered_on", "as_of", "main", "other"),
    [
        ("220601", "2026-04-01", "2026-06-30", "33.000", "0.000"),
        ("220601", "2026-03-31", "2026-06-30", "0.000", "33.000"),
        ("080901", "2026-03-31", "2026-06-30", "33.000", "0.000"),
        ("080901", "2025-08-01", "2026-06-30", "0.000", "33.000"),
        ("220601", "2025-08-31", "2026-06-30", "33.000", "0.000"),
        ("220601", "2025-07-01", "2026-06-30", "33.000", "0.000"),
        # A year ago to the day is a year too long.
        ("220601", "2025-06-30", "2026-06-30", "0.000", "0.000"),
        ("220601", "2026-07-01", "2026-06-30", None, None),
    ],
)
async def test_kilos_are_those_of_twelve_months_by_season(
    coop: Caller,
    dsn: str,
    ubigeo: str,
    delivered_on: str,
    as_of: str,
    main: str | None,
    other: str | None,
) -> None:
    producer = await new_producer(coop, ubigeo=ubigeo)
    plot = await new_plot(coop, producer["id"])
    delivery = await new_delivery(coop, plot=plot, centre=await new_centre(coop))
    rewrite(
        dsn, "UPDATE deliveries SET delivered_on = %s WHERE id = %s", delivered_on, delivery["id"]
    )
    day = date.fromisoformat(as_of)
    assert await value(coop, producer, "delivered_kg_main_season", day) == main
    assert await value(coop, producer, "delivered_kg_other_months", day) == other
