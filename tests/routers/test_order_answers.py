"""Orders answered line by line: stock, plan lines and total follow to the last unit."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.core.actor import SYSTEM
from api.core.clock import now, today
from api.domains.order_answers import service
from api.jobs.orders import expire_unanswered
from api.policies import Role
from api.transactions import UnitOfWork, unit_of_work
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.farm_plans import fertilizer_line
from tests.factories.orders import (
    available,
    dispatch_wish,
    new_order,
    order_line,
    ordered,
    plan_lines,
    receipt_wish,
)


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


@pytest.fixture
async def catalogue(supplier: Caller) -> dict[str, Any]:
    """Bags of 50 kg at S/ 120.00, bags of 25 kg at S/ 70.00, tools at S/ 40.00."""
    return await new_catalogue(
        supplier,
        [
            {"available": "10"},
            {"available": "20", "pack_size": "25", "price": "70.00", "name": "Guano de isla"},
            {"available": "5", "price": "40.00", "category": "tool", "unit": "H87"},
        ],
    )


async def books(callers: Callers, order: dict[str, Any]) -> dict[str, tuple[Decimal, Decimal]]:
    """Of each item of an order: what is left, and the sum of its movements."""
    rows = await callers.platform.database.pool.fetch(
        "SELECT i.item_id::text, s.available, (SELECT sum(m.quantity) FROM stock_movements m"
        " WHERE m.item_id = i.item_id) AS moved FROM stocks s JOIN"
        " (SELECT DISTINCT item_id FROM stock_movements WHERE order_id = $1) i"
        " ON i.item_id = s.item_id",
        UUID(order["id"]),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def assert_adds_up(order: dict[str, Any]) -> None:
    """A total is the sum of the lines' amounts, an amount that of the packs not cancelled."""
    lines = order["lines"]
    for line in lines:
        packs = Decimal(line["quantity"]) - Decimal(line["cancelled_quantity"])
        cost = packs * Decimal(line["unit_price"]["amount"])
        assert Decimal(line["amount"]["amount"]) == cost.quantize(Decimal("0.01"))
    total = sum((Decimal(line["amount"]["amount"]) for line in lines), Decimal(0))
    assert Decimal(order["total"]["amount"]) == total


def substitute(line: dict[str, Any], item: dict[str, Any], quantity: str, **more: Any) -> Any:
    wanted = {"item_id": item["id"], "quantity": quantity, **more}
    return {"line_id": line["id"], "answer": "substitute", "substitute": wanted}


async def make_overdue(callers: Callers, order: dict[str, Any]) -> None:
    """Let the time to answer an order be over since a second."""
    async with callers.platform.database.transaction() as (_, driver):
        await driver.execute("ALTER TABLE orders DISABLE TRIGGER recorded")
        await driver.execute(
            "UPDATE orders SET answer_until = $2 WHERE id = $1",
            UUID(order["id"]),
            now() - timedelta(seconds=1),
        )
        await driver.execute("ALTER TABLE orders ENABLE TRIGGER recorded")


async def told_to(callers: Callers, caller: Caller, order: dict[str, Any]) -> list[str]:
    """The events about an order that an organisation made or that name it."""
    rows = await callers.platform.database.pool.fetch(
        "SELECT event FROM ledger_entries WHERE subject_id = $1"
        " AND (organization_id = $2 OR body LIKE '%' || $2::text || '%') ORDER BY id",
        UUID(order["id"]),
        caller.organization_id,
    )
    return [row[0] for row in rows]


