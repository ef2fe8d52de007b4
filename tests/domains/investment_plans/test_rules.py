"""Cash flows with and without a project, stress, and a plan judged under all of it."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.irr import NoRate
from api.core.money import CurrencyMismatch
from api.domains.credit_products.schedule import Schedule, build_schedule
from api.domains.credit_products.schedule_kinds import add_months
from api.domains.credit_products.vocabulary import ScheduleKind
from api.domains.investment_plans.appraisal import NoPayback
from api.domains.investment_plans.cash_flow import (
    BASE,
    STRESSES,
    CashFlow,
    FarmMonth,
    PlanMonth,
    Stress,
    stressed,
)
from api.domains.investment_plans.dscr import NoDscr
from api.domains.investment_plans.rules import Appraisal, appraise, profile
from tests.domains.credit_products.builders import loan

D = Decimal
FIRST = date(2027, 1, 1)
HARVEST_MONTHS = range(4, 9)


def month_of(n: int, worlds: tuple[FarmMonth, FarmMonth]) -> PlanMonth:
    return PlanMonth(add_months(FIRST, n, 1), *worlds)


def renewal(years: int = 5) -> CashFlow:
    """Two hectares renewed: investment first, more cocoa from the third year."""
    months = []
    for n in range(12 * years):
        harvest = add_months(FIRST, n, 1).month in HARVEST_MONTHS
        income, after = (D(1200) if harvest else D(0)), n >= 24
        with_project = FarmMonth(
            cocoa_income=income * (D("2.5") if after else D("0.8")),
            costs=D(150),
            harvest_costs=D(200) if harvest else D(0),
            investment=D(6000) if n == 0 else D(0),
        )
        without = FarmMonth(cocoa_income=income, costs=D(100))
        months.append(month_of(n, (with_project, without)))
    return CashFlow("PEN", tuple(months))


def four_years() -> Schedule:
    terms = loan("6000", "0.20", 4, on=date(2027, 1, 10), kind=ScheduleKind.CASH_FLOW)
    return build_schedule(
        replace(terms, dates=tuple(date(year, 9, 15) for year in range(2027, 2031)))
    )


def by_name(found: tuple[Appraisal, ...]) -> dict[str, Appraisal]:
    return {each.scenario: each for each in found}


class TestCashFlow:
    def test_what_serves_debt_leaves_investment_out(self) -> None:
        month = FarmMonth(D(1000), D(50), D(300), D(100), D(400))
        assert (month.income, month.before_investment, month.net) == (D(1050), D(650), D(250))

    def test_gain_is_with_less_without(self) -> None:
        month = PlanMonth(FIRST, FarmMonth(D(500), costs=D(100)), FarmMonth(D(300)))
        assert month.gain == 100

    @pytest.mark.parametrize("name", [each.name for each in fields(FarmMonth)])
    def test_nothing_in_a_month_is_negative(self, name: str) -> None:
        with pytest.raises(ValueError, match="never negative"):
            FarmMonth(**{name: D(-1)})

    def test_floats_are_refused(self) -> None:
        with pytest.raises(TypeError):
            FarmMonth(cocoa_income=10.5)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "days",
        [[], [date(2027, 1, 2)], [FIRST, date(2027, 3, 1)], [date(2027, 2, 1), FIRST]],
    )
    def test_months_follow_each_other(self, days: list[date]) -> None:
        with pytest.raises(ValueError, match="month"):
            CashFlow("PEN", tuple(PlanMonth(day, FarmMonth()) for day in days))


class TestStress:
    def test_price_falls_in_both_worlds_and_yield_in_the_project_alone(self) -> None:
        month = PlanMonth(
            FIRST,
            FarmMonth(D(1000), D(70), D(300), D(100), D(400)),
            FarmMonth(D(500), D(30), D(200), D(50)),
        )
        flow = CashFlow("PEN", (month,))
        (hit,) = stressed(flow, Stress("both", D("-0.40"), D("-0.20"))).months
        assert hit.with_project == FarmMonth(D(480), D(70), D(300), D(80), D(400))
        assert hit.without == FarmMonth(D(300), D(30), D(200), D(50))

    def test_the_base_changes_nothing(self) -> None:
        assert stressed(renewal(), BASE) == renewal()

    def test_the_scenarios_of_the_plan(self) -> None:
        changes = {each.name: (each.price, each.yield_) for each in STRESSES}
        assert changes == {
            "price_20": (D("-0.20"), D(0)),
            "price_40": (D("-0.40"), D(0)),
            "yield_20": (D(0), D("-0.20")),
            "price_20_yield_20": (D("-0.20"), D("-0.20")),
            "price_40_yield_20": (D("-0.40"), D("-0.20")),
        }

    @given(st.lists(st.integers(0, 10**7), min_size=1, max_size=12))
    def test_amounts_stay_whole_centimos(self, cents: list[int]) -> None:
        flow = CashFlow(
            "PEN",
            tuple(
                month_of(n, (FarmMonth(D(cent) / 100, harvest_costs=D(cent) / 300), FarmMonth()))
                for n, cent in enumerate(cents)
            ),
        )
        for month in stressed(flow, STRESSES[-1]).months:
            assert month.with_project.cocoa_income.as_tuple().exponent == -2
            assert month.with_project.harvest_costs.as_tuple().exponent == -2


class TestAppraise:
    def test_base_and_every_stress(self) -> None:
        found = appraise(renewal(), D("0.12"), four_years())
        assert [each.scenario for each in found] == ["base", *(each.name for each in STRESSES)]
        names = by_name(found)
        base = names["base"]
        assert base.tir is not None
        assert base.payback_months is not None
        assert base.minimum_dscr is not None
        for each in found[1:]:
            assert each.van < base.van
            assert each.minimum_dscr is not None
            assert each.minimum_dscr < base.minimum_dscr
            assert each.finance_need >= base.finance_need
        assert names["price_40"].van < names["price_20"].van
        assert names["price_40_yield_20"].van < names["price_40"].van

    def test_figures_worked_out_by_hand(self) -> None:
        """-1,000 today and 1,210 after 24 months: VAN 0 and TIR 10 % at 10 % a year."""
        spent = FarmMonth(investment=D(1000))
        months = [
            month_of(n, (spent if n == 0 else FarmMonth(D(1210) * (n == 24)), FarmMonth()))
            for n in range(25)
        ]
        (base,) = appraise(CashFlow("PEN", tuple(months)), D("0.10"), stresses=())
        assert (base.van, base.tir, base.tirm) == (D("0.00"), D("0.100000"), D("0.100000"))
        assert base.payback_months == D("23.83")
        assert (base.finance_need, base.finance_need_month) == (D(1000), FIRST)
        assert (base.minimum_dscr, base.dscr_reason) == (None, NoDscr.NO_DEBT_SERVICE)

    def test_a_project_that_never_gains_says_so(self) -> None:
        loses = month_of(0, (FarmMonth(costs=D(10)), FarmMonth()))
        (base,) = appraise(CashFlow("PEN", (loses,)), D("0.12"), stresses=())
        assert (base.tir, base.tir_reason) == (None, NoRate.NO_SIGN_CHANGE)
        assert (base.payback_months, base.payback_reason) == (None, NoPayback.NOT_RECOVERED)
        assert base.tirm is None

    def test_own_cash_lowers_the_need(self) -> None:
        (without,), (with_own,) = (
            appraise(renewal(), D("0.12"), own_cash=own, stresses=()) for own in (D(0), D(1000))
        )
        assert without.finance_need - with_own.finance_need == 1000
        assert without.finance_need_month == with_own.finance_need_month

    def test_a_plan_shorter_than_the_loan_has_no_coverage(self) -> None:
        (base,) = appraise(renewal(years=2), D("0.12"), four_years(), stresses=())
        assert (base.minimum_dscr, base.dscr_reason) == (None, NoDscr.CASH_FLOW_TOO_SHORT)

    def test_currencies_do_not_mix(self) -> None:
        with pytest.raises(CurrencyMismatch):
            appraise(replace(renewal(), currency="USD"), D("0.12"), four_years())


class TestProfile:
    def test_a_typical_year(self) -> None:
        found = profile(
            FarmMonth(D(12000), costs=D(4000), harvest_costs=D(1000), investment=D(6000)),
            FarmMonth(D(6000), costs=D(2000)),
        )
        assert (found.net_with, found.net_without, found.gain) == (D(7000), D(4000), D(3000))
        assert (found.investment, found.payback_years) == (D(6000), D("2.00"))

    def test_without_a_gain_nothing_is_paid_back(self) -> None:
        assert profile(FarmMonth(D(1)), FarmMonth(D(1))).payback_years is None
