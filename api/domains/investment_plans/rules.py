"""A plan judged: the base case and every stress, and the profile of a typical year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from api.core.irr import NoRate
from api.core.money import EXACT, CurrencyMismatch, quantize, quantize_money
from api.domains.credit_products.rates import monthly_rate
from api.domains.credit_products.schedule import Schedule
from api.domains.investment_plans.appraisal import (
    HUNDREDTH,
    MONTHS,
    NoPayback,
    finance_need,
    payback,
    tir,
    tirm,
    van,
)
from api.domains.investment_plans.cash_flow import (
    BASE,
    STRESSES,
    ZERO,
    CashFlow,
    FarmMonth,
    Stress,
    stressed,
)
from api.domains.investment_plans.dscr import NoDscr, minimum_dscr


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A plan under one scenario; whatever is None has its reason beside it.

    VAN, TIR, modified TIR and payback are of the incremental flow (with less without); rates are
    effective annual, to six places. ``finance_need`` is of the flow with the project.
    """

    scenario: str
    van: Decimal
    tir: Decimal | None
    tir_reason: NoRate | None
    tirm: Decimal | None
    payback_months: Decimal | None
    payback_reason: NoPayback | None
    finance_need: Decimal
    finance_need_month: date | None
    minimum_dscr: Decimal | None
    dscr_reason: NoDscr | None


def appraise(
    flow: CashFlow,
    discount_rate: Decimal,
    schedule: Schedule | None = None,
    own_cash: Decimal = ZERO,
    stresses: Sequence[Stress] = STRESSES,
) -> tuple[Appraisal, ...]:
    """The base case first, then each stress.

    ``discount_rate`` is effective annual (``0.12``). Without a ``schedule`` the DSCR is None
    with ``no_debt_service``. ``CurrencyMismatch`` where plan and schedule differ in currency.
    """
    if schedule is not None and schedule.currency != flow.currency:
        raise CurrencyMismatch("the plan and the loan are not in the same currency")
    return tuple(
        _appraisal(stress, stressed(flow, stress), discount_rate, schedule, own_cash)
        for stress in (BASE, *stresses)
    )


def _appraisal(
    stress: Stress,
    flow: CashFlow,
    discount_rate: Decimal,
    schedule: Schedule | None,
    own_cash: Decimal,
) -> Appraisal:
    gains, monthly = flow.gains, monthly_rate(discount_rate)
    internal, recovered = tir(gains).rounded(), payback(gains)
    modified = tirm(gains, monthly, monthly, MONTHS).rounded()
    need = finance_need([each.with_project.net for each in flow.months], own_cash)
    coverage = None if schedule is None else minimum_dscr(flow.net_by_month, schedule)
    return Appraisal(
        scenario=stress.name,
        van=quantize_money(van(gains, monthly)),
        tir=internal.rate,
        tir_reason=internal.reason,
        tirm=modified.rate,
        payback_months=recovered.intervals,
        payback_reason=recovered.reason,
        finance_need=need.amount,
        finance_need_month=None if need.interval is None else flow.months[need.interval].month,
        minimum_dscr=None if coverage is None else coverage.minimum,
        dscr_reason=NoDscr.NO_DEBT_SERVICE if coverage is None else coverage.reason,
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """One typical year, no financing: the quick screen before a full plan.

    ``payback_years`` is investment / yearly gain to two decimals, rounded up; None where nothing
    is gained.
    """

    net_with: Decimal
    net_without: Decimal
    gain: Decimal
    investment: Decimal
    payback_years: Decimal | None


def profile(with_project: FarmMonth, without: FarmMonth) -> Profile:
    """The profile of a year given as one sum per heading (FAO RuralInvest, profile level)."""
    gain = with_project.before_investment - without.before_investment
    invested = with_project.investment
    return Profile(
        net_with=with_project.before_investment,
        net_without=without.before_investment,
        gain=gain,
        investment=invested,
        payback_years=_years(invested, gain) if gain > 0 else None,
    )


def _years(invested: Decimal, gain: Decimal) -> Decimal:
    return quantize(EXACT.divide(invested, gain), HUNDREDTH, ROUND_CEILING)
