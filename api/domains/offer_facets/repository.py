"""Counting what a search found, at a cost that does not grow with the market."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from api.core.documents import Query, document
from api.domains.offers.repository import CONDITIONS, with_stock
from api.models.catalogues import Offer

_f = Offer.__table__.c  # type: ignore[attr-defined]
MOST: Final = 10_000
"""Offers that are counted; of more, these stand for all."""
MOST_VALUES: Final = 50
"""Of one facet: the most frequent."""
_compiled: Final[dict[frozenset[str], Query]] = {}


def facets(present: frozenset[str]) -> Query:
    """The query for the filters in use: one document."""
    if present not in _compiled:
        _compiled[present] = _query(present)
    return _compiled[present]


def _query(present: frozenset[str]) -> Query:
    found = (
        select(_f.category, _f.organization_id, _f.supplier, _f.organic, _f.currency)
        .select_from(with_stock(_f))
        .where(*(CONDITIONS[name] for name in sorted(present)))
        .limit(sa.literal_column(str(MOST + 1), sa.Integer()))
        .cte("found")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    count: Any = select(func.count()).select_from(found).scalar_subquery()
    most: Any = sa.literal_column(str(MOST), sa.Integer())
    return Query(
        select(
            document(
                counted=func.least(count, most),
                complete=count <= most,
                category=_counts(found, value=found.c.category),
                supplier=_counts(found, value=found.c.organization_id, name=found.c.supplier),
                organic=_counts(found, value=found.c.organic),
                currency=_counts(found, value=found.c.currency),
            )
        ),
        # Planned for any values, it would take what was asked for to be rare.
        replanned=True,
    )


def _counts(found: Any, **members: Any) -> Any:
    """By value, the most frequent first."""
    labelled = [column.label(name) for name, column in members.items()]
    groups = (
        select(*labelled, func.count().label("times"))
        .select_from(found)
        .group_by(*members.values())
        .order_by(func.count().desc(), *members.values())
        .limit(sa.literal_column(str(MOST_VALUES), sa.Integer()))
        .subquery()
    )
    shape = document(**{name: groups.c[name] for name in members}, count=groups.c.times)
    ordered = aggregate_order_by(shape, groups.c.times.desc(), groups.c.value)
    none: Any = sa.literal_column("'[]'::json")
    return select(func.coalesce(func.json_agg(ordered), none)).scalar_subquery()
