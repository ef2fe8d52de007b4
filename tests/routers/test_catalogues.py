from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import catalogue_wish, item_wish, new_catalogue

SENASA = {
    "number": "3253-SENASA",
    "kind": "biological",
    "status": "valid",
    "valid_until": "2099-12-31",
}
BIOLOGICAL = {"category": "biological", "senasa": SENASA}
NOBODY = "/v1/catalogues/01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c11"


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER, name="Agroinsumos del Huallaga")


@pytest.fixture
async def other(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def stock_of(callers: Callers, item_id: str) -> tuple[Any, Any]:
    """What is left of an item, and the sum of its movements."""
    row = await callers.platform.database.pool.fetchrow(
        "SELECT (SELECT available FROM stocks WHERE item_id = $1),"
        " (SELECT sum(quantity) FROM stock_movements WHERE item_id = $1)",
        item_id,
    )
    return tuple(row)


class TestDraft:
    async def test_is_made_and_read(self, supplier: Caller) -> None:
        answer = await supplier.post("/v1/catalogues", catalogue_wish())
        assert answer.status_code == 201
        made = answer.json()
        assert (made["state"], made["published_at"]) == ("draft", None)
        assert made["organization_id"] == str(supplier.organization_id)
        read = await supplier.get(answer.headers["location"])
        assert (read.json(), read.headers["etag"]) == (made, '"v1"')

    async def test_covers_no_place_twice(self, supplier: Caller) -> None:
        made = await new_catalogue(supplier, [], published=False, coverage=["2206", "22", "1001"])
        assert made["coverage"] == ["1001", "22"]

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"valid_until": "2020-01-01"}, "/valid_until"),
            ({"coverage": []}, "/coverage"),
            ({"coverage": ["221"]}, "/coverage/0"),
            ({"currency": "EUR"}, "/currency"),
            ({"name": ""}, "/name"),
            ({"state": "published"}, "/state"),
        ],
    )
    async def test_with_a_fault_is_refused(
        self, supplier: Caller, changes: dict[str, object], pointer: str
    ) -> None:
        answer = await supplier.post("/v1/catalogues", catalogue_wish(**changes))
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]

    async def test_is_changed_by_who_read_the_last_version(self, supplier: Caller) -> None:
        path = f"/v1/catalogues/{(await new_catalogue(supplier, published=False))['id']}"
        changed = await supplier.patch(path, {"name": "Otra", "coverage": ["10"]}, '"v1"')
        assert changed.status_code == 200
        assert (changed.json()["name"], changed.json()["coverage"]) == ("Otra", ["10"])
        assert changed.headers["etag"] == '"v2"'
        stale = await supplier.patch(path, {"name": "Otra más"}, '"v1"')
        assert stale.status_code == 412
        assert (await supplier.call("PATCH", path, json={"name": "x"})).status_code == 428

    async def test_keeps_its_dates_in_order(self, supplier: Caller) -> None:
        path = f"/v1/catalogues/{(await new_catalogue(supplier, published=False))['id']}"
        answer = await supplier.patch(path, {"valid_until": "2020-01-01"}, '"v1"')
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "dates-out-of-order"
        assert (await supplier.get(path)).headers["etag"] == '"v1"'


