"""Can the farm repay? The loan that the plan needs, under the product's own schedule. Pure.

The loan is the product's share of the plan's costs that it may finance, within its range, paid out
when the plan starts (or on the day of the report) for the longest term that the cash flow covers.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from api.core.money import CENT, quantize
from api.domains.credit_products.rules import (
    Conditions,
    Harvest,
    LoanWish,
    reasons_not_offered,
    terms_of,
)
from api.domains.credit_products.schedule import Schedule, build_schedule
from api.domains.credit_products.terms import TermsNotBuildable
from api.domains.credit_products.vocabulary import ReferencePolicy, ScheduleKind
from api.domains.investment_plans.cash_flow import month_number
from api.domains.investment_plans.dscr import minimum_dscr
from api.domains.readiness_reports.facts import ReadinessFacts
from api.domains.readiness_reports.vocabulary import Absence


@dataclass(frozen=True, slots=True)
class Demands:
    """What a product demands; the general profile has no product and demands a market."""

    credit_product_id: UUID | None = None
    conditions: Conditions | None = None
    purposes: frozenset[str] = frozenset()
    financed_share: Decimal = Decimal(0)
    minimum_dscr: Decimal = Decimal(0)
    requires_commitment: bool = True
    reference_policy: ReferencePolicy | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """The lowest debt service coverage of any period, or why there is none; on which loan."""

    minimum: Decimal | None
    reason: Absence | None = None
    basis: Mapping[str, str] = field(default_factory=dict)


def capacity(facts: ReadinessFacts, demands: Demands) -> Capacity:
    """The capacity to repay under a product; only where ``demands`` has conditions."""
    conditions = demands.conditions
    if conditions is None or not facts.months:
        return Capacity(None, Absence.NO_CASH_FLOW)
    if {facts.investment_currency, facts.farm_plan_currency} != {conditions.currency}:
        return Capacity(None, Absence.CURRENCIES_DIFFER)
    amount = loan_amount(facts, demands, conditions)
    if amount is None:
        return Capacity(None, Absence.NOTHING_TO_FINANCE)
    wish = _wish(facts, conditions, amount)
    if wish is None:
        return Capacity(None, Absence.TERM_NOT_COVERED)
    basis = {
        "amount": f"{amount:.2f}",
        "currency": conditions.currency,
        "months": str(wish.months),
        "disbursed_on": wish.disbursed_on.isoformat(),
    }
    schedule = _schedule(conditions, wish)
    if schedule is None:
        return Capacity(None, Absence.NO_SCHEDULE, basis)
    found = minimum_dscr({each.month: each.net for each in facts.months}, schedule)
    if found.minimum is None:
        return Capacity(None, Absence.TERM_NOT_COVERED, basis)
    return Capacity(found.minimum, None, basis)


def loan_amount(facts: ReadinessFacts, demands: Demands, conditions: Conditions) -> Decimal | None:
    """What the plan needs of the product, in whole céntimos; None below its smallest loan."""
    costs = sum(each.amount for each in facts.unfinanced_costs if each.purpose in demands.purposes)
    share = quantize(costs * demands.financed_share, CENT, ROUND_DOWN)
    amount = min(share, conditions.amount_max)
    return amount if amount >= conditions.amount_min else None


def _wish(facts: ReadinessFacts, conditions: Conditions, amount: Decimal) -> LoanWish | None:
    """The loan for the longest term that the months cover; None where none is long enough."""
    start = max(facts.as_of, facts.months[0].month)
    left = month_number(facts.months[-1].month) - month_number(start)
    months = min(conditions.term_months_max, left)
    if months < conditions.term_months_min:
        return None
    harvests: tuple[Harvest, ...] = ()
    if conditions.schedule_kind is ScheduleKind.CASH_FLOW:
        harvests = _harvests(facts, start, months)
    return LoanWish(amount, months, start, harvests=harvests)


def _harvests(facts: ReadinessFacts, start: date, months: int) -> tuple[Harvest, ...]:
    """The months of sale within the term, weighted by what each brings in."""
    first = month_number(start)
    by_month: dict[int, Decimal] = defaultdict(Decimal)
    for each in facts.months:
        if first < month_number(each.month) <= first + months:
            by_month[each.month.month] += each.cocoa_income
    return tuple(Harvest(month, income) for month, income in sorted(by_month.items()) if income)


def _schedule(conditions: Conditions, wish: LoanWish) -> Schedule | None:
    if reasons_not_offered(conditions, wish):
        return None
    try:
        return build_schedule(terms_of(conditions, wish))
    except TermsNotBuildable:
        return None
