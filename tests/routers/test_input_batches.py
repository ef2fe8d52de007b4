"""Inputs received, by batch, tied to plots; and forward from there to the cocoa."""

from datetime import timedelta
from typing import Any

import pytest

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.deliveries import lot_wish, new_delivery, of_delivery, of_lot
from tests.factories.farm_plans import accepted_plan, fertilizer_line
from tests.factories.orders import (
    dispatch_wish,
    new_order,
    order_line,
    receipt_wish,
    received_order,
)
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


@pytest.fixture
async def catalogue(supplier: Caller) -> dict[str, Any]:
    hour = {"category": "technical_assistance", "unit": "HUR", "pack_size": "1", "price": "80"}
    return await new_catalogue(supplier, [{}, hour])


async def farm(coop: Caller) -> tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]:
    """Two plots of one producer, a plan line for one of them, a plan line for the whole farm."""
    producer = await new_producer(coop)
    plots = [await new_plot(coop, producer["id"]) for _ in range(2)]
    wanted = [fertilizer_line(plot_id=plots[0]["id"]), fertilizer_line(month="2027-04-01")]
    plan = await accepted_plan(coop, coop, producer, plots, wanted)
    by_plot = {line["plot_id"]: line for line in plan["lines"]}
    return plots, by_plot[plots[0]["id"]], by_plot[None]


async def batches(caller: Caller, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.get(f"/v1/input-batches?{query}")).json()["items"]
    return found


