"""What is on the shelves of many items, told in one call."""

import asyncio
from decimal import Decimal
from uuid import uuid4

import pytest

from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.orders import new_order, order_line, order_wish
from tests.routers.test_catalogues import stock_of


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def test_stocks_of_many_items_are_one_call_also_after_publication(
    callers: Callers, supplier: Caller, coop: Caller
) -> None:
    made = await new_catalogue(supplier, [{"available": "5"}, {"available": "7"}, {}, {}])
    first, same, to_order, unnamed = made["items"]
    await new_order(coop, made, [order_line(first, quantity="2")])
    wanted = ((first, "40.000"), (same, "7.000"), (to_order, "0.000"))
    body = {"items": [{"sku": i["sku"], "available": n} for i, n in wanted]}
    path = f"/v1/catalogues/{made['id']}/stock"
    assert await supplier.make(path, body) == {"updated": 2, "unchanged": 1}
    for item, packs in wanted:
        read = (await coop.get(f"/v1/catalogue-items/{item['id']}")).json()
        assert read["available"] == packs
        assert await stock_of(callers, item["id"]) == (Decimal(packs), Decimal(packs) or None)
    read = (await coop.get(f"/v1/catalogue-items/{unnamed['id']}")).json()
    assert read["available"] is None
    assert await supplier.make(path, body) == {"updated": 0, "unchanged": 3}


async def test_stocks_told_once_more_by_a_retry_move_nothing(
    callers: Callers, supplier: Caller, coop: Caller
) -> None:
    made = await new_catalogue(supplier, [{"available": "5"}])
    [item], path = made["items"], f"/v1/catalogues/{made['id']}/stock"
    body = {"items": [{"sku": item["sku"], "available": "9"}]}
    headers = {"Idempotency-Key": str(uuid4())}
    first = await supplier.post(path, body, headers=headers)
    await new_order(coop, made, [order_line(item, quantity="4")])
    again = await supplier.post(path, body, headers=headers)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert await stock_of(callers, item["id"]) == (5, 5)


async def test_every_sku_that_is_not_there_is_named_and_nothing_changed(
    callers: Callers, supplier: Caller
) -> None:
    made = await new_catalogue(supplier, [{"available": "5"}])
    sku, path = made["items"][0]["sku"], f"/v1/catalogues/{made['id']}/stock"
    before = await callers.entries_of(supplier)
    items = [{"sku": each, "available": "9"} for each in (sku, "NADA", sku)]
    answer = await supplier.post(path, {"items": items})
    assert (answer.status_code, answer.json()["code"]) == (409, "rule-broken")
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/items/1/sku", "sku-unknown"),
        ("/items/2/sku", "sku-repeated"),
    ]
    for bad in ([], [{"sku": sku, "available": "-1"}], [{"sku": sku}]):
        assert (await supplier.post(path, {"items": bad})).status_code == 422
    await supplier.make(f"/v1/catalogues/{made['id']}/withdraw")
    over = await supplier.post(path, {"items": items[:1]})
    assert (over.status_code, over.json()["code"]) == (409, "state-not-allowed")
    assert await callers.entries_of(supplier) == before + 1
    assert await stock_of(callers, made["items"][0]["id"]) == (5, 5)


async def test_while_orders_are_placed_stock_is_the_sum_of_its_movements(
    callers: Callers, supplier: Caller, coop: Caller
) -> None:
    made = await new_catalogue(supplier, [{"available": "20"}, {"available": "20"}])
    path = f"/v1/catalogues/{made['id']}/stock"
    # Named in the other order than orders lock them.
    skus = [item["sku"] for item in reversed(made["items"])]
    body = {"items": [{"sku": sku, "available": "30"} for sku in skus]}
    answers = await asyncio.gather(
        *(coop.post("/v1/orders", order_wish(made)) for _ in range(8)),
        *(supplier.post(path, body) for _ in range(4)),
    )
    assert {answer.status_code for answer in answers} == {200, 201}
    for item in made["items"]:
        left, moved = await stock_of(callers, item["id"])
        assert left == moved
