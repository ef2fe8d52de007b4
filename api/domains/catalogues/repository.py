"""Queries. A supplier sees its own catalogues; everybody else sees published ones."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import bindparam, func, or_, select

from api.core.documents import Query, document, instant, money, text_of
from api.core.ids import new_id
from api.core.paging import Listing
from api.domains.catalogues.rules import Registration
from api.domains.catalogues.states import CatalogueState
from api.models.catalogues import Catalogue, CatalogueItem, Stock
from api.transactions import UnitOfWork

_c = Catalogue.__table__.c  # type: ignore[attr-defined]
_i = CatalogueItem.__table__.c  # type: ignore[attr-defined]
_s = Stock.__table__.c  # type: ignore[attr-defined]

CATALOGUE_SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    series_id=_c.series_id,
    revision=_c.revision,
    previous_id=_c.previous_id,
    name=_c.name,
    currency=_c.currency,
    valid_from=_c.valid_from,
    valid_until=_c.valid_until,
    coverage=_c.coverage,
    delivery_terms=_c.delivery_terms,
    state=_c.state,
    published_at=instant(_c.published_at),
)
_visible = or_(_c.organization_id == bindparam("actor"), _c.state == CatalogueState.PUBLISHED)
CATALOGUE: Final = Query(
    select(CATALOGUE_SHAPE, _c.version).where(_c.id == bindparam("catalogue_id"), _visible)
)
CATALOGUES: Final = Listing(
    "catalogues",
    select(CATALOGUE_SHAPE).where(_visible),
    order=[_c.id],
    filters={
        "organization_id": _c.organization_id == bindparam("organization_id"),
        "series_id": _c.series_id == bindparam("series_id"),
        "state": _c.state == bindparam("state"),
    },
)

_version = _i.version + func.coalesce(_s.version, 0)
ITEM_SHAPE: Final = document(
    id=_i.id,
    version=_version,
    created_at=instant(_i.created_at),
    updated_at=instant(_i.updated_at),
    catalogue_id=_i.catalogue_id,
    organization_id=_i.organization_id,
    sku=_i.sku,
    name=_i.name,
    description=_i.description,
    category=_i.category,
    unit=_i.unit,
    pack_size=text_of(_i.pack_size),
    price=money(_i.price, _c.currency),
    price_tiers=_i.price_tiers,
    lead_time_days=_i.lead_time_days,
    organic=_i.organic,
    senasa=sa.case(
        (
            _i.senasa_number.is_not(None),
            document(
                number=_i.senasa_number,
                kind=_i.senasa_kind,
                status=_i.senasa_status,
                valid_until=_i.senasa_valid_until,
            ),
        )
    ),
    attributes=_i.attributes,
    available=text_of(_s.available),
)


def _items(*columns: Any) -> sa.Select[Any]:
    return (
        select(*columns)
        .select_from(_i.id.table)
        .join(_c.id.table, _c.id == _i.catalogue_id)
        .outerjoin(_s.item_id.table, _s.item_id == _i.shelf_id)
        .where(_visible)
    )


ITEM: Final = Query(_items(ITEM_SHAPE, _version.label("etag")).where(_i.id == bindparam("item_id")))
ITEMS: Final = Listing(
    "catalogue-items",
    _items(ITEM_SHAPE).where(_i.catalogue_id == bindparam("catalogue_id")),
    order=[_i.sku],
    filters={"sku": _i.sku == bindparam("sku"), "category": _i.category == bindparam("category")},
)


async def own_for_update(uow: UnitOfWork, catalogue_id: UUID) -> Catalogue | None:
    """A catalogue of the actor's, locked."""
    return await uow.locked(
        Catalogue, catalogue_id, _c.organization_id == uow.actor.organization_id
    )


async def revisions(uow: UnitOfWork, series_id: UUID) -> list[tuple[int, CatalogueState]]:
    """The revisions of a series and where each stands."""
    statement = select(_c.revision, _c.state).where(_c.series_id == series_id)
    return [(row.revision, row.state) for row in await uow.rows(statement)]


async def published_for_update(uow: UnitOfWork, series_id: UUID) -> Catalogue | None:
    """The published revision of a series, locked."""
    which = (_c.series_id == series_id, _c.state == CatalogueState.PUBLISHED)
    found = await uow.rows(select(Catalogue).where(*which).with_for_update())
    return found[0][0] if found else None


async def own_item(uow: UnitOfWork, item_id: UUID) -> CatalogueItem | None:
    """An item of the actor's, not locked."""
    return await uow.find(
        CatalogueItem, _i.id == item_id, _i.organization_id == uow.actor.organization_id
    )


