"""``/v1/lots``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.lots import repository, service
from api.domains.lots.schemas import DryingIn, LotIn, LotOut, LotSearch
from api.domains.traceability import service as traceability
from api.domains.traceability.schemas import TraceOut
from api.policies import Permission
from api.routers.answers import created, fetched, listed, shown, where
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/lots", "lots")

LotId = Annotated[UUID, Path(description="Id of the lot")]
CanRead = Annotated[Actor, Depends(Requires(Permission.LOTS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.LOTS_WRITE))]


@router.post("", status_code=201, response_model=LotOut)
async def make_lot(wish: LotIn, uow: KeyedUnitOfWorkDep, _: CanWrite) -> Response:
    """Make a lot from deliveries and lots; the kilos are drawn from them."""
    lot_id = await service.make(uow, wish)
    return await created(uow, repository.LOT, where("lots", lot_id), lot_id=lot_id)


@router.get("", response_model=PageOf[LotOut])
async def list_lots(
    request: Request, search: Annotated[LotSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """One's own lots and those shipped to one, newest first."""
    return await listed(request, reader, repository.LOTS, search)


@router.get("/{lot_id}", response_model=LotOut)
async def get_lot(request: Request, lot_id: LotId, reader: ReaderDep, _: CanRead) -> Response:
    """One lot."""
    return await fetched(request, reader, repository.LOT, lot_id=lot_id)


@router.post("/{lot_id}/dry", status_code=201, response_model=LotOut)
async def dry_lot(lot_id: LotId, wish: DryingIn, uow: KeyedUnitOfWorkDep, _: CanWrite) -> Response:
    """Ferment and dry kilos of a wet lot into a new dry one."""
    dried_id = await service.dry(uow, lot_id, wish)
    return await created(uow, repository.LOT, where("lots", dried_id), lot_id=dried_id)


@router.get("/{lot_id}/trace", response_model=TraceOut)
async def trace_lot(lot_id: LotId, reader: ReaderDep, _: CanRead) -> Response:
    """Back from a lot to its deliveries, plots and producers, the inputs used on those plots and
    the credit that paid for them, with quantities.
    """
    return shown(await traceability.trace(reader, lot_id))
