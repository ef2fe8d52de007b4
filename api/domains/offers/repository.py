"""The search over everything on offer."""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select

from api.core.documents import Query, document, money, text_of
from api.core.paging import Listing
from api.domains.publications.repository import SPANISH, normalised
from api.models.catalogues import Offer, Stock

_f = Offer.__table__.c  # type: ignore[attr-defined]
_s = Stock.__table__.c  # type: ignore[attr-defined]
# As a subquery it is read once, not for every offer.
_query = select(
    func.websearch_to_tsquery(SPANISH, normalised(bindparam("q", type_=sa.Text())))
).scalar_subquery()

_district: Any = bindparam("ubigeo", type_=sa.Text())
_places = [_district, func.left(_district, 4), func.left(_district, 2)]


def _of_terms(offer: Any, name: str, kind: Any) -> Any:
    """What a catalogue's terms say of the way to the district: those of the longest prefix."""
    terms = func.coalesce(*(offer.delivery.op("->")(place) for place in _places))
    return sa.cast(terms.op("->>")(sa.literal_column(f"'{name}'")), kind)


def _freight(offer: Any) -> Any:
    said = _of_terms(offer, "freight", sa.Numeric(14, 2))
    return func.coalesce(said, sa.literal_column("0.00"))


# Of most offers there are no terms: told apart, they cost a page nothing.
_DELIVERY: Final = sa.case(
    (
        sa.literal_column("offers.delivery <> '{}'"),
        document(
            days=_f.lead_time_days + func.coalesce(_of_terms(_f, "days", sa.Integer()), 0),
            freight=money(_freight(_f), _f.currency),
        ),
    )
)

_quantity: Any = bindparam("quantity", type_=sa.Numeric(14, 3))


_ANY: Final = sa.Numeric()
_DEAREST: Final = sa.literal_column("99999999999999.9999", _ANY)
"""By the unit, as it is shown."""
_MOST: Final = sa.literal_column("999999999999.99", _ANY)
"""That an order can cost."""


@dataclass(frozen=True, slots=True)
class _Cost:
    """As ``rules.delivered_cost`` of the catalogues defines it, of an offer's columns."""

    unit_price: Any
    amount: Any
    delivered: Any
    per_unit: Any


def _cost_of(offer: Any) -> _Cost:
    tier: Any = func.jsonb_array_elements(offer.price_tiers).column_valued("tier")
    least = sa.cast(tier.op("->>")(sa.literal_column("'min_quantity'")), sa.Numeric(14, 3))
    reached = (
        select(sa.cast(tier.op("->>")(sa.literal_column("'price'")), sa.Numeric(14, 2)))
        .where(least <= _quantity)
        .order_by(least.desc())
        .limit(sa.literal_column("1"))
        .correlate(offer.item_id.table)
        .scalar_subquery()
    )
    each = func.coalesce(reached, offer.price)
    # One offer with figures beyond all bounds must not fail a search for all others: nothing here
    # is cast to fewer digits than it may have (SQLAlchemy casts divisors to what it takes for their
    # type).
    amount = func.round(each * _quantity, sa.literal_column("2"), type_=_ANY)
    delivered = amount + _freight(offer)
    units = sa.type_coerce(_quantity, _ANY) * sa.type_coerce(offer.pack_size, _ANY)
    per_unit = func.round(delivered / units, sa.literal_column("4"), type_=_ANY)
    return _Cost(each, amount, delivered, func.least(per_unit, _DEAREST, type_=_ANY))


_COST: Final = _cost_of(_f)


def _cost(*, delivered: bool) -> Any:
    """What the quantity asked for costs; delivered, where the district is known. Nothing, where it
    would be more than an order can be.
    """
    found = document(
        quantity=text_of(_quantity),
        unit_price=money(_COST.unit_price, _f.currency),
        amount=money(_COST.amount, _f.currency),
        delivered_amount=money(_COST.delivered, _f.currency) if delivered else sa.null(),
        delivered_unit_price=text_of(_COST.per_unit) if delivered else sa.null(),
    )
    total = _COST.delivered if delivered else _COST.amount
    return sa.case((total <= _MOST, found))


def _member(name: str, value: Any) -> Any:
    """A further member of a JSON text that is not closed yet."""
    quoted = sa.literal_column(f"',\"{name}\":'", sa.Text())
    return quoted + func.coalesce(sa.cast(value, sa.Text()), sa.literal_column("'null'"))


def _shape(present: frozenset[str]) -> Any:
    """An offer as it is shown: as it was published, what is left of it, and, where district or
    quantity are asked about, the answers.

    What was published is kept as JSON text: to build it anew for each offer of each page took
    PostgreSQL longer than to find the page.
    """
    district, quantity = "ubigeo" in present, "quantity" in present
    left = func.to_json(text_of(_s.available))
    return (
        _f.shown
        + _member("available", left)
        + _member("delivery", _DELIVERY if district else sa.null())
        + _member("cost", _cost(delivered=district) if quantity else sa.null())
        + sa.literal_column("'}'", sa.Text())
    )


def _conditions(offer: Any) -> dict[str, Any]:
    """By filter: what it asks of an offer, given the columns of the table or of a part of it."""

    def valid_on(day: Any) -> Any:
        return (offer.valid_from <= day) & (offer.valid_until >= day)

    places = sa.dialects.postgresql.array(
        [func.left(_district, 2), func.left(_district, 4), _district], type_=sa.Text()
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
        # What is asked about an offer, not of it.
        "quantity": sa.true(),
    }


