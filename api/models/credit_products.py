"""Credit products as institutions publish them."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint

from api.domains.credit_products.states import CreditProductState
from api.domains.credit_products.vocabulary import (
    Borrower,
    DesgravamenVariant,
    GraceKind,
    ReferencePolicy,
    ScheduleKind,
)
from api.models.base import Entity, decimal, enum_column, instant, link, money, rate, text_list


class CreditProduct(Entity, table=True):
    """Terms, eligibility and coverage of a loan that can be applied for."""

    __tablename__ = "credit_products"
    __table_args__ = (
        CheckConstraint("amount_max >= amount_min", name="amounts_in_order"),
        CheckConstraint("term_months_max >= term_months_min", name="terms_in_order"),
    )
    ledger_subject: ClassVar = "credit_product"

    organization_id: UUID = link("organizations.id")
    name: str
    currency: str
    borrower: Borrower = enum_column(Borrower, "borrower")
    amount_min: Decimal = money()
    amount_max: Decimal = money()
    term_months_min: int
    term_months_max: int
    tea: Decimal = rate()
    commission: Decimal = money(default=Decimal(0))
    desgravamen_variant: DesgravamenVariant = enum_column(DesgravamenVariant, "desgravamen")
    desgravamen_rate: Decimal = rate(default=Decimal(0))
    schedule_kind: ScheduleKind = enum_column(ScheduleKind, "schedule_kind")
    grace_kind: GraceKind = enum_column(GraceKind, "grace_kind")
    grace_months: int = 0
    purposes: list[str] = text_list()
    """Categories of plan lines that may be financed, and ``labour``."""
    financed_share: Decimal = rate()
    requires_commitment: bool = True
    reference_policy: ReferencePolicy | None = enum_column(
        ReferencePolicy, "reference_policy", default=None, nullable=True
    )
    minimum_dscr: Decimal = decimal(6, 3)
    coverage: list[str] = text_list()
    state: CreditProductState = enum_column(CreditProductState, "state")
    published_at: datetime | None = instant(default=None)
