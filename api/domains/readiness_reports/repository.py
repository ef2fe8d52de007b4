"""Queries. A report shows itself to the institution that asked, while the producer consents, and
to the producer's organisation.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, case, literal_column, null, or_, select, text

from api.core.clock import today
from api.core.documents import Query, document, instant
from api.core.paging import Listing
from api.domains.consents.repository import covering
from api.domains.consents.vocabulary import Purpose
from api.domains.lots.rules import DRYING_BAND
from api.domains.readiness_reports import gathered, statements
from api.domains.readiness_reports.facts import ReadinessFacts
from api.domains.readiness_reports.model import READY_POINTS
from api.models.readiness_reports import ReadinessReport
from api.transactions import UnitOfWork

_c = ReadinessReport.__table__.c  # type: ignore[attr-defined]

_own_producers = _c.producer_organization_id == bindparam("actor")
_asked = _c.organization_id == bindparam("actor")
_consent = covering(_c.producer_id, Purpose.CREDIT_READINESS)
_shown_by_consent = and_(_c.producer_id.is_not(None), ~_own_producers)
_visible = or_(_own_producers, and_(_asked, or_(_c.producer_id.is_(None), _consent.is_not(None))))

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    producer_organization_id=_c.producer_organization_id,
    producer_id=_c.producer_id,
    cluster_id=_c.cluster_id,
    credit_product_id=_c.credit_product_id,
    as_of=_c.as_of,
    verdict=_c.verdict,
    points=_c.points,
    points_possible=_c.points_possible,
    points_needed=literal_column(str(READY_POINTS)),
    model_version=_c.model_version,
    # No version of the model so far has been held against what borrowers repaid.
    calibrated=literal_column("false"),
    facts_hash=_c.facts_hash,
    facts=_c.facts,
    criteria=_c.criteria,
    members=_c.members,
    consents=_c.consents,
    disclosure=case(
        (
            _shown_by_consent,
            document(purpose=literal_column("'credit_readiness'"), consent_id=_consent),
        ),
        else_=null(),
    ),
)

READINESS_REPORT: Final = Query(
    # Another's producer has no ETag: each read is a read, and leaves a trace.
    select(SHAPE, case((_shown_by_consent, 0), else_=_c.version)).where(
        _c.id == bindparam("readiness_report_id"), _visible
    )
)
READINESS_REPORTS: Final = Listing(
    "readiness_reports",
    select(SHAPE).where(_visible),
    order=[_c.id],
    descending=True,
    filters={
        "producer_id": _c.producer_id == bindparam("producer_id"),
        "cluster_id": _c.cluster_id == bindparam("cluster_id"),
        "credit_product_id": _c.credit_product_id == bindparam("credit_product_id"),
        "verdict": _c.verdict == bindparam("verdict"),
    },
)

_PRODUCERS: Final = Query(text(statements.PRODUCERS))
_MEMBERS: Final = Query(text(statements.MEMBERS))
_PLOTS: Final = Query(text(statements.PLOTS))
_FARM_PLANS: Final = Query(text(statements.FARM_PLANS))
_COSTS: Final = Query(text(statements.COSTS))
_INVESTMENT_PLANS: Final = Query(text(statements.INVESTMENT_PLANS))
_COMMITMENTS: Final = Query(text(statements.COMMITMENTS))
_DELIVERIES: Final = Query(text(statements.DELIVERIES))
_ORDERS: Final = Query(text(statements.ORDERS))
_LOANS: Final = Query(text(statements.LOANS))
_MOVEMENTS: Final = Query(text(statements.MOVEMENTS))
_OFFERS: Final = Query(text(statements.OFFERS))


class Asked(NamedTuple):
    """A producer that a report may be about."""

    id: UUID
    organization_id: UUID
    ubigeo: str
    identity_present: bool


async def producers(uow: UnitOfWork, ids: Collection[UUID]) -> list[Asked]:
    """These producers, whoever registered them."""
    return [Asked(*row) for row in await uow.fetch(_PRODUCERS, ids=list(ids))]


async def members(uow: UnitOfWork, cluster_id: UUID, as_of: date) -> list[UUID]:
    """Who was in a cluster on a day."""
    return [row[0] for row in await uow.fetch(_MEMBERS, cluster_id=cluster_id, as_of=as_of)]


async def offers(uow: UnitOfWork, categories: Collection[str], ubigeo: str) -> dict[str, list[str]]:
    """The three cheapest items on offer today in a district, by category."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = await uow.fetch(_OFFERS, categories=list(categories), ubigeo=ubigeo, today=today())
    for category, item_id in rows:
        found[category].append(str(item_id))
    return found


async def facts_of(
    uow: UnitOfWork, asked: Collection[Asked], consents: dict[UUID, UUID], as_of: date
) -> list[ReadinessFacts]:
    """The facts of producers on a day: one statement per source, however many they are."""
    days = {
        "ids": [each.id for each in asked],
        "as_of": as_of,
        "year_before": as_of - timedelta(days=365),
        "two_before": as_of - timedelta(days=730),
        "least_dry": DRYING_BAND[0],
    }
    plots = _one_by(await _read(uow, _PLOTS, days))
    plans = _one_by(await _read(uow, _FARM_PLANS, days))
    of_plans = {**days, "ids": [row.id for row in plans.values()]}
    costs = _all_by(await _read(uow, _COSTS, of_plans))
    investments = _one_by(await _read(uow, _INVESTMENT_PLANS, of_plans))
    commitments = _all_by(await _read(uow, _COMMITMENTS, days))
    deliveries = _one_by(await _read(uow, _DELIVERIES, days))
    orders = _one_by(await _read(uow, _ORDERS, days))
    loans = await _loans(uow, days)
    return [
        gathered.facts(
            producer_id=each.id,
            as_of=as_of,
            identity_present=each.identity_present,
            consent_id=consents.get(each.id),
            rows=gathered.Rows(
                land=plots.get(each.id),
                plan=plans.get(each.id),
                costs=costs.get(each.id, []),
                money=investments.get(each.id),
                commitments=commitments.get(each.id, []),
                delivered=deliveries.get(each.id),
                bought=orders.get(each.id),
                loans=loans.get(each.id, []),
            ),
        )
        for each in asked
    ]


async def _read(uow: UnitOfWork, query: Query, values: Mapping[str, Any]) -> list[Any]:
    """Rows whose columns are attributes."""
    return [SimpleNamespace(**dict(row)) for row in await uow.fetch(query, **values)]


def _one_by(rows: Iterable[Any], key: str = "producer_id") -> dict[UUID, Any]:
    return {getattr(row, key): row for row in rows}


def _all_by(rows: Iterable[Any], key: str = "producer_id") -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


async def _loans(uow: UnitOfWork, days: dict[str, Any]) -> dict[UUID, list[gathered.Lent]]:
    """Loans by producer, each with its book."""
    rows = await _read(uow, _LOANS, days)
    moved = _all_by(
        await _read(uow, _MOVEMENTS, {"ids": list({row.id for row in rows})}), "loan_id"
    )
    found: dict[UUID, list[gathered.Lent]] = defaultdict(list)
    for row in rows:
        found[row.producer_id].append(gathered.lent(row, moved.get(row.id, [])))
    return found
