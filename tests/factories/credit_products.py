"""Credit products, made over HTTP."""

from typing import Any

from tests.callers import Caller


def terms(**changes: Any) -> dict[str, Any]:
    """A harvest loan as a caja would offer it: TEA 36 %, paid from what is sold."""
    return {
        "name": "Cacao Campaña",
        "borrower": "individual",
        "amount_min": {"amount": "500.00", "currency": "PEN"},
        "amount_max": {"amount": "30000.00", "currency": "PEN"},
        "term_months_min": 6,
        "term_months_max": 36,
        "tea": "0.360000",
        "commission": {"amount": "0.00", "currency": "PEN"},
        "desgravamen_variant": "none",
        "desgravamen_rate": "0",
        "schedule_kind": "cash_flow",
        "grace_kind": "none",
        "grace_months": 0,
        "purposes": [
            "fertilizer",
            "plant_material",
            "tool",
            "technical_assistance",
            "labour",
        ],
        "financed_share": "0.8",
        "requires_commitment": True,
        "reference_policy": None,
        "minimum_dscr": "1.200",
        "coverage": [],
        **changes,
    }


async def draft_product(caja: Caller, **changes: Any) -> dict[str, Any]:
    """A product that only its institution sees."""
    return await caja.make("/v1/credit-products", terms(**changes))


async def published_product(caja: Caller, **changes: Any) -> dict[str, Any]:
    """A product under which anybody may borrow."""
    product = await draft_product(caja, **changes)
    return await caja.make(f"/v1/credit-products/{product['id']}/publish")