def with_stock(offer: Any) -> Any:
    """Offers with what is left of them, where they are kept in stock."""
    return offer.item_id.table.outerjoin(_s.item_id.table, _s.item_id == offer.shelf_id)


class OfferSearch(Listing):
    """Offers by price; what they show follows from what was asked."""

    def _filtered(self, present: frozenset[str]) -> sa.Select[Any]:
        return self._asked(present).where(*(self.filters[name] for name in sorted(present)))

    def _asked(self, present: frozenset[str]) -> sa.Select[Any]:
        return select(_shape(present)).select_from(with_stock(_f))

    def _after(self) -> Any:
        marks = [bindparam(f"after_{n}", type_=c.type) for n, c in enumerate(self.order)]
        return sa.tuple_(*self.order) > sa.tuple_(*marks)


_COSTED: Final = (_f.item_id, _f.price, _f.price_tiers, _f.pack_size, _f.delivery)


def _by_price(present: frozenset[str], limit: Any) -> Any:
    """The cheapest offers that meet the filters."""
    return (
        select(*_COSTED)
        .select_from(with_stock(_f))
        .where(*(CONDITIONS[name] for name in sorted(present)))
        .order_by(_f.price, _f.item_id)
        .limit(limit)
    )


def _by_words(present: frozenset[str], limit: Any, mark: list[Any], cheapest: int) -> Any:
    """The cheapest offers with the words that meet the filters: item and price.

    Common words are found at once among the ``cheapest`` offers; walking on by price for a rare
    word would read the whole table. Rare words are found by the index of words; common ones would
    give half of the table to be sorted. PostgreSQL cannot know which is which when it plans, so:
    among the cheapest first, and through the index only where that does not fill the page.
    """
    way = "category" if "category" in present else "organization_id"
    indexed = [name for name in (way, "max_price") if name in present]
    cheap = (
        select(_f.item_id.table)
        .where(*(CONDITIONS[name] for name in indexed), *mark)
        .order_by(_f.price, _f.item_id)
        .limit(sa.literal_column(str(cheapest), sa.Integer()))
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
        .select_from(with_stock(_f))
        .where(~full, *(CONDITIONS[name] for name in sorted(present)), *mark)
        .cte("anywhere")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    far = select(anywhere).order_by(anywhere.c.price, anywhere.c.item_id).limit(limit)
    return sa.union_all(select(near).where(full), far.subquery().select()).subquery("found")


class WordSearch(OfferSearch):
    """Offers with words in them, by price, at a cost that depends on neither their number nor how
    common the words are.
    """

    def _build(self, present: frozenset[str], *, after: bool) -> Query:
        limit: Any = bindparam("limit_", type_=sa.Integer())
        found = _by_words(present, limit, [self._after()] if after else [], 2000)
        statement = self._asked(present).join(found, found.c.item_id == _f.item_id)
        sort_values = [text_of(_f.price).label("sort_0"), text_of(_f.item_id).label("sort_1")]
        # Planned for any words and any place, it would go through all that a common place has.
        ordered = statement.add_columns(*sort_values).order_by(_f.price, _f.item_id)
        return Query(ordered, replanned=True)


RANKED: Final = 1000
"""Offers that are compared by what they cost delivered: the cheapest that meet the filters."""


class DeliveredSearch(OfferSearch):
    """Offers by what a unit costs delivered, for a quantity and a district.

    No index knows that order, so it is made among the ``RANKED`` cheapest by list price: what it
    costs does not grow with the market. A search that meets no more than these is ranked whole.
    """

    def _build(self, present: frozenset[str], *, after: bool) -> Query:
        most: Any = sa.literal_column(str(RANKED), sa.Integer())
        limit: Any = bindparam("limit_", type_=sa.Integer())
        if "q" in present:
            found = _by_words(present, most, [], 20 * RANKED)
            cheapest = select(*_COSTED).join(found, found.c.item_id == _f.item_id)
        else:
            cheapest = _by_price(present, most)
        # Costs of these alone, once for each; what is shown, of the page alone.
        near = cheapest.cte("cheapest").prefix_with("MATERIALIZED", dialect="postgresql")
        costs = (
            select(near.c.item_id, _cost_of(near.c).per_unit.label("cost"))
            .cte("costs")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        page = select(costs).order_by(costs.c.cost, costs.c.item_id).limit(limit)
        if after:
            marks = [bindparam(f"after_{n}", type_=c.type) for n, c in enumerate(self.order)]
            page = page.where(sa.tuple_(costs.c.cost, costs.c.item_id) > sa.tuple_(*marks))
        ranked = page.subquery("ranked")
        statement = self._asked(present).join(ranked, ranked.c.item_id == _f.item_id)
        order = [ranked.c.cost, ranked.c.item_id]
        sort_values = [text_of(c).label(f"sort_{n}") for n, c in enumerate(order)]
        # Planned for any place, it would read and sort all that a common place has.
        return Query(statement.add_columns(*sort_values).order_by(*order), replanned=True)


CONDITIONS: Final = _conditions(_f)
_offers = select(_f.item_id)
OFFERS: Final = OfferSearch("offers", _offers, [_f.price, _f.item_id], CONDITIONS)
WORD_SEARCH: Final = WordSearch("offers", _offers, [_f.price, _f.item_id], CONDITIONS)
DELIVERED: Final = DeliveredSearch("delivered", _offers, [_COST.per_unit, _f.item_id], CONDITIONS)
