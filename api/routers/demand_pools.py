"""``/v1/demand-pools``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.demand_pools import repository, service
from api.domains.demand_pools.schemas import (
    DemandPoolIn,
    DemandPoolOut,
    DemandPoolSearch,
    PledgeChange,
    PledgeIn,
    PledgeOut,
    PledgeSearch,
)
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import IfMatch, KeyedUnitOfWorkDep, ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/demand-pools", "demand-pools")

PoolId = Annotated[UUID, Path(description="Id of the pool")]
PledgeId = Annotated[UUID, Path(description="Id of the pledge")]
CanRead = Annotated[Actor, Depends(Requires(Permission.DEMAND_POOLS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.DEMAND_POOLS_WRITE))]


@router.post("", status_code=201, response_model=DemandPoolOut)
async def open_demand_pool(wish: DemandPoolIn, uow: KeyedUnitOfWorkDep, _: CanWrite) -> Response:
    """Open a pool for one of one's clusters: members pledge packs of an item on offer until it
    closes, and the price tier of the total is everyone's.
    """
    pool_id = await service.open_pool(uow, wish)
    location = where("demand-pools", pool_id)
    return await created(uow, repository.POOL, location, demand_pool_id=pool_id)


@router.get("", response_model=PageOf[DemandPoolOut])
async def list_demand_pools(
    request: Request, search: Annotated[DemandPoolSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """The pools of one's clusters, and those of one's own items; the newest first."""
    return await listed(request, reader, repository.POOLS, search)


@router.get("/{demand_pool_id}", response_model=DemandPoolOut)
async def get_demand_pool(
    request: Request, demand_pool_id: PoolId, reader: ReaderDep, _: CanRead
) -> Response:
    """One pool: its total, the tier that this reaches and the next, and what became of it."""
    return await fetched(
        request, reader, repository.POOL, derived=True, demand_pool_id=demand_pool_id
    )


@router.post("/{demand_pool_id}/close", response_model=DemandPoolOut)
async def close_demand_pool(
    demand_pool_id: PoolId, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """Close a pool now. It becomes one order in whole packs, with a line for each pledge; below its
    minimum it fails. What is in the way of the order (stock, offer, a plan line, a producer who is
    no member any more) is named pledge by pledge, and the pool stays open. Once its time is over,
    pledges whose own plan line or producer is in the way are left out, with nothing allocated; the
    rest is ordered if it reaches the minimum, and what is in the way of all ends the pool.

    Shares: packs in proportion to the pledges, in thousandths, never above a pledge; what all packs
    cost is shared by packs to the céntimo. What is left over goes to the largest remainders. The
    freight is the order's: in no share, and paid without naming a line.
    """
    await service.close(uow, demand_pool_id)
    return await changed(uow, repository.POOL, demand_pool_id=demand_pool_id)


@router.post("/{demand_pool_id}/cancel", response_model=DemandPoolOut)
async def cancel_demand_pool(
    demand_pool_id: PoolId, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """Call a pool off; nothing was reserved."""
    await service.cancel(uow, demand_pool_id)
    return await changed(uow, repository.POOL, demand_pool_id=demand_pool_id)


@router.post("/{demand_pool_id}/pledges", status_code=201, response_model=PledgeOut)
async def pledge_to_pool(
    demand_pool_id: PoolId, wish: PledgeIn, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """Pledge packs for a member of the cluster, for a line of the member's accepted plan or by a
    listed exception. 409 with what is left where the pool is full or the plan line exhausted.
    """
    pledge_id = await service.pledge(uow, demand_pool_id, wish)
    location = where(f"demand-pools/{demand_pool_id}/pledges", pledge_id)
    return await created(
        uow, repository.PLEDGE, location, demand_pool_id=demand_pool_id, pledge_id=pledge_id
    )


@router.get("/{demand_pool_id}/pledges", response_model=PageOf[PledgeOut])
async def list_pool_pledges(
    request: Request,
    demand_pool_id: PoolId,
    search: Annotated[PledgeSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """A pool's pledges, for its host."""
    await service.expect_hosted(reader, demand_pool_id)
    return await listed(request, reader, repository.PLEDGES, search, demand_pool_id=demand_pool_id)


@router.get("/{demand_pool_id}/pledges/{pledge_id}", response_model=PledgeOut)
async def get_pool_pledge(
    request: Request,
    demand_pool_id: PoolId,
    pledge_id: PledgeId,
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """One pledge, for the pool's host."""
    return await fetched(
        request,
        reader,
        repository.PLEDGE,
        demand_pool_id=demand_pool_id,
        pledge_id=pledge_id,
    )


@router.patch("/{demand_pool_id}/pledges/{pledge_id}", response_model=PledgeOut)
async def change_pool_pledge(
    demand_pool_id: PoolId,
    pledge_id: PledgeId,
    wish: PledgeChange,
    uow: UnitOfWorkDep,
    version: IfMatch,
    _: CanWrite,
) -> Response:
    """Another quantity, or another application that pays, while the pool is open."""
    await service.change_pledge(uow, demand_pool_id, pledge_id, version, wish)
    return await changed(uow, repository.PLEDGE, demand_pool_id=demand_pool_id, pledge_id=pledge_id)


@router.post("/{demand_pool_id}/pledges/{pledge_id}/withdraw", response_model=PledgeOut)
async def withdraw_pool_pledge(
    demand_pool_id: PoolId, pledge_id: PledgeId, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """Take a pledge back while the pool is open."""
    await service.withdraw_pledge(uow, demand_pool_id, pledge_id)
    return await changed(uow, repository.PLEDGE, demand_pool_id=demand_pool_id, pledge_id=pledge_id)