class TestWhoMay:
    """Anonymous 401, wrong role 403, another supplier 404; and nothing is written."""

    @pytest.mark.parametrize("published", [False, True])
    async def test_change_a_catalogue(
        self, callers: Callers, supplier: Caller, other: Caller, coop: Caller, *, published: bool
    ) -> None:
        made = await new_catalogue(supplier, published=published)
        path, item = f"/v1/catalogues/{made['id']}", made["items"][0]["id"]
        requests: list[tuple[str, str, Any]] = [
            ("PATCH", path, {"name": "x"}),
            ("POST", f"{path}/items", item_wish()),
            ("PUT", f"{path}/items", [item_wish()]),
            ("POST", f"{path}/stock", {"items": [{"sku": "A", "available": "1"}]}),
            ("POST", f"{path}/publish", None),
            ("POST", f"{path}/withdraw", None),
            ("POST", f"/v1/catalogue-items/{item}/stock", {"available": "1"}),
            ("POST", f"/v1/catalogue-items/{item}/registration", {"status": "valid"}),
        ]
        headers = {"If-Match": '"v1"', "Idempotency-Key": str(uuid4())}
        strangers = [(callers.anonymous(), 401), (coop, 403), (other, 404)]
        for caller, status in strangers:
            before = await callers.entries_of(caller)
            for method, target, body in requests:
                answer = await caller.call(method, target, json=body, headers=headers)
                assert answer.status_code == status, f"{method} {target}"
            assert await callers.entries_of(caller) == before
        assert (await supplier.get(path)).json()["state"] == made["state"]

    async def test_see_it_before_and_after_publication(
        self, callers: Callers, supplier: Caller, coop: Caller
    ) -> None:
        made = await new_catalogue(supplier, published=False)
        paths = [
            f"/v1/catalogues/{made['id']}",
            f"/v1/catalogues/{made['id']}/items",
            f"/v1/catalogue-items/{made['items'][0]['id']}",
        ]
        assert [(await coop.get(path)).status_code for path in paths] == [404, 404, 404]
        assert [(await supplier.get(path)).status_code for path in paths] == [200, 200, 200]
        await supplier.make(f"{paths[0]}/publish")
        assert [(await coop.get(path)).status_code for path in paths] == [200, 200, 200]
        anonymous = callers.anonymous()
        assert [(await anonymous.get(path)).status_code for path in paths] == [401, 401, 401]
        await supplier.make(f"{paths[0]}/withdraw")
        assert [(await coop.get(path)).status_code for path in paths] == [404, 404, 404]
        assert [(await supplier.get(path)).status_code for path in paths] == [200, 200, 200]

    async def test_list_those_that_they_see(self, supplier: Caller, coop: Caller) -> None:
        draft = await new_catalogue(supplier, published=False)
        published = await new_catalogue(supplier)
        query = f"/v1/catalogues?organization_id={supplier.organization_id}"

        async def ids(caller: Caller, path: str) -> list[str]:
            return [c["id"] for c in (await caller.get(path)).json()["items"]]

        assert await ids(supplier, query) == [draft["id"], published["id"]]
        assert await ids(coop, query) == [published["id"]]
        assert await ids(supplier, f"{query}&state=draft") == [draft["id"]]


class TestItems:
    async def test_say_what_is_sold(self, supplier: Caller) -> None:
        made = await new_catalogue(
            supplier,
            [
                {
                    **BIOLOGICAL,
                    "price_tiers": [{"min_quantity": "10", "price": "99.5"}],
                    "attributes": {"strain": "Trichoderma harzianum"},
                    "available": "40",
                }
            ],
            published=False,
        )
        [item] = made["items"]
        assert item["senasa"] == SENASA
        assert item["price"] == {"amount": "120.00", "currency": "PEN"}
        assert item["price_tiers"] == [{"min_quantity": "10.000", "price": "99.50"}]
        assert (item["pack_size"], item["available"]) == ("50.000", "40.000")
        listed = await supplier.get(f"/v1/catalogues/{made['id']}/items?sku={item['sku']}")
        assert listed.json()["items"] == [item]
        none = await supplier.get(f"/v1/catalogues/{made['id']}/items?category=tool")
        assert none.json()["items"] == []

    async def test_have_a_sku_each(self, supplier: Caller) -> None:
        made = await new_catalogue(supplier, [{"sku": "A-1"}], published=False)
        path = f"/v1/catalogues/{made['id']}/items"
        answer = await supplier.post(path, item_wish(sku="A-1", price="1.00"))
        assert (answer.status_code, answer.json()["code"]) == (409, "sku-taken")
        assert (await supplier.get(path)).json()["items"] == made["items"]

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"price": "1.005"}, "/price"),
            ({"price": 120}, "/price"),
            ({"price": "-1"}, "/price"),
            ({"pack_size": "0"}, "/pack_size"),
            ({"category": "weapon"}, "/category"),
            ({"available": "-1"}, "/available"),
            ({"attributes": {"No Name": "x"}}, "/attributes"),
            ({"price_tiers": [{"min_quantity": "0", "price": "1"}]}, "/price_tiers/0/min_quantity"),
            (
                {
                    "price_tiers": [
                        {"min_quantity": "10", "price": "1"},
                        {"min_quantity": "10", "price": "2"},
                    ]
                },
                "/price_tiers",
            ),
        ],
    )
    async def test_with_a_fault_are_refused(
        self, supplier: Caller, changes: dict[str, object], pointer: str
    ) -> None:
        made = await new_catalogue(supplier, [], published=False)
        answer = await supplier.post(f"/v1/catalogues/{made['id']}/items", item_wish(**changes))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith(pointer)


