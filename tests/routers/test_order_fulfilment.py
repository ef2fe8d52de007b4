from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.core.actor import Actor
from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import NotFound, RuleBroken, StateConflict
from api.domains.order_payments.service import pay_from_loan
from api.domains.orders.states import INVOICED, LIFECYCLE, PAYABLE, OrderState
from api.models.orders import Order
from api.policies import Role
from api.transactions import Event, unit_of_work
from tests.callers import Caller, Callers
from tests.days import DAY, dated
from tests.factories.catalogues import new_catalogue
from tests.factories.clusters import new_cluster
from tests.factories.farm_plans import accepted_plan, fertilizer_line
from tests.factories.orders import (
    available,
    dispatch_wish,
    new_order,
    order_line,
    ordered,
    plan_lines,
    receipt_wish,
    received_order,
)
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer

S = OrderState


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


@pytest.fixture
async def catalogue(supplier: Caller) -> dict[str, Any]:
    return await new_catalogue(supplier, [{"available": "10"}, {"price": "40.00"}])


def body_of(action: str, order: dict[str, Any]) -> Any:
    """A body that the action takes in a state that allows it."""
    if action == "dispatch":
        return dispatch_wish(order)
    if action == "receive":
        return receipt_wish(order)
    if action == "invoice":
        return {"invoice_number": "F001-00001234"}
    if action == "payments":
        return {"source": "cash", "amount": "1.00", "paid_on": str(today())}
    if action == "answer-substitutes":
        return {"lines": [{"line_id": order["lines"][0]["id"], "answer": "accept"}]}
    if action in ("settle", "offer-settlement"):
        return {"outcome": "nothing"}
    if action == "dispute":
        return {"code": "shortage", "reason": "Por acuerdo"}
    return {"reason": "Por acuerdo"} if action == "reject" else None


async def put_into(callers: Callers, order: dict[str, Any], state: OrderState) -> None:
    """Move an order to a state by hand, its goods as that state has them."""
    actor = Actor(new_id(), UUID(order["organization_id"]), frozenset(), frozenset())
    gone = state in {S.DISPATCHED, S.RECEIVED, S.DISPUTED, S.CLOSED}
    async with unit_of_work(callers.platform.database, actor) as uow:
        found = await uow.locked(Order, UUID(order["id"]))
        assert found is not None
        found.state = state
        if gone:
            await uow.session.flush()
            await uow._driver.execute(
                "UPDATE order_lines SET dispatched_quantity = quantity WHERE order_id = $1",
                UUID(order["id"]),
            )
        uow.record(Event("order.moved", ("order", found.id)))


SIDES = {
    "accept": "supplier", "reject": "supplier", "dispatch": "supplier", "cancel": "buyer",
    "receive": "buyer", "dispute": "buyer", "settle": "buyer", "close": "buyer",
    "payments": "buyer", "answer-substitutes": "buyer", "offer-settlement": "supplier",
    "invoice": "supplier",
}  # fmt: skip


async def in_state(
    callers: Callers, buyer: Caller, supplier: Caller, catalogue: dict[str, Any], state: OrderState
) -> tuple[dict[str, Any], dict[str, Any]]:
    """An order in a state, and the plan line that it serves."""
    [line] = await plan_lines(buyer, fertilizer_line(quantity="1000.000"))
    lines = [
        order_line(item, quantity="2", farm_plan_line_id=line["id"]) for item in catalogue["items"]
    ]
    order = await new_order(buyer, catalogue, lines)
    if state is S.PROPOSED:
        wanted = {"item_id": catalogue["items"][1]["id"], "quantity": "1"}
        answer = {"line_id": order["lines"][0]["id"], "answer": "substitute", "substitute": wanted}
        await supplier.make(f"/v1/orders/{order['id']}/accept", {"lines": [answer]})
    else:
        await put_into(callers, order, state)
    return (await buyer.get(f"/v1/orders/{order['id']}")).json(), line


