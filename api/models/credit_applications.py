"""Credit applications, the plan lines they finance, the members who share them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint

from api.domains.credit_applications.states import CreditApplicationState
from api.models.base import Entity, enum_column, instant, json, kilos, link, money


class CreditApplication(Entity, table=True):
    """A request for credit by a producer or a cluster, for lines of accepted plans."""

    __tablename__ = "credit_applications"
    __table_args__ = (
        CheckConstraint("num_nonnulls(producer_id, cluster_id) = 1", name="one_subject"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )
    ledger_subject: ClassVar = "credit_application"

    organization_id: UUID = link("organizations.id")
    """The organisation that applies for its producers."""
    lender_id: UUID = link("organizations.id")
    credit_product_id: UUID = link("credit_products.id")
    producer_id: UUID | None = link("producers.id", default=None)
    cluster_id: UUID | None = link("clusters.id", default=None)
    readiness_report_id: UUID | None = link("readiness_reports.id", default=None)
    purchase_commitment_id: UUID | None = link("purchase_commitments.id", default=None)
    pledged_kg: Decimal = kilos(default=Decimal(0))
    amount: Decimal = money()
    currency: str
    term_months: int
    state: CreditApplicationState = enum_column(CreditApplicationState, "state")
    offer: dict[str, Any] | None = json(default=None, nullable=True)
    """What the lender offers, with its schedule and the terms that it is made of."""
    offer_expires_on: date | None = None
    decline_reasons: list[dict[str, str]] = json(default_factory=list)
    """``[{"code": "repayment_capacity", "sentence": "..."}, ...]``"""
    submitted_at: datetime | None = instant(default=None)
    """Since when the lender sees it."""


class CreditApplicationLine(Entity, table=True):
    """How much of a plan line the credit shall pay."""

    __tablename__ = "credit_application_lines"
    __table_args__ = (
        UniqueConstraint("credit_application_id", "farm_plan_line_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )
    ledger_subject: ClassVar = "credit_application"
    ledger_key: ClassVar = "credit_application_id"

    credit_application_id: UUID = link("credit_applications.id", index=False)
    farm_plan_line_id: UUID = link("farm_plan_lines.id")
    producer_id: UUID = link("producers.id")
    amount: Decimal = money()
    disbursed_amount: Decimal = money(default=Decimal(0))
