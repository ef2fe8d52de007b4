"""Figures of suppliers, each computed by hand from the orders of the test."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.core.actor import SYSTEM
from api.core.clock import now, today
from api.domains.order_answers import service as answers
from api.models.orders import Order
from api.policies import Role
from api.transactions import Event, unit_of_work
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.clusters import new_cluster
from tests.factories.orders import dispatch_wish, new_order, order_line, receipt_wish


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER, name="Agroinsumos del Huallaga")


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def catalogue(supplier: Caller) -> dict[str, Any]:
    return await new_catalogue(supplier, [{}, {}])


async def figures(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    answer = await caller.get(f"/v1/supplier-performance?{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def moved_back(callers: Callers, order: dict[str, Any], days: int) -> None:
    """As if the order had been placed, and was to be answered, so many days earlier."""
    async with unit_of_work(callers.platform.database, SYSTEM) as uow:
        found = await uow.locked(Order, UUID(order["id"]))
        assert found is not None
        found.placed_at -= timedelta(days=days)
        if found.answer_until:
            found.answer_until = now() - timedelta(seconds=1)
        uow.record(Event("order.test_moved", ("order", found.id)))


async def test_nothing_is_told_by_no_orders(supplier: Caller, coop: Caller) -> None:
    assert await figures(supplier) == []
    assert await figures(coop) == []


async def test_answers_are_counted_by_their_time(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    orders = [await new_order(coop, catalogue) for _ in range(6)]
    taken, refused, expired, late, given_up, _waiting = orders
    await supplier.make(f"/v1/orders/{taken['id']}/accept")
    await moved_back(callers, taken, 4)
    await supplier.make(f"/v1/orders/{refused['id']}/reject", {"reason": "Sin existencias"})
    await moved_back(callers, refused, 2)
    for order in (expired, late):
        await moved_back(callers, order, 10)
    async with unit_of_work(callers.platform.database, SYSTEM) as uow:
        await answers.expire(uow, UUID(expired["id"]))
    await supplier.make(f"/v1/orders/{late['id']}/reject", {"reason": "Sin existencias"})
    await coop.make(f"/v1/orders/{given_up['id']}/cancel")
    [found] = await figures(supplier)
    assert (found["supplier"], found["orders"], found["waiting"]) == (
        "Agroinsumos del Huallaga",
        6,
        1,
    )
    assert (found["answered_in_time"], found["unanswered"], found["rejected"]) == (2, 2, 2)
    # Answered after 4 and 2 days; of four that were to be answered, two were in time.
    assert (found["answered_share"], found["days_to_answer"]) == ("0.500000", "3.00")
    assert (found["dispatched"], found["days_to_dispatch"]) == (0, None)
    assert (found["received"], found["fill_rate"], found["disputed_share"]) == (0, None, None)
    assert await figures(coop) == [found]


async def test_deliveries_are_told_line_by_line(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    bags, more = catalogue["items"]
    lines = [order_line(bags, quantity="10"), order_line(more, quantity="4"), order_line(bags)]
    order = await new_order(coop, catalogue, lines)
    path = f"/v1/orders/{order['id']}"
    first, second, third = (line["id"] for line in order["lines"])
    declined = [{"line_id": third, "answer": "decline", "reason": "Agotado"}]
    await supplier.make(f"{path}/accept", {"lines": declined})
    sent = await supplier.make(
        f"{path}/dispatch", dispatch_wish(order, **{first: "10", second: "4"})
    )
    await moved_back(callers, order, 6)
    wish = receipt_wish(sent)
    arrived = {first: ("7", "1"), second: ("4", "0")}
    for line in wish["lines"]:
        line["received_quantity"], line["damaged_quantity"] = arrived[line["line_id"]]
    await coop.make(f"{path}/receive", wish)
    await coop.make(f"{path}/dispute", {"code": "shortage"})
    [found] = await figures(coop)
    # Lines: 7 of 10, 4 of 4, 0 of 1; short 2 of 10 and 0 of 4; damaged 1 of 10 and 0 of 4.
    assert Decimal(found["fill_rate"]) == round(Decimal("1.7") / 3, 6)
    assert (found["shortage_rate"], found["damage_rate"]) == ("0.100000", "0.050000")
    assert (found["dispatched"], found["days_to_dispatch"]) == (1, "6.00")
    assert (found["received"], found["days_to_receipt"]) == (1, "6.00")
    assert (found["disputed"], found["open_disputes"]) == (1, 1)
    assert found["disputed_share"] == "1.000000"
    await supplier.make(f"{path}/offer-settlement", {"outcome": "nothing"})
    await coop.make(f"{path}/settle", {"outcome": "nothing"})
    [found] = await figures(coop)
    assert (found["disputed"], found["open_disputes"], found["received"]) == (1, 0, 1)


async def test_each_reads_what_is_its_own(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    other = await callers.new(Role.PRODUCER_ORGANIZATION)
    rival = await callers.new(Role.INPUT_SUPPLIER)
    cluster = await new_cluster(coop)
    await new_order(coop, catalogue, cluster_id=cluster["id"])
    await new_order(coop, catalogue)
    await new_order(other, catalogue)
    await new_order(coop, await new_catalogue(rival))

    async def counted(caller: Caller, query: str = "") -> dict[str, int]:
        return {each["supplier_id"]: each["orders"] for each in await figures(caller, query)}

    me, they = str(supplier.organization_id), str(rival.organization_id)
    assert await counted(supplier) == {me: 3}
    assert await counted(coop) == {me: 2, they: 1}
    assert await counted(other) == {me: 1}
    assert await counted(coop, f"supplier_id={they}") == {they: 1}
    assert await counted(coop, f"cluster_id={cluster['id']}") == {me: 1}
    # Clusters are the buyer's: neither the supplier nor another buyer can ask by them.
    assert await counted(supplier, f"cluster_id={cluster['id']}") == {}
    assert await counted(other, f"cluster_id={cluster['id']}") == {}
    assert await counted(rival, f"supplier_id={me}") == {}
    assert (await callers.anonymous().get("/v1/supplier-performance")).status_code == 401
    buyer = await callers.new(Role.BUYER)
    assert (await buyer.get("/v1/supplier-performance")).status_code == 403


async def test_a_period_is_of_whole_days_in_peru(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    order = await new_order(coop, catalogue)
    day, year = today(), timedelta(days=1)
    [found] = await figures(supplier)
    assert found["placed_until"] == str(day)
    [found] = await figures(supplier, f"placed_from={day}&placed_until={day}")
    assert (found["placed_from"], found["orders"]) == (str(day), 1)
    assert await figures(supplier, f"placed_from={day + year}&placed_until={day + year}") == []
    await moved_back(callers, order, 400)
    assert await figures(supplier) == []
    assert len(await figures(supplier, f"placed_from={day - timedelta(days=401)}")) == 1


async def test_the_most_urgent_orders_are_found_first(
    coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    days = (5, 2, 9)
    orders = [
        await new_order(coop, catalogue, answer_until=(now() + timedelta(days=n)).isoformat())
        for n in days
    ]
    await new_order(coop, catalogue, accepted_by=supplier)
    later, soon, last = (order["id"] for order in orders)
    path = "/v1/orders?side=supplier&state=placed&sort=deadline&limit=2"
    page = (await supplier.get(path)).json()
    assert [order["id"] for order in page["items"]] == [soon, later]
    rest = (await supplier.get(f"{path}&cursor={page['next']}")).json()
    assert ([order["id"] for order in rest["items"]], rest["next"]) == ([last], None)
    assert len((await coop.get("/v1/orders?sort=newest")).json()["items"]) == 4
