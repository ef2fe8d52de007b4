"""The search over everything on offer, and what puts items on offer."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select

from api.core.documents import Query, document, money, text_of
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
# As a subquery it is read once, not for every offer.
_query = select(
    func.websearch_to_tsquery(_SPANISH, _normalised(bindparam("q", type_=sa.Text())))
).scalar_subquery()

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


def _conditions(offer: Any) -> dict[str, Any]:
    """By filter: what it asks of an offer, given the columns of the table or of a part of it."""

    def valid_on(day: Any) -> Any:
        return (offer.valid_from <= day) & (offer.valid_until >= day)

    district: Any = bindparam("ubigeo", type_=sa.Text())
    places = sa.dialects.postgresql.array(
        [func.left(district, 2), func.left(district, 4), district], type_=sa.Text()
    )
    return {
        "q": offer.words.op("@@", return_type=sa.Boolean())(_query),
        "category": offer.category == bindparam("category"),
        "ubigeo": offer.coverage.op("&&", return_type=sa.Boolean())(places),
        "organization_id": offer.organization_id == bindparam("organization_id"),
        "currency": offer.currency == bindparam("currency"),
        "organic": offer.organic == bindparam("organic"),
        "in_stock": (func.coalesce(_s.available, 1) > 0) == bindparam("in_stock"),
        "max_price": offer.price <= bindparam("max_price"),
        "valid_on": valid_on(bindparam("valid_on")),
        "offered_today": valid_on(bindparam("today")),
    }


def _with_stock(offer: Any) -> Any:
    return offer.item_id.table.outerjoin(_s.item_id.table, _s.item_id == offer.shelf_id)


_CHEAPEST: Final[Any] = sa.literal_column("2000", sa.Integer())
"""Offers in which words are looked for by price before they are looked for everywhere."""


class WordSearch(Listing):
    """Offers with words in them, by price, at a cost that depends on neither their number nor how
    common the words are.

    Common words are found at once among the cheapest offers; walking on by price for a rare word
    would read the whole table. Rare words are found by the index of words; common ones would give
    half of the table to be sorted. PostgreSQL cannot know which is which when it plans, so: among
    the cheapest first, and through the index only where that does not fill the page.
    """

    def _build(self, present: frozenset[str], *, after: bool) -> Query:
        limit: Any = bindparam("limit_", type_=sa.Integer())
        way = "category" if "category" in present else "organization_id"
        indexed = [name for name in (way, "max_price") if name in present]
        mark = [self._after()] if after else []
        cheap = (
            select(_f.item_id.table)
            .where(*(self.filters[name] for name in indexed), *mark)
            .order_by(_f.price, _f.item_id)
            .limit(_CHEAPEST)
            .subquery()
        )
        asked = _conditions(cheap.c)
        near = (
            select(cheap.c.item_id, cheap.c.price)
            .select_from(cheap.outerjoin(_s.item_id.table, _s.item_id == cheap.c.shelf_id))
            .where(*(asked[name] for name in sorted(present)))
            .order_by(cheap.c.price, cheap.c.item_id)
            .limit(limit)
            .cte("near")
        )
        full = select(func.count() >= limit).select_from(near).scalar_subquery()
        anywhere = (
            select(_f.item_id, _f.price)
            .select_from(_with_stock(_f))
            .where(~full, *(self.filters[name] for name in sorted(present)), *mark)
            .cte("anywhere")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        far = select(anywhere).order_by(anywhere.c.price, anywhere.c.item_id).limit(limit)
        found = sa.union_all(select(near).where(full), far.subquery().select()).subquery("found")
        statement = self.statement.join(found, found.c.item_id == _f.item_id)
        sort_values = [text_of(_f.price).label("sort_0"), text_of(_f.item_id).label("sort_1")]
        return Query(statement.add_columns(*sort_values).order_by(_f.price, _f.item_id))

    def _after(self) -> Any:
        marks = [bindparam(f"after_{n}", type_=c.type) for n, c in enumerate(self.order)]
        return sa.tuple_(*self.order) > sa.tuple_(*marks)


_offers = select(OFFER_SHAPE).select_from(_with_stock(_f))
OFFERS: Final = Listing("offers", _offers, [_f.price, _f.item_id], _conditions(_f))
WORD_SEARCH: Final = WordSearch("offers", _offers, [_f.price, _f.item_id], _conditions(_f))

_OFFERED: Final = {
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


async def clear_expired(uow: UnitOfWork, day: date) -> None:
    """End the actor's offers that were over before a day: the search would only step over them."""
    mine = _f.organization_id == uow.actor.organization_id
    await uow.execute(sa.delete(Offer).where(mine, _f.valid_until < day))


async def take_back_item(uow: UnitOfWork, item_id: UUID) -> None:
    """End the offer of an item."""
    await uow.execute(sa.delete(Offer).where(_f.item_id == item_id))
