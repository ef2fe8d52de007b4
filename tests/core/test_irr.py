"""Rates of return: found where there is one, named where there is none or more."""

import json
from calendar import isleap
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.irr import Flow, NoRate, rate_of_return
from tests.shared_data import shared_data

D = Decimal


def golden(name: str) -> Any:
    return json.loads(shared_data("credit", name).read_text(), parse_float=D)


def yearly(*amounts: object) -> list[Flow]:
    return [(year, D(str(amount))) for year, amount in enumerate(amounts)]


def worth(flows: list[Flow], rate: D, periods: int = 1) -> D:
    """What the flows are worth at ``rate``, each discounted on its own."""
    return sum((a / (1 + rate) ** (D(t) / periods) for t, a in flows), start=D(0))


AMBIGUOUS = [[-100, 100, 0, -7], [-5, D("10.5"), 1, -8, 1]]
"""numpy-financial names the root nearest to zero; these flows have two, so neither is the rate."""


class TestGolden:
    def test_numpy_financial(self) -> None:
        cases = golden("numpy_financial_golden.json")["irr"]
        assert [case["values"] for case in cases if case["values"] in AMBIGUOUS] == AMBIGUOUS
        for case in cases:
            found, expected = rate_of_return(yearly(*case["values"])), case["expected"]
            if expected is None:
                assert (found.rate, found.reason) == (None, NoRate.NO_SIGN_CHANGE)
            elif case["values"] in AMBIGUOUS:
                assert (found.rate, found.reason) == (None, NoRate.MULTIPLE_RATES)
                assert min(abs(rate - expected) for rate in found.candidates) < D("0.0001")
            else:
                assert found.rate is not None
                assert abs(found.rate - expected) < D("0.0001")

    def test_numpy_financial_rate(self) -> None:
        (case,) = golden("numpy_financial_golden.json")["rate"]
        found = rate_of_return([(0, D(case["pv"])), (case["nper"], D(case["fv"]))])
        assert found.rate is not None
        # The golden value is an iteration stopped at 1E-11; the closed form decides.
        assert abs(found.rate - D(case["expected"])) < D("1E-11")
        assert abs((1 + found.rate) ** 10 - D(10000) / 3500) < D("1E-25")

    @pytest.mark.parametrize(
        "convention",
        ["30/360 SIA", "act/360", "act/365F", "30/360 ISDA", "30E/360", "act/act ISDA"],
    )
    def test_pyxirr_day_counts(self, convention: str) -> None:
        cases = golden("pyxirr_golden.json")["day_count_cases"]
        days = [date.fromisoformat(text) for text in cases["dates"]]
        times, periods = counted(days, convention)
        flows = list(zip(times, map(D, cases["amounts"]), strict=True))
        found = rate_of_return(flows, periods)
        assert found.rate is not None
        assert abs(found.rate - cases["expected"][convention]) < D("1E-12")


def counted(days: list[date], convention: str) -> tuple[list[int], int]:
    """Whole units of time since the first day, and how many make a year."""
    first = days[0]
    if convention.startswith("30"):
        return [
            360 * (day.year - first.year)
            + 30 * (day.month - first.month)
            + min(day.day, 30)
            - min(first.day, 30)
            for day in days
        ], 360
    if convention == "act/act ISDA":
        passed = [[first + timedelta(n) for n in range((day - first).days)] for day in days]
        return [sum(365 if isleap(each.year) else 366 for each in some) for some in passed], (
            365 * 366
        )
    return [(day - first).days for day in days], int(convention[4:7])


class TestReasons:
    @pytest.mark.parametrize("amounts", [[], [0, 0], [5], [1, 2, 3], [-1, -2]])
    def test_flows_of_one_sign_have_no_rate(self, amounts: list[int]) -> None:
        assert rate_of_return(yearly(*amounts)).reason is NoRate.NO_SIGN_CHANGE

    def test_flows_may_change_sign_and_have_none(self) -> None:
        found = rate_of_return(yearly(1, -2, 2))
        assert (found.rate, found.reason, found.candidates) == (None, NoRate.NO_RATE, ())

    def test_two_positive_rates_are_named_and_not_chosen(self) -> None:
        found = rate_of_return(yearly(-100, 230, -132))
        assert (found.rate, found.reason) == (None, NoRate.MULTIPLE_RATES)
        assert [round(rate, 20) for rate in found.candidates] == [D("0.1"), D("0.2")]

    def test_a_negative_rate_is_ignored_beside_a_positive_one(self) -> None:
        # (v - 1/1.25)(v - 2): rates of 25 % and of -50 %.
        found = rate_of_return(yearly("-1.6", "2.8", "-1"))
        assert found.rate is not None
        assert round(found.rate, 20) == D("0.25")

    def test_money_that_comes_back_unchanged_yields_zero(self) -> None:
        assert rate_of_return(yearly(-100, 60, 40)).rate == 0
        assert rate_of_return(yearly(-100, 200, -100)).rate == 0

    def test_floats_are_refused(self) -> None:
        with pytest.raises(TypeError):
            rate_of_return([(0, -1.0), (1, 2.0)])  # type: ignore[list-item]

    def test_hundreds_of_alternating_flows_are_answered(self) -> None:
        found = rate_of_return([(month, D((-1) ** month)) for month in range(361)], 12)
        assert found.reason is NoRate.NO_RATE


class TestProperties:
    @given(st.lists(st.integers(-500, 500), min_size=2, max_size=12))
    def test_whatever_is_found_is_a_rate(self, amounts: list[int]) -> None:
        flows = yearly(*amounts)
        found = rate_of_return(flows)
        assert (found.rate is None) == (found.reason is not None)
        assert len(found.candidates) == len(set(found.candidates))
        for rate in found.candidates:
            size = worth([(t, abs(a)) for t, a in flows], rate)
            assert abs(worth(flows, rate)) <= size * D("1E-18")

    @given(st.sets(st.integers(1, 300), min_size=1, max_size=5))
    def test_every_positive_rate_is_found(self, percents: set[int]) -> None:
        amounts = [D(1)]
        for percent in percents:  # times (1 - v (1 + rate)), as a polynomial in v
            grown = [amount * (100 + percent) / 100 for amount in amounts]
            amounts = [a - b for a, b in zip([*amounts, D(0)], [D(0), *grown], strict=True)]
        found = rate_of_return(list(enumerate(amounts)))
        assert [round(rate * 100, 6) for rate in found.candidates] == sorted(percents)

    @given(
        st.integers(1, 10**6),
        st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 10**6)), min_size=1, max_size=30),
    )
    def test_money_lent_once_has_exactly_one_rate(
        self, lent: int, paid: list[tuple[int, int]]
    ) -> None:
        flows = [(0, D(-lent)), *((day, D(amount)) for day, amount in paid)]
        found = rate_of_return(flows, 360)
        assert found.rate is not None
        assert (found.rate > 0) == (sum(amount for _, amount in paid) > lent)
