"""``/v1/demand-forecasts``."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.demand_forecasts import repository
from api.domains.demand_forecasts.schemas import DemandForecastOut, DemandForecastSearch
from api.policies import Permission
from api.routers.answers import listed
from api.routers.deps import ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/demand-forecasts", "demand-forecasts")

CanRead = Annotated[Actor, Depends(Requires(Permission.DEMAND_FORECASTS_READ))]


@router.get("", response_model=PageOf[DemandForecastOut])
async def list_demand_forecasts(
    request: Request,
    search: Annotated[DemandForecastSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """What farm plans will need from this month on: of each producer the plan in force or, before
    there is one, the latest that was approved. For districts; where that would tell of fewer than
    five producers, or of one who needs more than half, for the rest of the province or department,
    or not at all. No two forecasts have a need in common, so none can be taken off another.
    """
    return await listed(request, reader, repository.FORECASTS, search, **search.needs())
