from typing import Any

import pytest

from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.farm_plans import accepted_plan, fertilizer_line, plot_of
from tests.factories.orders import (
    new_order,
    order_line,
    received_order,
)
from tests.factories.producers import new_producer


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER, name="Agroinsumos del Huallaga")


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    """A cooperative that assists its producers itself."""
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


async def plan_lines(
    callers: Callers, coop: Caller, *lines: dict[str, Any]
) -> list[dict[str, Any]]:
    """The lines of a new plan in force."""
    producer = await new_producer(coop)
    plot = await plot_of(coop, producer)
    plan = await accepted_plan(coop, coop, producer, [plot], list(lines) or [fertilizer_line()])
    found: list[dict[str, Any]] = plan["lines"]
    return found


class TestPlace:
    async def test_prices_the_lines_reserves_stock_and_draws_on_the_plan(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(supplier, [{"available": "10"}])
        [line] = await plan_lines(callers, coop)
        item = catalogue["items"][0]
        order = await new_order(
            coop, catalogue, [order_line(item, quantity="3", farm_plan_line_id=line["id"])]
        )
        assert order["total"] == {"amount": "360.00", "currency": "PEN"}
        assert order["lines"][0]["farm_plan_line_id"] == line["id"]
        after = await coop.get(f"/v1/catalogue-items/{item['id']}")
        assert after.json()["available"] == "7.000"

    async def test_life(self, callers: Callers, coop: Caller, supplier: Caller) -> None:
        catalogue = await new_catalogue(supplier, [{"available": "10"}, {}])
        order = await received_order(coop, supplier, catalogue)
        assert order["state"] == "received"
        cancelled = await new_order(coop, catalogue)
        answer = await coop.make(f"/v1/orders/{cancelled['id']}/cancel")
        assert answer["state"] == "cancelled"
        payment = {"source": "cash", "amount": "10.00", "paid_on": "2026-11-23"}
        paid = await coop.make(f"/v1/orders/{order['id']}/payments", payment)
        assert paid["paid_amount"]["amount"] == "10.00"
        lst = await supplier.get("/v1/orders?side=supplier")
        assert len(lst.json()["items"]) == 2
