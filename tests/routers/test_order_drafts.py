"""A draft reserves nothing and tells nobody; placed, it is an order like any other."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.farm_plans import fertilizer_line
from tests.factories.orders import available, order_line, order_wish, ordered, plan_lines

DRAFTS = "/v1/order-drafts"


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


@pytest.fixture
async def catalogue(supplier: Caller) -> dict[str, Any]:
    return await new_catalogue(supplier, [{"available": "10"}])


async def test_is_made_changed_and_placed(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    [item] = catalogue["items"]
    [line] = await plan_lines(coop, fertilizer_line(quantity="300.000"))
    before = await callers.entries_of(coop)
    draft = await coop.make(DRAFTS, order_wish(catalogue, []))
    assert (draft["state"], draft["lines"]) == ("draft", [])
    path = f"{DRAFTS}/{draft['id']}"
    empty = await coop.post(f"{path}/place")
    assert [e["code"] for e in empty.json()["errors"]] == ["nothing-ordered"]
    wish = order_wish(catalogue, [order_line(item, quantity="4", farm_plan_line_id=line["id"])])
    changed = await coop.put(path, wish, '"v1"')
    assert (changed.status_code, changed.headers["etag"]) == (200, '"v2"')
    assert (await coop.put(path, wish, '"v1"')).status_code == 412
    # Nothing reserved, nothing told, nothing in the ledger.
    assert (await available(coop, item), await ordered(coop, line)) == ("10.000", "0.000")
    assert await callers.entries_of(coop) == before
    assert (await supplier.get("/v1/orders")).json()["items"] == []
    contact = {"name": "Almacén", "address": "Jr. Grau 120"}
    answer = await coop.post(f"{path}/place", {"delivery_contact": contact})
    order = answer.json()
    assert (answer.status_code, order["state"], order["id"]) == (201, "placed", draft["id"])
    assert answer.headers["location"] == f"/v1/orders/{draft['id']}"
    assert (await available(coop, item), await ordered(coop, line)) == ("6.000", "200.000")
    assert (await coop.get(f"/v1/orders/{order['id']}/delivery-contact")).status_code == 200
    assert (await coop.get(path)).status_code == 404
    assert (await coop.get(DRAFTS)).json()["items"] == []


async def test_stays_where_it_cannot_be_placed(
    callers: Callers, coop: Caller, catalogue: dict[str, Any]
) -> None:
    lines = [order_line(catalogue["items"][0], quantity="11")]
    draft = await coop.make(DRAFTS, order_wish(catalogue, lines))
    path = f"{DRAFTS}/{draft['id']}"
    refused = await coop.post(f"{path}/place")
    assert [(e["code"], e["left"]) for e in refused.json()["errors"]] == [
        ("not-enough-stock", "10.000")
    ]
    assert (await coop.get(path)).json() == draft
    assert (await available(coop, catalogue["items"][0])) == "10.000"
    nobody = await coop.make(DRAFTS, {**order_wish(catalogue), "supplier_id": str(uuid4())})
    refused = await coop.post(f"{DRAFTS}/{nobody['id']}/place")
    assert [e["code"] for e in refused.json()["errors"]] == ["other-supplier"]


async def test_is_its_organisations_own(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    wish = order_wish(catalogue)
    draft = await coop.make(DRAFTS, wish)
    path = f"{DRAFTS}/{draft['id']}"
    other = await callers.new(Role.PRODUCER_ORGANIZATION)
    for caller, refused in ((callers.anonymous(), 401), (supplier, 403), (other, 404)):
        assert (await caller.post(f"{path}/place")).status_code == refused
        assert (await caller.put(path, wish, '"v1"')).status_code == refused
        assert (await caller.call("DELETE", path)).status_code == refused
    assert [(await caller.get(path)).status_code for caller in (supplier, other)] == [404, 404]
    assert (await supplier.post(DRAFTS, wish)).status_code == 403
    assert (await other.get(DRAFTS)).json()["items"] == []
    assert (await coop.get(path)).json() == draft
    bad = {**wish, "lines": [{"item_id": str(uuid4()), "quantity": "1"}]}
    assert (await coop.post(DRAFTS, bad)).status_code == 422


async def test_is_deleted_or_placed_once(coop: Caller, catalogue: dict[str, Any]) -> None:
    draft = await coop.make(DRAFTS, order_wish(catalogue))
    path = f"{DRAFTS}/{draft['id']}"
    assert (await coop.call("DELETE", path)).status_code == 204
    assert (await coop.call("DELETE", path)).status_code == 404
    assert (await coop.post(f"{path}/place")).status_code == 404
    again = await coop.make(DRAFTS, order_wish(catalogue))
    path = f"{DRAFTS}/{again['id']}"
    answers = await asyncio.gather(*(coop.post(f"{path}/place") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [404] * 5
    assert await available(coop, catalogue["items"][0]) == "9.000"
