"""Wire shapes."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.core.irr import NoRate
from api.core.wire import (
    Amount,
    Currency,
    Day,
    Duration,
    Kilos,
    Money,
    PageParameters,
    PositiveMoney,
    PositiveShare,
    Rate,
    Resource,
    Shape,
    SignedAmount,
    SignedMoney,
    SignedRate,
    whole,
)
from api.domains.investment_plans.appraisal import NoPayback

MOST_MONTHS = 252
"""The months of the longest farm plan."""
_FREE = {"amount": "0.00", "currency": "PEN"}

Month = Annotated[int, *whole(1, 12)]
Months = Annotated[int, *whole(0, MOST_MONTHS)]


class FarmMonthIn(Shape):
    """Money of one month, in and out. Harvest costs follow the kilos; costs do not."""

    cocoa_income: Amount = Field(default=Decimal(0), examples=["8250.00"])
    other_income: Amount = Field(default=Decimal(0), examples=["300.00"])
    costs: Amount = Field(default=Decimal(0), examples=["420.00"])
    harvest_costs: Amount = Field(default=Decimal(0), examples=["650.00"])
    investment: Amount = Field(
        default=Decimal(0), description="What sets the project up", examples=["1140.00"]
    )


class PlanMonthIn(Shape):
    """A month with and without the project."""

    month: Day = Field(description="By its first day", examples=["2027-01-01"])
    with_project: FarmMonthIn
    without: FarmMonthIn = Field(default=FarmMonthIn())


class HarvestMonth(Shape):
    """A month of the year and its weight in the year's kilos."""

    month: Month = Field(examples=[6])
    share: PositiveShare = Field(default=Decimal(1), examples=["0.7"])


class ProfileIn(Shape):
    """The cash flow follows from the farm plan: expected yields x area x price, less its lines."""

    price_per_kg: PositiveMoney = Field(examples=[{"amount": "16.50", "currency": "PEN"}])
    harvest_cost_per_kg: Money | None = Field(default=None, examples=[_FREE])
    harvests: Annotated[list[HarvestMonth], Field(min_length=1, max_length=12)] = Field(
        examples=[[{"month": 6, "share": "0.7"}, {"month": 11, "share": "0.3"}]]
    )
    yield_without_kg_per_ha: Kilos = Field(
        description="Dry cocoa per hectare and year, as it would go on", examples=["480.000"]
    )
    cost_without_per_ha: Money | None = Field(
        default=None, description="Of a year", examples=[{"amount": "900.00", "currency": "PEN"}]
    )
    investment_months: Months = Field(
        default=12, description="Lines of the first months are investment", examples=[12]
    )


class InvestmentPlanIn(Shape):
    """An investment plan: `cash_flow` month by month, or `profile`, exactly one of the two."""

    farm_plan_id: UUID = Field(examples=["01890a5d-ac96-774b-bcce-b302099a8057"])
    discount_rate: Rate = Field(description="Effective annual", examples=["0.120000"])
    cash_flow: Annotated[list[PlanMonthIn], Field(min_length=1, max_length=MOST_MONTHS)] | None = (
        Field(default=None, examples=[None])
    )
    profile: ProfileIn | None = None


class FarmMonthOut(Shape):
    """Money of one month."""

    cocoa_income: Amount
    other_income: Amount
    costs: Amount
    harvest_costs: Amount
    investment: Amount


class PlanMonthOut(Shape):
    """A month with and without the project."""

    month: Day
    with_project: FarmMonthOut
    without: FarmMonthOut


class ScenarioOut(Shape):
    """The plan under one scenario; what does not exist is null with its reason beside it."""

    scenario: Literal[
        "base",
        "price_20",
        "price_40",
        "yield_20",
        "price_20_yield_20",
        "price_40_yield_20",
    ]
    van: SignedAmount
    tir: SignedRate | None
    tir_absent_because: NoRate | None
    tirm: SignedRate | None
    payback_months: Duration | None
    payback_absent_because: NoPayback | None
    finance_needed: Amount
    finance_needed_month: Day | None


class InvestmentPlanOut(Resource):
    """The money side of a farm plan, as computed when it was recorded."""

    organization_id: Annotated[UUID, Field(description="The assistance provider")]
    farm_plan_id: UUID
    producer_id: UUID
    currency: Currency
    discount_rate: Rate
    finance_needed: Money
    van: SignedMoney
    tir: SignedRate | None
    tir_absent_because: NoRate | None
    payback_months: Duration | None
    scenarios: Annotated[list[ScenarioOut], Field(max_length=20)]
    cash_flow: Annotated[list[PlanMonthOut], Field(max_length=MOST_MONTHS)]


class InvestmentPlanSearch(PageParameters):
    """Filters of the list."""

    farm_plan_id: Annotated[UUID | None, Field(description="Of this farm plan")] = None
    producer_id: Annotated[UUID | None, Field(description="Of this producer")] = None