class TestBulk:
    async def test_writes_by_sku(self, callers: Callers, supplier: Caller) -> None:
        made = await new_catalogue(
            supplier, [{"sku": "OLD", "available": "5"}, {"sku": "KEPT"}], published=False
        )
        path = f"/v1/catalogues/{made['id']}/items"
        rows = [item_wish(sku="OLD", price="1.50", available="7"), item_wish(sku="NEW")]
        answer = await supplier.call("PUT", path, json=rows)
        assert (answer.status_code, answer.json()) == (
            200,
            {"created": 1, "updated": 1, "unchanged": 0},
        )
        by_sku = {i["sku"]: i for i in (await supplier.get(path)).json()["items"]}
        assert sorted(by_sku) == ["KEPT", "NEW", "OLD"]
        old = by_sku["OLD"]
        assert (old["id"], old["price"]["amount"]) == (made["items"][0]["id"], "1.50")
        assert old["available"] == "7.000"
        assert old["version"] > made["items"][0]["version"]
        assert await stock_of(callers, old["id"]) == (7, 7)

    async def test_can_take_an_item_out_of_stock_keeping(
        self, callers: Callers, supplier: Caller
    ) -> None:
        made = await new_catalogue(supplier, [{"sku": "A", "available": "5"}], published=False)
        path, before = f"/v1/catalogues/{made['id']}/items", made["items"][0]
        await supplier.call("PUT", path, json=[item_wish(sku="A")])
        [after] = (await supplier.get(path)).json()["items"]
        assert after["available"] is None
        assert after["version"] > before["version"]
        assert await stock_of(callers, after["id"]) == (None, 0)

    async def test_names_every_bad_row_and_writes_none(
        self, callers: Callers, supplier: Caller
    ) -> None:
        made = await new_catalogue(supplier, [], published=False)
        path = f"/v1/catalogues/{made['id']}/items"
        before = await callers.entries_of(supplier)
        rows = [item_wish(), item_wish(price="x"), item_wish(), item_wish(unit="sack")]
        answer = await supplier.call("PUT", path, json=rows)
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == ["/1/price", "/3/unit"]
        twice = await supplier.call("PUT", path, json=[item_wish(sku="A"), item_wish(sku="A")])
        assert [(e["pointer"], e["code"]) for e in twice.json()["errors"]] == [
            ("/1/sku", "repeated-in-file")
        ]
        assert (await supplier.get(path)).json()["items"] == []
        assert await callers.entries_of(supplier) == before

    async def test_takes_ten_thousand_and_no_more(self, supplier: Caller) -> None:
        made = await new_catalogue(supplier, [], published=False)
        path = f"/v1/catalogues/{made['id']}/items"
        rows = [item_wish() for _ in range(10_001)]
        assert (await supplier.call("PUT", path, json=rows)).status_code == 422
        answer = await supplier.call("PUT", path, json=rows[:10_000])
        assert answer.json() == {"created": 10_000, "updated": 0, "unchanged": 0}
        count = await supplier.get(f"{path}?include=total&limit=1")
        assert count.json()["total"] == 10_000


class TestStock:
    async def test_is_set_also_after_publication(self, callers: Callers, supplier: Caller) -> None:
        made = await new_catalogue(supplier, [{"available": "5"}, {}])
        for item in made["items"]:
            path = f"/v1/catalogue-items/{item['id']}"
            read = await supplier.get(path)
            answer = await supplier.make(f"{path}/stock", {"available": "12.500"})
            assert answer["available"] == "12.500"
            again = await supplier.get(path, headers={"If-None-Match": read.headers["etag"]})
            assert (again.status_code, again.json()) == (200, answer)
            assert await stock_of(callers, item["id"]) == (12.5, 12.5)

    async def test_set_once_more_by_a_retry_moves_nothing(
        self, callers: Callers, supplier: Caller
    ) -> None:
        made = await new_catalogue(supplier, [{"available": "5"}])
        path = f"/v1/catalogue-items/{made['items'][0]['id']}/stock"
        headers = {"Idempotency-Key": str(uuid4())}
        first = await supplier.post(path, {"available": "9"}, headers=headers)
        await supplier.make(path, {"available": "3"})
        again = await supplier.post(path, {"available": "9"}, headers=headers)
        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"
        assert await stock_of(callers, made["items"][0]["id"]) == (3, 3)

    async def test_is_over_when_the_catalogue_is(self, supplier: Caller) -> None:
        made = await new_catalogue(supplier, [{"available": "5"}])
        await supplier.make(f"/v1/catalogues/{made['id']}/withdraw")
        path = f"/v1/catalogue-items/{made['items'][0]['id']}/stock"
        answer = await supplier.post(path, {"available": "9"})
        assert (answer.status_code, answer.json()["code"]) == (409, "state-not-allowed")


