"""Queries. The asking side sees quotes from the deadline on; a supplier its own alone."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import and_, bindparam, case, delete, func, or_, select

from api.core.documents import Query, children, document, instant, money, text_of
from api.core.paging import Listing
from api.domains.quote_requests.states import QuoteRequestState, QuoteState
from api.models.catalogues import Offer
from api.models.organizations import Organization
from api.models.quote_requests import (
    Quote,
    QuoteLine,
    QuoteRequest,
    QuoteRequestLine,
    QuoteRequestSupplier,
)
from api.policies import Role
from api.transactions import UnitOfWork

_r = QuoteRequest.__table__.c  # type: ignore[attr-defined]
_l = QuoteRequestLine.__table__.c  # type: ignore[attr-defined]
_s = QuoteRequestSupplier.__table__.c  # type: ignore[attr-defined]
_q = Quote.__table__.c  # type: ignore[attr-defined]
_ql = QuoteLine.__table__.c  # type: ignore[attr-defined]
_o = Organization.__table__.c  # type: ignore[attr-defined]
_f = Offer.__table__.c  # type: ignore[attr-defined]

_asks = _r.organization_id == bindparam("actor")
_asked = (
    select(_s.id).where(_s.quote_request_id == _r.id, _s.supplier_id == bindparam("actor")).exists()
)
# The seal: a request that ended before its deadline is never opened.
_opened = func.coalesce(_r.ended_at, func.clock_timestamp()) >= _r.closes_at
_won = (
    select(_q.id)
    .where(
        _q.quote_request_id == _r.id,
        _q.supplier_id == bindparam("actor"),
        _q.state == QuoteState.AWARDED,
    )
    .correlate(_r.id.table)
    .exists()
)
_shown = or_(
    _q.supplier_id == bindparam("actor"),
    and_(_asks, _opened, _q.state != QuoteState.WITHDRAWN),
)

# What ends with its request while it is sealed was not declined one by one: nobody knew of it.
_state = case(
    (
        and_(_r.state == QuoteRequestState.CANCELLED, _q.state == QuoteState.SUBMITTED),
        sa.literal(QuoteState.DECLINED, _q.state.type),
    ),
    else_=_q.state,
)

_units = _ql.quantity * _ql.pack_size
_delivered = _ql.amount * (1 + _q.freight / _q.lines_amount) / func.nullif(_units, 0)
_QUOTE_LINE: Final = document(
    line_id=_ql.quote_request_line_id,
    item_id=_ql.item_id,
    sku=_ql.sku,
    description=_ql.description,
    pack_size=text_of(_ql.pack_size),
    quantity=text_of(_ql.quantity),
    unit_price=money(_ql.unit_price, _r.currency),
    amount=money(_ql.amount, _r.currency),
    delivered_unit_price=text_of(
        sa.cast(func.least(_delivered, sa.literal_column("9999999999")), sa.Numeric(14, 4))
    ),
)
_quoted = (
    select(_ql.id)
    .where(_ql.quote_id == _q.id, _ql.quote_request_line_id == _l.id)
    .correlate(_q.id.table, _l.id.table)
    .exists()
)
_QUOTE: Final = document(
    id=_q.id,
    version=_q.version,
    created_at=instant(_q.created_at),
    updated_at=instant(_q.updated_at),
    supplier_id=_q.supplier_id,
    supplier=_o.legal_name,
    state=_state,
    total=money(_q.lines_amount + _q.freight, _r.currency),
    freight=money(_q.freight, _r.currency),
    delivery_days=_q.delivery_days,
    payment_terms=_q.payment_terms,
    valid_until=_q.valid_until,
    salt=_q.salt,
    seal=_q.seal,
    lines=children(
        _QUOTE_LINE,
        _ql.quote_id == _q.id,
        _r.id == _q.quote_request_id,
        order_by=_ql.quote_request_line_id,
    ),
    unquoted_line_ids=children(
        _l.id, _l.quote_request_id == _q.quote_request_id, ~_quoted, order_by=_l.id
    ),
)
_LINE: Final = document(
    id=_l.id,
    category=_l.category,
    specification=_l.specification,
    unit=_l.unit,
    quantity=text_of(_l.quantity),
    farm_plan_line_id=case((_asks, _l.farm_plan_line_id)),
    plan_exception=_l.plan_exception,
)
_summary: Final[dict[str, Any]] = {
    "id": _r.id,
    "version": _r.version,
    "created_at": instant(_r.created_at),
    "updated_at": instant(_r.updated_at),
    "organization_id": _r.organization_id,
    "cluster_id": case((_asks, _r.cluster_id)),
    "state": _r.state,
    "name": _r.name,
    "currency": _r.currency,
    "delivery_ubigeo": _r.delivery_ubigeo,
    "closes_at": instant(_r.closes_at),
    "award_until": instant(_r.award_until),
    "ended_at": instant(_r.ended_at),
    "reason": _r.decision_reason,
    "order_id": case((or_(_asks, _won), _r.order_id)),
}
SHAPE: Final = document(
    **_summary,
    lines=children(_LINE, _l.quote_request_id == _r.id, order_by=_l.id),
    supplier_ids=case(
        (_asks, children(_s.supplier_id, _s.quote_request_id == _r.id, order_by=_s.supplier_id))
    ),
    quotes=children(
        _QUOTE,
        _q.quote_request_id == _r.id,
        _o.id == _q.supplier_id,
        _shown,
        order_by=sa.tuple_(_q.lines_amount + _q.freight, _q.id),
    ),
)
QUOTE_REQUEST: Final = Query(
    select(SHAPE, _r.version).where(_r.id == bindparam("quote_request_id"), or_(_asks, _asked))
)
QUOTE_REQUESTS: Final = Listing(
    "quote-requests",
    select(document(**_summary)).where(or_(_asks, _asked)),
    order=[_r.id],
    descending=True,
    filters={
        "state": _r.state == bindparam("state"),
        "cluster_id": and_(_asks, _r.cluster_id == bindparam("cluster_id")),
    },
)


async def for_update(uow: UnitOfWork, request_id: UUID) -> QuoteRequest | None:
    """A request that the actor made or was sent, locked: quoting and awarding take turns."""
    actor = uow.actor.organization_id
    asked = select(_s.id).where(_s.quote_request_id == _r.id, _s.supplier_id == actor).exists()
    return await uow.locked(QuoteRequest, request_id, or_(_r.organization_id == actor, asked))


async def any_for_update(uow: UnitOfWork, request_id: UUID) -> QuoteRequest | None:
    """A request, locked, for the platform."""
    return await uow.locked(QuoteRequest, request_id)


async def lines_of(uow: UnitOfWork, request_id: UUID) -> dict[UUID, QuoteRequestLine]:
    """The lines of a request, by id."""
    found = select(QuoteRequestLine).where(_l.quote_request_id == request_id).order_by(_l.id)
    return {row[0].id: row[0] for row in await uow.rows(found)}


async def suppliers_of(uow: UnitOfWork, request_id: UUID) -> list[UUID]:
    """Who was asked."""
    found = select(_s.supplier_id).where(_s.quote_request_id == request_id)
    return [row[0] for row in await uow.rows(found.order_by(_s.supplier_id))]


async def quotes_of(uow: UnitOfWork, request_id: UUID) -> list[Quote]:
    """Every quote of a request, which is locked."""
    found = select(Quote).where(_q.quote_request_id == request_id).order_by(_q.id)
    return [row[0] for row in await uow.rows(found)]


async def own_quote(uow: UnitOfWork, request_id: UUID) -> Quote | None:
    """The actor's quote of a request, which is locked."""
    actor = uow.actor.organization_id
    return await uow.find(Quote, _q.quote_request_id == request_id, _q.supplier_id == actor)


