"""SENASA's word reaches orders: what is still to be sent is blocked, and both sides are told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api.core.clock import today
from api.jobs.orders import block_expired
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.orders import dispatch_wish, new_order, order_line


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def catalogue(supplier: Caller) -> dict[str, Any]:
    """A biological product under a registration, and bags that need none."""
    senasa = {"number": "3253-SENASA", "kind": "biological", "status": "valid"}
    return await new_catalogue(supplier, [{"category": "biological", "senasa": senasa}, {}])


def blocked(order: dict[str, Any]) -> list[str | None]:
    return [line["blocked_by"] for line in order["lines"]]


async def events(callers: Callers, order: dict[str, Any]) -> list[tuple[str, str]]:
    """What was told of an order, and the organisations it was told to."""
    rows = await callers.platform.database.pool.fetch(
        "SELECT event, body FROM ledger_entries WHERE subject_id = $1 ORDER BY id",
        UUID(order["id"]),
    )
    return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize("status", ["cancelled", "suspended"])
async def test_an_ended_registration_blocks_what_is_not_sent(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any], status: str
) -> None:
    placed = await new_order(coop, catalogue)
    accepted = await new_order(coop, catalogue, accepted_by=supplier)
    sent = await new_order(coop, catalogue, accepted_by=supplier)
    await supplier.make(f"/v1/orders/{sent['id']}/dispatch", dispatch_wish(sent))
    gone = await new_order(coop, catalogue)
    await coop.make(f"/v1/orders/{gone['id']}/cancel")
    item = f"/v1/catalogue-items/{catalogue['items'][0]['id']}/registration"
    await supplier.make(item, {"status": status})

    async def read(order: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = (await coop.get(f"/v1/orders/{order['id']}")).json()
        return found

    for order in (placed, accepted):
        assert blocked(await read(order)) == ["registration-not-valid", None]
        assert (await events(callers, order))[-1][0] == "order.lines_blocked"
        for side in (coop, supplier):
            assert str(side.organization_id) in (await events(callers, order))[-1][1]
    for order in (sent, gone):
        assert blocked(await read(order)) == [None, None]
    path = f"/v1/orders/{accepted['id']}"
    before = await callers.entries_of(supplier)
    refused = await supplier.post(f"{path}/dispatch", dispatch_wish(accepted))
    assert refused.status_code == 409
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/lines/0/line_id", "registration-not-valid")
    ]
    assert await callers.entries_of(supplier) == before
    # The other line goes; the blocked one when SENASA says so.
    first, second = (line["id"] for line in accepted["lines"])
    await supplier.make(f"{path}/dispatch", dispatch_wish(accepted, **{second: "1"}))
    await supplier.make(item, {"status": "valid"})
    for order in (placed, accepted):
        assert blocked(await read(order)) == [None, None]
        assert (await events(callers, order))[-1][0] == "order.lines_unblocked"
    done = await supplier.make(f"{path}/dispatch", dispatch_wish(accepted, **{first: "1"}))
    assert done["state"] == "dispatched"


async def test_an_expired_registration_blocks_at_once_and_is_told_by_the_next_day(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    order = await new_order(coop, catalogue, accepted_by=supplier)
    item_id = catalogue["items"][0]["id"]
    yesterday = today() - timedelta(days=1)
    async with callers.platform.database.transaction() as (_, driver):
        await driver.execute("ALTER TABLE catalogue_items DISABLE TRIGGER recorded")
        await driver.execute(
            "UPDATE catalogue_items SET senasa_valid_until = $2 WHERE id = $1",
            UUID(item_id),
            yesterday,
        )
        await driver.execute("ALTER TABLE catalogue_items ENABLE TRIGGER recorded")
    path = f"/v1/orders/{order['id']}"
    refused = await supplier.post(f"{path}/dispatch", dispatch_wish(order))
    assert [e["code"] for e in refused.json()["errors"]] == ["registration-expired"]
    assert await block_expired(callers.platform.database) >= 1
    read = (await coop.get(path)).json()
    assert blocked(read) == ["registration-expired", None]
    await block_expired(callers.platform.database)
    assert (await coop.get(path)).json() == read


async def test_a_registration_is_one_in_all_catalogues_of_its_supplier(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    """Orders placed under a catalogue that was replaced meanwhile are blocked, too; another
    supplier's are that supplier's to block.
    """
    order = await new_order(coop, catalogue, [order_line(catalogue["items"][0])])
    await supplier.make(f"/v1/catalogues/{catalogue['id']}/withdraw")
    senasa = {"number": "3253-SENASA", "kind": "biological", "status": "valid"}
    wish = [{"category": "biological", "senasa": senasa}]
    other = await callers.new(Role.INPUT_SUPPLIER)
    theirs = await new_order(coop, await new_catalogue(other, wish))
    newer = await new_catalogue(supplier, wish)
    item = f"/v1/catalogue-items/{newer['items'][0]['id']}/registration"
    await supplier.make(item, {"status": "cancelled"})
    assert blocked((await coop.get(f"/v1/orders/{order['id']}")).json()) == [
        "registration-not-valid"
    ]
    assert blocked((await coop.get(f"/v1/orders/{theirs['id']}")).json()) == [None]
