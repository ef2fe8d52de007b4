import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.clusters import new_cluster
from tests.factories.farm_plans import fertilizer_line, labour_line
from tests.factories.orders import available, new_order, order_line, order_wish, ordered, plan_lines
from tests.factories.producers import new_producer

Told = list[tuple[str, str, str | None]]


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER, name="Agroinsumos del Huallaga")


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    """A cooperative that assists its producers itself."""
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


async def refused(callers: Callers, coop: Caller, wish: dict[str, Any]) -> Told:
    """Why an order is refused, with what is left; nothing may be written."""
    before = await callers.entries_of(coop)
    answer = await coop.post("/v1/orders", wish)
    assert (answer.status_code, answer.json()["code"]) == (409, "rule-broken"), answer.text
    assert await callers.entries_of(coop) == before
    assert (await coop.get("/v1/orders?side=buyer")).json()["items"] == []
    return [(e["pointer"], e["code"], e.get("left")) for e in answer.json()["errors"]]


class TestPlace:
    async def test_fixes_prices_reserves_stock_and_draws_on_the_plan(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(
            supplier,
            [
                {"available": "10", "price_tiers": [{"min_quantity": "3", "price": "110.55"}]},
                {"price": "33.33", "category": "tool", "unit": "H87", "pack_size": "1"},
            ],
        )
        [line] = await plan_lines(coop)
        bags, spades = catalogue["items"]
        answer = await coop.post(
            "/v1/orders",
            order_wish(
                catalogue,
                [
                    order_line(bags, quantity="3", farm_plan_line_id=line["id"]),
                    order_line(spades, quantity="1.5", plan_exception="training"),
                ],
            ),
        )
        assert answer.status_code == 201
        order = answer.json()
        assert (order["state"], order["paid_amount"]["amount"]) == ("placed", "0.00")
        # 3 × 110.55 by its tier; 1.5 × 33.33 = 49.995 to the céntimo.
        assert [each["amount"]["amount"] for each in order["lines"]] == ["331.65", "50.00"]
        assert order["total"] == {"amount": "381.65", "currency": "PEN"}
        assert [each["farm_plan_line_id"] for each in order["lines"]] == [line["id"], None]
        assert [each["plan_exception"] for each in order["lines"]] == [None, "training"]
        assert [each["description"] for each in order["lines"]] == [bags["name"], spades["name"]]
        assert await available(coop, bags) == "7.000"
        assert await available(coop, spades) is None
        assert await ordered(coop, line) == "150.000"
        read = await coop.get(answer.headers["location"])
        assert (read.json(), read.headers["etag"]) == (order, '"v1"')

    async def test_tells_the_ledger_what_was_agreed_and_nothing_of_persons(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(supplier, [{"available": "10"}])
        [line] = await plan_lines(coop)
        item = catalogue["items"][0]
        order = await new_order(
            coop, catalogue, [order_line(item, quantity="2", farm_plan_line_id=line["id"])]
        )
        entries = await callers.platform.database.pool.fetch(
            "SELECT event, body::json FROM ledger_entries WHERE subject_id = $1", order["id"]
        )
        found = {event: json.loads(body) for event, body in entries}
        told = found.pop("order.placed")
        assert told["data"] == {
            "supplier_id": str(supplier.organization_id),
            "currency": "PEN",
            "freight": "0.00",
            "total": "240.00",
            "lines": [
                {
                    "id": order["lines"][0]["id"],
                    "item_id": item["id"],
                    "quantity": "2.000",
                    "amount": "240.00",
                    "plan_exception": None,
                }
            ],
        }
        assert [(r["type"], r["id"]) for r in told["related"]] == [
            ("organization", str(supplier.organization_id))
        ]
        # What the order is for, the buyer's feed alone tells.
        planned = found.pop("order.planned")
        assert planned["data"] == {"lines": {order["lines"][0]["id"]: line["id"]}}
        assert planned["related"] == [{"type": "farm_plan", "id": line["farm_plan_id"]}]
        assert planned["actor"]["organization_id"] == str(coop.organization_id)
        assert found == {}

    async def test_names_no_plan_to_the_supplier_whatever_becomes_of_it(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(supplier, [{"available": "10"}])
        [line] = await plan_lines(coop)
        item = catalogue["items"][0]
        for end in ("reject", "cancel"):
            order = await new_order(
                coop, catalogue, [order_line(item, quantity="2", farm_plan_line_id=line["id"])]
            )
            side = supplier if end == "reject" else coop
            await side.make(f"/v1/orders/{order['id']}/{end}", {"reason": "Sin camión"})
        bodies = await callers.platform.database.pool.fetch(
            "SELECT body FROM ledger_entries WHERE body LIKE '%' || $1 || '%'",
            str(supplier.organization_id),
        )
        assert len(bodies) > 4
        assert not [b for (b,) in bodies if line["id"] in b or line["farm_plan_id"] in b]

    async def test_takes_a_hundred_lines_and_no_more(self, coop: Caller, supplier: Caller) -> None:
        catalogue = await new_catalogue(supplier, [{}])
        lines = [order_line(catalogue["items"][0]) for _ in range(101)]
        too_long = await coop.post("/v1/orders", order_wish(catalogue, lines))
        assert too_long.status_code == 422
        order = await new_order(coop, catalogue, lines[:100])
        assert order["total"]["amount"] == "12000.00"

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"plan_exception": None}, "/lines/0"),
            ({"farm_plan_line_id": str(uuid4()), "plan_exception": "emergency"}, "/lines/0"),
            ({"plan_exception": "discount"}, "/lines/0/plan_exception"),
            ({"quantity": "0"}, "/lines/0/quantity"),
            ({"quantity": "1.0001"}, "/lines/0/quantity"),
            ({"price": "1.00"}, "/lines/0/price"),
        ],
    )
    async def test_needs_a_plan_line_or_a_reason(
        self, coop: Caller, supplier: Caller, changes: dict[str, Any], pointer: str
    ) -> None:
        catalogue = await new_catalogue(supplier)
        line = {"item_id": catalogue["items"][0]["id"], "quantity": "1"}
        wish = order_wish(catalogue, [{**line, "plan_exception": "emergency", **changes}])
        answer = await coop.post("/v1/orders", wish)
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]

    async def test_of_a_service_needs_no_stock(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        hour = {"category": "technical_assistance", "unit": "HUR", "pack_size": "1", "price": "80"}
        catalogue = await new_catalogue(supplier, [hour])
        wanted = fertilizer_line(
            kind="service", category="technical_assistance", unit="HUR", quantity="8.000"
        )
        [line] = await plan_lines(coop, wanted)
        item = catalogue["items"][0]
        lines = [order_line(item, quantity="7.5", farm_plan_line_id=line["id"])]
        assert (await new_order(coop, catalogue, lines))["total"]["amount"] == "600.00"
        assert await ordered(coop, line) == "7.500"


class TestRefusals:
    async def test_name_each_line_and_what_is_left(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        foreign = await new_catalogue(await callers.new(Role.INPUT_SUPPLIER))
        catalogue = await new_catalogue(supplier, [{"available": "4"}, {"available": "1"}])
        first, second = catalogue["items"]
        lines = [
            order_line(first, quantity="3"),
            order_line(second, quantity="2"),
            order_line(foreign["items"][0]),
            order_line({"id": str(uuid4())}),
            order_line(first, quantity="2"),
        ]
        assert await refused(callers, coop, order_wish(catalogue, lines)) == [
            ("/lines/1/item_id", "not-enough-stock", "1.000"),
            ("/lines/2/item_id", "other-supplier", None),
            ("/lines/3/item_id", "not-on-offer", None),
            ("/lines/4/item_id", "not-enough-stock", "1.000"),
        ]
        assert [await available(coop, item) for item in (first, second)] == ["4.000", "1.000"]

    async def test_of_so_little_that_it_would_cost_nothing(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        """But what is free can be ordered."""
        catalogue = await new_catalogue(
            supplier, [{"price": "1.00", "available": "5"}, {"price": "0.00"}]
        )
        cheap, free = catalogue["items"]
        before = await callers.entries_of(coop)
        lines = [order_line(free), order_line(cheap, quantity="0.004")]
        answer = await coop.post("/v1/orders", order_wish(catalogue, lines))
        assert answer.status_code == 409
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
            ("/lines/1/quantity", "amount-too-small")
        ]
        assert await callers.entries_of(coop) == before
        assert await available(coop, cheap) == "5.000"
        lines[1]["quantity"] = "0.005"
        assert (await new_order(coop, catalogue, lines))["total"]["amount"] == "0.01"

    async def test_of_a_place_that_is_not_served(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(supplier, coverage=["2201", "100101"])
        wish = order_wish(catalogue, delivery_ubigeo="220601")
        assert await refused(callers, coop, wish) == [
            ("/lines/0/item_id", "not-delivered-there", None)
        ]
        for served in ("220199", "100101"):
            await new_order(coop, catalogue, delivery_ubigeo=served)

    async def test_of_what_is_not_on_offer_today(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        tomorrow = str(today() + timedelta(days=1))
        coming = await new_catalogue(supplier, valid_from=tomorrow)
        draft = await new_catalogue(supplier, published=False)
        gone = await new_catalogue(supplier)
        await supplier.make(f"/v1/catalogues/{gone['id']}/withdraw")
        for catalogue, code in (
            (coming, "offer-not-valid"), (draft, "not-on-offer"), (gone, "not-on-offer"),
        ):  # fmt: skip
            assert await refused(callers, coop, order_wish(catalogue)) == [
                ("/lines/0/item_id", code, None)
            ]

    async def test_of_an_input_whose_registration_ended(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        senasa = {"number": "3253-SENASA", "kind": "biological", "status": "valid"}
        catalogue = await new_catalogue(supplier, [{"category": "biological", "senasa": senasa}])
        path = f"/v1/catalogue-items/{catalogue['items'][0]['id']}/registration"
        for standing, code in (
            ({"status": "cancelled"}, "registration-not-valid"),
            ({"status": "valid", "valid_until": "2024-01-01"}, "registration-expired"),
        ):
            await supplier.make(path, standing)
            assert await refused(callers, coop, order_wish(catalogue)) == [
                ("/lines/0/item_id", code, None)
            ]
        await supplier.make(path, {"status": "valid"})
        await new_order(coop, catalogue)

    async def test_of_two_currencies_in_one_order(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        soles, dollars = (
            await new_catalogue(supplier),
            await new_catalogue(supplier, currency="USD"),
        )
        lines = [order_line(soles["items"][0]), order_line(dollars["items"][0])]
        assert await refused(callers, coop, order_wish(soles, lines)) == [
            ("/lines/1/item_id", "currency-differs", None)
        ]

    async def test_of_anothers_cluster(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(supplier)
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        cluster = await new_cluster(stranger, [(await new_producer(stranger))["id"]])
        wish = order_wish(catalogue, cluster_id=cluster["id"])
        assert await refused(callers, coop, wish) == [("/cluster_id", "cluster-unknown", None)]
        assert (await new_order(stranger, catalogue, cluster_id=cluster["id"]))["cluster_id"] == (
            cluster["id"]
        )

    async def test_that_are_huge_fit_no_order(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(supplier, [{"price": "999999999999.99"}])
        lines = [order_line(catalogue["items"][0], quantity="99999999999.999")]
        assert await refused(callers, coop, order_wish(catalogue, lines)) == [
            ("/lines", "amount-too-large", None)
        ]


class TestPlanLines:
    async def test_are_never_ordered_beyond_the_plan(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(supplier, [{"pack_size": "50"}])
        [line] = await plan_lines(coop, fertilizer_line(quantity="120.000"))
        item = catalogue["items"][0]
        over = [order_line(item, quantity="2.401", farm_plan_line_id=line["id"])]
        assert await refused(callers, coop, order_wish(catalogue, over)) == [
            ("/lines/0/farm_plan_line_id", "plan-line-exhausted", "120.000")
        ]
        two = [order_line(item, quantity="1.2", farm_plan_line_id=line["id"])] * 2
        await new_order(coop, catalogue, two)
        assert await ordered(coop, line) == "120.000"
        answer = await coop.post("/v1/orders", order_wish(catalogue, two[:1]))
        assert [(e["code"], e["left"]) for e in answer.json()["errors"]] == [
            ("plan-line-exhausted", "0.000")
        ]

    @pytest.mark.parametrize(
        ("wanted", "code"),
        [
            (fertilizer_line(category="biological"), "category-differs"),
            (fertilizer_line(unit="BG"), "unit-differs"),
            (labour_line(), "category-differs"),
        ],
    )
    async def test_ask_for_a_category_in_a_unit(
        self, callers: Callers, coop: Caller, supplier: Caller, wanted: dict[str, Any], code: str
    ) -> None:
        catalogue = await new_catalogue(supplier)
        [line] = await plan_lines(coop, wanted)
        lines = [order_line(catalogue["items"][0], farm_plan_line_id=line["id"])]
        assert await refused(callers, coop, order_wish(catalogue, lines)) == [
            ("/lines/0/farm_plan_line_id", code, None)
        ]

    async def test_of_others_or_not_in_force_are_unknown(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(supplier)
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)
        [foreign] = await plan_lines(stranger)
        [draft] = await plan_lines(coop, accepted=False)
        for line_id in (foreign["id"], draft["id"], str(uuid4())):
            lines = [order_line(catalogue["items"][0], farm_plan_line_id=line_id)]
            assert await refused(callers, coop, order_wish(catalogue, lines)) == [
                ("/lines/0/farm_plan_line_id", "plan-line-unknown", None)
            ]

    async def test_give_the_plan_another_version(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        catalogue = await new_catalogue(supplier)
        [line] = await plan_lines(coop)
        path = f"/v1/farm-plans/{line['farm_plan_id']}"
        before = (await coop.get(path)).headers["etag"]
        lines = [order_line(catalogue["items"][0], farm_plan_line_id=line["id"])]
        order = await new_order(coop, catalogue, lines)
        after = (await coop.get(path)).headers["etag"]
        await supplier.make(f"/v1/orders/{order['id']}/reject", {"reason": "Sin existencias"})
        assert len({before, after, (await coop.get(path)).headers["etag"]}) == 3
