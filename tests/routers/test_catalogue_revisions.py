"""What is published is changed by its next revision, which takes its place in one moment."""

import asyncio
import itertools
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from api.core.documents import Query
from api.domains.catalogues.states import LIFECYCLE, CatalogueState
from api.domains.orders import statements
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import item_wish, new_catalogue
from tests.factories.orders import available, new_order, order_wish
from tests.routers.test_catalogues import BIOLOGICAL
from tests.routers.test_order_races import until_served


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


async def revised(supplier: Caller, catalogue: dict[str, Any]) -> dict[str, Any]:
    """The next revision of a catalogue, as a draft, with its items by SKU."""
    draft = await supplier.make(f"/v1/catalogues/{catalogue['id']}/revise")
    return {**draft, "items": await items_of(supplier, draft)}


async def items_of(caller: Caller, catalogue: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await caller.get(f"/v1/catalogues/{catalogue['id']}/items?limit=100")
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def offered(caller: Caller, supplier: Caller) -> list[dict[str, Any]]:
    answer = await caller.get(f"/v1/offers?organization_id={supplier.organization_id}&limit=100")
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def books_of(callers: Callers, item: dict[str, Any]) -> tuple[Any, Any]:
    """What is left on an item's shelf, and the sum of the shelf's movements."""
    row = await callers.platform.database.pool.fetchrow(
        "SELECT (SELECT available FROM stocks WHERE item_id = i.shelf_id),"
        " (SELECT sum(quantity) FROM stock_movements WHERE item_id = i.shelf_id)"
        " FROM catalogue_items i WHERE id = $1",
        UUID(item["id"]),
    )
    return row[0], row[1]


class TestRevision:
    async def test_begins_as_a_copy_that_only_the_supplier_sees(
        self, supplier: Caller, coop: Caller
    ) -> None:
        first = await new_catalogue(supplier, [{"sku": "A", "available": "5"}, {"sku": "B"}])
        draft = await revised(supplier, first)
        assert (draft["state"], draft["revision"], draft["published_at"]) == ("draft", 2, None)
        assert (draft["series_id"], draft["previous_id"]) == (first["id"], first["id"])
        own = {"id", "catalogue_id", "created_at", "updated_at", "version"}
        copies = [{k: v for k, v in item.items() if k not in own} for item in draft["items"]]
        assert copies == [{k: v for k, v in i.items() if k not in own} for i in first["items"]]
        assert not {i["id"] for i in draft["items"]} & {i["id"] for i in first["items"]}
        assert (await coop.get(f"/v1/catalogues/{draft['id']}")).status_code == 404
        query = f"/v1/catalogues?series_id={first['id']}"
        mine = (await supplier.get(query)).json()["items"]
        assert [(c["revision"], c["state"]) for c in mine] == [(1, "published"), (2, "draft")]
        assert [c["revision"] for c in (await coop.get(query)).json()["items"]] == [1]

    async def test_changes_the_offers_when_it_is_published_and_not_before(
        self, supplier: Caller, coop: Caller
    ) -> None:
        first = await new_catalogue(
            supplier, [{"sku": "A", "price": "10.00"}, {"sku": "B", "price": "20.00"}]
        )
        order = await new_order(coop, first)
        draft = await revised(supplier, first)
        path = f"/v1/catalogues/{draft['id']}"
        rows = [item_wish(sku="A", price="11.00"), item_wish(sku="C", price="30.00")]
        assert (await supplier.call("PUT", f"{path}/items", json=rows)).status_code == 200
        [gone] = [item for item in draft["items"] if item["sku"] == "B"]
        answer = await supplier.call("DELETE", f"/v1/catalogue-items/{gone['id']}")
        assert answer.status_code == 204
        before = [(o["sku"], o["price"]["amount"]) for o in await offered(coop, supplier)]
        assert before == [("A", "10.00"), ("B", "20.00")]
        await supplier.make(f"{path}/publish")
        after = [(o["sku"], o["price"]["amount"]) for o in await offered(coop, supplier)]
        assert after == [("A", "11.00"), ("C", "30.00")]
        old = (await supplier.get(f"/v1/catalogues/{first['id']}")).json()
        assert old["state"] == "superseded"
        assert (await coop.get(f"/v1/orders/{order['id']}")).json() == order
        refused = await coop.post("/v1/orders", order_wish(first))
        assert refused.status_code == 409
        assert {e["code"] for e in refused.json()["errors"]} == {"not-on-offer"}

    async def test_is_one_at_a_time_until_it_is_published_or_given_up(
        self, callers: Callers, supplier: Caller
    ) -> None:
        first = await new_catalogue(supplier)
        path = f"/v1/catalogues/{first['id']}/revise"
        draft = await supplier.make(path)
        before = await callers.entries_of(supplier)
        answer = await supplier.post(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "revision-open")
        assert await callers.entries_of(supplier) == before
        await supplier.make(f"/v1/catalogues/{draft['id']}/withdraw")
        assert (await supplier.make(path))["revision"] == 3

    async def test_of_another_or_by_another_is_refused(
        self, callers: Callers, supplier: Caller, coop: Caller
    ) -> None:
        first = await new_catalogue(supplier)
        draft = await revised(supplier, first)
        other = await callers.new(Role.INPUT_SUPPLIER)
        for caller, status in ((callers.anonymous(), 401), (coop, 403), (other, 404)):
            before = await callers.entries_of(caller)
            item = f"/v1/catalogue-items/{draft['items'][0]['id']}"
            path = f"/v1/catalogues/{first['id']}/revise"
            assert (await caller.post(path)).status_code == status
            assert (await caller.call("DELETE", item)).status_code == status
            assert await callers.entries_of(caller) == before
        published = f"/v1/catalogue-items/{first['items'][0]['id']}"
        assert (await supplier.call("DELETE", published)).status_code == 409
        assert len(await items_of(supplier, first)) == len(await items_of(supplier, draft)) == 1

    @pytest.mark.parametrize(
        ("state", "action"),
        list(
            itertools.product(CatalogueState, ("items", "publish", "revise", "withdraw", "stock"))
        ),
        ids=str,
    )
    async def test_every_state_and_action(
        self, supplier: Caller, state: CatalogueState, action: str
    ) -> None:
        made = await new_catalogue(
            supplier, [{"available": "1"}], published=state is not CatalogueState.DRAFT
        )
        path = f"/v1/catalogues/{made['id']}"
        if state is CatalogueState.SUPERSEDED:
            draft = await supplier.make(f"{path}/revise")
            await supplier.make(f"/v1/catalogues/{draft['id']}/publish")
        if state is CatalogueState.WITHDRAWN:
            await supplier.make(f"{path}/withdraw")
        before = (await supplier.get(path)).json()
        if action == "items":
            answer = await supplier.post(f"{path}/items", item_wish())
            allowed = "edit" in LIFECYCLE.allowed(state)
        elif action == "stock":
            item = f"/v1/catalogue-items/{made['items'][0]['id']}"
            answer = await supplier.post(f"{item}/stock", {"available": "2"})
            allowed = state in (CatalogueState.DRAFT, CatalogueState.PUBLISHED)
        else:
            answer = await supplier.post(f"{path}/{action}")
            allowed = action in LIFECYCLE.allowed(state)
        assert answer.is_success is allowed
        if not allowed:
            assert (answer.status_code, answer.json()["code"]) == (409, "state-not-allowed")
            assert answer.json()["allowed_actions"] == LIFECYCLE.allowed(state)
            assert (await supplier.get(path)).json() == before


class TestStock:
    async def test_is_one_shelf_for_all_revisions(
        self, callers: Callers, supplier: Caller, coop: Caller
    ) -> None:
        """Sold before the switch, given back after it: nothing is counted twice or lost."""
        first = await new_catalogue(supplier, [{"available": "10"}])
        draft = await revised(supplier, first)
        order = await new_order(coop, first)
        assert await available(supplier, draft["items"][0]) == "9.000"
        await supplier.make(f"/v1/catalogues/{draft['id']}/publish")
        assert (await offered(coop, supplier))[0]["available"] == "9.000"
        second = await new_order(coop, draft)
        assert await available(coop, draft["items"][0]) == "8.000"
        await coop.make(f"/v1/orders/{order['id']}/cancel")
        assert await available(coop, draft["items"][0]) == "9.000"
        await coop.make(f"/v1/orders/{second['id']}/cancel")
        assert await books_of(callers, draft["items"][0]) == (10, 10)

    async def test_is_told_in_either_revision(self, callers: Callers, supplier: Caller) -> None:
        first = await new_catalogue(supplier, [{"sku": "A", "available": "10"}])
        draft = await revised(supplier, first)
        path = f"/v1/catalogues/{draft['id']}/items"
        etag = (await supplier.get(f"/v1/catalogue-items/{first['items'][0]['id']}")).headers
        rows = [item_wish(sku="A", price="9.00", available="7")]
        assert (await supplier.call("PUT", path, json=rows)).json()["updated"] == 1
        item = f"/v1/catalogue-items/{first['items'][0]['id']}"
        read = await supplier.get(item)
        assert (read.json()["available"], read.json()["price"]["amount"]) == ("7.000", "120.00")
        assert read.headers["etag"] != etag["etag"]
        await supplier.make(f"{item}/stock", {"available": "6"})
        assert (await items_of(supplier, draft))[0]["available"] == "6.000"
        assert await books_of(callers, draft["items"][0]) == (6, 6)

    @pytest.mark.parametrize(
        "changes", [{"pack_size": "25"}, {"unit": "LTR"}, {"available": None}], ids=str
    )
    async def test_of_another_pack_is_another_shelf(
        self, callers: Callers, supplier: Caller, changes: dict[str, Any]
    ) -> None:
        first = await new_catalogue(supplier, [{"sku": "A", "available": "10"}])
        draft = await revised(supplier, first)
        path = f"/v1/catalogues/{draft['id']}/items"
        wish = {"sku": "A", "available": "4", **changes}
        assert (await supplier.call("PUT", path, json=[item_wish(**wish)])).is_success
        left = None if wish["available"] is None else 4
        assert await books_of(callers, draft["items"][0]) == (left, left)
        assert await books_of(callers, first["items"][0]) == (10, 10)
        versions = [(await items_of(supplier, draft))[0]["version"]]
        # And back again: the common shelf, which says what the file says.
        back = [item_wish(sku="A", available="8")]
        assert (await supplier.call("PUT", path, json=back)).is_success
        [item] = await items_of(supplier, draft)
        assert (item["available"], item["version"] > versions[0]) == ("8.000", True)
        assert await books_of(callers, first["items"][0]) == (8, 8)
        own = await callers.platform.database.pool.fetchrow(
            "SELECT count(*), coalesce((SELECT sum(quantity) FROM stock_movements"
            " WHERE item_id = $1), 0) FROM stocks WHERE item_id = $1",
            UUID(item["id"]),
        )
        assert tuple(own) == (0, 0)


async def test_what_senasa_says_holds_in_every_revision(supplier: Caller, coop: Caller) -> None:
    first = await new_catalogue(supplier, [{"sku": "T", **BIOLOGICAL}])
    draft = await revised(supplier, first)
    path = f"/v1/catalogue-items/{first['items'][0]['id']}/registration"
    await supplier.make(path, {"status": "cancelled"})
    assert await offered(coop, supplier) == []
    assert (await items_of(supplier, draft))[0]["senasa"]["status"] == "cancelled"
    answer = await supplier.post(f"/v1/catalogues/{draft['id']}/publish")
    assert [e["code"] for e in answer.json()["errors"]] == ["registration-not-valid"]


class TestRaces:
    async def test_two_publications_at_once_make_one(
        self, callers: Callers, supplier: Caller, coop: Caller
    ) -> None:
        first = await new_catalogue(supplier, [{"available": "5"}])
        draft = await revised(supplier, first)
        path = f"/v1/catalogues/{draft['id']}/publish"
        answers = await asyncio.gather(*(until_served(supplier, path, None) for _ in range(6)))
        assert Counter(a.status_code for a in answers) == {200: 1, 409: 5}
        assert [o["catalogue_id"] for o in await offered(coop, supplier)] == [draft["id"]]
        states = await callers.platform.database.pool.fetch(
            "SELECT state FROM catalogues WHERE series_id = $1 ORDER BY revision",
            UUID(first["id"]),
        )
        assert [row["state"] for row in states] == ["superseded", "published"]

    async def test_two_revisions_at_once_make_one(self, supplier: Caller) -> None:
        first = await new_catalogue(supplier)
        path = f"/v1/catalogues/{first['id']}/revise"
        answers = await asyncio.gather(*(until_served(supplier, path, None) for _ in range(6)))
        assert Counter(a.status_code for a in answers) == {201: 1, 409: 5}

    async def test_orders_during_the_switch_sell_each_pack_once_and_nothing_superseded(
        self, callers: Callers, supplier: Caller, coop: Caller
    ) -> None:
        first = await new_catalogue(supplier, [{"available": "60"}])
        draft = await revised(supplier, first)
        seen: list[int] = []

        async def watch() -> None:
            while len(seen) < 20:
                seen.append(len(await offered(coop, supplier)))

        async def switch() -> None:
            await asyncio.sleep(0.05)
            await supplier.make(f"/v1/catalogues/{draft['id']}/publish")

        async def buy(catalogue: dict[str, Any]) -> int:
            return (await until_served(coop, "/v1/orders", order_wish(catalogue))).status_code

        _, _, *sold = await asyncio.gather(
            watch(), switch(), *(buy(c) for _ in range(50) for c in (first, draft))
        )
        assert set(seen) == {1}
        assert sold.count(201) <= 60
        left = 60 - sold.count(201)
        assert await books_of(callers, draft["items"][0]) == (left, left)

    async def test_an_order_holds_the_offer_until_it_is_placed(
        self, callers: Callers, supplier: Caller
    ) -> None:
        """Who has read an offer to order from it lets nobody take it back meanwhile."""
        first = await new_catalogue(supplier)
        draft = await revised(supplier, first)
        path = f"/v1/catalogues/{draft['id']}/publish"
        lock = Query(sa.text(statements.LOCK_OFFERS))
        values = {"item_ids": [UUID(first["items"][0]["id"])], "ubigeo": "220601"}
        async with callers.platform.database.transaction() as (_, driver):
            assert await driver.fetch(lock.sql, *lock.arguments(values))
            publishing = asyncio.create_task(supplier.post(path))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.shield(publishing), 0.5)
        assert (await publishing).status_code == 200
        async with callers.platform.database.transaction() as (_, driver):
            assert await driver.fetch(lock.sql, *lock.arguments(values)) == []
