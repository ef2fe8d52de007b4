"""Wire shapes."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.irr import NoRate
from api.core.wire import (
    Amount,
    Count,
    Currency,
    Day,
    Flag,
    Instant,
    Money,
    Name,
    PageParameters,
    PositiveAmount,
    PositiveMoney,
    PositiveShare,
    Rate,
    Ratio,
    Resource,
    Shape,
    Share,
    Ubigeo,
    UbigeoPrefix,
    optional,
    whole,
)
from api.domains.credit_products.states import CreditProductState
from api.domains.credit_products.terms import MAX_INSTALMENTS
from api.domains.credit_products.vocabulary import (
    Borrower,
    DesgravamenVariant,
    GraceKind,
    LoanPurpose,
    ReferencePolicy,
    ScheduleKind,
)

Purposes = Annotated[list[LoanPurpose], Field(min_length=1, max_length=11)]
"""Categories of plan lines that may be financed, and ``labour``."""
Coverage = Annotated[list[UbigeoPrefix], Field(max_length=200)]
"""Departments, provinces and districts served; empty: the whole country."""
LoanMonths = Annotated[int, *whole(1, 240)]
GraceMonths = Annotated[int, *whole(0, 120)]
Month = Annotated[int, *whole(1, 12)]
DueDay = Annotated[int, *whole(1, 31)]


class CreditProductIn(Shape):
    """A new product, as a draft. All its amounts are in one currency."""

    name: Name = Field(examples=["Cacao Campaña"])
    borrower: Borrower = Field(examples=["individual"])
    amount_min: PositiveMoney = Field(examples=[{"amount": "1000.00", "currency": "PEN"}])
    amount_max: PositiveMoney = Field(examples=[{"amount": "30000.00", "currency": "PEN"}])
    term_months_min: LoanMonths = Field(examples=[6])
    term_months_max: LoanMonths = Field(examples=[24])
    tea: Rate = Field(examples=["0.360000"])
    commission: Money = Field(
        description="Taken once, at disbursement", examples=[{"amount": "0.00", "currency": "PEN"}]
    )
    desgravamen_variant: DesgravamenVariant = Field(examples=["balance"])
    desgravamen_rate: Rate = Field(description="Per 30 days", examples=["0.001000"])
    schedule_kind: ScheduleKind = Field(examples=["cash_flow"])
    grace_kind: GraceKind = Field(examples=["none"])
    grace_months: GraceMonths = Field(default=0, examples=[0])
    purposes: Purposes = Field(examples=[["fertilizer", "plant_material", "labour"]])
    financed_share: PositiveShare = Field(
        description="The most of a plan line's cost that is financed", examples=["0.700000"]
    )
    requires_commitment: Flag = Field(default=True, examples=[True])
    reference_policy: ReferencePolicy | None = Field(default=None, examples=[None])
    minimum_dscr: Ratio = Field(examples=["1.200"])
    coverage: Coverage = Field(default=[], examples=[["10", "22"]])


class CreditProductChange(Shape):
    """What to change of a draft; what is left out stays."""

    name: Name = optional(examples=["Cacao Campaña Grande"])
    borrower: Borrower = optional()
    amount_min: PositiveMoney = optional()
    amount_max: PositiveMoney = optional(examples=[{"amount": "50000.00", "currency": "PEN"}])
    term_months_min: LoanMonths = optional()
    term_months_max: LoanMonths = optional()
    tea: Rate = optional()
    commission: Money = optional()
    desgravamen_variant: DesgravamenVariant = optional()
    desgravamen_rate: Rate = optional()
    schedule_kind: ScheduleKind = optional()
    grace_kind: GraceKind = optional()
    grace_months: GraceMonths = optional()
    purposes: Purposes = optional()
    financed_share: PositiveShare = optional()
    requires_commitment: Flag = optional()
    reference_policy: ReferencePolicy | None = optional()
    minimum_dscr: Ratio = optional()
    coverage: Coverage = optional()


class CreditProductOut(Resource):
    """A product, as everybody reads it."""

    organization_id: UUID
    name: Name
    state: CreditProductState
    published_at: Instant | None
    borrower: Borrower
    currency: Currency
    amount_min: Money
    amount_max: Money
    term_months_min: LoanMonths
    term_months_max: LoanMonths
    tea: Rate
    commission: Money
    desgravamen_variant: DesgravamenVariant
    desgravamen_rate: Rate
    schedule_kind: ScheduleKind
    grace_kind: GraceKind
    grace_months: GraceMonths
    purposes: Purposes
    financed_share: Share
    requires_commitment: bool
    reference_policy: ReferencePolicy | None
    minimum_dscr: Ratio
    coverage: Coverage


class CreditProductSearch(PageParameters):
    """Filters of the list."""

    organization_id: Annotated[UUID | None, Field(description="Whose products")] = None
    state: Annotated[CreditProductState | None, Field(description="In this state")] = None
    borrower: Annotated[Borrower | None, Field(description="For whom")] = None
    currency: Annotated[Currency | None, Field(description="In this currency")] = None
    purpose: Annotated[LoanPurpose | None, Field(description="That finances this")] = None
    ubigeo: Annotated[Ubigeo | None, Field(description="That serves this district")] = None


class HarvestIn(Shape):
    """A month in which the borrower sells, and its weight in the repayment."""

    month: Month = Field(examples=[6])
    share: PositiveShare = Field(default=Decimal(1), examples=["1"])


class SimulationIn(Shape):
    """A loan to be calculated. ``harvests`` for cash-flow schedules, and only for them."""

    amount: PositiveMoney = Field(examples=[{"amount": "8000.00", "currency": "PEN"}])
    months: LoanMonths = Field(examples=[12])
    disbursed_on: Day = Field(examples=["2026-12-01"])
    due_day: DueDay | None = Field(default=None, description="Else the day of disbursement")
    every_months: Month = Field(default=1, description="Between instalments", examples=[1])
    harvests: Annotated[list[HarvestIn], Field(max_length=12)] = Field(
        default=[], examples=[[{"month": 6, "share": "0.7"}, {"month": 11, "share": "0.3"}]]
    )


class InstalmentOut(Shape):
    """A row: closing = opening + disbursed + capitalised - principal, total = the four parts."""

    number: Count
    due_date: Day
    days: Count
    opening: Amount
    disbursed: Amount
    principal: Amount
    interest: Amount
    insurance: Amount
    commission: Amount
    total: Amount
    capitalised: Amount
    closing: Amount


class TotalsOut(Shape):
    """Sums over the rows."""

    principal: Amount
    interest: Amount
    insurance: Amount
    commission: Amount
    capitalised: Amount
    total: Amount


class SimulationOut(Shape):
    """The schedule, and what the loan costs in all; every amount in ``currency``."""

    credit_product_id: UUID
    currency: Currency
    amount: PositiveAmount
    disbursed_on: Day
    tea: Rate
    tcea: Rate | None
    tcea_absent_because: NoRate | None
    upfront: Annotated[Amount, Field(description="Commission taken at disbursement")]
    cost: Annotated[Amount, Field(description="Paid in all, less the amount")]
    totals: TotalsOut
    instalments: Annotated[list[InstalmentOut], Field(max_length=MAX_INSTALMENTS)]
