"""Queries. An investment plan shows itself as its farm plan does."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from api.core.documents import Query, document, instant, money, text_of
from api.core.paging import Listing
from api.domains.consents.repository import consented_to_actor
from api.domains.consents.vocabulary import Purpose
from api.models.farm_plans import FarmPlan
from api.models.investment_plans import InvestmentPlan
from api.transactions import UnitOfWork

_c = InvestmentPlan.__table__.c  # type: ignore[attr-defined]
_f = FarmPlan.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    farm_plan_id=_c.farm_plan_id,
    producer_id=_c.producer_id,
    currency=_c.currency,
    discount_rate=text_of(_c.discount_rate),
    finance_needed=money(_c.finance_needed, _c.currency),
    van=money(_c.van, _c.currency),
    tir=text_of(_c.tir),
    tir_absent_because=_c.tir_absent_because,
    payback_months=text_of(_c.payback_months),
    scenarios=_c.stress,
    cash_flow=_c.cash_flow,
)

_visible = or_(
    _c.organization_id == bindparam("actor"),
    _f.producer_organization_id == bindparam("actor"),
    consented_to_actor(_c.producer_id, Purpose.CREDIT_READINESS),
)
_shown = select(SHAPE).join(_f.id.table, _f.id == _c.farm_plan_id).where(_visible)

INVESTMENT_PLAN: Final = Query(
    _shown.add_columns(_c.version).where(_c.id == bindparam("investment_plan_id"))
)
INVESTMENT_PLANS: Final = Listing(
    "investment_plans",
    _shown,
    order=[_c.id],
    filters={
        "farm_plan_id": _c.farm_plan_id == bindparam("farm_plan_id"),
        "producer_id": _c.producer_id == bindparam("producer_id"),
    },
)


async def latest(uow: UnitOfWork, farm_plan_id: UUID) -> InvestmentPlan | None:
    """The newest investment plan of a farm plan: what was computed last counts."""
    newest = (
        select(InvestmentPlan)
        .where(_c.farm_plan_id == farm_plan_id)
        .order_by(_c.created_at.desc(), _c.id.desc())
        .limit(1)
    )
    found = await uow.rows(newest)
    return found[0][0] if found else None
