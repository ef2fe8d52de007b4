"""``/v1/catalogues``."""

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.problems import NotFound
from api.core.wire import PageOf
from api.domains.catalogue_items import service as items
from api.domains.catalogues import repository, service
from api.domains.catalogues.schemas import (
    CatalogueChange,
    CatalogueIn,
    CatalogueOut,
    CatalogueSearch,
    ItemIn,
    ItemOut,
    ItemSearch,
    StocksIn,
    StocksOut,
    UpsertOut,
)
from api.domains.imports.table_file import CSV, NDJSON, template
from api.domains.offers import service as offers
from api.policies import Permission
from api.routers.answers import JSON, changed, created, done, fetched, listed, where
from api.routers.deps import IfMatch, KeyedUnitOfWorkDep, ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/catalogues", "catalogues")
templates = room("/v1/import-templates", "catalogues")

CatalogueId = Annotated[UUID, Path(description="Id of the catalogue")]
CanRead = Annotated[Actor, Depends(Requires(Permission.CATALOGUES_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.CATALOGUES_WRITE))]

_TEXT: Final = {"type": "string", "format": "binary", "maxLength": 20_000_000}
_EXAMPLE: Final = (
    "sku;name;category;unit;pack_size;price;tier_1_min_quantity;tier_1_price;organic;"
    "attributes;available\n"
    'UREA-50;Urea agrícola, saco de 50 kg;fertilizer;KGM;50;120.00;10;112.00;no;"npk=46-0-0";400\n'
)
_ITEMS: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": items.MOST_ROWS,
                    "items": {"$ref": "#/components/schemas/ItemIn"},
                }
            },
            NDJSON: {"schema": _TEXT},
            CSV: {"schema": {**_TEXT, "examples": [_EXAMPLE]}},
        },
    }
}


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
    item_id = await items.add_item(uow, catalogue_id, wish)
    return await created(uow, repository.ITEM, where("catalogue-items", item_id), item_id=item_id)


@router.put("/{catalogue_id}/items", response_model=UpsertOut, openapi_extra=_ITEMS)
async def upsert_catalogue_items(
    request: Request, catalogue_id: CatalogueId, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Write up to 10,000 items of a draft by SKU, from JSON, NDJSON or CSV (see the template):
    those that exist are replaced, those that are the same already stay untouched, so that the same
    file twice changes nothing. All or nothing; every bad row is named, with its number in the file
    (up to 1,000 faults).
    """
    media_type = request.headers.get("content-type", "")
    wishes = await asyncio.to_thread(items.read, await request.body(), media_type)
    counts = await items.upsert_items(uow, catalogue_id, wishes)
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


@router.post("/{catalogue_id}/stock", response_model=StocksOut)
async def set_catalogue_stock(
    catalogue_id: CatalogueId, wish: StocksIn, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """Say how many packs are on the shelves of up to 10,000 items, by SKU, besides those that
    orders have reserved; also of a published catalogue, without a revision. Items that are not
    named keep what they have. All or nothing; every SKU that is not there is named.
    """
    counts = await service.set_stocks(uow, catalogue_id, wish)
    return await done(uow, orjson.dumps(counts.model_dump()))


@router.post("/{catalogue_id}/publish", response_model=CatalogueOut)
async def publish_catalogue(catalogue_id: CatalogueId, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Put a draft on offer. It needs items and a validity that is not over; items that SENASA
    must register need a valid registration. Afterwards only stock changes. The next revision of
    a published catalogue takes its place in one moment: no search finds both, or neither.
    """
    await offers.publish(uow, catalogue_id)
    return await changed(uow, repository.CATALOGUE, catalogue_id=catalogue_id)


@router.post("/{catalogue_id}/revise", status_code=201, response_model=CatalogueOut)
async def revise_catalogue(catalogue_id: CatalogueId, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Draft the next revision of a published catalogue: its terms and items, ready to be changed.
    Stock is shared by SKU while the pack is the same: what the published revision sells until then
    is gone from the next one, too.
    """
    draft_id = await items.revise(uow, catalogue_id)
    location = where("catalogues", draft_id)
    return await created(uow, repository.CATALOGUE, location, catalogue_id=draft_id)


@router.post("/{catalogue_id}/withdraw", response_model=CatalogueOut)
async def withdraw_catalogue(
    catalogue_id: CatalogueId, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Take a catalogue off the market at once, or give up a draft; orders placed under it stand."""
    await offers.withdraw(uow, catalogue_id)
    return await changed(uow, repository.CATALOGUE, catalogue_id=catalogue_id)


@templates.get(
    "/catalogue-items",
    response_class=Response,
    responses={200: {"content": {CSV: {"schema": _TEXT}}}},
)
async def get_catalogue_item_template(_: CanRead) -> Response:
    """The header of a CSV file of items, for a spreadsheet. Price tiers and the SENASA
    registration have columns of their own; attributes are written `npk=46-0-0; origin=PE`.
    """
    name = 'attachment; filename="catalogue-items.csv"'
    headers = {"Content-Type": f"{CSV}; charset=utf-8", "Content-Disposition": name}
    return Response(template(items.COLUMNS), 200, headers)
