"""VAN, TIR, modified TIR, payback, need for finance."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.irr import NoRate
from api.domains.investment_plans.appraisal import (
    NoPayback,
    finance_need,
    payback,
    tir,
    tirm,
    van,
)
from tests.shared_data import shared_data

D = Decimal
flows_of = st.lists(st.integers(-10_000, 10_000).map(D), min_size=1, max_size=40)


def golden(name: str) -> Any:
    text = shared_data("credit", "numpy_financial_golden.json").read_text()
    return json.loads(text, parse_float=D)[name]


def flows(*amounts: object) -> list[D]:
    return [D(str(amount)) for amount in amounts]


class TestVan:
    def test_golden(self) -> None:
        for case in golden("npv"):
            assert abs(van(flows(*case["values"]), case["rate"]) - case["expected"]) < D("0.01")

    def test_today_is_not_discounted(self) -> None:
        assert van(flows(-100), D("0.5")) == -100
        assert van(flows(-100, 110), D("0.10")) == 0

    @given(flows_of)
    def test_without_discount_it_is_the_sum(self, given_flows: list[D]) -> None:
        assert van(given_flows, D(0)) == sum(given_flows)

    @given(flows_of, st.integers(0, 100))
    def test_horner_equals_the_definition(self, given_flows: list[D], percent: int) -> None:
        rate = D(percent) / 100
        plain = sum((a / (1 + rate) ** t for t, a in enumerate(given_flows)), start=D(0))
        assert abs(van(given_flows, rate) - plain) < D("1E-18")

    def test_a_rate_of_minus_one_is_refused(self) -> None:
        with pytest.raises(ValueError, match="above -1"):
            van(flows(1), D(-1))


class TestTir:
    def test_a_year_of_monthly_flows(self) -> None:
        found = tir([D(-1000), *[D(0)] * 11, D(1200)])
        assert found.rate is not None
        assert round(found.rate, 20) == D("0.2")

    def test_none_is_not_zero(self) -> None:
        assert tir(flows(100, 200)).reason is NoRate.NO_SIGN_CHANGE
        assert tir(flows(-100, 230, -132), 1).reason is NoRate.MULTIPLE_RATES

    @given(st.integers(1, 10**6), st.lists(st.integers(0, 10**5), min_size=1, max_size=60))
    def test_the_van_at_the_tir_is_zero(self, invested: int, back: list[int]) -> None:
        given_flows = flows(-invested, *back)
        found = tir(given_flows, 1)
        if found.rate is None:
            assert not any(back)
        elif found.rate < 50:
            assert abs(van(given_flows, found.rate)) < D("1E-12") * invested

    def test_seasonal_flows_of_a_farm_have_one(self) -> None:
        year = [*[-300] * 4, *[900] * 5, *[-300] * 3]
        found = tir(flows(-8000, *year * 10))
        assert found.rate is not None
        assert found.candidates == (found.rate,)


class TestModified:
    def test_golden(self) -> None:
        for case in golden("mirr"):
            found = tirm(flows(*case["values"]), case["finance"], case["reinvest"])
            assert found.rate is not None
            places = -case["expected"].as_tuple().exponent
            assert round(found.rate, places) == case["expected"]

    def test_it_exists_where_the_tir_is_multiple(self) -> None:
        found = tirm(flows(-100, 230, -132), D("0.1"), D("0.1"))
        assert found.rate is not None
        assert found.reason is None

    @pytest.mark.parametrize("amounts", [[], [0], [5], [-5, -5], [1, 2]])
    def test_money_one_way_has_none(self, amounts: list[int]) -> None:
        assert tirm(flows(*amounts), D("0.1"), D("0.1")).reason is NoRate.NO_SIGN_CHANGE


class TestPayback:
    @pytest.mark.parametrize(
        ("amounts", "expected"),
        [
            ([-100, 50, 50], "2.00"),
            ([-100, 50, 100], "1.50"),
            ([-100, 30, 30, 30, 30], "3.34"),
            ([-100, 150, -100, 100], "2.50"),
            ([0, -100, 400], "1.25"),
        ],
    )
    def test_interpolated(self, amounts: list[int], expected: str) -> None:
        assert str(payback(flows(*amounts)).intervals) == expected

    def test_reasons(self) -> None:
        assert payback(flows(-100, 50)).reason is NoPayback.NOT_RECOVERED
        assert payback(flows(100, -50)).reason is NoPayback.NEVER_BEHIND
        assert payback([]).reason is NoPayback.NEVER_BEHIND

    @given(flows_of)
    def test_from_then_on_nothing_is_behind(self, given_flows: list[D]) -> None:
        found = payback(given_flows)
        totals = [sum(given_flows[: n + 1]) for n in range(len(given_flows))]
        if found.intervals is None:
            assert totals[-1] < 0 or min(totals) >= 0
        else:
            after = [total for n, total in enumerate(totals) if n >= found.intervals]
            assert min(after) >= 0
            assert totals[int(found.intervals - D("0.01"))] < 0


class TestFinanceNeed:
    def test_the_lowest_point_of_the_running_total(self) -> None:
        need = finance_need(flows(-100, -50, 200, -120))
        assert (need.amount, need.interval) == (D(150), 1)

    def test_own_money_comes_first(self) -> None:
        assert finance_need(flows(-100, -50), own=D(120)).amount == 30
        covered = finance_need(flows(-100, -50), own=D(150))
        assert (covered.amount, covered.interval) == (D(0), None)

    @given(flows_of)
    def test_with_the_need_met_nothing_is_short(self, given_flows: list[D]) -> None:
        need = finance_need(given_flows)
        assert finance_need(given_flows, own=need.amount).amount == 0
        if need.amount:
            assert finance_need(given_flows, own=need.amount - D("0.01")).amount == D("0.01")
