"""Rows that rooms under construction will make over HTTP."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from api.core.actor import Actor
from api.core.ids import new_id
from api.domains.plots.states import PlotState
from api.domains.plots.vocabulary import GeometryKind, LandUse, TenureKind
from api.models.plots import Plot
from api.transactions import Event, unit_of_work
from tests.callers import Caller, Callers


async def seed_plot(
    callers: Callers, coop: Caller, producer: dict[str, Any], area_ha: str = "2.5000"
) -> dict[str, Any]:
    """A titled plot of cocoa, known by a point."""
    actor = Actor(new_id(), coop.organization_id, frozenset(), frozenset())
    async with unit_of_work(callers.platform.database, actor) as uow:
        plot = Plot(
            organization_id=coop.organization_id,
            producer_id=UUID(producer["id"]),
            name="El Porvenir",
            state=PlotState.ACTIVE,
            land_use=LandUse.COCOA,
            geometry_kind=GeometryKind.POINT,
            area_ha=Decimal(area_ha),
            tenure_kind=TenureKind.TITLE,
        )
        uow.add(plot)
        uow.record(Event("plot.registered", ("plot", plot.id)))
        return {"id": str(plot.id), "area_ha": area_ha}