_standing = (_i.sku, _i.category, _i.senasa_number, _i.senasa_status, _i.senasa_valid_until)


async def registrations(uow: UnitOfWork, catalogue_id: UUID) -> list[Registration]:
    """The standing with SENASA of each item of a catalogue, by SKU."""
    statement = select(*_standing).where(_i.catalogue_id == catalogue_id).order_by(_i.sku)
    return [Registration(*row) for row in await uow.rows(statement)]


async def published_registrations(
    uow: UnitOfWork, item_ids: Sequence[UUID]
) -> dict[UUID, Registration]:
    """The standing with SENASA of those of the items whose catalogue is published."""
    statement = (
        select(_i.id, *_standing)
        .join(_c.id.table, _c.id == _i.catalogue_id)
        .where(_i.id.in_(item_ids), _c.state == CatalogueState.PUBLISHED)
    )
    return {row[0]: Registration(*row[1:]) for row in await uow.rows(statement)}


async def shelves_of(
    uow: UnitOfWork, catalogue_id: UUID, skus: Sequence[str]
) -> dict[str, tuple[UUID, bool]]:
    """The shelves of a catalogue's items by SKU, and whether stock is kept of them."""
    found = await uow.rows(_SHELVES, catalogue_id=catalogue_id, skus=list(skus))
    return {row.sku: (row.shelf_id, row.stocked) for row in found}


async def locked_stocks(uow: UnitOfWork, item_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    """What is left of those items that are kept in stock, by shelf, locked in the order of ids."""
    found = await uow.rows(_LOCK_ITEMS, item_ids=list(item_ids))
    return {row.item_id: row.available for row in found}


async def _locked_shelves(uow: UnitOfWork, shelf_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    found = await uow.rows(_LOCK_SHELVES, shelf_ids=list(shelf_ids))
    return {row.item_id: row.available for row in found}


async def set_stocks(
    uow: UnitOfWork, wanted: Mapping[UUID, Decimal | None], at: datetime
) -> dict[UUID, Decimal]:
    """Set what is left on shelves (None: not kept in stock); by how much each changed, if at all.

    Movements say the same, so that they always sum to the stock.
    """
    before = await _locked_shelves(uow, list(wanted))
    zero = Decimal(0)
    changes = {
        item_id: change
        for item_id, available in wanted.items()
        if (change := (available or zero) - before.get(item_id, zero))
    }
    await uow.fetch(
        _SET_STOCKS,
        item_ids=list(wanted),
        available=list(wanted.values()),
        movement_ids=[new_id() for _ in changes],
        moved_ids=list(changes),
        changes=list(changes.values()),
        at=at,
    )
    return changes


_ids = sa.ARRAY(sa.Uuid())
_SHELVES: Final = (
    select(_i.sku, _i.shelf_id, _s.item_id.is_not(None).label("stocked"))
    .select_from(_i.id.table.outerjoin(_s.item_id.table, _s.item_id == _i.shelf_id))
    .where(
        _i.catalogue_id == bindparam("catalogue_id"),
        _i.sku == func.any(bindparam("skus", type_=sa.ARRAY(sa.Text()))),
    )
)


def _lock(which: Any) -> Any:
    statement = select(_s.item_id, _s.available).where(which).order_by(_s.item_id)
    return statement.with_for_update(of=_s.item_id.table)


_LOCK_ITEMS: Final = _lock(
    _s.item_id.in_(select(_i.shelf_id).where(_i.id == func.any(bindparam("item_ids", type_=_ids))))
)
_LOCK_SHELVES: Final = _lock(_s.item_id == func.any(bindparam("shelf_ids", type_=_ids)))
_SET_STOCKS: Final = Query(
    sa.text("""
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:item_ids AS uuid[]), CAST(:available AS numeric[]))
            AS wanted(item_id, available)
    ), gone AS (
        DELETE FROM stocks USING wanted
         WHERE stocks.item_id = wanted.item_id AND wanted.available IS NULL
           AND stocks.item_id = ANY(CAST(:item_ids AS uuid[]))
    ), kept AS (
        INSERT INTO stocks (item_id, available)
        SELECT item_id, available FROM wanted WHERE available IS NOT NULL
        ON CONFLICT (item_id) DO UPDATE
           SET available = excluded.available, version = stocks.version + 1
         WHERE stocks.available <> excluded.available
    )
    INSERT INTO stock_movements (id, item_id, kind, quantity, moved_at)
    SELECT movement_id, item_id, 'set', change, CAST(:at AS timestamptz)
      FROM unnest(CAST(:movement_ids AS uuid[]), CAST(:moved_ids AS uuid[]),
                  CAST(:changes AS numeric[])) AS moved(movement_id, item_id, change)
    """)
)
