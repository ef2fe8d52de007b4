from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.core.clock import today
from api.core.ids import new_id
from api.database import Database
from api.domains.facts import repository
from api.domains.facts.facts import FACTS, ProducerFacts
from api.domains.facts.vocabulary import FactName
from api.policies import Role
from api.routers.platform import Platform
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.deliveries import new_centre, new_delivery
from tests.factories.farm_plans import accepted_plan, fertilizer_line
from tests.factories.plots import new_plot, point
from tests.factories.producers import new_producer
from tests.factories.visits import new_visit


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


def fetch_of(database: Database) -> repository.Fetch:
    async def fetch(query: Any, **values: Any) -> list[Any]:
        return list(await database.pool.fetch(query.sql, *query.arguments(values)))

    return fetch


async def farm(coop: Caller) -> tuple[dict[str, Any], dict[str, Any]]:
    """3 ha of cocoa of 2014 (a point), 1 ha of forest; 300 kg wet and 100 kg dry delivered."""
    producer = await new_producer(coop)
    cocoa = await new_plot(coop, producer["id"], geometry=point(), declared_area_ha="3.0000")
    await new_plot(
        coop,
        producer["id"],
        geometry=point(),
        declared_area_ha="1.0000",
        land_use="forest",
        variety=None,
        planting_year=None,
        plants_per_ha=None,
    )
    centre = await new_centre(coop)
    await new_delivery(coop, plot=cocoa, centre=centre, kg="300.000")
    dry = {"form": "dry", "moisture": "0.0700", "kg": "100.000"}
    await new_delivery(coop, plot=cocoa, centre=centre, **dry)
    return producer, cocoa


