"""The search over everything on offer, and what puts items on offer."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select

from api.core.documents import document, money, text_of
from api.core.paging import Listing
from api.models.catalogues import Catalogue, CatalogueItem, Offer, Stock
from api.models.organizations import Organization
from api.transactions import UnitOfWork

_c = Catalogue.__table__.c  # type: ignore[attr-defined]
_f = Offer.__table__.c  # type: ignore[attr-defined]
_i = CatalogueItem.__table__.c  # type: ignore[attr-defined]
_o = Organization.__table__.c  # type: ignore[attr-defined]
_s = Stock.__table__.c  # type: ignore[attr-defined]
_SPANISH: Final[sa.ColumnElement[Any]] = sa.literal_column("'spanish'::regconfig")


def _normalised(text: Any) -> Any:
    """Lower case without accents, but with the one that the Spanish stemmer needs to see.

    It knows «fertilización» and «fertilizaciones» as one word, «fertilizacion» not.
    """
    plain = func.translate(func.lower(text), "áéíóúüñàèìòùâêîôûç", "aeiouunaeiouaeiouc")
    return func.regexp_replace(plain, r"([cs])ion\M", r"\1ión", "g")


_words = func.to_tsvector(
    _SPANISH, _normalised(func.concat_ws(" ", _i.name, _i.description, _i.sku))
)
_query = func.websearch_to_tsquery(_SPANISH, _normalised(bindparam("q", type_=sa.Text())))

OFFER_SHAPE: Final = document(
    item_id=_f.item_id,
    catalogue_id=_f.catalogue_id,
    organization_id=_f.organization_id,
    supplier=_f.supplier,
    sku=_f.sku,
    name=_f.name,
    category=_f.category,
    unit=_f.unit,
    pack_size=text_of(_f.pack_size),
    price=money(_f.price, _f.currency),
    price_tiers=_f.price_tiers,
    lead_time_days=_f.lead_time_days,
    organic=_f.organic,
    available=text_of(_s.available),
    coverage=_f.coverage,
    valid_from=_f.valid_from,
    valid_until=_f.valid_until,
)


def _valid_on(day: Any) -> Any:
    return (_f.valid_from <= day) & (_f.valid_until >= day)


def covers(district: Any) -> Any:
    """Whether an offer is delivered to a district: it, its province or its department is named."""
    prefixes = sa.dialects.postgresql.array(
        [func.left(district, 2), func.left(district, 4), district], type_=sa.Text()
    )
    return _f.coverage.op("&&", return_type=sa.Boolean())(prefixes)


OFFERS: Final = Listing(
    "offers",
    select(OFFER_SHAPE).select_from(
        _f.item_id.table.outerjoin(_s.item_id.table, _s.item_id == _f.item_id)
    ),
    order=[_f.price, _f.item_id],
    filters={
        "q": _f.words.op("@@", return_type=sa.Boolean())(_query),
        "category": _f.category == bindparam("category"),
        "ubigeo": covers(bindparam("ubigeo", type_=sa.Text())),
        "organization_id": _f.organization_id == bindparam("organization_id"),
        "currency": _f.currency == bindparam("currency"),
        "organic": _f.organic == bindparam("organic"),
        "in_stock": (func.coalesce(_s.available, 1) > 0) == bindparam("in_stock"),
        "max_price": _f.price <= bindparam("max_price"),
        "valid_on": _valid_on(bindparam("valid_on")),
        "offered_today": _valid_on(bindparam("today")),
    },
)

_OFFERED: Final = {
    "item_id": _i.id,
    "catalogue_id": _i.catalogue_id,
    "organization_id": _i.organization_id,
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
    "valid_from": _c.valid_from,
    "valid_until": func.least(_c.valid_until, _i.senasa_valid_until),
    "words": _words,
}
_offered = (
    select(*_OFFERED.values())
    .select_from(_i.id.table)
    .join(_c.id.table, _c.id == _i.catalogue_id)
    .join(_o.id.table, _o.id == _i.organization_id)
)


async def _offer(uow: UnitOfWork, *which: Any) -> None:
    await uow.execute(sa.insert(Offer).from_select(list(_OFFERED), _offered.where(*which)))


async def offer_catalogue(uow: UnitOfWork, catalogue_id: UUID) -> None:
    """Put all items of a catalogue on offer, in one statement."""
    await _offer(uow, _i.catalogue_id == catalogue_id)


async def offer_item(uow: UnitOfWork, item_id: UUID) -> None:
    """Put an item on offer."""
    await _offer(uow, _i.id == item_id)


async def take_back_catalogue(uow: UnitOfWork, catalogue_id: UUID) -> None:
    """End the offers of a catalogue."""
    await uow.execute(sa.delete(Offer).where(_f.catalogue_id == catalogue_id))


async def take_back_item(uow: UnitOfWork, item_id: UUID) -> None:
    """End the offer of an item."""
    await uow.execute(sa.delete(Offer).where(_f.item_id == item_id))
