"""Orders, made over HTTP."""

from decimal import Decimal
from typing import Any

from api.core.clock import today
from tests.callers import Caller
from tests.factories.farm_plans import accepted_plan, draft_plan, fertilizer_line
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer


async def plan_lines(
    coop: Caller, *lines: dict[str, Any], accepted: bool = True
) -> list[dict[str, Any]]:
    """The lines of a new plan of ``coop``, which also assists; each with its ``farm_plan_id``."""
    producer = await new_producer(coop)
    plot = await new_plot(coop, producer["id"])
    wanted = list(lines) or [fertilizer_line()]
    if accepted:
        plan = await accepted_plan(coop, coop, producer, [plot], wanted)
    else:
        plan = await draft_plan(coop, producer, [plot], wanted)
    return [{**line, "farm_plan_id": plan["id"]} for line in plan["lines"]]


async def ordered(coop: Caller, line: dict[str, Any]) -> str:
    """How much of a plan line is ordered."""
    plan = (await coop.get(f"/v1/farm-plans/{line['farm_plan_id']}")).json()
    found: list[str] = [x["ordered_quantity"] for x in plan["lines"] if x["id"] == line["id"]]
    return found[0]


async def available(caller: Caller, item: dict[str, Any]) -> str | None:
    """What is left of an item."""
    found: str | None = (await caller.get(f"/v1/catalogue-items/{item['id']}")).json()["available"]
    return found


def order_line(item: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """One pack of an item, for an emergency; name a ``farm_plan_line_id`` to serve a plan."""
    if "farm_plan_line_id" not in changes:
        changes = {"plan_exception": "emergency", **changes}
    return {"item_id": item["id"], "quantity": "1", **changes}


def order_wish(
    catalogue: dict[str, Any], lines: list[dict[str, Any]] | None = None, **changes: Any
) -> dict[str, Any]:
    """An order to the supplier of a catalogue, delivered to Juanjuí; default: each item once."""
    return {
        "supplier_id": catalogue["organization_id"],
        "delivery_ubigeo": "220601",
        "lines": [order_line(item) for item in catalogue["items"]] if lines is None else lines,
        **changes,
    }


async def new_order(
    buyer: Caller,
    catalogue: dict[str, Any],
    lines: list[dict[str, Any]] | None = None,
    *,
    accepted_by: Caller | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """An order of ``buyer`` from a catalogue that ``new_catalogue`` made; the document.

    ``lines`` as ``order_line`` makes them. With ``accepted_by``, the supplier, it can be paid.
    """
    order = await buyer.make("/v1/orders", order_wish(catalogue, lines, **changes))
    if accepted_by is not None:
        order = await accepted_by.make(f"/v1/orders/{order['id']}/accept")
    return order


def dispatch_wish(order: dict[str, Any], **quantities: str) -> dict[str, Any]:
    """All of an order, or by line id the packs in ``quantities``."""
    sent = quantities or {
        line["id"]: line["quantity"] for line in order["lines"] if line["state"] == "ordered"
    }
    return {
        "guide_number": "T001-00001234",
        "dispatched_on": str(today()),
        "lines": [{"line_id": line_id, "quantity": packs} for line_id, packs in sent.items()],
    }


def receipt_wish(order: dict[str, Any]) -> dict[str, Any]:
    """Everything that was sent arrived in order."""
    sent = [line for line in order["lines"] if Decimal(line["dispatched_quantity"])]
    return {
        "lines": [
            {
                "line_id": line["id"],
                "received_quantity": line["dispatched_quantity"],
                "damaged_quantity": "0",
                "batch_number": "L-2026-118",
            }
            for line in sent or order["lines"]
        ]
    }


async def received_order(
    buyer: Caller,
    supplier: Caller,
    catalogue: dict[str, Any],
    lines: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """An order that was accepted, dispatched and received in full."""
    order = await new_order(buyer, catalogue, lines, accepted_by=supplier, **changes)
    path = f"/v1/orders/{order['id']}"
    sent = await supplier.make(f"{path}/dispatch", dispatch_wish(order))
    return await buyer.make(f"{path}/receive", receipt_wish(sent))
