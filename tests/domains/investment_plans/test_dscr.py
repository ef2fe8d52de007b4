"""Debt service coverage by instalment and by year."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.credit_products.schedule import Schedule, build_schedule
from api.domains.credit_products.schedule_kinds import add_months
from api.domains.credit_products.vocabulary import GraceKind, ScheduleKind
from api.domains.investment_plans.dscr import Dscr, DscrSpan, NoDscr, minimum_dscr
from tests.domains.credit_products.builders import START, any_terms, loan

D = Decimal


def months(*amounts: object, first: date = date(2026, 1, 1)) -> dict[date, D]:
    return {add_months(first, n, 1): D(str(amount)) for n, amount in enumerate(amounts)}


def monthly(n: int, **terms: object) -> Schedule:
    """1,200 without interest, on the 15th of the next months."""
    return build_schedule(loan("1200", "0", n, kind=ScheduleKind.FIXED_DATE, **terms))


def ratios(found: Dscr) -> list[D]:
    return [period.ratio for period in found.periods]


class TestPeriods:
    def test_every_instalment_by_the_months_before_it(self) -> None:
        found = minimum_dscr(months(100, 300, 600, 450), monthly(3))
        assert ratios(found) == [D("1.000"), D("1.500"), D("1.125")]
        assert (found.minimum, found.reason) == (D("1.000"), None)
        assert found.periods[0].first == date(2026, 1, 1)
        assert found.periods[0].last == date(2026, 2, 1)

    def test_a_harvest_serves_the_instalment_that_follows_it(self) -> None:
        harvest = build_schedule(
            loan("1200", "0", 1, kind=ScheduleKind.CASH_FLOW, dates=(date(2026, 8, 15),))
        )
        found = minimum_dscr(months(-100, -100, -100, 500, 500, 500, 500, 240), harvest)
        assert ratios(found) == [D("1.616")]

    def test_lean_months_show_per_instalment_and_not_per_year(self) -> None:
        net = months(*[0] * 6, *[400] * 7)
        assert minimum_dscr(net, monthly(12)).minimum == 0
        year = minimum_dscr(net, monthly(12), DscrSpan.YEAR)
        assert year.minimum == min(ratios(year)) > D("2.0")

    def test_years_run_from_the_first_disbursement(self) -> None:
        net = months(*[100] * 12, *[50] * 12, 50)
        found = minimum_dscr(net, monthly(24), DscrSpan.YEAR)
        assert [period.first for period in found.periods] == [
            date(2026, 1, 1), date(2027, 1, 1), date(2028, 1, 1),
        ]  # fmt: skip
        assert [period.service for period in found.periods] == [550, 600, 50]
        assert ratios(found) == [D("2.181"), D("1.000"), D("1.000")]

    def test_grace_without_payment_saves_for_the_first_instalment(self) -> None:
        rests = monthly(3, grace=GraceKind.TOTAL, grace_periods=2)
        found = minimum_dscr(months(300, 300, 300, 300), rests)
        assert ratios(found) == [D("1.000")]

    def test_two_instalments_in_a_month_are_one_period(self) -> None:
        halves = build_schedule(loan("1200", "0", 4, period_days=10, on=date(2026, 3, 1)))
        found = minimum_dscr(months(600, 600, first=date(2026, 3, 1)), halves)
        assert [period.service for period in found.periods] == [900, 300]

    def test_it_is_rounded_down(self) -> None:
        assert minimum_dscr(months(0, "1439.99"), monthly(1)).minimum == D("1.199")
        assert minimum_dscr(months(0, "-0.01"), monthly(1)).minimum == D("-0.001")

    def test_any_day_names_its_month(self) -> None:
        net = {date(2026, 1, 31): D(600), date(2026, 1, 1): D(600), date(2026, 2, 9): D(0)}
        assert minimum_dscr(net, monthly(1)).minimum == 1


class TestReasons:
    def test_a_cash_flow_that_ends_before_the_loan(self) -> None:
        found = minimum_dscr(months(100, 300, 600), monthly(3))
        assert (found.minimum, found.reason) == (None, NoDscr.CASH_FLOW_TOO_SHORT)

    def test_a_cash_flow_with_a_hole(self) -> None:
        net = months(100, 300, 600, 450)
        del net[date(2026, 3, 1)]
        assert minimum_dscr(net, monthly(3)).reason is NoDscr.CASH_FLOW_TOO_SHORT

    def test_nothing_to_pay(self) -> None:
        found = minimum_dscr(months(100), replace(monthly(1), instalments=()))
        assert (found.minimum, found.reason) == (None, NoDscr.NO_DEBT_SERVICE)

    def test_floats_are_refused(self) -> None:
        with pytest.raises(TypeError):
            minimum_dscr({START: 100.0}, monthly(1))  # type: ignore[dict-item]


class TestInvariants:
    @given(any_terms(most=8), st.integers(-1000, 5000), st.sampled_from(DscrSpan))
    def test_service_and_flow_are_conserved(
        self, terms: object, amount: int, span: DscrSpan
    ) -> None:
        schedule = build_schedule(terms)  # type: ignore[arg-type]
        end, first = schedule.end, schedule.terms.start
        count = (end.year - first.year) * 12 + end.month - first.month + 1
        net = months(*[amount] * count, first=first.replace(day=1))
        found = minimum_dscr(net, schedule, span)
        assert sum(period.service for period in found.periods) == schedule.totals.total
        assert found.minimum == min(ratios(found))
        if span is DscrSpan.INSTALMENT:
            last_paying = found.periods[-1].last
            within = sum(value for month, value in net.items() if month <= last_paying)
            assert sum(period.net for period in found.periods) == within

    @given(any_terms(most=8))
    def test_more_income_never_lowers_it(self, terms: object) -> None:
        schedule = build_schedule(terms)  # type: ignore[arg-type]
        count = (schedule.end - schedule.terms.start).days // 28 + 2
        poor, rich = (
            minimum_dscr(
                months(*[amount] * count, first=schedule.terms.start.replace(day=1)), schedule
            )
            for amount in (100, 200)
        )
        assert poor.minimum is not None
        assert rich.minimum is not None
        assert rich.minimum >= poor.minimum
