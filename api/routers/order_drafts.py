"""``/v1/order-drafts``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.delivery_contacts import service as contacts
from api.domains.order_drafts import repository, service
from api.domains.order_drafts.schemas import (
    OrderDraftIn,
    OrderDraftOut,
    OrderDraftSearch,
    PlacingIn,
)
from api.domains.orders.repository import ORDER
from api.domains.orders.schemas import OrderOut
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import IfMatch, KeyedUnitOfWorkDep, ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/order-drafts", "orders")

DraftId = Annotated[UUID, Path(description="Id of the draft")]
CanRead = Annotated[Actor, Depends(Requires(Permission.ORDERS_READ))]
CanPlace = Annotated[Actor, Depends(Requires(Permission.ORDERS_PLACE))]


@router.post("", status_code=201, response_model=OrderDraftOut)
async def draft_order(wish: OrderDraftIn, uow: UnitOfWorkDep, _: CanPlace) -> Response:
    """Begin an order without placing it: nothing is reserved, and the supplier learns nothing."""
    draft_id = await service.create(uow, wish)
    place = where("order-drafts", draft_id)
    return await created(uow, repository.DRAFT, place, draft_id=draft_id)


@router.get("", response_model=PageOf[OrderDraftOut])
async def list_order_drafts(
    request: Request, search: Annotated[OrderDraftSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """One's own drafts, the newest first."""
    return await listed(request, reader, repository.DRAFTS, search)


@router.get("/{draft_id}", response_model=OrderDraftOut)
async def get_order_draft(
    request: Request, draft_id: DraftId, reader: ReaderDep, _: CanRead
) -> Response:
    """One draft."""
    return await fetched(request, reader, repository.DRAFT, draft_id=draft_id)


@router.put("/{draft_id}", response_model=OrderDraftOut)
async def change_order_draft(
    draft_id: DraftId, wish: OrderDraftIn, version: IfMatch, uow: UnitOfWorkDep, _: CanPlace
) -> Response:
    """Write a draft anew, whole."""
    await service.change(uow, draft_id, version, wish)
    return await changed(uow, repository.DRAFT, draft_id=draft_id)


@router.delete("/{draft_id}", status_code=204)
async def discard_order_draft(draft_id: DraftId, uow: UnitOfWorkDep, _: CanPlace) -> Response:
    """Delete a draft; there was nothing to release."""
    await service.discard(uow, draft_id)
    return Response(status_code=204)


@router.post("/{draft_id}/place", status_code=201, response_model=OrderOut)
async def place_order_draft(
    draft_id: DraftId, uow: KeyedUnitOfWorkDep, _: CanPlace, wish: PlacingIn | None = None
) -> Response:
    """Place a draft as an order, under the same id and the rules of any order, at today's prices.
    Where a line cannot be served nothing is ordered, and the draft stays.
    """
    await service.place(uow, draft_id)
    if wish and wish.delivery_contact:
        await contacts.give(uow, draft_id, wish.delivery_contact)
    return await created(uow, ORDER, where("orders", draft_id), order_id=draft_id)
