"""Farm plans, made over HTTP. Plots are documents (``id``, ``area_ha``) of the producer."""

from collections.abc import Sequence
from typing import Any

from tests.callers import Caller
from tests.factories.plots import new_plot, point


async def plot_of(coop: Caller, producer: dict[str, Any]) -> dict[str, Any]:
    """2.5 ha of cocoa, so that amounts can be checked by hand."""
    return await new_plot(coop, producer["id"], geometry=point(), declared_area_ha="2.5000")


def fertilizer_line(**changes: Any) -> dict[str, Any]:
    """600 kg of guano in February 2027, for S/ 1,140."""
    return {
        "month": "2027-02-01",
        "activity": "Segundo abonamiento",
        "kind": "input",
        "category": "fertilizer",
        "specification": "Guano de isla",
        "unit": "KGM",
        "quantity": "600.000",
        "estimated_cost": {"amount": "1140.00", "currency": "PEN"},
        **changes,
    }


def labour_line(**changes: Any) -> dict[str, Any]:
    """Twenty days of work in March 2027, for S/ 1,200."""
    return {
        "month": "2027-03-01",
        "activity": "Poda de mantenimiento",
        "kind": "labour",
        "category": None,
        "specification": "Jornales de poda",
        "unit": "DAY",
        "quantity": "20.000",
        "estimated_cost": {"amount": "1200.00", "currency": "PEN"},
        **changes,
    }


def plan(
    producer: dict[str, Any],
    plots: Sequence[dict[str, Any]],
    lines: Sequence[dict[str, Any]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Three years of rehabilitation on all of the plots; the yield grows from 500 to 900 kg/ha."""
    return {
        "producer_id": producer["id"],
        "starts_on": "2027-01-01",
        "ends_on": "2029-12-31",
        "conservation_ha": "1.0000",
        "expected_yields": [
            {"year": 2027, "kg_per_ha": "500.000"},
            {"year": 2028, "kg_per_ha": "750.000"},
            {"year": 2029, "kg_per_ha": "900.000"},
        ],
        "zones": [
            {
                "plot_id": plot["id"],
                "current_use": "cocoa",
                "future_use": "cocoa_agroforestry",
                "treatment": "rehabilitate",
                "area_ha": plot["area_ha"],
            }
            for plot in plots
        ],
        "lines": list(lines) if lines is not None else [fertilizer_line(), labour_line()],
        **changes,
    }


async def draft_plan(
    ta: Caller,
    producer: dict[str, Any],
    plots: Sequence[dict[str, Any]],
    lines: Sequence[dict[str, Any]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """A draft. The producer must be of the provider's own, or consent to its service."""
    return await ta.make("/v1/farm-plans", plan(producer, plots, lines, **changes))


async def approved_plan(
    ta: Caller,
    producer: dict[str, Any],
    plots: Sequence[dict[str, Any]],
    lines: Sequence[dict[str, Any]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """A plan that the provider's agronomist stands by."""
    drafted = await draft_plan(ta, producer, plots, lines, **changes)
    await ta.make(f"/v1/farm-plans/{drafted['id']}/submit")
    return await ta.make(f"/v1/farm-plans/{drafted['id']}/approve")


async def accepted_plan(
    coop: Caller,
    ta: Caller,
    producer: dict[str, Any],
    plots: Sequence[dict[str, Any]],
    lines: Sequence[dict[str, Any]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """A plan in force: its lines can be ordered and financed."""
    approved = await approved_plan(ta, producer, plots, lines, **changes)
    return await coop.make(f"/v1/farm-plans/{approved['id']}/accept")