async def lines_of_quote(uow: UnitOfWork, quote_id: UUID) -> list[QuoteLine]:
    """The lines of a quote, as the request has them."""
    found = select(QuoteLine).where(_ql.quote_id == quote_id)
    return [row[0] for row in await uow.rows(found.order_by(_ql.quote_request_line_id))]


async def clear_lines(uow: UnitOfWork, quote_id: UUID) -> None:
    """A quote is written anew."""
    await uow.execute(delete(QuoteLine).where(_ql.quote_id == quote_id))


async def verified_suppliers(uow: UnitOfWork, ids: Collection[UUID]) -> set[UUID]:
    """Those that are suppliers whom one can buy from."""
    found = select(_o.id).where(
        _o.id.in_(ids),
        _o.state == "verified",
        sa.literal(Role.INPUT_SUPPLIER.value) == sa.any_(_o.roles),
    )
    return {row[0] for row in await uow.rows(found)}


async def offering(
    uow: UnitOfWork, categories: Collection[str], ubigeo: str, most: int
) -> list[UUID]:
    """Suppliers but oneself that have something of these categories on offer there."""
    places = [ubigeo[:2], ubigeo[:4], ubigeo]
    covered = _f.coverage.op("&&", return_type=sa.Boolean())(sa.cast(places, _f.coverage.type))
    found = (
        select(_f.organization_id)
        .where(sa.cast(_f.category, sa.Text()).in_(sorted(categories)), covered)
        .where(_f.organization_id != uow.actor.organization_id)
        .distinct()
        .order_by(_f.organization_id)
        .limit(most)
    )
    return [row[0] for row in await uow.rows(found)]


async def overdue(uow: UnitOfWork, at: datetime, limit: int) -> list[UUID]:
    """Requests that nobody awarded in time."""
    found = select(_r.id).where(_r.state == QuoteRequestState.OPEN, _r.award_until < at)
    return [row[0] for row in await uow.rows(found.order_by(_r.id).limit(limit))]
