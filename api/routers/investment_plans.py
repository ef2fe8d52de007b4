"""``/v1/investment-plans``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.investment_plans import repository, service
from api.domains.investment_plans.schemas import (
    InvestmentPlanIn,
    InvestmentPlanOut,
    InvestmentPlanSearch,
)
from api.policies import Permission
from api.routers.answers import created, fetched, listed, where
from api.routers.deps import ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/investment-plans", "investment-plans")

InvestmentPlanId = Annotated[UUID, Path(description="Id of the investment plan")]
CanRead = Annotated[Actor, Depends(Requires(Permission.INVESTMENT_PLANS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.INVESTMENT_PLANS_WRITE))]


@router.post("", status_code=201, response_model=InvestmentPlanOut)
async def record_investment_plan(
    wish: InvestmentPlanIn, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """The money side of an approved farm plan. VAN, TIR, payback and the need for finance are
    computed, also for prices 20 and 40 % lower, yields 20 % lower, and both.
    """
    investment_plan_id = await service.record(uow, wish)
    location = where("investment-plans", investment_plan_id)
    return await created(
        uow, repository.INVESTMENT_PLAN, location, investment_plan_id=investment_plan_id
    )


@router.get("", response_model=PageOf[InvestmentPlanOut])
async def list_investment_plans(
    request: Request,
    search: Annotated[InvestmentPlanSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Investment plans that one wrote, of one's producers, or that producers let one read."""
    return await listed(request, reader, repository.INVESTMENT_PLANS, search)


@router.get("/{investment_plan_id}", response_model=InvestmentPlanOut)
async def get_investment_plan(
    request: Request, investment_plan_id: InvestmentPlanId, reader: ReaderDep, _: CanRead
) -> Response:
    """One investment plan."""
    return await fetched(
        request, reader, repository.INVESTMENT_PLAN, investment_plan_id=investment_plan_id
    )