async def read(coop: Caller, producer: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer = await coop.get(f"/v1/producers/{producer['id']}/facts{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    return {each["fact"]: each for each in answer.json()["facts"]}


async def test_a_farm_against_a_computation_by_hand(coop: Caller) -> None:
    producer, _ = await farm(coop)
    found = await read(coop, producer)
    values = {name: each["value"] for name, each in found.items()}
    # 300 kg wet at 0.33 and 100 kg dry, on 3 ha.
    assert (values["delivered_kg"], values["kg_per_ha"]) == ("199.000", "66.333")
    parts = ("delivered_kg_main_season", "delivered_kg_other_months")
    in_season = 4 <= today().month <= 8
    expected = ("199.000", "0.000") if in_season else ("0.000", "199.000")
    assert tuple(values[part] for part in parts) == expected
    assert values["delivery_months"] == "1"
    assert (values["plots"], values["polygon_share"]) == ("2", "0.0000")
    assert (values["cocoa_area_ha"], values["diversification_share"]) == ("3.0000", "0.2500")
    assert values["plantation_age_years"] == f"{today().year - 2014}.00"
    assert (values["plants_per_ha"], values["variety"]) == ("1111.00", "CCN-51")
    assert (values["production_system"], values["forest_ha"]) == ("cocoa", "1.0000")
    assert (values["association_status"], values["has_farm_plan"]) == ("associated", "false")
    assert values["conservation_ha"] is None
    assert found["conservation_ha"]["absent_because"] == "no_farm_plan"
    assert found["kg_per_ha"]["unit"] == "kg/ha dry"
    assert set(found) == {name.value for name in FACTS}


async def test_visits_count_once_the_producer_has_confirmed_them(coop: Caller) -> None:
    producer = await new_producer(coop)
    day = today()
    days = [day, day - timedelta(days=364), day - timedelta(days=367)]
    for when in days:
        visit = await new_visit(coop, producer["id"], visited_on=when.isoformat())
        await coop.make(f"/v1/visits/{visit['id']}/confirm", {"channel": "paper"})
    await new_visit(coop, producer["id"])
    assert (await read(coop, producer))["confirmed_visits"]["value"] == "2"
    yesterday = (day - timedelta(days=1)).isoformat()
    before = await read(coop, producer, f"?as_of={yesterday}")
    assert before["confirmed_visits"]["value"] == "0"


async def test_a_producer_without_records_has_nothing_but_reasons(coop: Caller) -> None:
    found = await read(coop, await new_producer(coop))
    unknown = {name for name, each in found.items() if each["value"] is None}
    assert "cocoa_area_ha" in unknown
    assert "delivered_kg" in unknown
    assert all(found[name]["absent_because"] for name in unknown)
    assert not any(found[name]["absent_because"] for name in found.keys() - unknown)


async def test_as_of_yesterday_nothing_of_today_is_known(coop: Caller) -> None:
    producer, _ = await farm(coop)
    yesterday = today() - timedelta(days=1)
    found = await read(coop, producer, f"?as_of={yesterday}")
    assert found["plots"]["value"] == "0"
    assert found["delivered_kg"]["absent_because"] == "no_deliveries"
    assert found["cocoa_area_ha"]["absent_because"] == "no_plots"


async def test_a_closed_plot_is_land_no_more(coop: Caller) -> None:
    producer, cocoa = await farm(coop)
    await coop.make(f"/v1/plots/{cocoa['id']}/close")
    found = await read(coop, producer)
    assert (found["plots"]["value"], found["cocoa_area_ha"]["value"]) == ("1", "0.0000")
    assert found["kg_per_ha"]["absent_because"] == "no_cocoa"


async def test_a_plan_tells_of_forest_and_of_what_is_kept(coop: Caller) -> None:
    producer = await new_producer(coop)
    plot = await new_plot(coop, producer["id"], geometry=point(), declared_area_ha="2.5000")
    start = today().replace(day=1)
    zone = {"plot_id": plot["id"], "future_use": "forest", "treatment": "conserve"}
    cocoa = {**zone, "current_use": "cocoa", "future_use": "cocoa", "treatment": "rehabilitate"}
    zones = [
        {**zone, "current_use": "forest", "area_ha": "0.7000"},
        {**cocoa, "area_ha": "1.8000"},
    ]
    years = {"starts_on": start.isoformat(), "ends_on": f"{start.year + 3}-12-31"}
    yields = [{"year": start.year + n, "kg_per_ha": "500.000"} for n in range(4)]
    lines = [fertilizer_line(month=start.isoformat())]
    await accepted_plan(
        coop, coop, producer, [plot], lines, zones=zones, expected_yields=yields,
        conservation_ha="0.7000", **years,
    )  # fmt: skip
    found = await read(coop, producer)
    assert found["has_farm_plan"]["value"] == "true"
    assert (found["forest_ha"]["value"], found["conservation_ha"]["value"]) == ("0.7000", "0.7000")


async def test_one_a_cluster_and_an_organisation_agree(coop: Caller, platform: Platform) -> None:
    producer, _ = await farm(coop)
    bare = await new_producer(coop)
    cluster = await new_cluster(coop, [producer["id"]])
    fetch = fetch_of(platform.database)
    [alone] = await repository.of_producers(fetch, [UUID(producer["id"])], today())
    assert await repository.of_cluster(fetch, UUID(cluster["id"]), today()) == [alone]
    everybody = await repository.of_organization(fetch, coop.organization_id, today())
    assert {each.producer_id for each in everybody} == {UUID(producer["id"]), UUID(bare["id"])}
    assert alone in everybody
    assert isinstance(alone, ProducerFacts)
    assert alone.values()[FactName.KG_PER_HA] == Decimal("66.333")


class TestCallers:
    async def test_anonymous_wrong_role_and_another(self, coop: Caller, callers: Callers) -> None:
        path = f"/v1/producers/{(await new_producer(coop))['id']}/facts"
        assert (await callers.anonymous().get(path)).status_code == 401
        assert (await (await callers.new(Role.INPUT_SUPPLIER)).get(path)).status_code == 403
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await other.get(path)).status_code == 404
        assert (await coop.get(f"/v1/producers/{new_id()}/facts")).status_code == 404

    async def test_the_future_is_refused(self, coop: Caller) -> None:
        path = f"/v1/producers/{(await new_producer(coop))['id']}/facts"
        answer = await coop.get(f"{path}?as_of={today() + timedelta(days=1)}")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "in-the-future")
