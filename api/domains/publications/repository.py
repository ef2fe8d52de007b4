"""What puts items on offer, and takes them back."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func, select

from api.core.documents import document, money, text_of
from api.models.catalogues import Catalogue, CatalogueItem, Offer
from api.models.organizations import Organization
from api.transactions import UnitOfWork

_c = Catalogue.__table__.c  # type: ignore[attr-defined]
_f = Offer.__table__.c  # type: ignore[attr-defined]
_i = CatalogueItem.__table__.c  # type: ignore[attr-defined]
_o = Organization.__table__.c  # type: ignore[attr-defined]
SPANISH: Final[sa.ColumnElement[Any]] = sa.literal_column("'spanish'::regconfig")


def plain(text: Any) -> Any:
    """Lower case without accents."""
    return func.translate(func.lower(text), "áéíóúüñàèìòùâêîôûç", "aeiouunaeiouaeiouc")


def normalised(text: Any) -> Any:
    """Lower case without accents, but with the one that the Spanish stemmer needs to see.

    It knows «fertilización» and «fertilizaciones» as one word, «fertilizacion» not.
    """
    return func.regexp_replace(plain(text), r"([cs])ion\M", r"\1ión", "g")


_words = func.to_tsvector(SPANISH, normalised(func.concat_ws(" ", _i.name, _i.description, _i.sku)))
_term = func.jsonb_array_elements(_c.delivery_terms).column_valued("term")
_prefix: Any = sa.literal_column("'ubigeo_prefix'")
_by_prefix = func.jsonb_object_agg(_term.op("->>")(_prefix), _term.op("-")(_prefix))
_delivery = func.coalesce(
    select(_by_prefix).correlate(_c.id.table).scalar_subquery(),
    sa.literal_column("'{}'::jsonb"),
)

_until = func.least(_c.valid_until, _i.senasa_valid_until)
_document = document(
    item_id=_i.id,
    catalogue_id=_i.catalogue_id,
    organization_id=_i.organization_id,
    supplier=_o.legal_name,
    sku=_i.sku,
    name=_i.name,
    category=_i.category,
    unit=_i.unit,
    pack_size=text_of(_i.pack_size),
    price=money(_i.price, _c.currency),
    price_tiers=_i.price_tiers,
    lead_time_days=_i.lead_time_days,
    organic=_i.organic,
    coverage=_c.coverage,
    valid_from=_c.valid_from,
    valid_until=_until,
)
_shown = func.left(text_of(_document), sa.literal_column("-1"))

OFFERED_COLUMNS: Final = {
    "item_id": _i.id,
    "catalogue_id": _i.catalogue_id,
    "organization_id": _i.organization_id,
    "shelf_id": _i.shelf_id,
    "supplier": _o.legal_name,
    "sku": _i.sku,
    "name": _i.name,
    "category": _i.category,
    "unit": _i.unit,
    "pack_size": _i.pack_size,
    "currency": _c.currency,
    "price": _i.price,
    "price_tiers": _i.price_tiers,
    "lead_time_days": _i.lead_time_days,
    "organic": _i.organic,
    "coverage": _c.coverage,
    "delivery": _delivery,
    "valid_from": _c.valid_from,
    "valid_until": _until,
    "words": _words,
    "shown": _shown,
}
OFFERED = (
    select(*OFFERED_COLUMNS.values())
    .select_from(_i.id.table)
    .join(_c.id.table, _c.id == _i.catalogue_id)
    .join(_o.id.table, _o.id == _i.organization_id)
)


async def _offer(uow: UnitOfWork, *which: Any) -> None:
    await uow.execute(sa.insert(Offer).from_select(list(OFFERED_COLUMNS), OFFERED.where(*which)))


async def offer_catalogue(uow: UnitOfWork, catalogue_id: UUID) -> None:
    """Put all items of a catalogue on offer, in one statement."""
    await _offer(uow, _i.catalogue_id == catalogue_id)


async def offer_item(uow: UnitOfWork, item_id: UUID) -> None:
    """Put an item on offer."""
    await _offer(uow, _i.id == item_id)


async def take_back_catalogue(uow: UnitOfWork, catalogue_id: UUID) -> None:
    """End the offers of a catalogue."""
    await uow.execute(sa.delete(Offer).where(_f.catalogue_id == catalogue_id))


async def clear_expired(uow: UnitOfWork, day: date) -> None:
    """End the actor's offers that were over before a day: the search would only step over them."""
    mine = _f.organization_id == uow.actor.organization_id
    await uow.execute(sa.delete(Offer).where(mine, _f.valid_until < day))


async def take_back_item(uow: UnitOfWork, item_id: UUID) -> None:
    """End the offer of an item."""
    await uow.execute(sa.delete(Offer).where(_f.item_id == item_id))
