"""Forecasts from farm plans: they add up everybody's, so every test has a month of its own."""

import itertools
from decimal import Decimal
from typing import Any

import pytest

from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.farm_plans import accepted_plan, approved_plan, draft_plan, fertilizer_line
from tests.factories.orders import new_order, order_line
from tests.factories.plots import new_plot
from tests.factories.producers import new_dni, new_producer

_months = itertools.count(2040 * 12)
JUANJUI, PACHIZA, TOCACHE = "220601", "220604", "221001"


@pytest.fixture
def month() -> str:
    number = next(_months)
    return f"{number // 12}-{number % 12 + 1:02d}-01"


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


async def planned(
    coop: Caller, month: str, ubigeo: str = JUANJUI, *, state: str = "accepted", **changes: Any
) -> dict[str, Any]:
    """Another producer of a district with a plan of one line; the plan."""
    producer = changes.pop("producer", None) or await new_producer(coop, ubigeo=ubigeo)
    plot = await new_plot(coop, producer["id"])
    year = int(month[:4])
    plan: dict[str, Any] = {
        "starts_on": f"{year}-01-01",
        "ends_on": f"{year}-12-31",
        "expected_yields": [{"year": year, "kg_per_ha": "500.000"}],
    }
    given: tuple[Any, ...] = (producer, [plot], [fertilizer_line(month=month, **changes)])
    if state == "draft":
        return await draft_plan(coop, *given, **plan)
    if state == "approved":
        return await approved_plan(coop, *given, **plan)
    return await accepted_plan(coop, coop, *given, **plan)


async def forecasts(caller: Caller, month: str, query: str = "") -> list[dict[str, Any]]:
    answer = await caller.get(
        f"/v1/demand-forecasts?month_from={month}&month_until={month}&{query}"
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_five_producers_make_a_forecast_and_four_do_not(
    coop: Caller, supplier: Caller, month: str
) -> None:
    for _ in range(4):
        await planned(coop, month)
    assert await forecasts(supplier, month) == []
    await planned(coop, month, state="draft")
    assert await forecasts(supplier, month) == []
    await planned(coop, month, state="approved")
    assert await forecasts(supplier, month) == [
        {
            "level": "district",
            "ubigeo": JUANJUI,
            "category": "fertilizer",
            "month": month,
            "unit": "KGM",
            "producers": 5,
            "quantity": "3000.000",
            "open_quantity": "3000.000",
            "estimated_cost": {"amount": "5700.00", "currency": "PEN"},
        }
    ]


async def test_a_person_counts_once_however_many_register_them(
    callers: Callers, coop: Caller, supplier: Caller, month: str
) -> None:
    for _ in range(4):
        await planned(coop, month)
    other = await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)
    document = {"type": "dni", "number": new_dni()}
    for each in (coop, other):
        twice = await new_producer(each, document=document)
        await planned(each, month, producer=twice, quantity="300.000")
    [found] = await forecasts(supplier, month)
    # Five persons; 4 × 600 + 2 × 300.
    assert (found["producers"], found["quantity"]) == (5, "3000.000")


async def test_of_two_plans_the_one_in_force_counts(
    coop: Caller, supplier: Caller, month: str
) -> None:
    for _ in range(4):
        await planned(coop, month)
    producer = await new_producer(coop)
    await planned(coop, month, producer=producer)
    await planned(coop, month, producer=producer, state="approved", quantity="900.000")
    [found] = await forecasts(supplier, month)
    assert found["quantity"] == "3000.000"


async def test_what_is_too_little_for_a_place_is_told_of_the_rest_of_a_wider_one(
    coop: Caller, supplier: Caller, month: str
) -> None:
    for _ in range(5):
        await planned(coop, month, JUANJUI)
    for _ in range(3):
        await planned(coop, month, PACHIZA)
    for _ in range(2):
        await planned(coop, month, TOCACHE)
    found = await forecasts(supplier, month)
    # The province without Juanjuí is of three: they count with Tocache, in no two rows at once.
    assert [(f["level"], f["ubigeo"], f["quantity"]) for f in found] == [
        ("department", "22", "3000.000"),
        ("district", JUANJUI, "3000.000"),
    ]
    for _ in range(2):
        await planned(coop, month, PACHIZA)
    found = await forecasts(supplier, month)
    assert [(f["level"], f["ubigeo"]) for f in found] == [
        ("district", JUANJUI),
        ("district", PACHIZA),
    ]