async def assert_books(callers: Callers, order: dict[str, Any], drawn: str) -> None:
    """Stock is the sum of its movements and lacks what the order holds; the plan line gave the
    same.
    """
    rows = await callers.platform.database.pool.fetch(
        "SELECT s.available, (SELECT sum(m.quantity) FROM stock_movements m"
        " WHERE m.item_id = s.item_id) AS moved, l.standing"
        " FROM stocks s JOIN (SELECT item_id, sum(quantity - cancelled_quantity) AS standing"
        " FROM order_lines WHERE order_id = $1 GROUP BY item_id) l ON l.item_id = s.item_id",
        UUID(order["id"]),
    )
    assert rows
    ended = order["state"] in {S.REJECTED, S.CANCELLED, S.EXPIRED}
    for left, moved, standing in rows:
        assert left == moved == Decimal(10) - (0 if ended else standing)
    packs = [Decimal(x["quantity"]) - Decimal(x["cancelled_quantity"]) for x in order["lines"]]
    assert Decimal(drawn) == (0 if ended else sum(packs) * 50)


STAYING = {"payments": PAYABLE, "invoice": INVOICED}
"""Where actions are possible that leave the state as it is."""


class TestStates:
    @pytest.mark.parametrize("state", S)
    @pytest.mark.parametrize("action", SIDES)
    async def test_every_action_in_every_state(
        self,
        callers: Callers,
        coop: Caller,
        supplier: Caller,
        catalogue: dict[str, Any],
        action: str,
        state: OrderState,
    ) -> None:
        order, line = await in_state(callers, coop, supplier, catalogue, state)
        drawn = await ordered(coop, line)
        caller = coop if SIDES[action] == "buyer" else supplier
        before = await callers.entries_of(caller)
        path = f"/v1/orders/{order['id']}"
        answer = await caller.post(f"{path}/{action}", body_of(action, order))
        if action in STAYING:
            allowed, target = state in STAYING[action], state
        else:
            transition = LIFECYCLE.transitions[step_of(action, state)]
            allowed, target = state in transition.sources, transition.target
        if allowed:
            assert (answer.status_code, answer.json()["state"]) == (200, target.value), answer.text
            # Which plan line a substitute serves stands in an entry of the buyer's own.
            written = 2 if action == "answer-substitutes" else 1
            assert await callers.entries_of(caller) == before + written
            await assert_books(callers, (await coop.get(path)).json(), await ordered(coop, line))
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, "state-not-allowed")
            assert answer.json()["allowed_actions"] == LIFECYCLE.allowed(state)
            assert await callers.entries_of(caller) == before
            assert (await coop.get(path)).json() == order
            assert await ordered(coop, line) == drawn


def step_of(action: str, state: OrderState) -> str:
    """The step of the lifecycle that a route takes in a state."""
    if state is S.PARTIALLY_DISPATCHED and action in ("cancel", "receive"):
        return {"cancel": "cancel_rest", "receive": "receive_part"}[action]
    return action.replace("-", "_").replace("answer_substitutes", "answer")


