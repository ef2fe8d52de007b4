"""``/v1/plots``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.geo.operation_area import AreaOfOperation
from api.core.problems import NotFound
from api.core.wire import PageOf, PageParameters
from api.domains.consents.vocabulary import Purpose
from api.domains.plot_overlaps.repository import OVERLAPS_OF_PLOT
from api.domains.plot_overlaps.schemas import OverlapOut, OverlapSearch
from api.domains.plot_overlaps.service import expect_involved
from api.domains.plots import repository, service
from api.domains.plots.arrival import AREAS
from api.domains.plots.schemas import (
    GeometryChange,
    GeometryVersionOut,
    PlotArrivalOut,
    PlotChange,
    PlotIn,
    PlotOut,
    PlotReading,
    PlotSearch,
)
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import IfMatch, ReaderDep, Requires, UnitOfWorkDep, platform_of
from api.routers.disclosures import traced
from api.routers.geojson import MANY, ONE, negotiated
from api.routers.guarded import room

router = room("/v1/plots", "plots")

PlotId = Annotated[UUID, Path(description="Id of the plot")]
CanRead = Annotated[Actor, Depends(Requires(Permission.PLOTS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.PLOTS_WRITE))]


async def area_of_operation(request: Request) -> AreaOfOperation:
    """Where the plots of this installation may lie."""
    return AREAS[platform_of(request).settings.area_of_operation]


AreaDep = Annotated[AreaOfOperation, Depends(area_of_operation)]


@router.post("", status_code=201, response_model=PlotArrivalOut)
async def register_plot(wish: PlotIn, uow: UnitOfWorkDep, area: AreaDep, _: CanWrite) -> Response:
    """Register land of one of one's producers. The geometry is judged by the rules of the EU
    information system after cutting it to six decimals; every breach is named with its ring and
    position. Overlaps with any plot are found, kept, and told to both organisations.
    """
    plot_id = await service.register(uow, wish, area)
    location = where("plots", plot_id)
    return await created(uow, repository.ARRIVAL, location, personal=True, plot_id=plot_id)


@router.get("", response_model=PageOf[PlotOut], responses=MANY)
async def list_plots(
    request: Request, search: Annotated[PlotSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """One's own plots; with `purpose`, those of other organisations whose producers consent to
    it, each noted in the producer's access log. Also as GeoJSON.
    """
    listing = repository.DISCLOSED_PLOTS if search.purpose else repository.PLOTS
    response = await listed(request, reader, listing, search, personal=True, purpose=search.purpose)
    purpose = Purpose(search.purpose) if search.purpose else None
    await traced(request, reader, response, purpose, "list_plots", producer="producer_id")
    return negotiated(request, response)


@router.get("/{plot_id}", response_model=PlotOut, responses=ONE)
async def get_plot(
    request: Request,
    plot_id: PlotId,
    reading: Annotated[PlotReading, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """One plot. Another organisation's is shown for a `purpose` to which its producer consents,
    and the read is noted in the producer's access log. Also as GeoJSON.
    """
    query = repository.DISCLOSED_PLOT if reading.purpose else repository.PLOT
    try:
        response = await fetched(
            request,
            reader,
            query,
            personal=True,
            derived=True,
            plot_id=plot_id,
            purpose=reading.purpose,
        )
    except NotFound:
        raise await service.why_hidden(reader, plot_id) from None
    purpose = Purpose(reading.purpose) if reading.purpose else None
    await traced(request, reader, response, purpose, "get_plot", producer="producer_id")
    return negotiated(request, response)


@router.patch("/{plot_id}", response_model=PlotOut)
async def change_plot(
    plot_id: PlotId, wish: PlotChange, version: IfMatch, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Correct or complete what is known of a plot of one's own."""
    await service.change(uow, plot_id, version, wish)
    return await changed(uow, repository.PLOT, personal=True, plot_id=plot_id)


@router.put("/{plot_id}/geometry", response_model=PlotArrivalOut)
async def replace_plot_geometry(
    plot_id: PlotId,
    wish: GeometryChange,
    version: IfMatch,
    uow: UnitOfWorkDep,
    area: AreaDep,
    _: CanWrite,
) -> Response:
    """Another geometry for a plot. The one before is kept; its overlaps lapse, and those of the
    new one are found.
    """
    await service.replace_geometry(uow, plot_id, version, wish, area)
    return await changed(uow, repository.ARRIVAL, personal=True, plot_id=plot_id)


@router.get("/{plot_id}/geometries", response_model=PageOf[GeometryVersionOut])
async def list_plot_geometries(
    request: Request,
    plot_id: PlotId,
    search: Annotated[PageParameters, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Every geometry that a plot of one's own has had, newest first."""
    await service.expect_own(reader, plot_id)
    return await listed(request, reader, repository.GEOMETRIES, search, plot_id=plot_id)


@router.get("/{plot_id}/overlaps", response_model=PageOf[OverlapOut])
async def list_overlaps_of_plot(
    request: Request,
    plot_id: PlotId,
    search: Annotated[OverlapSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """The overlaps of a plot, for the two organisations of each: of the other's plot they show id,
    area and share, not the geometry.
    """
    await expect_involved(reader, plot_id)
    return await listed(request, reader, OVERLAPS_OF_PLOT, search, plot_id=plot_id)


@router.post("/{plot_id}/close", response_model=PlotOut)
async def close_plot(plot_id: PlotId, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """No more deliveries from this plot. Its overlaps lapse."""
    await service.close(uow, plot_id)
    return await changed(uow, repository.PLOT, personal=True, plot_id=plot_id)
