"""Chapter two: what is on offer, what is ordered, how it arrives."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from api.core.clock import today
from api.demo.farming import GUANO_KG
from api.demo.people import TOCACHE
from api.demo.stage import Document, Story, short, soles


def publish_catalogue(story: Story) -> None:
    """The supplier publishes a catalogue"""
    wish = {
        "name": f"Campaña {story.mark}",
        "currency": "PEN",
        "valid_from": str(today()),
        "valid_until": str(today() + timedelta(days=90)),
        "coverage": ["2210", "2206"],
    }
    catalogue = story.supplier.post("/v1/catalogues", wish)
    path = f"/v1/catalogues/{catalogue['id']}"
    guano = _item(f"GUANO-{story.mark}", "Guano de isla molido, saco de 50 kg", "82.00")
    compost = _item(f"COMPOST-{story.mark}", "Compost madurado, saco de 50 kg", "24.00")
    story.supplier.post(f"{path}/items", guano)
    tiers = [{"min_quantity": "20", "price": "21.50"}]
    story.supplier.post(f"{path}/items", {**compost, "price_tiers": tiers})
    story.supplier.post(f"{path}/publish")
    story.say(f"catalogue {short(catalogue)}, 2 items")


def _item(sku: str, name: str, price: str) -> dict[str, Any]:
    return {
        "sku": sku,
        "name": name,
        "category": "fertilizer",
        "unit": "KGM",
        "pack_size": "50",
        "price": price,
        "organic": True,
        "available": "500",
    }


def find_offer(story: Story) -> None:
    """The cooperative finds the fertilizer among all that is delivered to its district"""
    story.offer = offered(story, "guanos", f"GUANO-{story.mark}")
    story.say(
        f"{story.offer['name']}: {soles(story.offer['price'])}, {story.offer['available']} left"
    )


def offered(story: Story, word: str, sku: str) -> Document:
    """The offer with this SKU, found with a word for what it is."""
    query = {"q": f"{word} {sku}", "ubigeo": TOCACHE, "organic": "true"}
    found: list[Document] = story.cooperative.get("/v1/offers", **query)["items"]
    return next(each for each in found if each["sku"] == sku)


def place_order(story: Story) -> None:
    """It orders what the plan asks for, line by line"""
    line = next(each for each in story.plan["lines"] if each["category"] == "fertilizer")
    packs = Decimal(GUANO_KG) / Decimal(story.offer["pack_size"])
    wish = {
        "supplier_id": story.offer["organization_id"],
        "cluster_id": story.cluster["id"],
        "delivery_ubigeo": TOCACHE,
        "lines": [
            {
                "item_id": story.offer["item_id"],
                "quantity": f"{packs:.3f}",
                "farm_plan_line_id": line["id"],
            }
        ],
    }
    story.order = story.cooperative.post("/v1/orders", wish)
    story.say(f"order {short(story.order)}: {GUANO_KG} kg, {soles(story.order['total'])}")


def accept_order(story: Story) -> None:
    """The supplier accepts"""
    story.order = story.supplier.post(f"/v1/orders/{story.order['id']}/accept")
    story.say(f"order {story.order['state']}")


def dispatch_order(story: Story) -> None:
    """The supplier dispatches"""
    wish = {
        "guide_number": "T001-1234",
        "dispatched_on": str(today()),
        "invoice_number": "F001-1234",
        "lines": [
            {"line_id": line["id"], "quantity": line["quantity"]} for line in story.order["lines"]
        ],
    }
    story.order = story.supplier.post(f"/v1/orders/{story.order['id']}/dispatch", wish)
    story.say(f"order {story.order['state']}, guía {wish['guide_number']}")


def receive_order(story: Story) -> None:
    """The cooperative receives, and notes the batch"""
    wish = {
        "lines": [
            {
                "line_id": line["id"],
                "received_quantity": line["quantity"],
                "batch_number": f"L-{story.mark}",
            }
            for line in story.order["lines"]
        ]
    }
    story.order = story.cooperative.post(f"/v1/orders/{story.order['id']}/receive", wish)
    story.say(f"order {story.order['state']}, batch L-{story.mark}")