class TestDeclining:
    async def test_a_line_frees_what_it_reserved_and_costs_nothing(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags, guano, tool = catalogue["items"]
        [line] = await plan_lines(coop, fertilizer_line(quantity="500.000"))
        lines = [
            order_line(bags, quantity="4", farm_plan_line_id=line["id"]),
            order_line(guano, quantity="8", farm_plan_line_id=line["id"]),
            order_line(tool, quantity="2"),
        ]
        order = await new_order(coop, catalogue, lines)
        assert (order["total"]["amount"], order["answer_until"] is not None) == ("1120.00", True)
        path = f"/v1/orders/{order['id']}"
        first = order["lines"][0]["id"]
        answer = {"line_id": first, "answer": "decline", "reason": "Agotado"}
        got = await supplier.make(f"{path}/accept", {"lines": [answer]})
        assert (got["state"], got["answer_until"]) == ("accepted", None)
        told = [(x["state"], x["reason"], x["cancelled_quantity"]) for x in got["lines"]]
        assert told == [
            ("declined", "Agotado", "4.000"),
            ("ordered", None, "0.000"),
            ("ordered", None, "0.000"),
        ]
        assert got["total"]["amount"] == "640.00"
        assert_adds_up(got)
        assert [await available(coop, item) for item in (bags, guano, tool)] == [
            "10.000",
            "12.000",
            "3.000",
        ]
        assert await ordered(coop, line) == "200.000"
        assert all(left == moved for left, moved in (await books(callers, got)).values())
        # What was declined is neither sent nor received.
        over = await supplier.post(f"{path}/dispatch", dispatch_wish(got, **{first: "1"}))
        assert [e["code"] for e in over.json()["errors"]] == ["more-than-ordered"]
        sent = await supplier.make(f"{path}/dispatch", dispatch_wish(got))
        assert sent["state"] == "dispatched"
        received = await coop.make(f"{path}/receive", receipt_wish(sent))
        assert received["state"] == "received"
        body = {"source": "cash", "amount": "640.01", "paid_on": str(today())}
        assert (await coop.post(f"{path}/payments", body)).status_code == 409

    async def test_every_line_is_a_rejection(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        order = await new_order(coop, catalogue)
        answers = [
            {"line_id": line["id"], "answer": "decline", "reason": "No"} for line in order["lines"]
        ]
        path = f"/v1/orders/{order['id']}"
        before = await callers.entries_of(supplier)
        refused = await supplier.post(f"{path}/accept", {"lines": answers})
        assert [e["code"] for e in refused.json()["errors"]] == ["nothing-accepted"]
        unknown = [{**answers[0], "line_id": str(uuid4())}, answers[1], answers[1]]
        refused = await supplier.post(f"{path}/accept", {"lines": unknown})
        assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
            ("/lines/0/line_id", "line-unknown"),
            ("/lines/2/line_id", "line-repeated"),
        ]
        assert await callers.entries_of(supplier) == before
        assert (await coop.get(path)).json() == order

    @pytest.mark.parametrize(
        "answer",
        [
            {"answer": "decline"},
            {"answer": "substitute"},
            {"answer": "accept", "substitute": {"item_id": str(uuid4()), "quantity": "1"}},
            {"answer": "perhaps"},
        ],
    )
    async def test_says_why(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any], answer: dict[str, Any]
    ) -> None:
        order = await new_order(coop, catalogue)
        body = {"lines": [{"line_id": order["lines"][0]["id"], **answer}]}
        assert (await supplier.post(f"/v1/orders/{order['id']}/accept", body)).status_code == 422


