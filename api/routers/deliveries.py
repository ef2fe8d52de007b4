"""``/v1/deliveries``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.deliveries import repository, service
from api.domains.deliveries.schemas import DeliveryIn, DeliveryOut, DeliverySearch
from api.policies import Permission
from api.routers.answers import created, fetched, listed, where
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/deliveries", "deliveries")

DeliveryId = Annotated[UUID, Path(description="Id of the delivery")]
CanRead = Annotated[Actor, Depends(Requires(Permission.DELIVERIES_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.DELIVERIES_WRITE))]


@router.post("", status_code=201, response_model=DeliveryOut)
async def record_delivery(wish: DeliveryIn, uow: KeyedUnitOfWorkDep, _: CanWrite) -> Response:
    """Record cocoa as weighed and bought, by plot, with a retention for the producer's loan."""
    delivery_id = await service.record(uow, wish)
    return await created(
        uow, repository.DELIVERY, where("deliveries", delivery_id), delivery_id=delivery_id
    )


@router.get("", response_model=PageOf[DeliveryOut])
async def list_deliveries(
    request: Request, search: Annotated[DeliverySearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """The deliveries that one's organisation bought, newest first."""
    return await listed(request, reader, repository.DELIVERIES, search)


@router.get("/{delivery_id}", response_model=DeliveryOut)
async def get_delivery(
    request: Request, delivery_id: DeliveryId, reader: ReaderDep, _: CanRead
) -> Response:
    """One delivery."""
    return await fetched(request, reader, repository.DELIVERY, delivery_id=delivery_id)
