"""Investment plans, made over HTTP."""

from typing import Any

from tests.callers import Caller


def profile(**changes: Any) -> dict[str, Any]:
    """S/ 16.50 per kg, 70 % sold in June and 30 % in November, 300 kg/ha as things are."""
    return {
        "price_per_kg": {"amount": "16.50", "currency": "PEN"},
        "harvest_cost_per_kg": {"amount": "1.50", "currency": "PEN"},
        "harvests": [{"month": 6, "share": "0.7"}, {"month": 11, "share": "0.3"}],
        "yield_without_kg_per_ha": "300.000",
        "cost_without_per_ha": {"amount": "600.00", "currency": "PEN"},
        "investment_months": 12,
        **changes,
    }


async def investment_plan(ta: Caller, farm_plan: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The money side of an approved farm plan (a document), by its profile."""
    body = {
        "farm_plan_id": farm_plan["id"],
        "discount_rate": "0.120000",
        "profile": profile(),
        **changes,
    }
    return await ta.make("/v1/investment-plans", body)
