"""Conversions of rates, against printed Peruvian figures and against each other."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.money import quantize_money
from api.domains.credit_products.rates import (
    annual_rate,
    compound,
    daily_rate,
    effective_from_nominal,
    monthly_rate,
    nominal_from_effective,
    period_rate,
    proportional_rate,
)
from tests.domains.credit_products.builders import teas
from tests.shared_data import shared_data

D = Decimal
TINY = D("1E-30")


def peru(case_id: str) -> Any:
    text = shared_data("credit", "peru_golden.json").read_text()
    cases = json.loads(text, parse_float=D)["cases"]
    return next(case for case in cases if case["id"].startswith(case_id))


class TestGolden:
    def test_pe01_monthly_rate_of_99_percent(self) -> None:
        case = peru("PE-01")
        tem = monthly_rate(case["inputs"]["tea"]) * 100
        assert abs(tem - case["check"]["tem_pct"]) < D("1E-9")
        assert round(tem, 3) == case["published"]["tem_pct"]

    def test_pe04_nominal_rate_of_a_bank(self) -> None:
        case = peru("PE-04")
        tea, published = case["inputs"]["tea"], case["published"]
        assert abs(proportional_rate(tea, 30, 365) - published["tna"]) < D("1E-15")
        assert abs(period_rate(tea, 30) - published["i"]) < D("1E-15")
        interest = case["inputs"]["principal"] * period_rate(tea, case["inputs"]["days"])
        assert quantize_money(interest) == published["interest"]

    def test_pe06_tariff(self) -> None:
        case = peru("PE-06")
        tem = monthly_rate(case["inputs"]["tea"]) * 100
        assert round(tem, 2) == case["published"]["tem_pct"]
        assert abs(tem - case["check"]["tem_pct"]) < D("1E-13")

    def test_pe07_monthly_rate(self) -> None:
        case = peru("PE-07")
        assert abs(monthly_rate(case["inputs"]["tea"]) - case["check"]["tem"]) < D("1E-17")


class TestConversions:
    def test_a_year_has_360_days(self) -> None:
        assert abs(period_rate(D("0.40"), 360) - D("0.40")) < TINY
        assert period_rate(D("0.40"), 365) > D("0.40")

    def test_no_days_no_interest(self) -> None:
        assert period_rate(D("0.40"), 0) == 0
        assert period_rate(D(0), 1000) == 0

    @given(teas)
    def test_day_and_month_compound_to_the_year(self, tea: D) -> None:
        assert abs((1 + daily_rate(tea)) ** 360 - 1 - tea) < D("1E-24")
        assert abs((1 + monthly_rate(tea)) ** 12 - 1 - tea) < D("1E-24")
        assert abs(annual_rate(monthly_rate(tea)) - tea) < D("1E-24")

    @given(teas, st.integers(0, 2000), st.integers(0, 2000))
    def test_time_adds_up(self, tea: D, one: int, two: int) -> None:
        together, apart = compound(tea, one + two), compound(tea, one) * compound(tea, two)
        assert abs(together / apart - 1) < D("1E-25")

    @given(teas, st.integers(1, 365))
    def test_nominal_and_effective_are_inverse(self, tea: D, periods: int) -> None:
        nominal = nominal_from_effective(tea, periods)
        assert abs(effective_from_nominal(nominal, periods) - tea) < D("1E-22")
        assert nominal <= tea

    def test_known_nominal_rate(self) -> None:
        assert effective_from_nominal(D("0.24"), 12) == D("1.02") ** 12 - 1

    @pytest.mark.parametrize("bad", [D("-0.01"), D("NaN")])
    def test_what_is_no_rate_is_refused(self, bad: D) -> None:
        with pytest.raises(ValueError, match=r"negative|finite"):
            monthly_rate(bad)

    def test_floats_are_refused(self) -> None:
        with pytest.raises(TypeError):
            monthly_rate(0.4)  # type: ignore[arg-type]
