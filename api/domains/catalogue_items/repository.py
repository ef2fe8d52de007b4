"""Writing a catalogue's items, set by set: by SKU from a file, or as copies for its next revision.

The catalogue is locked before, so that nobody else writes its items.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import select

from api.core.documents import Query
from api.core.ids import new_id
from api.models.catalogues import Catalogue, CatalogueItem, Stock, StockMovement
from api.transactions import UnitOfWork

_i = CatalogueItem.__table__.c  # type: ignore[attr-defined]
_s = Stock.__table__.c  # type: ignore[attr-defined]
_m = StockMovement.__table__.c  # type: ignore[attr-defined]

_COLUMNS: Final = {
    "name": "text", "description": "text", "category": "text", "unit": "text",
    "pack_size": "numeric", "price": "numeric", "price_tiers": "jsonb", "lead_time_days": "int",
    "organic": "boolean", "senasa_number": "text", "senasa_kind": "text", "senasa_status": "text",
    "senasa_valid_until": "date", "attributes": "jsonb",
}  # fmt: skip
_names = ", ".join(_COLUMNS)
_WRITE: Final = Query(
    sa.text(
        f"""
    WITH given AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(CAST(:items AS jsonb))
            AS given(id uuid, is_new boolean, restocked boolean, shelf_id uuid, sku text,
                     {", ".join(map(" ".join, _COLUMNS.items()))})
    ), changed AS (
        UPDATE catalogue_items AS item
           SET ({_names}) = ROW({", ".join(f"given.{name}" for name in _COLUMNS)}),
               updated_at = CAST(:at AS timestamptz), shelf_id = given.shelf_id,
               -- The document's version counts the stock's; it must not fall when the stock goes.
               version = item.version + 1
                   + coalesce((SELECT version FROM stocks WHERE item_id = item.shelf_id), 0)
          FROM given
         WHERE item.id = given.id AND NOT given.is_new
           AND (given.restocked OR given.shelf_id <> item.shelf_id
                OR ({", ".join(f"item.{name}" for name in _COLUMNS)})
                   IS DISTINCT FROM ({", ".join(f"given.{name}" for name in _COLUMNS)}))
        RETURNING item.id
    ), added AS (
        INSERT INTO catalogue_items
            (id, created_at, updated_at, catalogue_id, organization_id, shelf_id, sku, {_names})
        SELECT id, CAST(:at AS timestamptz), CAST(:at AS timestamptz), CAST(:catalogue_id AS uuid),
               CAST(:actor AS uuid), shelf_id, sku, {_names}
          FROM given WHERE is_new
    )
    SELECT id FROM changed
    """  # noqa: S608 # nosec B608 - the names are constants
    )
)


@dataclass(frozen=True, slots=True)
class Written:
    """An item that is there already: its shelf, what a pack of it is, whether stock is kept."""

    id: UUID
    shelf_id: UUID
    pack: tuple[str, Decimal]
    stocked: bool


async def written(uow: UnitOfWork, catalogue_id: UUID, skus: Sequence[str]) -> dict[str, Written]:
    """Those of the SKUs that a catalogue has."""
    statement = (
        select(_i.sku, _i.id, _i.shelf_id, _i.unit, _i.pack_size, _s.item_id.is_not(None))
        .select_from(_i.id.table.outerjoin(_s.item_id.table, _s.item_id == _i.shelf_id))
        .where(_i.catalogue_id == catalogue_id, _i.sku == sa.func.any(sa.literal(list(skus), _T)))
    )
    rows = await uow.rows(statement)
    return {
        sku: Written(item_id, shelf_id, (unit, size), stocked)
        for sku, item_id, shelf_id, unit, size, stocked in rows
    }


_T: Final = sa.ARRAY(sa.Text())


async def write(
    uow: UnitOfWork, catalogue_id: UUID, rows: Sequence[dict[str, Any]], at: datetime
) -> set[UUID]:
    """Write items of a catalogue of the actor's, in one statement; which of the old ones changed.

    ``is_new`` says of each row whether it is added, ``restocked`` whether it begins or ceases to
    be kept in stock.
    """
    given = orjson.dumps(rows, default=str).decode()
    found = await uow.fetch(_WRITE, items=given, at=at, catalogue_id=catalogue_id)
    return {item_id for (item_id,) in found}


_COPY: Final = Query(
    sa.text(
        f"""
    INSERT INTO catalogue_items
        (id, created_at, updated_at, catalogue_id, organization_id, shelf_id, sku, {_names})
    SELECT copy.id, CAST(:at AS timestamptz), CAST(:at AS timestamptz),
           CAST(:catalogue_id AS uuid), item.organization_id, item.shelf_id, item.sku,
           {", ".join(f"item.{name}" for name in _COLUMNS)}
      FROM catalogue_items AS item
      JOIN unnest(CAST(:item_ids AS uuid[]), CAST(:copy_ids AS uuid[])) AS copy(item_id, id)
        ON copy.item_id = item.id
    RETURNING 1
    """  # noqa: S608 # nosec B608 - the names are constants
    )
)


async def copy(uow: UnitOfWork, source: Catalogue, target_id: UUID, at: datetime) -> int:
    """The items of a catalogue once more, in its next revision and on the same shelves; how many.

    What the session holds must be flushed before.
    """
    found = await uow.rows(select(_i.id).where(_i.catalogue_id == source.id).order_by(_i.sku))
    item_ids = [item_id for (item_id,) in found]
    copy_ids = [new_id() for _ in item_ids]
    values = {"item_ids": item_ids, "copy_ids": copy_ids, "catalogue_id": target_id, "at": at}
    return len(await uow.fetch(_COPY, **values))


async def remove(uow: UnitOfWork, item_id: UUID) -> None:
    """Delete an item of a draft, and the stock and movements of a shelf that is its alone."""
    for owner in (_m.item_id, _s.item_id, _i.id):
        await uow.execute(sa.delete(owner.table).where(owner == item_id))


async def tell_registration(uow: UnitOfWork, item: CatalogueItem, series_id: UUID) -> None:
    """What SENASA says of an item's registration holds of the item in every revision."""
    series = select(Catalogue.id).where(Catalogue.series_id == series_id)  # type: ignore[call-overload]
    await uow.execute(
        sa.update(CatalogueItem)
        .where(
            _i.catalogue_id.in_(series),
            _i.id != item.id,
            _i.sku == item.sku,
            _i.senasa_number == item.senasa_number,
        )
        .values(
            senasa_status=item.senasa_status,
            senasa_valid_until=item.senasa_valid_until,
            version=_i.version + 1,
            updated_at=item.updated_at,
        )
    )
