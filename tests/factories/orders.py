"""Orders, made over HTTP."""

from typing import Any

from api.core.clock import today
from tests.callers import Caller


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
    sent = quantities or {line["id"]: line["quantity"] for line in order["lines"]}
    return {
        "guide_number": "T001-00001234",
        "dispatched_on": str(today()),
        "lines": [{"line_id": line_id, "quantity": packs} for line_id, packs in sent.items()],
    }


def receipt_wish(order: dict[str, Any]) -> dict[str, Any]:
    """Everything arrived in order."""
    return {
        "lines": [
            {
                "line_id": line["id"],
                "received_quantity": line["quantity"],
                "damaged_quantity": "0",
                "batch_number": "L-2026-118",
            }
            for line in order["lines"]
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
    await supplier.make(f"{path}/dispatch", dispatch_wish(order))
    return await buyer.make(f"{path}/receive", receipt_wish(order))
