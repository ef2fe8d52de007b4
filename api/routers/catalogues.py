"""``/v1/catalogues``."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.problems import NotFound
from api.core.wire import PageOf
from api.domains.catalogues import repository, service
from api.domains.catalogues.schemas import (
    CatalogueChange,
    CatalogueIn,
    CatalogueOut,
    CatalogueSearch,
    ItemIn,
    ItemOut,
    ItemSearch,
    ItemsIn,
    UpsertOut,
)
from api.domains.offers import service as offers
from api.policies import Permission
from api.routers.answers import JSON, changed, created, fetched, listed, where
from api.routers.deps import IfMatch, ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/catalogues", "catalogues")

CatalogueId = Annotated[UUID, Path(description="Id of the catalogue")]
CanRead = Annotated[Actor, Depends(Requires(Permission.CATALOGUES_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.CATALOGUES_WRITE))]


@router.post("", status_code=201, response_model=CatalogueOut)
async def create_catalogue(wish: CatalogueIn, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Draft a catalogue: its currency, its validity, and where it is delivered."""
    catalogue_id = await service.create(uow, wish)
    location = where("catalogues", catalogue_id)
    return await created(uow, repository.CATALOGUE, location, catalogue_id=catalogue_id)


@router.get("", response_model=PageOf[CatalogueOut])
async def list_catalogues(
    request: Request,
    search: Annotated[CatalogueSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """One's own catalogues, and everybody's published ones."""
    return await listed(request, reader, repository.CATALOGUES, search)


@router.get("/{catalogue_id}", response_model=CatalogueOut)
async def get_catalogue(
    request: Request, catalogue_id: CatalogueId, reader: ReaderDep, _: CanRead
) -> Response:
    """One catalogue, without its items."""
    return await fetched(request, reader, repository.CATALOGUE, catalogue_id=catalogue_id)


@router.patch("/{catalogue_id}", response_model=CatalogueOut)
async def change_catalogue(
    catalogue_id: CatalogueId,
    wish: CatalogueChange,
    uow: UnitOfWorkDep,
    version: IfMatch,
    _: CanWrite,
) -> Response:
    """Change a draft."""
    await service.change(uow, catalogue_id, version, wish)
    return await changed(uow, repository.CATALOGUE, catalogue_id=catalogue_id)


@router.post("/{catalogue_id}/items", status_code=201, response_model=ItemOut)
async def create_catalogue_item(
    catalogue_id: CatalogueId, wish: ItemIn, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Add an item to a draft."""
    item_id = await service.add_item(uow, catalogue_id, wish)
    return await created(uow, repository.ITEM, where("catalogue-items", item_id), item_id=item_id)


@router.put("/{catalogue_id}/items", response_model=UpsertOut)
async def upsert_catalogue_items(
    catalogue_id: CatalogueId, wishes: ItemsIn, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Write up to 1,000 items of a draft by SKU: those that exist are replaced. All or nothing;
    every bad row is named.
    """
    counts = await service.upsert_items(uow, catalogue_id, wishes)
    return Response(orjson.dumps(counts.model_dump()), media_type=JSON)


@router.get("/{catalogue_id}/items", response_model=PageOf[ItemOut])
async def list_catalogue_items(
    request: Request,
    catalogue_id: CatalogueId,
    search: Annotated[ItemSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """A catalogue's items, by SKU."""
    if await reader.one(repository.CATALOGUE, catalogue_id=catalogue_id) is None:
        raise NotFound("catalogue")
    return await listed(request, reader, repository.ITEMS, search, catalogue_id=catalogue_id)


@router.post("/{catalogue_id}/publish", response_model=CatalogueOut)
async def publish_catalogue(catalogue_id: CatalogueId, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Put a draft on offer. It needs items and a validity that is not over; items that SENASA
    must register need a valid registration. Afterwards only stock changes.
    """
    await offers.publish(uow, catalogue_id)
    return await changed(uow, repository.CATALOGUE, catalogue_id=catalogue_id)


@router.post("/{catalogue_id}/withdraw", response_model=CatalogueOut)
async def withdraw_catalogue(
    catalogue_id: CatalogueId, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Take a catalogue off the market at once; orders placed under it stand."""
    await offers.withdraw(uow, catalogue_id)
    return await changed(uow, repository.CATALOGUE, catalogue_id=catalogue_id)
