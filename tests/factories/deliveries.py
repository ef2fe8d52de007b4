"""Cocoa for tests: centres, deliveries, lots, made over HTTP."""

import itertools
from typing import Any

from api.core.clock import today
from tests.callers import Caller
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer

_numbers = itertools.count(1)


async def new_centre(coop: Caller) -> dict[str, Any]:
    """A collection centre."""
    return await coop.make("/v1/collection-centres", {"name": "Acopio Pólvora", "ubigeo": "221004"})


async def delivery_wish(coop: Caller, **changes: Any) -> dict[str, Any]:
    """The body of 100 kg of wet cocoa from one plot; ``plot`` brings another origin."""
    plot = changes.pop("plot", None)
    if plot is None:
        producer = await new_producer(coop)
        plot = await new_plot(coop, producer["id"])
    centre = changes.pop("centre", None) or await new_centre(coop)
    kg = changes.pop("kg", "100.000")
    return {
        "collection_centre_id": centre["id"],
        "producer_id": plot["producer_id"],
        "delivered_on": today().isoformat(),
        "form": "wet",
        "gross_kg": kg,
        "tare_kg": "0",
        "currency": "PEN",
        "price_per_kg": "6.5000",
        "premium_per_kg": "0.2500",
        "plots": [{"plot_id": plot["id"], "kg": kg}],
        "document_kind": "liquidacion_de_compra",
        "document_number": f"E001-{next(_numbers)}",
        **changes,
    }


async def new_delivery(coop: Caller, **changes: Any) -> dict[str, Any]:
    """A delivery as recorded."""
    return await coop.make("/v1/deliveries", await delivery_wish(coop, **changes))


def lot_wish(*inputs: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of a wet lot of these inputs."""
    return {
        "code": f"LOT-{next(_numbers)}",
        "form": "wet",
        "custody": "segregated",
        "made_on": today().isoformat(),
        "inputs": list(inputs),
        **changes,
    }


def of_delivery(delivery: dict[str, Any], kg: str | None = None) -> dict[str, Any]:
    """All of a delivery, or so many kilos of it, as an input of a lot."""
    return {"delivery_id": delivery["id"], "kg": kg or delivery["net_kg"]}


def of_lot(lot: dict[str, Any], kg: str | None = None) -> dict[str, Any]:
    """All of a lot, or so many kilos of it, as an input of a lot."""
    return {"source_lot_id": lot["id"], "kg": kg or lot["kg"]}


async def new_dry_lot(coop: Caller, **changes: Any) -> dict[str, Any]:
    """39 kg dry, of 100 kg wet of one delivery."""
    delivery = await new_delivery(coop, **changes)
    wet = await coop.make("/v1/lots", lot_wish(of_delivery(delivery)))
    drying = {"code": f"DRY-{next(_numbers)}", "made_on": today().isoformat()}
    drying |= {"wet_kg": "100.000", "dry_kg": "39.000"}
    return await coop.make(f"/v1/lots/{wet['id']}/dry", drying)
