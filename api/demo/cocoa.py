"""Chapter four: the harvest is delivered, fermented, dried, shipped, and traced back."""

from decimal import Decimal
from typing import Any, Final

from rich.tree import Tree

from api.core.clock import today
from api.demo.people import TOCACHE
from api.demo.stage import Document, Story, short, soles

WET_KG: Final = Decimal("320.000")
DRYING: Final = Decimal("0.38")
PRICE: Final = "6.8000"
RETAINED: Final = "350.00"
LEAST_PLOTS: Final = 3


class Untraced(Exception):
    """The trace does not name what the story put in."""


def deliver(story: Story) -> None:
    """Producers deliver; a part of the borrower's price goes to the loan"""
    wish = {"name": f"Centro de acopio {story.mark}", "ubigeo": TOCACHE}
    centre = story.cooperative.post("/v1/collection-centres", wish)
    for number, person in enumerate(story.people):
        story.deliveries.append(
            story.cooperative.post("/v1/deliveries", _delivery(story, centre, number, person))
        )
    retained = story.deliveries[0]["retained"]
    story.say(f"{len(story.deliveries)} deliveries of {WET_KG} kg wet, {soles(retained)} retained")


def _delivery(story: Story, centre: Document, number: int, person: Document) -> dict[str, Any]:
    retention = {
        "loan_id": story.loan["id"],
        "amount": {"amount": RETAINED, "currency": "PEN"},
    }
    return {
        "collection_centre_id": centre["id"],
        "producer_id": person["id"],
        "delivered_on": str(today()),
        "form": "wet",
        "gross_kg": str(WET_KG + 4),
        "tare_kg": "4.000",
        "currency": "PEN",
        "price_per_kg": PRICE,
        "premium_per_kg": "0.2000",
        "plots": [{"plot_id": story.farms[number]["id"], "kg": str(WET_KG)}],
        "retention": retention if person is story.borrower else None,
        "document_kind": "liquidacion_de_compra",
        "document_number": f"E001-{story.mark}{number}",
    }


def ferment_and_dry(story: Story) -> None:
    """The beans become a lot, are fermented, and dried"""
    story.wet_lot = story.cooperative.post(
        "/v1/lots",
        {
            "code": f"{story.mark}-H",
            "form": "wet",
            "custody": "segregated",
            "made_on": str(today()),
            "inputs": [
                {"delivery_id": each["id"], "kg": each["net_kg"]} for each in story.deliveries
            ],
        },
    )
    wet = Decimal(story.wet_lot["kg"])
    story.dry_lot = story.cooperative.post(
        f"/v1/lots/{story.wet_lot['id']}/dry",
        {
            "code": f"{story.mark}-S",
            "made_on": str(today()),
            "wet_kg": f"{wet:.3f}",
            "dry_kg": f"{wet * DRYING:.3f}",
        },
    )
    story.say(f"{story.wet_lot['kg']} kg wet became {story.dry_lot['kg']} kg dry")


def ship(story: Story) -> None:
    """The lot leaves for the buyer, against the commitment"""
    wish = {
        "buyer_id": str(story.buyer.organization_id),
        "purchase_commitment_id": story.commitment["id"],
        "guide_number": f"T001-{story.mark}",
        "shipped_on": str(today()),
        "lots": [{"lot_id": story.dry_lot["id"], "kg": story.dry_lot["kg"]}],
    }
    shipment = story.cooperative.post("/v1/shipments", wish)
    receipt = {"received_on": str(today()), "received_kg": story.dry_lot["kg"]}
    shipment = story.buyer.post(f"/v1/shipments/{shipment['id']}/receive", receipt)
    story.say(f"shipment {short(shipment)} {shipment['state']}: {shipment['received_kg']} kg")


def trace_back(story: Story) -> None:
    """From the lot back to land, inputs and credit"""
    trace = story.cooperative.get(f"/v1/lots/{story.dry_lot['id']}/trace")
    story.console.print(tree_of(trace))
    missing = missing_from(story, trace)
    if missing:
        raise Untraced(f"the trace of lot {story.dry_lot['code']} does not name {missing}")
    seen = story.buyer.get(f"/v1/lots/{story.dry_lot['id']}/trace")
    kept = ", ".join(seen["redacted"]) or "nothing"
    story.say(f"the buyer sees {len(seen['plots'])} plots; kept from it: {kept}")


def missing_from(story: Story, trace: Document) -> str:
    """What the story put into the lot and its trace does not name; empty where all is there."""
    ordered = {each["order_id"] for each in trace["inputs"] if each["category"] == "fertilizer"}
    lent = {each["loan_id"] for each in trace["credit"]}
    plots = {each["plot_id"] for each in trace["plots"]}
    known = {each["id"] for each in story.farms}
    absent = {
        f"at least {LEAST_PLOTS} plots": len(plots & known) < LEAST_PLOTS,
        "the fertiliser order": story.order["id"] not in ordered,
        "the loan": story.loan["id"] not in lent,
    }
    return ", ".join(what for what, is_absent in absent.items() if is_absent)


def tree_of(trace: Document) -> Tree:
    """The trace for the eye: producers are ids."""
    lot = trace["lot"]
    tree = Tree(f"lot {lot['code']}: {lot['kg']} kg {lot['form']}, {lot['custody']}")
    for each in trace["shipments"]:
        tree.add(f"shipped {each['kg']} kg to buyer {short(each['buyer_id'])}: {each['state']}")
    for each in trace["lots"]:
        tree.add(f"made of lot {each['code']}: {each['kg']} kg {each['form']}")
    for producer in trace["producers"]:
        branch = tree.add(f"producer {producer['producer_id']}: {_percent(producer)}")
        _of_producer(branch, trace, producer["producer_id"])
    return tree


def _of_producer(branch: Tree, trace: Document, producer_id: str) -> None:
    own = {each["plot_id"] for each in trace["plots"] if each["producer_id"] == producer_id}
    for each in trace["plots"]:
        if each["plot_id"] in own:
            place = f"{each['area_ha']} ha {each['land_use']}, {each['geometry_kind']}"
            branch.add(f"plot {each['plot_id']}: {place}, {_percent(each)}")
    for each in trace["inputs"]:
        if each["plot_id"] in own:
            bought = f"{each['quantity']} {each['unit']} {each['description']}"
            branch.add(f"order {each['order_id']}: {bought}, batch {each['batch_number']}")
    for each in trace["credit"]:
        if each["producer_id"] == producer_id:
            paid = f"{soles(each['disbursed'])} of {soles(each['financed'])} paid out"
            branch.add(f"loan {each['loan_id']}: {paid}, {each['state']}")


def _percent(part: Document) -> str:
    return f"{Decimal(part['share']):.2%}"
