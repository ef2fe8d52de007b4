"""What many callers want at once is had by as many as there is enough for."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.core.clock import now, today
from api.jobs.orders import expire_unanswered
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.farm_plans import fertilizer_line
from tests.factories.orders import (
    available,
    dispatch_wish,
    new_order,
    order_line,
    order_wish,
    ordered,
    plan_lines,
)


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


async def until_served(caller: Caller, path: str, body: Any) -> httpx.Response:
    """POST again, with the same key, while the platform is too busy to serve it."""
    headers = {"Idempotency-Key": str(uuid4())}
    while True:
        answer = await caller.post(path, body, headers=headers)
        if answer.status_code != 503:
            return answer
        await asyncio.sleep(0.05)


async def books_of(callers: Callers, item: dict[str, Any]) -> tuple[Any, Any]:
    """What is left of an item, and the sum of its movements."""
    row = await callers.platform.database.pool.fetchrow(
        "SELECT (SELECT available FROM stocks WHERE item_id = $1),"
        " (SELECT sum(quantity) FROM stock_movements WHERE item_id = $1)",
        UUID(item["id"]),
    )
    return row[0], row[1]


async def due_in(callers: Callers, span: timedelta, *orders: dict[str, Any]) -> None:
    """Let so much time be left to answer orders, however long it took to place them."""
    async with callers.platform.database.transaction() as (_, driver):
        await driver.execute("ALTER TABLE orders DISABLE TRIGGER recorded")
        await driver.execute(
            "UPDATE orders SET answer_until = $2 WHERE id = ANY($1::text[]::uuid[])",
            [order["id"] for order in orders],
            now() + span,
        )
        await driver.execute("ALTER TABLE orders ENABLE TRIGGER recorded")


async def test_two_hundred_orders_sell_a_hundred_packs_exactly(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    catalogue = await new_catalogue(supplier, [{"available": "100"}])
    wish = order_wish(catalogue)
    answers = await asyncio.gather(*(until_served(coop, "/v1/orders", wish) for _ in range(200)))
    assert Counter(answer.status_code for answer in answers) == {201: 100, 409: 100}
    for answer in answers:
        if answer.status_code == 409:
            [fault] = answer.json()["errors"]
            assert (fault["pointer"], fault["code"], fault["left"]) == (
                "/lines/0/item_id",
                "not-enough-stock",
                "0.000",
            )
    assert await books_of(callers, catalogue["items"][0]) == (0, 0)
    listed = await coop.get("/v1/orders?include=total&limit=1")
    assert listed.json()["total"] == 100


async def test_orders_of_many_items_in_any_order_never_block_each_other_for_good(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    """Each order takes the items in another sequence, half of them are cancelled meanwhile."""
    catalogue = await new_catalogue(supplier, [{"available": "30"} for _ in range(4)])
    items = catalogue["items"]

    async def buy(turn: int) -> bool:
        sequence = items[turn % 4 :] + items[: turn % 4]
        if turn % 2:
            sequence.reverse()
        lines = [order_line(item) for item in sequence]
        answer = await until_served(coop, "/v1/orders", order_wish(catalogue, lines))
        if answer.status_code != 201:
            assert answer.status_code == 409
            return False
        if turn % 2:
            path = f"/v1/orders/{answer.json()['id']}/cancel"
            assert (await until_served(coop, path, None)).status_code == 200
            return False
        return True

    kept = sum(await asyncio.gather(*(buy(turn) for turn in range(60))))
    assert 0 < kept <= 30
    for item in items:
        assert await books_of(callers, item) == (30 - kept, 30 - kept)


async def test_a_plan_line_is_not_bought_twice_over(coop: Caller, supplier: Caller) -> None:
    catalogue = await new_catalogue(supplier, [{"pack_size": "50"}, {"pack_size": "50"}])
    [line] = await plan_lines(coop, fertilizer_line(quantity="500.000"))
    answers = await asyncio.gather(
        *(
            until_served(
                coop,
                "/v1/orders",
                order_wish(
                    catalogue,
                    [order_line(catalogue["items"][turn % 2], farm_plan_line_id=line["id"])],
                ),
            )
            for turn in range(30)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {201: 10, 409: 20}
    refused = [answer.json()["errors"][0] for answer in answers if answer.status_code == 409]
    assert {(fault["code"], fault["left"]) for fault in refused} == {
        ("plan-line-exhausted", "0.000")
    }
    assert await ordered(coop, line) == "500.000"


async def test_one_key_makes_one_order_however_often_it_is_sent(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    catalogue = await new_catalogue(supplier, [{"available": "100"}])
    wish, headers = order_wish(catalogue), {"Idempotency-Key": str(uuid4())}

    async def send() -> httpx.Response:
        return await coop.post("/v1/orders", wish, headers=headers)

    answers = await asyncio.gather(*(send() for _ in range(50)))
    made = [answer for answer in answers if answer.status_code == 201]
    others = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    assert len({answer.content for answer in made}) == 1
    assert others <= {"still-running", "busy"}
    assert sum("idempotent-replayed" not in answer.headers for answer in made) == 1
    again = await send()
    assert (again.status_code, again.content) == (201, made[0].content)
    assert again.headers["idempotent-replayed"] == "true"
    assert await available(coop, catalogue["items"][0]) == "99.000"
    assert (await coop.get("/v1/orders?include=total")).json()["total"] == 1


async def test_rejecting_and_cancelling_at_once_frees_the_goods_once(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    catalogue = await new_catalogue(supplier, [{"available": "10"}])
    [line] = await plan_lines(coop)
    lines = [order_line(catalogue["items"][0], quantity="4", farm_plan_line_id=line["id"])]
    for _ in range(5):
        order = await new_order(coop, catalogue, lines)
        path = f"/v1/orders/{order['id']}"
        answers = await asyncio.gather(
            *(until_served(coop, f"{path}/cancel", None) for _ in range(4)),
            *(until_served(supplier, f"{path}/reject", {"reason": "No"}) for _ in range(4)),
        )
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
        assert await books_of(callers, catalogue["items"][0]) == (10, 10)
        assert await ordered(coop, line) == "0.000"


async def test_payments_at_once_never_exceed_the_total(coop: Caller, supplier: Caller) -> None:
    catalogue = await new_catalogue(supplier, [{"price": "100.00"}])
    order = await new_order(coop, catalogue, accepted_by=supplier)
    path = f"/v1/orders/{order['id']}"
    body = {"source": "cash", "amount": "30.00", "paid_on": str(today())}
    answers = await asyncio.gather(
        *(until_served(coop, f"{path}/payments", body) for _ in range(12))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 3, 409: 9}
    read = (await coop.get(path)).json()
    assert read["paid_amount"]["amount"] == "90.00"
    assert len(read["payments"]) == 3


async def test_setting_stock_while_it_sells_keeps_the_books(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    catalogue = await new_catalogue(supplier, [{"available": "50"}])
    item = catalogue["items"][0]
    stock = f"/v1/catalogue-items/{item['id']}/stock"
    await asyncio.gather(
        *(until_served(coop, "/v1/orders", order_wish(catalogue)) for _ in range(30)),
        *(until_served(supplier, stock, {"available": "20"}) for _ in range(5)),
    )
    left, moved = await books_of(callers, item)
    assert left == moved
    assert left >= 0


async def test_a_proposal_answered_and_cancelled_at_once_ends_one_way(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    catalogue = await new_catalogue(supplier, [{"available": "10"}, {"available": "10"}])
    bags, others = catalogue["items"]
    [line] = await plan_lines(coop, fertilizer_line(quantity="500.000"))
    lines = [order_line(bags, quantity="4", farm_plan_line_id=line["id"])]
    for _ in range(5):
        order = await new_order(coop, catalogue, lines)
        path, first = f"/v1/orders/{order['id']}", order["lines"][0]["id"]
        wanted = {"item_id": others["id"], "quantity": "3"}
        answer = {"line_id": first, "answer": "substitute", "substitute": wanted}
        await supplier.make(f"{path}/accept", {"lines": [answer]})
        yes = {"lines": [{"line_id": first, "answer": "accept"}]}
        answers = await asyncio.gather(
            *(until_served(coop, f"{path}/answer-substitutes", yes) for _ in range(3)),
            *(until_served(supplier, f"{path}/reject", {"reason": "No"}) for _ in range(3)),
        )
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
        taken = (await coop.get(path)).json()["state"] == "accepted"
        assert await books_of(callers, bags) == (10, 10)
        assert await books_of(callers, others) == ((7, 7) if taken else (10, 10))
        assert await ordered(coop, line) == ("150.000" if taken else "0.000")
        if taken:
            await coop.make(f"{path}/cancel")


async def test_sending_and_cancelling_the_rest_at_once_share_what_is_left(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    catalogue = await new_catalogue(supplier, [{"available": "10"}])
    [line] = await plan_lines(coop, fertilizer_line(quantity="500.000"))
    lines = [order_line(catalogue["items"][0], quantity="9", farm_plan_line_id=line["id"])]
    order = await new_order(coop, catalogue, lines, accepted_by=supplier)
    path, only = f"/v1/orders/{order['id']}", order["lines"][0]["id"]
    one = dispatch_wish(order, **{only: "1"})
    await supplier.make(f"{path}/dispatch", one)
    answers = await asyncio.gather(
        *(until_served(supplier, f"{path}/dispatch", one) for _ in range(5)),
        until_served(coop, f"{path}/cancel", None),
        *(until_served(supplier, f"{path}/dispatch", one) for _ in range(5)),
    )
    sent = (
        1 + sum(answer.status_code == 200 for answer in answers) - (answers[5].status_code == 200)
    )
    read = (await coop.get(path)).json()
    assert read["state"] == "dispatched"
    [told] = read["lines"]
    assert told["dispatched_quantity"] == f"{sent}.000"
    assert told["cancelled_quantity"] == f"{9 - sent}.000"
    assert await books_of(callers, catalogue["items"][0]) == (10 - sent, 10 - sent)
    assert await ordered(coop, line) == f"{50 * sent}.000"


async def test_expiring_and_accepting_at_once_ends_one_way(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    catalogue = await new_catalogue(supplier, [{"available": "20"}])
    orders = [await new_order(coop, catalogue) for _ in range(8)]
    await due_in(callers, timedelta(milliseconds=400), *orders)

    async def accept(order: dict[str, Any], wait: float) -> int:
        await asyncio.sleep(wait)
        path = f"/v1/orders/{order['id']}/accept"
        return (await until_served(supplier, path, None)).status_code

    async def expire(wait: float) -> None:
        await asyncio.sleep(wait)
        await expire_unanswered(callers.platform.database)

    accepting = (accept(order, 0.06 * turn) for turn, order in enumerate(orders, 3))
    expiring = asyncio.gather(*(expire(0.1 * turn) for turn in range(8)))
    statuses = await asyncio.gather(*accepting)
    await expiring
    await expire_unanswered(callers.platform.database)
    states = [(await coop.get(f"/v1/orders/{x['id']}")).json()["state"] for x in orders]
    ended = {200: "accepted", 409: "expired"}
    assert states == [ended[status] for status in statuses]
    kept = states.count("accepted")
    assert await books_of(callers, catalogue["items"][0]) == (20 - kept, 20 - kept)
