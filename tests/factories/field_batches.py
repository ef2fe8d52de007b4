"""Items of a field app for tests."""

import itertools
from typing import Any

from api.core.clock import today
from api.core.ids import new_id
from tests.callers import Caller
from tests.factories.plots import plot_wish
from tests.factories.producers import registration
from tests.factories.visits import visit_wish

_numbers = itertools.count(1)

BATCHES = "/v1/field-batches"
CAPTURED = "2026-11-20T15:04:05Z"


def item(kind: str, body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A new thing with an id of its own."""
    return {"kind": kind, "id": str(new_id()), "captured_at": CAPTURED, "body": body, **changes}


def producer_item(**changes: Any) -> dict[str, Any]:
    """A new producer."""
    return item("producer", registration(**changes))


def plot_item(producer_id: str, **changes: Any) -> dict[str, Any]:
    """A new plot of a producer."""
    return item("plot", plot_wish(producer_id, **changes))


def visit_item(producer_id: str, **changes: Any) -> dict[str, Any]:
    """A new visit to a producer."""
    return item("visit", visit_wish(producer_id, **changes))


def delivery_item(
    centre_id: str, producer_id: str, plot_id: str, kg: str = "100.000", **changes: Any
) -> dict[str, Any]:
    """So many kilos of wet cocoa from one plot, as new."""
    body = {
        "collection_centre_id": centre_id,
        "producer_id": producer_id,
        "delivered_on": today().isoformat(),
        "form": "wet",
        "gross_kg": kg,
        "tare_kg": "0",
        "currency": "PEN",
        "price_per_kg": "6.5000",
        "premium_per_kg": "0.2500",
        "plots": [{"plot_id": plot_id, "kg": kg}],
        "document_kind": "liquidacion_de_compra",
        "document_number": f"E002-{next(_numbers)}",
    }
    return item("delivery", body, **changes)


async def send(caller: Caller, *items: dict[str, Any], **headers: str) -> dict[str, Any]:
    """A batch that must be taken; the answer."""
    answer = await caller.post(BATCHES, {"items": list(items)}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def statuses(answer: dict[str, Any]) -> list[str]:
    """What became of each item."""
    return [one["status"] for one in answer["items"]]