class TestWhoMay:
    @pytest.mark.parametrize("action", SIDES)
    async def test_do_what(
        self,
        callers: Callers,
        coop: Caller,
        supplier: Caller,
        catalogue: dict[str, Any],
        action: str,
    ) -> None:
        order = await new_order(coop, catalogue)
        path = f"/v1/orders/{order['id']}/{action}"
        both = (Role.INPUT_SUPPLIER, Role.PRODUCER_ORGANIZATION)
        strangers = [
            (callers.anonymous(), 401),
            (await callers.new(Role.BUYER), 403),
            (supplier if SIDES[action] == "buyer" else coop, 403),
            (await callers.new(*both), 404),
        ]
        for caller, status in strangers:
            before = await callers.entries_of(caller)
            answer = await caller.post(path, body_of(action, order))
            assert answer.status_code == status
            assert await callers.entries_of(caller) == before
        assert (await coop.get(f"/v1/orders/{order['id']}")).json() == order

    async def test_not_the_supplier_in_an_order_that_it_placed_itself(
        self, callers: Callers, catalogue: dict[str, Any]
    ) -> None:
        """Both roles, but the buyer here: seen, so 403 and not 404."""
        buyer = await callers.new(Role.PRODUCER_ORGANIZATION, Role.INPUT_SUPPLIER)
        order = await new_order(buyer, catalogue)
        answer = await buyer.post(f"/v1/orders/{order['id']}/accept")
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")

    async def test_place(self, callers: Callers, supplier: Caller) -> None:
        catalogue = await new_catalogue(supplier)
        for caller, status in ((callers.anonymous(), 401), (supplier, 403)):
            answer = await caller.post(
                "/v1/orders",
                {
                    "supplier_id": catalogue["organization_id"],
                    "delivery_ubigeo": "220601",
                    "lines": [order_line(catalogue["items"][0])],
                },
            )
            assert answer.status_code == status

    async def test_read_it(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        [line] = await plan_lines(coop)
        cluster = await new_cluster(coop, [(await new_producer(coop))["id"]])
        lines = [order_line(catalogue["items"][0], farm_plan_line_id=line["id"])]
        order = await new_order(coop, catalogue, lines, cluster_id=cluster["id"])
        path = f"/v1/orders/{order['id']}"
        assert (order["cluster_id"], order["lines"][0]["farm_plan_line_id"]) == (
            cluster["id"],
            line["id"],
        )
        seen = await supplier.get(path)
        blind = {**order["lines"][0], "farm_plan_line_id": None}
        assert seen.json() == {**order, "cluster_id": None, "lines": [blind]}
        for stranger in (Role.PRODUCER_ORGANIZATION, Role.INPUT_SUPPLIER, Role.CREDIT_INSTITUTION):
            assert (await (await callers.new(stranger)).get(path)).status_code == 404

    async def test_list_it(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        cluster = await new_cluster(coop, [(await new_producer(coop))["id"]])
        first = await new_order(coop, catalogue, cluster_id=cluster["id"])
        second = await new_order(coop, catalogue, accepted_by=supplier)

        async def ids(caller: Caller, query: str = "") -> list[str]:
            return [o["id"] for o in (await caller.get(f"/v1/orders{query}")).json()["items"]]

        assert await ids(coop) == await ids(supplier) == [second["id"], first["id"]]
        assert await ids(coop, "?side=buyer") == await ids(supplier, "?side=supplier")
        assert await ids(coop, "?side=supplier") == await ids(supplier, "?side=buyer") == []
        assert await ids(coop, "?state=accepted") == [second["id"]]
        assert await ids(coop, f"?cluster_id={cluster['id']}") == [first["id"]]
        # What the supplier is not shown it cannot ask for either.
        assert await ids(supplier, f"?cluster_id={cluster['id']}") == []
        assert await ids(await callers.new(Role.PRODUCER_ORGANIZATION)) == []
        page = (await coop.get("/v1/orders?limit=1")).json()
        rest = await ids(coop, f"?limit=1&cursor={page['next']}")
        assert rest == [first["id"]]


class TestGivingUp:
    @pytest.mark.parametrize(("action", "side"), [("reject", "supplier"), ("cancel", "buyer")])
    async def test_frees_stock_and_plan_lines(
        self,
        callers: Callers,
        coop: Caller,
        supplier: Caller,
        catalogue: dict[str, Any],
        action: str,
        side: str,
    ) -> None:
        [line] = await plan_lines(coop)
        bags, other = catalogue["items"]
        lines = [
            order_line(bags, quantity="2.5", farm_plan_line_id=line["id"]),
            order_line(bags, quantity="1"),
            order_line(other, quantity="1", farm_plan_line_id=line["id"]),
        ]
        order = await new_order(coop, catalogue, lines)
        assert (await available(coop, bags), await ordered(coop, line)) == ("6.500", "175.000")
        caller = coop if side == "buyer" else supplier
        path = f"/v1/orders/{order['id']}/{action}"
        ended = await caller.make(path, {"reason": "No hay transporte"})
        assert ended["reason"] == "No hay transporte"
        assert (await available(coop, bags), await ordered(coop, line)) == ("10.000", "0.000")
        assert (await caller.post(path, {"reason": "Otra vez"})).status_code == 409
        assert (await available(coop, bags), await ordered(coop, line)) == ("10.000", "0.000")
        moved = await callers.platform.database.pool.fetch(
            "SELECT kind, sum(quantity) AS packs FROM stock_movements WHERE order_id = $1"
            " GROUP BY kind ORDER BY kind",
            UUID(order["id"]),
        )
        assert [tuple(row) for row in moved] == [
            ("released", Decimal("3.500")),
            ("reserved", Decimal("-3.500")),
        ]

    async def test_also_frees_what_is_no_longer_on_offer_or_planned(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        producer = await new_producer(coop)
        plot = await new_plot(coop, producer["id"])
        plan = await accepted_plan(coop, coop, producer, [plot], [fertilizer_line()])
        line = {**plan["lines"][0], "farm_plan_id": plan["id"]}
        lines = [order_line(catalogue["items"][0], farm_plan_line_id=line["id"])]
        order = await new_order(coop, catalogue, lines, accepted_by=supplier)
        await supplier.make(f"/v1/catalogues/{catalogue['id']}/withdraw")
        await accepted_plan(coop, coop, producer, [plot], [fertilizer_line()])
        assert (await coop.get(f"/v1/farm-plans/{plan['id']}")).json()["state"] == "superseded"
        await coop.make(f"/v1/orders/{order['id']}/cancel")
        assert await ordered(coop, line) == "0.000"
        assert await available(supplier, catalogue["items"][0]) == "10.000"

    async def test_ends_where_money_was_paid(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        order = await new_order(coop, catalogue, accepted_by=supplier)
        path = f"/v1/orders/{order['id']}"
        await coop.make(f"{path}/payments", body_of("payments", order))
        answer = await coop.post(f"{path}/cancel")
        assert answer.status_code == 409
        assert [e["code"] for e in answer.json()["errors"]] == ["order-paid"]
        assert await available(coop, catalogue["items"][0]) == "9.000"


class TestDispatch:
    async def test_in_parts_until_nothing_is_left(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        bags, other = catalogue["items"]
        lines = [order_line(bags, quantity="5"), order_line(other, quantity="2")]
        order = await new_order(coop, catalogue, lines, accepted_by=supplier)
        first, second = (line["id"] for line in order["lines"])
        path = f"/v1/orders/{order['id']}"
        etag = (await coop.get(path)).headers["etag"]
        part = await supplier.make(f"{path}/dispatch", dispatch_wish(order, **{first: "3"}))
        assert part["state"] == "partially_dispatched"
        assert [x["dispatched_quantity"] for x in part["lines"]] == ["3.000", "0.000"]
        again = await supplier.make(f"{path}/dispatch", dispatch_wish(order, **{first: "1"}))
        assert (again["state"], again["version"]) == ("partially_dispatched", part["version"] + 1)
        too_much = dispatch_wish(order, **{first: "1.001", second: "2"})
        answer = await supplier.post(f"{path}/dispatch", too_much)
        assert [(e["pointer"], e["code"], e["left"]) for e in answer.json()["errors"]] == [
            ("/lines/0/quantity", "more-than-ordered", "1.000")
        ]
        rest = {**dispatch_wish(order, **{first: "1", second: "2"}), "invoice_number": "F001-7"}
        done = await supplier.make(f"{path}/dispatch", rest)
        assert (done["state"], done["invoice_number"]) == ("dispatched", "F001-7")
        assert [d["guide_number"] for d in done["dispatches"]] == ["T001-00001234"] * 3
        assert done["dispatches"][0]["lines"] == [{"line_id": first, "quantity": "3.000"}]
        assert (await coop.get(path, headers={"If-None-Match": etag})).status_code == 200

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"guide_number": "T1-5"}, 422),
            ({"guide_number": "t001-00001234"}, 422),
            ({"guide_number": "F001-00001234"}, 422),
            ({"invoice_number": "T001-7"}, 422),
            ({"invoice_number": "F001-00000000"}, 422),
            ({"invoice_number": "E002-7"}, 422),
            ({"dispatched_on": DAY}, 409),
            ({"lines": []}, 422),
            ({"lines": [{"line_id": str(uuid4()), "quantity": "1"}]}, 409),
        ],
    )
    async def test_needs_a_guide_a_day_and_lines(
        self,
        coop: Caller,
        supplier: Caller,
        catalogue: dict[str, Any],
        changes: dict[str, Any],
        status: int,
    ) -> None:
        order = await new_order(coop, catalogue, accepted_by=supplier)
        path = f"/v1/orders/{order['id']}"
        wish = {**dispatch_wish(order), **dated(changes)}
        assert (await supplier.post(f"{path}/dispatch", wish)).status_code == status
        assert (await coop.get(path)).json() == order


class TestReceive:
    async def test_tells_shortage_and_damage_by_line(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        lines = [order_line(item, quantity="4") for item in catalogue["items"]]
        order = await new_order(coop, catalogue, lines, accepted_by=supplier)
        path = f"/v1/orders/{order['id']}"
        sent = await supplier.make(f"{path}/dispatch", dispatch_wish(order))
        first, second = (line["id"] for line in sent["lines"])
        receipt = [
            {"line_id": first, "received_quantity": "2.5", "damaged_quantity": "1",
             "batch_number": "L-2026-118"},
            {"line_id": second, "received_quantity": "0"},
        ]  # fmt: skip
        incomplete = await coop.post(f"{path}/receive", {"lines": receipt[:1]})
        assert [e["code"] for e in incomplete.json()["errors"]] == ["line-missing"]
        got = await coop.make(f"{path}/receive", {"lines": receipt})
        assert [
            (x["received_quantity"], x["damaged_quantity"], x["batch_number"]) for x in got["lines"]
        ] == [("2.500", "1.000", "L-2026-118"), ("0.000", "0.000", None)]
        disputed = await coop.make(
            f"{path}/dispute", {"code": "shortage", "reason": "Faltan sacos"}
        )
        assert (disputed["state"], disputed["reason"]) == ("disputed", "Faltan sacos")
        assert (await coop.make(f"{path}/settle", {"outcome": "nothing"}))["state"] == "received"
        assert (await coop.make(f"{path}/close"))["state"] == "closed"

    async def test_in_parts_as_they_come(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        lines = [order_line(item, quantity="4") for item in catalogue["items"]]
        order = await new_order(coop, catalogue, lines, accepted_by=supplier)
        path = f"/v1/orders/{order['id']}"
        first, second = (line["id"] for line in order["lines"])
        await supplier.make(f"{path}/dispatch", dispatch_wish(order, **{first: "3"}))

        def came(line_id: str, packs: str, damaged: str = "0", **more: Any) -> dict[str, Any]:
            return {
                "line_id": line_id,
                "received_quantity": packs,
                "damaged_quantity": damaged,
                **more,
            }

        over = await coop.post(f"{path}/receive", {"lines": [came(first, "2.5", "0.501")]})
        assert [(e["code"], e["left"]) for e in over.json()["errors"]] == [
            ("more-than-dispatched", "3.000")
        ]
        photo = "a" * 64
        part = [came(first, "2", "0.5", batch_number="L-1", photo_hashes=[photo])]
        got = await coop.make(f"{path}/receive", {"lines": part})
        assert got["state"] == "partially_dispatched"
        rest = dispatch_wish(order, **{first: "1", second: "4"})
        await supplier.make(f"{path}/dispatch", rest)
        missing = await coop.post(f"{path}/receive", {"lines": [came(second, "4")]})
        assert [e["code"] for e in missing.json()["errors"]] == ["line-missing"]
        too_much = [came(first, "1.501"), came(second, "4")]
        over = await coop.post(f"{path}/receive", {"lines": too_much})
        assert [(e["code"], e["left"]) for e in over.json()["errors"]] == [
            ("more-than-dispatched", "1.500")
        ]
        last = [came(first, "1", batch_number="L-2"), came(second, "4")]
        done = await coop.make(f"{path}/receive", {"lines": last})
        assert done["state"] == "received"
        assert [(x["received_quantity"], x["damaged_quantity"]) for x in done["lines"]] == [
            ("3.000", "0.500"),
            ("4.000", "0.000"),
        ]
        told = [(r["received_on"], len(r["lines"])) for r in done["receipts"]]
        assert told == [(str(today()), 1), (str(today()), 2)]
        assert done["receipts"][0]["lines"][0]["photo_hashes"] == [photo]

    async def test_not_of_tomorrow_nor_before_it_was_sent(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        order = await new_order(coop, catalogue, accepted_by=supplier)
        path = f"/v1/orders/{order['id']}"
        sent = await supplier.make(f"{path}/dispatch", dispatch_wish(order))
        wish = {**receipt_wish(sent), "received_on": str(today() + timedelta(days=1))}
        refused = await coop.post(f"{path}/receive", wish)
        assert [e["code"] for e in refused.json()["errors"]] == ["date-in-future"]
        wish = {**receipt_wish(sent), "received_on": str(today() - timedelta(days=1))}
        refused = await coop.post(f"{path}/receive", wish)
        assert [e["code"] for e in refused.json()["errors"]] == ["before-dispatch"]
        wrong = receipt_wish(sent)
        wrong["lines"][0]["photo_hashes"] = ["no hash"]
        assert (await coop.post(f"{path}/receive", wrong)).status_code == 422
        assert (await coop.get(path)).json() == sent


class TestPay:
    async def test_never_beyond_the_total(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        order = await received_order(coop, supplier, catalogue)
        path = f"/v1/orders/{order['id']}/payments"

        def of(amount: str, **changes: Any) -> dict[str, Any]:
            body = {"source": "transfer", "amount": amount, "paid_on": str(today())}
            return {**body, "reference": "OP-1", **changes}

        paid = await coop.make(path, of("100.00"))
        assert (paid["paid_amount"]["amount"], paid["total"]["amount"]) == ("100.00", "160.00")
        over = await coop.post(path, of("60.01"))
        assert [(e["pointer"], e["code"], e["left"]) for e in over.json()["errors"]] == [
            ("/amount", "overpaid", "60.00")
        ]
        late = await coop.post(path, of("1.00", paid_on=str(today() + timedelta(days=1))))
        assert [e["code"] for e in late.json()["errors"]] == ["date-in-future"]
        for wrong in (of("0"), of("1.00", source="loan"), of("1.005")):
            assert (await coop.post(path, wrong)).status_code == 422
        full = await coop.make(path, of("60.00", source="wallet"))
        assert [(p["source"], p["amount"]["amount"]) for p in full["payments"]] == [
            ("transfer", "100.00"),
            ("wallet", "60.00"),
        ]

    async def test_once_for_one_key(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        order = await new_order(coop, catalogue, accepted_by=supplier)
        path, headers = f"/v1/orders/{order['id']}/payments", {"Idempotency-Key": str(uuid4())}
        body = body_of("payments", order)
        first = await coop.post(path, body, headers=headers)
        again = await coop.post(path, body, headers=headers)
        assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
        other = await coop.post(path, {**body, "amount": "2.00"}, headers=headers)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
        read = (await coop.get(f"/v1/orders/{order['id']}")).json()
        assert read["paid_amount"]["amount"] == "1.00"


class TestLoans:
    """What the room of loans calls; it decides itself which loan may pay which order."""

    async def test_cannot_overpay_nor_pay_what_is_not_accepted(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        lender = Actor(new_id(), new_id(), frozenset(), frozenset())
        order = await new_order(coop, catalogue)

        async def pay(order_id: UUID, amount: str) -> None:
            async with unit_of_work(callers.platform.database, lender) as uow:
                await pay_from_loan(uow, order_id, new_id(), {new_id(): Decimal(amount)}, today())

        with pytest.raises(StateConflict):
            await pay(UUID(order["id"]), "1.00")
        await supplier.make(f"/v1/orders/{order['id']}/accept")
        with pytest.raises(RuleBroken):
            await pay(UUID(order["id"]), "160.01")
        with pytest.raises(NotFound):
            await pay(new_id(), "1.00")
