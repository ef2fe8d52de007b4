"""What other rooms ask of plots."""

from decimal import Decimal
from uuid import UUID

from api.core.actor import SYSTEM
from api.domains.plots.repository import area_by_producer, of_producer, of_producers
from api.policies import Role
from api.reads import Reader
from api.transactions import unit_of_work
from tests.callers import Callers
from tests.factories.plots import new_plot, point
from tests.factories.producers import new_producer


async def test_open_plots_and_their_hectares(callers: Callers) -> None:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    one, other, none = [(await new_producer(coop))["id"] for _ in range(3)]
    first = await new_plot(coop, one)
    second = await new_plot(coop, one, geometry=point(), declared_area_ha="2.5")
    closed = await new_plot(coop, one)
    theirs = await new_plot(coop, other, geometry=point(), declared_area_ha="1")
    await coop.make(f"/v1/plots/{closed['id']}/close")
    platform = callers.platform
    reader = Reader(platform.database, SYSTEM, platform.cursors)
    producers = [UUID(producer) for producer in (one, other, none)]
    expected = {
        producers[0]: Decimal(first["area_ha"]) + Decimal("2.5000"),
        producers[1]: Decimal("1.0000"),
        producers[2]: Decimal("0.0000"),
    }
    async with unit_of_work(platform.database, SYSTEM) as uow:
        for source in (reader, uow):
            rows = await of_producer(source, producers[0])
            assert [(str(row["id"]), row["geometry_kind"]) for row in rows] == [
                (first["id"], "polygon"),
                (second["id"], "point"),
            ]
            found = await of_producers(source, producers)
            assert {str(row["id"]) for row in found} == {first["id"], second["id"], theirs["id"]}
            assert await area_by_producer(source, producers) == expected
