"""``/v1/catalogue-items``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request, Response

from api.core.actor import Actor
from api.domains.catalogue_items import service as items
from api.domains.catalogues import repository, service
from api.domains.catalogues.schemas import ItemOut, RegistrationIn, StockIn
from api.domains.offers import service as offers
from api.domains.order_fulfilment import service as orders
from api.policies import Permission
from api.routers.answers import changed, fetched
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/catalogue-items", "catalogues")

ItemId = Annotated[UUID, Path(description="Id of the item")]
CanRead = Annotated[Actor, Depends(Requires(Permission.CATALOGUES_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.CATALOGUES_WRITE))]


@router.get("/{item_id}", response_model=ItemOut)
async def get_catalogue_item(
    request: Request, item_id: ItemId, reader: ReaderDep, _: CanRead
) -> Response:
    """One item of a visible catalogue, with what is left of it."""
    return await fetched(request, reader, repository.ITEM, item_id=item_id)


@router.delete("/{item_id}", status_code=204)
async def delete_catalogue_item(item_id: ItemId, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Take an item out of a draft. The published revision, if there is one, keeps its own."""
    await items.remove_item(uow, item_id)
    return Response(None, 204)


@router.post("/{item_id}/stock", response_model=ItemOut)
async def set_stock(
    item_id: ItemId, wish: StockIn, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """Say how many packs are on the shelf, besides those that orders have reserved."""
    await service.set_stock(uow, item_id, wish)
    return await changed(uow, repository.ITEM, item_id=item_id)


@router.post("/{item_id}/registration", response_model=ItemOut)
async def set_registration(
    item_id: ItemId, wish: RegistrationIn, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Pass on SENASA's word on an item's registration. Unless it is valid, the item is not on
    offer, and what open orders have still to send of it is blocked, both sides being told.
    """
    await offers.set_registration(uow, item_id, wish)
    await orders.follow_registration(uow, item_id)
    return await changed(uow, repository.ITEM, item_id=item_id)
