"""From a lot back to its origins."""

from datetime import timedelta
from decimal import Decimal

import pytest

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.deliveries import lot_wish, new_delivery, of_delivery, of_lot
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer
from tests.factories.visits import new_visit


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def test_shares_follow_the_kilos_through_lots(callers: Callers, coop: Caller) -> None:
    first, second = [await new_producer(coop) for _ in range(2)]
    plots = [await new_plot(coop, p["id"]) for p in (first, first, second)]
    deliveries = [
        await new_delivery(coop, plot=plot, kg=kg)
        for plot, kg in zip(plots, ("60.000", "60.000", "40.000"), strict=True)
    ]
    wet = await coop.make(
        "/v1/lots", lot_wish(of_delivery(deliveries[0]), of_delivery(deliveries[2]))
    )
    more = await coop.make("/v1/lots", lot_wish(of_lot(wet, "50.000"), of_delivery(deliveries[1])))
    body = {"code": "D-1", "made_on": today().isoformat(), "wet_kg": "110.000", "dry_kg": "42.000"}
    dry = await coop.make(f"/v1/lots/{more['id']}/dry", body)
    trace = (await coop.get(f"/v1/lots/{dry['id']}/trace")).json()
    assert trace["lot"]["lot_id"] == dry["id"]
    assert {lot["lot_id"] for lot in trace["lots"]} == {wet["id"], more["id"]}
    kilos = {d["delivery_id"]: d["kg"] for d in trace["deliveries"]}
    expected = dict(zip((d["id"] for d in deliveries), ("30.000", "60.000", "20.000"), strict=True))
    assert kilos == expected
    assert sum(Decimal(p["share"]) for p in trace["plots"]) == 1
    shares = {p["plot_id"]: Decimal(p["share"]) for p in trace["plots"]}
    assert shares[plots[1]["id"]] == Decimal("0.545455")
    producers = {p["producer_id"]: Decimal(p["share"]) for p in trace["producers"]}
    assert producers == {
        first["id"]: shares[plots[0]["id"]] + shares[plots[1]["id"]],
        second["id"]: shares[plots[2]["id"]],
    }
    assert (trace["inputs"], trace["credit"], trace["redacted"]) == ([], [], [])


async def test_assistance_before_the_delivery_is_behind_the_lot(coop: Caller) -> None:
    producer, neighbour = [await new_producer(coop) for _ in range(2)]
    plot, fallow = [await new_plot(coop, producer["id"]) for _ in range(2)]
    yesterday = (today() - timedelta(days=1)).isoformat()
    seen = await new_visit(coop, producer["id"], plot_ids=[plot["id"]])
    farm = await new_visit(coop, producer["id"], visited_on=yesterday)
    await new_visit(coop, producer["id"], plot_ids=[fallow["id"]])
    await new_visit(coop, neighbour["id"])
    gone = await new_visit(coop, producer["id"])
    await coop.make(f"/v1/visits/{gone['id']}/annul")
    delivery = await new_delivery(coop, plot=plot)
    earlier = await new_delivery(coop, plot=plot, delivered_on=yesterday)
    lots = [await coop.make("/v1/lots", lot_wish(of_delivery(d))) for d in (delivery, earlier)]
    found = []
    for lot in lots:
        trace = (await coop.get(f"/v1/lots/{lot['id']}/trace")).json()
        found.append([visit["visit_id"] for visit in trace["assistance"]])
    assert found == [[farm["id"], seen["id"]], [farm["id"]]]


async def test_kilos_of_deliveries_are_as_they_were_delivered_and_add_up(coop: Caller) -> None:
    """A third of a dry lot of three deliveries stands for a third of the wet beans."""
    deliveries = [await new_delivery(coop, kg=kg) for kg in ("100.001", "100.000", "99.999")]
    wet = await coop.make("/v1/lots", lot_wish(*map(of_delivery, deliveries)))
    body = {"code": "D-3", "made_on": today().isoformat(), "wet_kg": "300.000", "dry_kg": "117.000"}
    dry = await coop.make(f"/v1/lots/{wet['id']}/dry", body)
    third = await coop.make("/v1/lots", lot_wish(of_lot(dry, "39.000"), form="dry"))
    for lot, kilos in ((wet, "300.000"), (dry, "300.000"), (third, "100.000")):
        trace = (await coop.get(f"/v1/lots/{lot['id']}/trace")).json()
        assert sum(Decimal(d["kg"]) for d in trace["deliveries"]) == Decimal(kilos)
        assert sum(Decimal(d["share"]) for d in trace["deliveries"]) == 1


async def test_a_buyer_sees_what_was_shipped_to_it_without_the_credit(
    callers: Callers, coop: Caller
) -> None:
    buyer, other = await callers.new(Role.BUYER), await callers.new(Role.BUYER)
    wet = await coop.make("/v1/lots", lot_wish(of_delivery(await new_delivery(coop))))
    body = {"code": "D-2", "made_on": today().isoformat(), "wet_kg": "100.000", "dry_kg": "40.000"}
    dry = await coop.make(f"/v1/lots/{wet['id']}/dry", body)
    path = f"/v1/lots/{dry['id']}/trace"
    assert (await buyer.get(path)).status_code == 404
    shipment = {
        "buyer_id": str(buyer.organization_id),
        "guide_number": "T001-1",
        "shipped_on": today().isoformat(),
        "lots": [{"lot_id": dry["id"], "kg": "40.000"}],
    }
    made = await coop.make("/v1/shipments", shipment)
    trace = (await buyer.get(path)).json()
    assert trace["redacted"] == ["credit"]
    assert [s["shipment_id"] for s in trace["shipments"]] == [made["id"]]
    assert len(trace["plots"]) == 1
    assert (await other.get(path)).status_code == 404