class TestPublish:
    @pytest.mark.parametrize(
        ("items", "changes", "codes"),
        [
            ([], {}, [("/items", "catalogue-empty")]),
            (
                [{}],
                {"valid_from": "2024-01-01", "valid_until": "2024-12-31"},
                [("/valid_until", "catalogue-expired")],
            ),
            (
                [{"sku": "T", "category": "biological"}],
                {},
                [("/items/T", "registration-missing")],
            ),
            (
                [{"sku": "T", "senasa": {**SENASA, "status": "cancelled"}}],
                {},
                [("/items/T", "registration-not-valid")],
            ),
            (
                [{"sku": "T", "senasa": {**SENASA, "valid_until": "2024-01-01"}}],
                {},
                [("/items/T", "registration-expired")],
            ),
        ],
    )
    async def test_is_refused_with_every_reason(
        self,
        callers: Callers,
        supplier: Caller,
        items: list[dict[str, Any]],
        changes: dict[str, Any],
        codes: list[tuple[str, str]],
    ) -> None:
        made = await new_catalogue(supplier, items, published=False, **changes)
        before = await callers.entries_of(supplier)
        answer = await supplier.post(f"/v1/catalogues/{made['id']}/publish")
        assert (answer.status_code, answer.json()["code"]) == (409, "rule-broken")
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == codes
        assert await callers.entries_of(supplier) == before

    async def test_makes_everything_but_stock_unchangeable(self, supplier: Caller) -> None:
        made = await new_catalogue(supplier, [BIOLOGICAL])
        assert made["published_at"] is not None
        path = f"/v1/catalogues/{made['id']}"
        etag = (await supplier.get(path)).headers["etag"]
        refused = [
            await supplier.patch(path, {"name": "x"}, etag),
            await supplier.post(f"{path}/items", item_wish()),
            await supplier.call("PUT", f"{path}/items", json=[item_wish()]),
            await supplier.post(f"{path}/publish"),
        ]
        assert [answer.status_code for answer in refused] == [409] * 4
        assert {tuple(answer.json()["allowed_actions"]) for answer in refused} == {
            ("revise", "supersede", "withdraw")
        }

    async def test_puts_ten_thousand_items_on_offer_in_one_call(self, supplier: Caller) -> None:
        made = await new_catalogue(supplier, [], published=False)
        path = f"/v1/catalogues/{made['id']}"
        rows = [item_wish() for _ in range(10_000)]
        assert (await supplier.call("PUT", f"{path}/items", json=rows)).status_code == 200
        await supplier.make(f"{path}/publish")
        mine = f"organization_id={supplier.organization_id}&include=total&limit=1"
        assert (await supplier.get(f"/v1/offers?{mine}")).json()["total"] == 10_000
        await supplier.make(f"{path}/withdraw")
        assert (await supplier.get(f"/v1/offers?{mine}")).json()["total"] == 0


class TestRegistration:
    async def test_that_ends_takes_an_item_off_the_market_until_it_is_valid_again(
        self, supplier: Caller, coop: Caller
    ) -> None:
        made = await new_catalogue(supplier, [BIOLOGICAL, {}])
        offers = f"/v1/offers?organization_id={supplier.organization_id}"
        path = f"/v1/catalogue-items/{made['items'][0]['id']}/registration"

        async def on_offer() -> set[str]:
            return {o["item_id"] for o in (await coop.get(offers)).json()["items"]}

        both = {item["id"] for item in made["items"]}
        assert await on_offer() == both
        for gone in ({"status": "cancelled"}, {"status": "valid", "valid_until": "2024-01-01"}):
            await supplier.make(path, gone)
            assert await on_offer() == both - {made["items"][0]["id"]}
        answer = await supplier.make(path, {"status": "valid", "valid_until": None})
        assert answer["senasa"]["valid_until"] is None
        assert await on_offer() == both

    async def test_ends_the_offer_with_its_last_day(self, supplier: Caller, coop: Caller) -> None:
        last = str(today() + timedelta(days=30))
        await new_catalogue(supplier, [{**BIOLOGICAL, "senasa": {**SENASA, "valid_until": last}}])
        offers = f"/v1/offers?organization_id={supplier.organization_id}"
        [offer] = (await coop.get(offers)).json()["items"]
        assert offer["valid_until"] == last
        after = today() + timedelta(days=31)
        assert (await coop.get(f"{offers}&valid_on={after}")).json()["items"] == []

    async def test_is_not_made_after_publication(self, supplier: Caller) -> None:
        made = await new_catalogue(supplier, [{}])
        path = f"/v1/catalogue-items/{made['items'][0]['id']}/registration"
        answer = await supplier.post(path, {"status": "valid"})
        assert (answer.status_code, answer.json()["code"]) == (409, "item-not-registered")
