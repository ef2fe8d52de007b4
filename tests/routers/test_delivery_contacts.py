"""A supplier sees of a producer what delivery needs, from acceptance until the order is over."""

from typing import Any
from uuid import UUID

import pytest

from api.domains.orders.states import IN_HAND, WAITING, OrderState
from api.jobs.orders import forget_contacts
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.consents import new_consent
from tests.factories.orders import dispatch_wish, new_order, order_wish, receipt_wish
from tests.factories.producers import new_producer
from tests.routers.test_order_fulfilment import put_into

S = OrderState
CONTACT = {"name": "Yolvi Cachique", "phone": "+51987001122", "address": "Fundo El Achiote, km 4"}
"""Nothing else in any test is called so."""


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def catalogue(supplier: Caller) -> dict[str, Any]:
    return await new_catalogue(supplier, [{"available": "10"}])


async def contact_of(caller: Caller, order: dict[str, Any]) -> tuple[int, Any]:
    answer = await caller.get(f"/v1/orders/{order['id']}/delivery-contact")
    return answer.status_code, answer.json()


@pytest.mark.parametrize("state", S)
async def test_is_seen_in_each_state_by_whom_it_concerns(
    callers: Callers,
    coop: Caller,
    supplier: Caller,
    catalogue: dict[str, Any],
    state: OrderState,
) -> None:
    order = await new_order(coop, catalogue, delivery_contact=CONTACT)
    await put_into(callers, order, state)
    status, seen = await contact_of(supplier, order)
    assert status == (200 if state in IN_HAND else 404)
    if status == 200:
        expected = {**CONTACT, "order_id": order["id"], "producer_id": None, "disclosure": None}
        assert seen == expected
    assert (await contact_of(coop, order))[0] == 200
    strangers = {Role.PRODUCER_ORGANIZATION: 404, Role.INPUT_SUPPLIER: 404, Role.BUYER: 403}
    for role, refused in strangers.items():
        assert (await contact_of(await callers.new(role), order))[0] == refused
    assert (await contact_of(callers.anonymous(), order))[0] == 401
    again = await coop.post(f"/v1/orders/{order['id']}/delivery-contact", CONTACT)
    assert again.status_code == (200 if state in IN_HAND | WAITING else 409)


