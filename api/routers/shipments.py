"""``/v1/shipments``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.shipments import repository, service
from api.domains.shipments.schemas import ReceiptIn, ShipmentIn, ShipmentOut, ShipmentSearch
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/shipments", "shipments")

ShipmentId = Annotated[UUID, Path(description="Id of the shipment")]
CanRead = Annotated[Actor, Depends(Requires(Permission.SHIPMENTS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.SHIPMENTS_WRITE))]
CanReceive = Annotated[Actor, Depends(Requires(Permission.SHIPMENTS_RECEIVE))]


@router.post("", status_code=201, response_model=ShipmentOut)
async def dispatch_shipment(wish: ShipmentIn, uow: KeyedUnitOfWorkDep, _: CanWrite) -> Response:
    """Ship kilos of dry lots to a buyer, against a commitment where there is one."""
    shipment_id = await service.dispatch(uow, wish)
    return await created(
        uow, repository.SHIPMENT, where("shipments", shipment_id), shipment_id=shipment_id
    )


@router.get("", response_model=PageOf[ShipmentOut])
async def list_shipments(
    request: Request, search: Annotated[ShipmentSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """Shipments from and to one's organisation, newest first."""
    return await listed(request, reader, repository.SHIPMENTS, search)


@router.get("/{shipment_id}", response_model=ShipmentOut)
async def get_shipment(
    request: Request, shipment_id: ShipmentId, reader: ReaderDep, _: CanRead
) -> Response:
    """One shipment."""
    return await fetched(request, reader, repository.SHIPMENT, shipment_id=shipment_id)


@router.post("/{shipment_id}/receive", response_model=ShipmentOut)
async def receive_shipment(
    shipment_id: ShipmentId, wish: ReceiptIn, uow: KeyedUnitOfWorkDep, _: CanReceive
) -> Response:
    """The buyer confirms what arrived."""
    await service.receive(uow, shipment_id, wish)
    return await changed(uow, repository.SHIPMENT, shipment_id=shipment_id)
