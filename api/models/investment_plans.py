"""Investment plans: the money side of a farm plan."""

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from api.models.base import Entity, decimal, json, link, money, rate


class InvestmentPlan(Entity, table=True):
    """Monthly cash flow and what follows from it, as computed when it was recorded."""

    __tablename__ = "investment_plans"
    ledger_subject: ClassVar = "investment_plan"

    organization_id: UUID = link("organizations.id")
    farm_plan_id: UUID = link("farm_plans.id")
    producer_id: UUID = link("producers.id")
    currency: str
    discount_rate: Decimal = rate()
    cash_flow: list[dict[str, Any]] = json()
    """``[{"month": "2027-01-01", "with_project": {"cocoa_income", "other_income", "costs",
    "harvest_costs", "investment"}, "without": {...}}, ...]``"""
    finance_needed: Decimal = money()
    van: Decimal = money()
    tir: Decimal | None = decimal(14, 6, default=None)
    tir_absent_because: str | None = None
    payback_months: Decimal | None = decimal(8, 2, default=None)
    stress: list[dict[str, Any]] = json(default_factory=list)
    """The base case first, then each stress, as ``rules.Appraisal`` has them."""
