"""Between the chapters: members who need the same buy it together, at the price of all."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from api.core.clock import now
from api.demo.farming import agreed, farm_plan, line
from api.demo.people import TOCACHE
from api.demo.stage import Document, Story, short, soles
from api.demo.trade import offered

NEEDS: Final = {1: "450.000", 2: "625.000", 3: "375.000"}
"""Kilos of compost, by the producer's number."""


def plan_members(story: Story) -> None:
    """Three other members plan, too: each needs compost"""
    for number, kilos in NEEDS.items():
        farm = story.farms[number]
        needed = line(farm, "input", "fertilizer", "Compost", "KGM", kilos, "400.00")
        story.buyers.append(agreed(story, farm_plan(story, number, [needed])))
    story.say(f"{len(story.buyers)} plans, {', '.join(NEEDS.values())} kg")


def open_pool(story: Story) -> None:
    """The cooperative opens a pool; whoever pledges gets the price of the total"""
    offer = offered(story, "compost", f"COMPOST-{story.mark}")
    wish = {
        "cluster_id": story.cluster["id"],
        "item_id": offer["item_id"],
        "delivery_ubigeo": TOCACHE,
        "minimum": "10",
        "maximum": "60",
        "closes_at": (now() + timedelta(days=7)).isoformat(),
    }
    story.pool = story.cooperative.post("/v1/demand-pools", wish)
    path = f"/v1/demand-pools/{story.pool['id']}"
    for plan in story.buyers:
        story.cooperative.post(f"{path}/pledges", _pledge(plan, offer))
    story.pool = story.cooperative.get(path)
    story.say(
        f"{story.pool['pledged_quantity']} bags pledged by {story.pool['producers']}:"
        f" {soles(story.pool['unit_price'])} each, instead of {soles(offer['price'])}"
    )


def _pledge(plan: Document, offer: Document) -> Document:
    needed = plan["lines"][0]
    bags = Decimal(needed["quantity"]) / Decimal(offer["pack_size"])
    return {
        "producer_id": plan["producer_id"],
        "farm_plan_line_id": needed["id"],
        "quantity": f"{bags:.3f}",
    }


def close_pool(story: Story) -> None:
    """It closes as one order with a line for each, to the bag and to the céntimo"""
    path = f"/v1/demand-pools/{story.pool['id']}"
    story.pool = story.cooperative.post(f"{path}/close")
    order = story.supplier.post(f"/v1/orders/{story.pool['order_id']}/accept")
    shares = story.cooperative.get(f"{path}/pledges")["items"]
    told = ", ".join(f"{each['allocated_quantity']} for {soles(each['amount'])}" for each in shares)
    story.say(f"order {short(order)} of {soles(order['total'])}: {told}")