async def test_a_receipt_ties_batches_to_the_plots_of_the_plan_lines(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    plots, of_plot, of_farm = await farm(coop)
    bags, hours = catalogue["items"]
    lines = [
        order_line(bags, quantity="2", farm_plan_line_id=of_plot["id"]),
        order_line(bags, quantity="3", farm_plan_line_id=of_farm["id"]),
        order_line(bags, quantity="1"),
        order_line(hours, quantity="4", plan_exception="training"),
        order_line(bags, quantity="1"),
    ]
    order = await new_order(coop, catalogue, lines, accepted_by=supplier)
    path = f"/v1/orders/{order['id']}"
    sent = await supplier.make(f"{path}/dispatch", dispatch_wish(order))
    wish = receipt_wish(sent)
    for line, number in zip(wish["lines"], ("X-1", "X-2", None, None, "X-3"), strict=True):
        line["batch_number"] = number
    wish["lines"][0] |= {"expires_on": "2028-06-30", "received_quantity": "1.5"}
    wish["lines"][4] |= {"received_quantity": "0", "damaged_quantity": "1"}
    await coop.make(f"{path}/receive", wish)
    found = list(reversed(await batches(coop, f"order_id={order['id']}")))
    # Neither the hours nor what came damaged is a batch.
    assert [(x["batch_number"], x["quantity"]) for x in found] == [
        ("X-1", "75.000"),
        ("X-2", "150.000"),
        (None, "50.000"),
    ]
    assert [x["plot_ids"] for x in found] == [
        [plots[0]["id"]],
        sorted(plot["id"] for plot in plots),
        [],
    ]
    assert (found[0]["expires_on"], found[0]["received_on"]) == ("2028-06-30", str(today()))
    assert await batches(coop, "batch_number=X-1") == [found[0]]
    assert await batches(coop, f"plot_id={plots[1]['id']}") == [found[1]]
    assert await batches(coop, f"order_id={order['id']}&expires_before=2028-07-01") == [found[0]]
    assert (await coop.get(f"/v1/input-batches/{found[0]['id']}")).json() == found[0]


async def test_the_supplier_finds_what_it_sold_and_nothing_of_producers(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    plots, of_plot, _ = await farm(coop)
    lines = [order_line(catalogue["items"][0], farm_plan_line_id=of_plot["id"])]
    order = await received_order(coop, supplier, catalogue, lines)
    [own] = await batches(coop, f"order_id={order['id']}")
    [seen] = await batches(supplier, f"batch_number={own['batch_number']}")
    assert seen == {**own, "farm_plan_line_id": None, "plot_ids": None}
    assert await batches(supplier, f"plot_id={plots[0]['id']}") == []
    path = f"/v1/input-batches/{own['id']}"
    for caller, status in (
        (callers.anonymous(), 401),
        (await callers.new(Role.BUYER), 403),
        (await callers.new(Role.PRODUCER_ORGANIZATION), 404),
    ):
        assert (await caller.get(path)).status_code == status
    assert (await supplier.get(f"{path}/lots")).status_code == 403
    stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
    assert (await stranger.get(f"{path}/lots")).status_code == 404
    assert await batches(stranger, f"batch_number={own['batch_number']}") == []
    both = await callers.new(Role.PRODUCER_ORGANIZATION, Role.INPUT_SUPPLIER)
    sold = await received_order(coop, both, await new_catalogue(both))
    [theirs] = await batches(both, f"order_id={sold['id']}")
    assert (await both.get(f"/v1/input-batches/{theirs['id']}/lots")).status_code == 404


async def test_lots_that_contain_a_batch_are_found_and_where_they_went(
    callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    plots, of_plot, _ = await farm(coop)
    before = await new_delivery(
        coop, plot=plots[0], kg="20.000", delivered_on=str(today() - timedelta(days=2))
    )
    lines = [order_line(catalogue["items"][0], farm_plan_line_id=of_plot["id"])]
    order = await new_order(coop, catalogue, lines, accepted_by=supplier)
    path = f"/v1/orders/{order['id']}"
    yesterday = str(today() - timedelta(days=1))
    sent = await supplier.make(
        f"{path}/dispatch", {**dispatch_wish(order), "dispatched_on": yesterday}
    )
    await coop.make(f"{path}/receive", {**receipt_wish(sent), "received_on": yesterday})
    [batch] = await batches(coop, f"order_id={order['id']}")
    after = await new_delivery(coop, plot=plots[0], kg="60.000")
    other = await new_delivery(coop, plot=plots[1], kg="40.000")
    untouched = await coop.make(
        "/v1/lots", lot_wish(of_delivery(before), of_delivery(other, "20.000"))
    )
    wet = await coop.make("/v1/lots", lot_wish(of_delivery(after), of_delivery(other, "20.000")))
    mixed = await coop.make("/v1/lots", lot_wish(of_lot(wet, "30.000"), of_lot(untouched, "10")))
    drying = {"code": "D-INPUT", "made_on": str(today()), "wet_kg": "40.000", "dry_kg": "16.000"}
    dry = await coop.make(f"/v1/lots/{mixed['id']}/dry", drying)
    buyer = await callers.new(Role.BUYER)
    shipment = await coop.make(
        "/v1/shipments",
        {
            "buyer_id": str(buyer.organization_id),
            "guide_number": "T001-1",
            "shipped_on": str(today()),
            "lots": [{"lot_id": dry["id"], "kg": "16.000"}],
        },
    )
    traced = (await coop.get(f"/v1/input-batches/{batch['id']}/lots")).json()
    assert traced["input_batch_id"] == batch["id"]
    assert [lot["lot_id"] for lot in traced["lots"]] == [wet["id"], mixed["id"], dry["id"]]
    assert [[s["shipment_id"] for s in lot["shipments"]] for lot in traced["lots"]] == [
        [],
        [],
        [shipment["id"]],
    ]
    # And back: the lot names the batch, with its expiry; the lot from before does not.
    inputs = (await coop.get(f"/v1/lots/{dry['id']}/trace")).json()["inputs"]
    assert [(x["input_batch_id"], x["batch_number"], x["received_on"]) for x in inputs] == [
        (batch["id"], batch["batch_number"], yesterday)
    ]
    early = await coop.make("/v1/lots", lot_wish(of_lot(untouched, "5.000")))
    trace = (await coop.get(f"/v1/lots/{early['id']}/trace")).json()
    assert (trace["inputs"], len(trace["plots"])) == ([], 2)