class TestSubstitutes:
    async def test_taken_reserve_their_own_and_declined_free_the_line(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags, guano, tool = catalogue["items"]
        [line] = await plan_lines(coop, fertilizer_line(quantity="300.000"))
        lines = [
            order_line(bags, quantity="4", farm_plan_line_id=line["id"]),
            order_line(tool, quantity="2"),
            order_line(bags, quantity="2", farm_plan_line_id=line["id"]),
        ]
        order = await new_order(coop, catalogue, lines)
        path = f"/v1/orders/{order['id']}"
        first, second, third = order["lines"]
        answers = [
            substitute(first, guano, "8", unit_price="65.50"),
            substitute(second, tool, "1"),
            {"line_id": third["id"], "answer": "accept"},
        ]
        got = await supplier.make(f"{path}/accept", {"lines": answers})
        assert got["state"] == "proposed"
        assert [x["state"] for x in got["lines"]] == ["proposed", "proposed", "ordered"]
        offered = [
            (x["line_id"], x["unit_price"]["amount"], x["state"]) for x in got["substitutes"]
        ]
        assert offered == [
            (first["id"], "65.50", "proposed"), (second["id"], "40.00", "proposed"),
        ]  # fmt: skip
        # Nothing moves before the buyer answers, and it must answer all of it.
        assert got["total"] == order["total"]
        assert (await available(coop, bags), await available(coop, guano)) == ("4.000", "20.000")
        assert (await supplier.post(f"{path}/dispatch", dispatch_wish(got))).status_code == 409
        yes = {"line_id": first["id"], "answer": "accept"}
        half = await coop.post(f"{path}/answer-substitutes", {"lines": [yes]})
        assert [e["code"] for e in half.json()["errors"]] == ["line-unanswered"]
        wrong = [yes, {"line_id": third["id"], "answer": "accept"}]
        foreign = await coop.post(f"{path}/answer-substitutes", {"lines": wrong})
        assert [e["code"] for e in foreign.json()["errors"]] == ["not-proposed", "line-unanswered"]
        no = {"line_id": second["id"], "answer": "decline"}
        done = await coop.make(f"{path}/answer-substitutes", {"lines": [yes, no]})
        assert (done["state"], done["answer_until"]) == ("accepted", None)
        *old, new = done["lines"]
        assert [x["state"] for x in old] == ["substituted", "declined", "ordered"]
        assert [x["state"] for x in done["substitutes"]] == ["accepted", "declined"]
        assert (new["replaces_line_id"], new["farm_plan_line_id"]) == (first["id"], line["id"])
        assert (new["unit_price"]["amount"], new["amount"]["amount"]) == ("65.50", "524.00")
        assert done["total"]["amount"] == "764.00"
        assert_adds_up(done)
        assert [await available(coop, item) for item in (bags, guano, tool)] == [
            "8.000",
            "12.000",
            "5.000",
        ]
        assert await ordered(coop, line) == "300.000"
        assert all(left == moved for left, moved in (await books(callers, done)).values())
        await coop.make(f"{path}/cancel")
        assert await ordered(coop, line) == "0.000"
        assert [await available(coop, item) for item in (bags, guano, tool)] == [
            "10.000",
            "20.000",
            "5.000",
        ]

    async def test_declined_all_leave_no_order(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags, guano, _ = catalogue["items"]
        order = await new_order(coop, catalogue, [order_line(bags, quantity="4")])
        path = f"/v1/orders/{order['id']}"
        [line] = order["lines"]
        await supplier.make(f"{path}/accept", {"lines": [substitute(line, guano, "8")]})
        no = {"lines": [{"line_id": line["id"], "answer": "decline"}]}
        done = await coop.make(f"{path}/answer-substitutes", no)
        assert (done["state"], done["total"]["amount"]) == ("cancelled", "0.00")
        assert all(left == moved for left, moved in (await books(callers, done)).values())
        assert await available(coop, bags) == "10.000"
        assert "order.cancelled" in await told_to(callers, supplier, order)

    @pytest.mark.parametrize(
        ("of", "changes", "pointer", "code"),
        [
            ("tool", {}, "item_id", "not-another-category"),
            ("guano", {"unit_price": "70.01"}, "unit_price", "dearer-than-offered"),
            ("guano", {"quantity": "20.001"}, "item_id", "not-enough-stock"),
            ("bags", {"quantity": "10.001"}, "item_id", "not-enough-stock"),
            ("foreign", {}, "item_id", "other-supplier"),
            ("dollars", {}, "item_id", "currency-differs"),
            ("unknown", {}, "item_id", "not-on-offer"),
        ],
    )
    async def test_are_the_suppliers_own_offers_of_the_same_kind(
        self,
        callers: Callers,
        coop: Caller,
        supplier: Caller,
        catalogue: dict[str, Any],
        of: str,
        changes: dict[str, str],
        pointer: str,
        code: str,
    ) -> None:
        bags, guano, tool = catalogue["items"]
        foreign = await new_catalogue(await callers.new(Role.INPUT_SUPPLIER))
        dollars = await new_catalogue(supplier, currency="USD")
        items = {
            "bags": bags,
            "guano": guano,
            "tool": tool,
            "foreign": foreign["items"][0],
            "dollars": dollars["items"][0],
            "unknown": {"id": str(uuid4())},
        }
        order = await new_order(coop, catalogue, [order_line(tool), order_line(bags)])
        path = f"/v1/orders/{order['id']}"
        before = await callers.entries_of(supplier)
        answers = [
            {"line_id": order["lines"][0]["id"], "answer": "accept"},
            substitute(order["lines"][1], items[of], **{"quantity": "1", **changes}),
        ]
        answer = await supplier.post(f"{path}/accept", {"lines": answers})
        assert answer.status_code == 409
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
            (f"/lines/1/substitute/{pointer}", code)
        ]
        assert await callers.entries_of(supplier) == before
        assert (await coop.get(path)).json() == order

    async def test_never_exceed_the_plan_line_and_the_stock_when_they_are_taken(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags, guano, _ = catalogue["items"]
        [line] = await plan_lines(coop, fertilizer_line(quantity="100.000"))
        lines = [order_line(bags, quantity="1", farm_plan_line_id=line["id"])]
        order = await new_order(coop, catalogue, lines)
        path = f"/v1/orders/{order['id']}"
        [old] = order["lines"]
        # 125 kg on a line of 100: the supplier does not know the plan, the buyer is refused.
        await supplier.make(f"{path}/accept", {"lines": [substitute(old, guano, "5")]})
        yes = {"lines": [{"line_id": old["id"], "answer": "accept"}]}
        before = (await coop.get(path)).json()
        entries = await callers.entries_of(coop)
        refused = await coop.post(f"{path}/answer-substitutes", yes)
        assert [(e["pointer"], e["code"], e["left"]) for e in refused.json()["errors"]] == [
            ("/lines/0", "plan-line-exhausted", "100.000")
        ]
        await supplier.make(f"/v1/catalogue-items/{guano['id']}/stock", {"available": "4"})
        refused = await coop.post(f"{path}/answer-substitutes", yes)
        assert [e["code"] for e in refused.json()["errors"]] == [
            "not-enough-stock",
            "plan-line-exhausted",
        ]
        assert (await coop.get(path)).json() == before
        assert await callers.entries_of(coop) == entries
        assert await ordered(coop, line) == "50.000"

    async def test_can_be_fewer_packs_of_the_same_item(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags = catalogue["items"][0]
        order = await new_order(coop, catalogue, [order_line(bags, quantity="10")])
        path = f"/v1/orders/{order['id']}"
        [line] = order["lines"]
        await supplier.make(f"{path}/accept", {"lines": [substitute(line, bags, "6")]})
        yes = {"lines": [{"line_id": line["id"], "answer": "accept"}]}
        done = await coop.make(f"{path}/answer-substitutes", yes)
        assert (done["total"]["amount"], await available(coop, bags)) == ("720.00", "4.000")
        assert_adds_up(done)

    async def test_can_be_of_the_catalogues_next_revision(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags = catalogue["items"][0]
        order = await new_order(coop, catalogue, [order_line(bags, quantity="10")])
        draft = await supplier.make(f"/v1/catalogues/{catalogue['id']}/revise")
        await supplier.make(f"/v1/catalogues/{draft['id']}/publish")
        items = (await supplier.get(f"/v1/catalogues/{draft['id']}/items")).json()["items"]
        [newer] = [item for item in items if item["sku"] == bags["sku"]]
        assert newer["id"] != bags["id"]
        path = f"/v1/orders/{order['id']}"
        [line] = order["lines"]
        over = await supplier.post(f"{path}/accept", {"lines": [substitute(line, newer, "10.001")]})
        assert [(e["code"], e["left"]) for e in over.json()["errors"]] == [
            ("not-enough-stock", "10.000")
        ]
        await supplier.make(f"{path}/accept", {"lines": [substitute(line, newer, "6")]})
        yes = {"lines": [{"line_id": line["id"], "answer": "accept"}]}
        done = await coop.make(f"{path}/answer-substitutes", yes)
        assert [x["item_id"] for x in done["lines"]] == [bags["id"], newer["id"]]
        assert await available(coop, newer) == "4.000"
        assert all(left == moved for left, moved in (await books(callers, done)).values())
        await coop.make(f"{path}/cancel")
        assert await available(coop, newer) == "10.000"

    async def test_are_answered_by_the_buyer_alone(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags, guano, _ = catalogue["items"]
        order = await new_order(coop, catalogue, [order_line(bags)])
        path = f"/v1/orders/{order['id']}"
        [line] = order["lines"]
        got = await supplier.make(f"{path}/accept", {"lines": [substitute(line, guano, "2")]})
        yes = {"lines": [{"line_id": line["id"], "answer": "accept"}]}
        for caller, status in (
            (callers.anonymous(), 401),
            (supplier, 403),
            (await callers.new(Role.PRODUCER_ORGANIZATION), 404),
        ):
            assert (await caller.post(f"{path}/answer-substitutes", yes)).status_code == status
        assert (await coop.get(path)).json() == got


class TestCancellingTheRest:
    async def test_frees_what_is_not_on_the_road(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags, _, tool = catalogue["items"]
        [line] = await plan_lines(coop, fertilizer_line(quantity="250.000"))
        lines = [
            order_line(bags, quantity="4.5", farm_plan_line_id=line["id"]),
            order_line(tool, quantity="2"),
        ]
        order = await new_order(coop, catalogue, lines, accepted_by=supplier)
        path = f"/v1/orders/{order['id']}"
        first = order["lines"][0]["id"]
        await supplier.make(f"{path}/dispatch", dispatch_wish(order, **{first: "1.5"}))
        body = {"source": "cash", "amount": "180.01", "paid_on": str(today())}
        paid = await coop.make(f"{path}/payments", body)
        refused = await coop.post(f"{path}/cancel")
        assert [e["code"] for e in refused.json()["errors"]] == ["paid-beyond"]
        assert (await coop.get(path)).json() == paid
        assert await available(coop, bags) == "5.500"

    async def test_leaves_an_order_of_what_was_sent(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags, _, tool = catalogue["items"]
        [line] = await plan_lines(coop, fertilizer_line(quantity="250.000"))
        lines = [
            order_line(bags, quantity="4.5", farm_plan_line_id=line["id"]),
            order_line(tool, quantity="2"),
        ]
        order = await new_order(coop, catalogue, lines, accepted_by=supplier)
        path = f"/v1/orders/{order['id']}"
        first = order["lines"][0]["id"]
        await supplier.make(f"{path}/dispatch", dispatch_wish(order, **{first: "1.5"}))
        got = await coop.make(f"{path}/cancel", {"reason": "El resto ya no hace falta"})
        assert (got["state"], got["total"]["amount"]) == ("dispatched", "180.00")
        assert [x["cancelled_quantity"] for x in got["lines"]] == ["3.000", "2.000"]
        assert_adds_up(got)
        assert (await available(coop, bags), await available(coop, tool)) == ("8.500", "5.000")
        assert await ordered(coop, line) == "75.000"
        # Sent goods have left the shelf: stock stays what moved.
        assert all(left == moved for left, moved in (await books(callers, got)).values())
        assert (await coop.make(f"{path}/receive", receipt_wish(got)))["state"] == "received"


class TestExpiry:
    async def test_of_an_order_frees_it_and_tells_both_sides(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags = catalogue["items"][0]
        [line] = await plan_lines(coop)
        lines = [order_line(bags, quantity="3", farm_plan_line_id=line["id"])]
        order = await new_order(coop, catalogue, lines)
        waiting = await new_order(coop, catalogue, lines)
        await make_overdue(callers, order)
        path = f"/v1/orders/{order['id']}"
        late = await supplier.post(f"{path}/accept")
        assert [e["code"] for e in late.json()["errors"]] == ["answer-overdue"]
        assert await expire_unanswered(callers.platform.database) >= 1
        got = (await coop.get(path)).json()
        assert (got["state"], got["answer_until"]) == ("expired", None)
        assert (await coop.get(f"/v1/orders/{waiting['id']}")).json() == waiting
        assert (await available(coop, bags), await ordered(coop, line)) == ("7.000", "150.000")
        assert all(left == moved for left, moved in (await books(callers, got)).values())
        for side in (coop, supplier):
            assert (await told_to(callers, side, order))[-1] == "order.expired"
        await expire_unanswered(callers.platform.database)
        assert (await coop.get(path)).json() == got

    async def test_of_an_order_does_not_wait_for_one_that_fails(
        self,
        callers: Callers,
        coop: Caller,
        catalogue: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        broken, good = [await new_order(coop, catalogue) for _ in range(2)]
        for order in (broken, good):
            await make_overdue(callers, order)
        expire = service.expire

        async def stumble(uow: UnitOfWork, order_id: UUID) -> None:
            await expire(uow, order_id)
            if str(order_id) == broken["id"]:
                raise RuntimeError("nobody foresaw this")

        monkeypatch.setattr(service, "expire", stumble)
        await expire_unanswered(callers.platform.database)
        read = [(await coop.get(f"/v1/orders/{each['id']}")).json() for each in (broken, good)]
        assert [each["state"] for each in read] == ["placed", "expired"]
        monkeypatch.undo()
        await expire_unanswered(callers.platform.database)
        assert (await coop.get(f"/v1/orders/{broken['id']}")).json()["state"] == "expired"

    @pytest.mark.parametrize("others", [True, False])
    async def test_of_a_proposal_leaves_what_was_agreed_on(
        self,
        callers: Callers,
        coop: Caller,
        supplier: Caller,
        catalogue: dict[str, Any],
        others: bool,
    ) -> None:
        bags, guano, tool = catalogue["items"]
        lines = [order_line(bags, quantity="3")] + [order_line(tool)] * others
        order = await new_order(coop, catalogue, lines)
        path = f"/v1/orders/{order['id']}"
        answers = [substitute(order["lines"][0], guano, "6")]
        until = (now() + timedelta(days=2)).isoformat()
        body = {"lines": answers, "answer_until": until}
        await supplier.make(f"{path}/accept", body)
        await make_overdue(callers, order)
        yes = {"lines": [{"line_id": order["lines"][0]["id"], "answer": "accept"}]}
        late = await coop.post(f"{path}/answer-substitutes", yes)
        assert [e["code"] for e in late.json()["errors"]] == ["answer-overdue"]
        await expire_unanswered(callers.platform.database)
        got = (await coop.get(path)).json()
        assert got["state"] == ("accepted" if others else "expired")
        assert [x["state"] for x in got["substitutes"]] == ["lapsed"]
        assert (await available(coop, bags), await available(coop, guano)) == ("10.000", "20.000")
        assert all(left == moved for left, moved in (await books(callers, got)).values())
        if others:
            assert_adds_up(got)
            assert got["total"]["amount"] == "40.00"

    @pytest.mark.parametrize("days", [-1, 91])
    async def test_is_asked_for_within_ninety_days(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any], days: int
    ) -> None:
        until = (now() + timedelta(days=days)).isoformat()
        order = await new_order(coop, catalogue)
        line = {**order_line(catalogue["items"][0])}
        wish = {
            "supplier_id": catalogue["organization_id"],
            "delivery_ubigeo": "220601",
            "lines": [line],
        }
        for caller, path, body in (
            (coop, "/v1/orders", {**wish, "answer_until": until}),
            (supplier, f"/v1/orders/{order['id']}/accept", {"answer_until": until}),
        ):
            answer = await caller.post(path, body)
            assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
                ("/answer_until", "answer-until-out-of-range")
            ]

    async def test_a_whole_batch_at_once(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        """Nothing is answered twice, whatever else ends the order meanwhile."""
        orders = [await new_order(coop, catalogue) for _ in range(3)]
        for order in orders:
            await make_overdue(callers, order)
        await supplier.make(f"/v1/orders/{orders[0]['id']}/reject", {"reason": "No"})
        await expire_unanswered(callers.platform.database)
        states = [(await coop.get(f"/v1/orders/{x['id']}")).json()["state"] for x in orders]
        assert states == ["rejected", "expired", "expired"]
        assert await available(coop, catalogue["items"][0]) == "10.000"


async def test_the_platform_is_no_side_of_orders_for_others(callers: Callers) -> None:
    """Only the platform itself ends orders of others; no operator does."""
    async with unit_of_work(callers.platform.database, SYSTEM) as uow:
        assert uow.actor is SYSTEM
    operator = await callers.new(Role.OPERATOR, Role.PRODUCER_ORGANIZATION)
    supplier = await callers.new(Role.INPUT_SUPPLIER)
    buyer = await callers.new(Role.PRODUCER_ORGANIZATION)
    order = await new_order(buyer, await new_catalogue(supplier))
    assert (await operator.post(f"/v1/orders/{order['id']}/cancel")).status_code == 404
