"""``/v1/plot-overlaps``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.plot_overlaps import repository, service
from api.domains.plot_overlaps.schemas import OverlapOut, OverlapSearch, OverlapSettlement
from api.policies import Permission
from api.routers.answers import changed, fetched, listed
from api.routers.deps import ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/plot-overlaps", "plots")

PlotOverlapId = Annotated[UUID, Path(description="Id of the overlap")]
CanRead = Annotated[Actor, Depends(Requires(Permission.PLOTS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.PLOTS_WRITE))]


@router.get("", response_model=PageOf[OverlapOut])
async def list_plot_overlaps(
    request: Request, search: Annotated[OverlapSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """The overlaps of all of one's plots: with plots of others, and among one's own."""
    return await listed(request, reader, repository.OVERLAPS, search)


@router.get("/{plot_overlap_id}", response_model=OverlapOut)
async def get_plot_overlap(
    request: Request, plot_overlap_id: PlotOverlapId, reader: ReaderDep, _: CanRead
) -> Response:
    """One overlap, for the two organisations concerned."""
    return await fetched(request, reader, repository.OVERLAP, plot_overlap_id=plot_overlap_id)


@router.post("/{plot_overlap_id}/settle", response_model=OverlapOut)
async def settle_plot_overlap(
    plot_overlap_id: PlotOverlapId, wish: OverlapSettlement, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Say what became of an overlap. Either organisation may; the other sees it at once."""
    await service.settle(uow, plot_overlap_id, wish)
    return await changed(uow, repository.OVERLAP, plot_overlap_id=plot_overlap_id)
