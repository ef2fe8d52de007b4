"""Loans as the platform mirrors them; the institution's core system is the book of record."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint

from api.domains.loans.states import LoanState
from api.domains.loans.vocabulary import LoanChannel, LoanMovementKind
from api.models.base import Entity, enum_column, json, link, money, rate


class Loan(Entity, table=True):
    """An accepted application's loan, with the schedule agreed."""

    __tablename__ = "loans"
    __table_args__ = (
        UniqueConstraint("credit_application_id"),
        CheckConstraint("disbursed_amount BETWEEN 0 AND principal", name="never_over_disbursed"),
        CheckConstraint("outstanding_principal >= 0", name="outstanding_not_negative"),
    )
    ledger_subject: ClassVar = "loan"

    organization_id: UUID = link("organizations.id")
    """The lender."""
    borrower_organization_id: UUID = link("organizations.id")
    credit_application_id: UUID = link("credit_applications.id", index=False)
    producer_id: UUID | None = link("producers.id", default=None)
    cluster_id: UUID | None = link("clusters.id", default=None)
    currency: str
    principal: Decimal = money()
    tea: Decimal = rate()
    tcea: Decimal | None = rate(default=None, nullable=True)
    schedule: list[dict[str, Any]] = json()
    """Chapters: what was agreed, what was paid out, each rest after an early repayment."""
    disbursed_amount: Decimal = money(default=Decimal(0))
    outstanding_principal: Decimal = money(default=Decimal(0))
    repaid_amount: Decimal = money(default=Decimal(0))
    external_reference: str | None = None
    """The loan's number in the institution's core system."""
    state: LoanState = enum_column(LoanState, "state")


class LoanMovement(Entity, table=True):
    """A disbursement or a repayment, with what paid it."""

    __tablename__ = "loan_movements"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)
    ledger_subject: ClassVar = "loan"
    ledger_key: ClassVar = "loan_id"

    loan_id: UUID = link("loans.id")
    kind: LoanMovementKind = enum_column(LoanMovementKind, "kind")
    channel: LoanChannel = enum_column(LoanChannel, "channel")
    amount: Decimal = money()
    happened_on: date
    order_id: UUID | None = link("orders.id", default=None)
    delivery_id: UUID | None = link("deliveries.id", default=None)
    farm_plan_line_id: UUID | None = link("farm_plan_lines.id", default=None)
    allocation: dict[str, Any] | None = json(default=None, nullable=True)
    """A repayment's chapter of the schedule, and its parts on its day: charges, interest,
    principal, and what waits as an advance.
    """
