"""Purchase commitments, made over HTTP."""

from datetime import timedelta
from typing import Any

from api.core.clock import today
from tests.callers import Caller


def proposal(cluster: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """25 t of dry cocoa at a fixed S/ 16.50 per kg, from today on for a year."""
    return {
        "cluster_id": cluster["id"],
        "kg_dry": "25000.000",
        "quality": "Grado 1, humedad máxima 7.5 %",
        "price_kind": "fixed",
        "price": {"amount": "16.50", "currency": "PEN"},
        "premium": {"amount": "1.20", "currency": "PEN"},
        "window_from": today().isoformat(),
        "window_until": (today() + timedelta(days=365)).isoformat(),
        **changes,
    }


async def proposed_commitment(
    buyer: Caller, cluster: dict[str, Any], **changes: Any
) -> dict[str, Any]:
    """What a buyer proposes to a cluster (a document with ``id``)."""
    return await buyer.make("/v1/purchase-commitments", proposal(cluster, **changes))


async def signed_commitment(
    buyer: Caller, coop: Caller, cluster: dict[str, Any], **changes: Any
) -> dict[str, Any]:
    """A commitment that binds: it can be pledged and shipped against."""
    proposed = await proposed_commitment(buyer, cluster, **changes)
    return await coop.make(f"/v1/purchase-commitments/{proposed['id']}/sign")
