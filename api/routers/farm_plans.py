"""``/v1/farm-plans``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.farm_plans import repository, service
from api.domains.farm_plans.schemas import (
    FarmPlanChange,
    FarmPlanIn,
    FarmPlanOut,
    FarmPlanSearch,
)
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import IfMatch, ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room
from api.transactions import UnitOfWork

router = room("/v1/farm-plans", "farm-plans")

FarmPlanId = Annotated[UUID, Path(description="Id of the farm plan")]
CanRead = Annotated[Actor, Depends(Requires(Permission.FARM_PLANS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.FARM_PLANS_WRITE))]
CanApprove = Annotated[Actor, Depends(Requires(Permission.FARM_PLANS_APPROVE))]
CanAccept = Annotated[Actor, Depends(Requires(Permission.FARM_PLANS_ACCEPT))]


async def _plan(uow: UnitOfWork, farm_plan_id: UUID) -> Response:
    return await changed(uow, repository.FARM_PLAN, farm_plan_id=farm_plan_id)


@router.post("", status_code=201, response_model=FarmPlanOut)
async def draft_farm_plan(wish: FarmPlanIn, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """A new plan for a producer, who consents to be served (`service_delivery`) unless the
    provider is the producer's own organisation.
    """
    farm_plan_id = await service.draft(uow, wish)
    location = where("farm-plans", farm_plan_id)
    return await created(uow, repository.FARM_PLAN, location, farm_plan_id=farm_plan_id)


@router.get("", response_model=PageOf[FarmPlanOut])
async def list_farm_plans(
    request: Request,
    search: Annotated[FarmPlanSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Plans that one wrote, that are for one's producers, or that producers let one read."""
    return await listed(request, reader, repository.FARM_PLANS, search)


@router.get("/{farm_plan_id}", response_model=FarmPlanOut)
async def get_farm_plan(
    request: Request, farm_plan_id: FarmPlanId, reader: ReaderDep, _: CanRead
) -> Response:
    """One plan, with what has been ordered and financed of each line."""
    return await fetched(request, reader, repository.FARM_PLAN, farm_plan_id=farm_plan_id)


@router.patch("/{farm_plan_id}", response_model=FarmPlanOut)
async def edit_farm_plan(
    farm_plan_id: FarmPlanId,
    wish: FarmPlanChange,
    version: IfMatch,
    uow: UnitOfWorkDep,
    _: CanWrite,
) -> Response:
    """Change a draft. A list that is sent replaces the whole list."""
    await service.edit(uow, farm_plan_id, version, wish)
    return await _plan(uow, farm_plan_id)


@router.post("/{farm_plan_id}/submit", response_model=FarmPlanOut)
async def submit_farm_plan(farm_plan_id: FarmPlanId, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Hand the draft to the provider's agronomist."""
    await service.act(uow, farm_plan_id, "submit")
    return await _plan(uow, farm_plan_id)


@router.post("/{farm_plan_id}/return", response_model=FarmPlanOut)
async def return_farm_plan(farm_plan_id: FarmPlanId, uow: UnitOfWorkDep, _: CanApprove) -> Response:
    """Give a submitted plan back to be corrected."""
    await service.act(uow, farm_plan_id, "return")
    return await _plan(uow, farm_plan_id)


@router.post("/{farm_plan_id}/approve", response_model=FarmPlanOut)
async def approve_farm_plan(
    farm_plan_id: FarmPlanId, uow: UnitOfWorkDep, _: CanApprove
) -> Response:
    """The agronomist stands by the plan."""
    await service.act(uow, farm_plan_id, "approve")
    return await _plan(uow, farm_plan_id)


@router.post("/{farm_plan_id}/accept", response_model=FarmPlanOut)
async def accept_farm_plan(farm_plan_id: FarmPlanId, uow: UnitOfWorkDep, _: CanAccept) -> Response:
    """The producer's organisation accepts for the producer. The plan in force until then is
    superseded; orders and credit draw on this one.
    """
    await service.accept(uow, farm_plan_id)
    return await _plan(uow, farm_plan_id)