async def test_through_the_whole_life_of_an_order(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    order = await new_order(coop, catalogue, delivery_contact=CONTACT)
    path = f"/v1/orders/{order['id']}"

    async def seen() -> bool:
        return (await contact_of(supplier, order))[0] == 200

    assert not await seen()
    await supplier.make(f"{path}/accept")
    assert await seen()
    sent = await supplier.make(f"{path}/dispatch", dispatch_wish(order))
    assert await seen()
    await coop.make(f"{path}/receive", receipt_wish(sent))
    assert await seen()
    await coop.make(f"{path}/close")
    assert not await seen()
    assert await forget_contacts(callers.platform.database) >= 1
    assert (await contact_of(coop, order))[0] == 404


async def test_is_nowhere_else(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    """Not in the order, nor in its list, nor in the ledger; not in the answer that is kept."""
    order = await new_order(coop, catalogue, accepted_by=supplier, delivery_contact=CONTACT)
    await coop.make(f"/v1/orders/{order['id']}/delivery-contact", CONTACT)
    texts = [
        (await caller.get(path)).text
        for caller in (coop, supplier)
        for path in (f"/v1/orders/{order['id']}", "/v1/orders", "/v1/events")
    ]
    pool = callers.platform.database.pool
    for table in ("ledger_entries", "idempotency_keys"):
        rows = await pool.fetch(f"SELECT {table}::text FROM {table}")  # noqa: S608 - a constant
        texts += [row[0] for row in rows]
    spelled = {value.encode().hex() for value in CONTACT.values()} | set(CONTACT.values())
    assert not [text for text in texts for value in spelled if value in text]
    answer = await coop.get(f"/v1/orders/{order['id']}/delivery-contact")
    assert answer.headers["cache-control"] == "private, no-store"


async def test_of_a_producer_needs_consent_and_is_noted(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    producer = await new_producer(coop)
    contact = {**CONTACT, "producer_id": producer["id"]}
    order = await new_order(coop, catalogue, accepted_by=supplier, delivery_contact=contact)
    status, refused = await contact_of(supplier, order)
    assert (status, refused["code"]) == (403, "consent-required")
    log = f"/v1/producers/{producer['id']}/access-log"
    assert (await coop.get(log)).json()["items"] == []
    assert (await contact_of(coop, order))[0] == 200
    consent = await new_consent(coop, producer["id"], "service_delivery", supplier)
    status, seen = await contact_of(supplier, order)
    assert (status, seen["disclosure"]["consent_id"]) == (200, consent["id"])
    [line] = (await coop.get(log)).json()["items"]
    assert (line["organization_id"], line["operation"], line["purpose"]) == (
        str(supplier.organization_id), "get_delivery_contact", "service_delivery",
    )  # fmt: skip
    await coop.make(f"/v1/consents/{consent['id']}/revoke")
    assert (await contact_of(supplier, order))[0] == 403


async def test_goes_with_the_producer_who_is_erased(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    producer = await new_producer(coop)
    order = await new_order(coop, catalogue, accepted_by=supplier)
    path = f"/v1/orders/{order['id']}/delivery-contact"
    await coop.make(path, {**CONTACT, "producer_id": producer["id"]})
    await coop.make(f"/v1/producers/{producer['id']}/erase")
    assert (await coop.get(path)).status_code == 404
    left = await callers.platform.database.pool.fetchval(
        "SELECT count(*) FROM delivery_contacts WHERE producer_id = $1", UUID(producer["id"])
    )
    assert left == 0


async def test_names_nobody_who_was_erased_or_merged(
    callers: Callers, coop: Caller, catalogue: dict[str, Any]
) -> None:
    gone, merged, standing = [await new_producer(coop) for _ in range(3)]
    order = await new_order(
        coop, catalogue, delivery_contact={**CONTACT, "producer_id": merged["id"]}
    )
    path = f"/v1/orders/{order['id']}/delivery-contact"
    await coop.make(f"/v1/producers/{gone['id']}/erase")
    await coop.make(f"/v1/producers/{merged['id']}/merge", {"into": standing["id"]})
    # Whoever was named is the survivor now.
    assert (await coop.get(path)).json()["producer_id"] == standing["id"]
    before = await callers.entries_of(coop)
    for ended in (gone, merged):
        refused = await coop.post(path, {**CONTACT, "producer_id": ended["id"]})
        assert refused.status_code == 409
        assert [e["code"] for e in refused.json()["errors"]] == ["producer-unknown"]
    assert await callers.entries_of(coop) == before
    await coop.make(f"/v1/producers/{standing['id']}/erase")
    assert (await coop.get(path)).status_code == 404


async def test_names_ones_own_producer_or_none(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    foreign = await new_producer(await callers.new(Role.PRODUCER_ORGANIZATION))
    wish = order_wish(catalogue, delivery_contact={**CONTACT, "producer_id": foreign["id"]})
    before = await callers.entries_of(coop)
    refused = await coop.post("/v1/orders", wish)
    assert [e["code"] for e in refused.json()["errors"]] == ["producer-unknown"]
    assert await callers.entries_of(coop) == before
    order = await new_order(coop, catalogue)
    path = f"/v1/orders/{order['id']}/delivery-contact"
    assert (await supplier.post(path, CONTACT)).status_code == 403
    assert (await coop.get(path)).status_code == 404
    await coop.make(path, CONTACT)
    assert (await coop.get(path)).json()["name"] == CONTACT["name"]
    await coop.make(path, {"name": "Almacén", "address": "Jr. Grau 120"})
    other = (await coop.get(path)).json()
    assert (other["name"], other["phone"]) == ("Almacén", None)
    for wrong in ({"name": "Almacén"}, {**CONTACT, "phone": "no"}, {**CONTACT, "dni": "1"}):
        assert (await coop.post(path, wrong)).status_code == 422