async def test_no_filter_makes_a_row_that_the_whole_does_not_have(
    coop: Caller, supplier: Caller, month: str
) -> None:
    for ubigeo, count in ((JUANJUI, 6), (PACHIZA, 5), (TOCACHE, 5)):
        for _ in range(count):
            await planned(coop, month, ubigeo)
    whole = await forecasts(supplier, month)
    assert len(whole) == 3
    for query, expected in (
        ("category=fertilizer", 3),
        ("category=tool", 0),
        ("unit=KGM", 3),
        ("ubigeo=22", 3),
        ("ubigeo=2206", 2),
        ("ubigeo=220601", 1),
        ("ubigeo=25", 0),
        ("level=district", 3),
        ("level=province", 0),
        ("open=true", 3),
        ("open=false", 0),
    ):
        part = await forecasts(supplier, month, query)
        assert len(part) == expected, query
        assert all(each in whole for each in part), query
    first = await supplier.get(
        f"/v1/demand-forecasts?month_from={month}&month_until={month}&limit=2&include=total"
    )
    assert first.json()["total"] == 3
    rest = await supplier.get(
        f"/v1/demand-forecasts?month_from={month}&month_until={month}&limit=2"
        f"&cursor={first.json()['next']}"
    )
    assert [*first.json()["items"], *rest.json()["items"]] == whole


async def test_who_needs_more_than_all_the_others_is_not_told_of(
    coop: Caller, supplier: Caller, month: str
) -> None:
    for _ in range(5):
        await planned(coop, month, quantity="10.000")
    await planned(coop, month, quantity="51.000")
    assert await forecasts(supplier, month) == []


async def test_rounds_what_it_tells(coop: Caller, supplier: Caller, month: str) -> None:
    for _ in range(7):
        await planned(
            coop,
            month,
            quantity="617.500",
            estimated_cost={"amount": "1234.56", "currency": "PEN"},
        )
    [found] = await forecasts(supplier, month)
    # 4322.5 kg, S/ 8641.92, seven producers.
    assert (found["producers"], found["quantity"]) == (5, "4300.000")
    assert found["estimated_cost"]["amount"] == "8600.00"


async def test_what_is_open_is_told_only_where_five_bought_and_five_did_not(
    coop: Caller, supplier: Caller, month: str
) -> None:
    plans = [await planned(coop, month) for _ in range(10)]
    catalogue = await new_catalogue(supplier)
    item = catalogue["items"][0]
    for number, plan in enumerate(plans, 1):
        line = order_line(item, quantity="12", farm_plan_line_id=plan["lines"][0]["id"])
        await new_order(coop, catalogue, [line])
        [found] = await forecasts(supplier, month)
        assert found["quantity"] == "6000.000"
        told = {5: "3000.000", 10: "0.000"}.get(number)
        assert found["open_quantity"] == told, number
        still = told is not None and Decimal(told) > 0
        assert bool(await forecasts(supplier, month, "open=true")) is still


async def test_only_who_may_reads_it(callers: Callers, supplier: Caller, month: str) -> None:
    for caller, status in (
        (callers.anonymous(), 401),
        (await callers.new(Role.PRODUCER_ORGANIZATION), 403),
        (await callers.new(Role.BUYER), 403),
        (supplier, 200),
    ):
        assert (await caller.get("/v1/demand-forecasts?limit=1")).status_code == status
    for query in ("ubigeo=2", "category=cocoa", "month_from=2027", "level=country"):
        assert (await supplier.get(f"/v1/demand-forecasts?{query}")).status_code == 422, query


async def test_months_that_are_over_are_in_no_forecast(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    for _ in range(5):
        await planned(coop, "2025-03-01")
    assert await forecasts(supplier, "2025-03-01") == []


async def test_a_forecast_is_of_three_months_unless_more_are_asked_for_and_of_a_year_at_most(
    coop: Caller, supplier: Caller
) -> None:
    months = ["2190-01-01", "2190-03-01", "2190-04-01", "2190-12-01", "2191-01-01"]
    for month in months:
        for _ in range(5):
            await planned(coop, month)

    async def told(query: str) -> list[str]:
        path = f"/v1/demand-forecasts?month_from=2190-01-01{query}"
        return [each["month"] for each in (await supplier.get(path)).json()["items"]]

    assert await told("") == months[:2]
    assert await told("&month_until=2190-04-30") == months[:3]
    assert await told("&month_until=2200-01-01") == months[:4]
