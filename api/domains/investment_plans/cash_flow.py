"""The monthly cash flow of a plan, with and without the project, and the same under stress.

Stress: the price of cocoa falls in both worlds; a yield that stays short strikes the project
alone, whose promise is what is tested. Costs that follow the harvest (picking, transport) fall
with the kilos, all others stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final

from api.core.money import EXACT, Currency, exact, quantize_money

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class FarmMonth:
    """Money of one month, in and out, all of it positive or zero.

    ``harvest_costs`` follow the kilos; ``costs`` do not. ``investment`` is what the project
    spends to be set up; it is what a loan pays for.
    """

    cocoa_income: Decimal = ZERO
    other_income: Decimal = ZERO
    costs: Decimal = ZERO
    harvest_costs: Decimal = ZERO
    investment: Decimal = ZERO

    def __post_init__(self) -> None:
        if any(exact(getattr(self, each.name)) < 0 for each in fields(self)):
            raise ValueError("income, costs and investment are never negative")

    @property
    def income(self) -> Decimal:
        """All income."""
        return self.cocoa_income + self.other_income

    @property
    def before_investment(self) -> Decimal:
        """Net farm cash flow before investment and before debt: what can serve a loan."""
        return self.income - self.costs - self.harvest_costs

    @property
    def net(self) -> Decimal:
        """Net cash flow after investment, before debt."""
        return self.before_investment - self.investment


@dataclass(frozen=True, slots=True)
class PlanMonth:
    """One month in both worlds; ``month`` is its first day."""

    month: date
    with_project: FarmMonth
    without: FarmMonth = field(default_factory=FarmMonth)

    @property
    def gain(self) -> Decimal:
        """What the project adds to the month's net cash flow."""
        return self.with_project.net - self.without.net


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Consecutive months from the first day of the first; ValueError where one is missing."""

    currency: Currency
    months: tuple[PlanMonth, ...]

    def __post_init__(self) -> None:
        days = [each.month for each in self.months]
        if not days or any(day.day != 1 for day in days):
            raise ValueError("a cash flow has months, each named by its first day")
        if any(month_number(two) - month_number(one) != 1 for one, two in pairwise(days)):
            raise ValueError("the months must follow each other")

    @property
    def gains(self) -> list[Decimal]:
        """The incremental flow, month by month."""
        return [each.gain for each in self.months]

    @property
    def net_by_month(self) -> Mapping[date, Decimal]:
        """Net farm cash flow with the project, before investment and debt: for the DSCR."""
        return {each.month: each.with_project.before_investment for each in self.months}


def month_number(day: date) -> int:
    """Months since year 0: consecutive months differ by one."""
    return day.year * 12 + day.month - 1


@dataclass(frozen=True, slots=True)
class Stress:
    """Relative changes: ``price=Decimal("-0.40")`` is 40 % less."""

    name: str
    price: Decimal = Decimal(0)
    yield_: Decimal = Decimal(0)


BASE: Final = Stress("base")
STRESSES: Final = (
    Stress("price_20", price=Decimal("-0.20")),
    Stress("price_40", price=Decimal("-0.40")),
    Stress("yield_20", yield_=Decimal("-0.20")),
    Stress("price_20_yield_20", price=Decimal("-0.20"), yield_=Decimal("-0.20")),
    Stress("price_40_yield_20", price=Decimal("-0.40"), yield_=Decimal("-0.20")),
)
"""Cocoa in Peru went from near S/40 a kilo (2024) to S/16-17 (October 2025): 40 % is no extreme."""


def stressed(flow: CashFlow, stress: Stress) -> CashFlow:
    """The same plan under ``stress``, each amount to the céntimo."""
    with localcontext(EXACT):
        price, kilos = 1 + exact(stress.price), 1 + exact(stress.yield_)
        return replace(
            flow,
            months=tuple(
                PlanMonth(
                    each.month,
                    _scaled(each.with_project, price * kilos, kilos),
                    _scaled(each.without, price, Decimal(1)),
                )
                for each in flow.months
            ),
        )


def _scaled(month: FarmMonth, income: Decimal, kilos: Decimal) -> FarmMonth:
    return replace(
        month,
        cocoa_income=quantize_money(month.cocoa_income * income),
        harvest_costs=quantize_money(month.harvest_costs * kilos),
    )
