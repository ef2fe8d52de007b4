"""Money: exact, one currency, nothing lost in an allocation."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.money import (
    LARGEST,
    CurrencyMismatch,
    Money,
    allocate,
    quantize_ha,
    quantize_kg,
    quantize_money,
    quantize_rate,
    round_down_to,
)

D = Decimal
cents = st.integers(-(10**12), 10**12).map(lambda n: D(n) / 100)
soles = cents.map(lambda amount: Money(amount, "PEN"))
weights = st.lists(
    st.one_of(st.integers(0, 10**6), st.decimals("0", "1000", places=4)), min_size=1, max_size=30
).filter(any)


def pen(amount: str) -> Money:
    return Money(D(amount), "PEN")


class TestValue:
    def test_amount_is_kept_with_two_decimals(self) -> None:
        assert str(Money(D("12.5"), "PEN").amount) == "12.50"
        assert str(Money(D("1E+3"), "USD").amount) == "1000.00"

    def test_it_reads_as_currency_and_amount(self) -> None:
        assert str(pen("1234.5")) == "PEN 1234.50"

    def test_negative_zero_is_zero(self) -> None:
        assert str(Money(D("-0.00"), "PEN").amount) == "0.00"
        assert str((-pen("0")).amount) == "0.00"

    @pytest.mark.parametrize("value", [0.1, 1.0, True])
    def test_floats_and_bools_are_refused(self, value: object) -> None:
        with pytest.raises(TypeError):
            Money(value, "PEN")  # type: ignore[arg-type]

    @pytest.mark.parametrize("value", ["0.001", "NaN", "Infinity", "1E+16", "-1E+999"])
    def test_what_is_no_amount_is_refused(self, value: str) -> None:
        with pytest.raises(ValueError, match=r"decimals|finite|large"):
            Money(D(value), "PEN")

    def test_unknown_currency_is_refused(self) -> None:
        with pytest.raises(ValueError, match="currency"):
            Money(D(1), "EUR")  # type: ignore[arg-type]

    def test_rounded_goes_half_away_from_zero(self) -> None:
        assert Money.rounded(D("2.345"), "PEN") == pen("2.35")
        assert Money.rounded(D("-2.345"), "PEN") == pen("-2.35")

    def test_the_caller_s_context_changes_nothing(self) -> None:
        with localcontext() as context:
            context.prec = 3
            assert pen("123456.78") + pen("0.01") == pen("123456.79")
            assert pen("123456.78").times(D("1.5")) == pen("185185.17")


class TestArithmetic:
    def test_sums_and_comparisons(self) -> None:
        assert pen("0.10") + pen("0.20") == pen("0.30")
        assert pen("1") - pen("1.01") == pen("-0.01")
        assert pen("1") < pen("1.01") <= pen("1.01")
        assert pen("2") > pen("1") >= pen("1")
        assert not pen("0")
        assert pen("0.01")
        assert Money.total([pen("1"), pen("2.50")], "PEN") == pen("3.50")
        assert Money.total([], "USD") == Money.zero("USD")

    def test_two_currencies_do_not_mix(self) -> None:
        dollars = Money(D(1), "USD")
        for operation in (pen("1").__add__, pen("1").__sub__, pen("1").__lt__, pen("1").__ge__):
            with pytest.raises(CurrencyMismatch):
                operation(dollars)
        assert pen("1") != dollars

    @pytest.mark.parametrize("other", [1, D(1), 0.5])
    def test_bare_numbers_do_not_mix_with_money(self, other: object) -> None:
        with pytest.raises(TypeError):
            pen("1") + other  # type: ignore[operator]

    def test_times_refuses_floats(self) -> None:
        with pytest.raises(TypeError):
            pen("1").times(0.5)  # type: ignore[arg-type]

    @given(soles, soles)
    def test_what_is_added_can_be_taken_away(self, one: Money, other: Money) -> None:
        assert (one + other) - other == one


class TestWire:
    def test_round_trip(self) -> None:
        wire = {"amount": "1234.50", "currency": "PEN"}
        assert Money.from_wire(wire) == pen("1234.5")
        assert pen("1234.5").to_wire() == wire

    @given(soles)
    def test_every_amount_survives(self, money: Money) -> None:
        assert Money.from_wire(money.to_wire()) == money

    def test_the_largest_amount_survives(self) -> None:
        most = Money(LARGEST - D("0.01"), "USD")
        assert Money.from_wire(most.to_wire()) == most

    @pytest.mark.parametrize(
        "amount", ["1_000.00", "1e3", " 1.00", "1.005", "", "NaN", "١٢", "1,50", 12, 12.5, None]
    )
    def test_other_forms_are_refused(self, amount: object) -> None:
        with pytest.raises(ValueError, match="decimal string"):
            Money.from_wire({"amount": amount, "currency": "PEN"})


class TestAllocate:
    def test_left_over_centimos_go_to_the_largest_remainders_first_on_a_tie(self) -> None:
        assert pen("100").allocate([1, 1, 1]) == [pen("33.34"), pen("33.33"), pen("33.33")]
        assert pen("0.05").allocate([1, 1]) == [pen("0.03"), pen("0.02")]
        assert pen("10").allocate([1, 6, 0]) == [pen("1.43"), pen("8.57"), pen("0")]
        assert pen("-0.05").allocate([1, 1]) == [pen("-0.03"), pen("-0.02")]

    def test_kilos_are_shared_by_the_gram(self) -> None:
        assert allocate(D("1.000"), [1, 2], D("0.001")) == [D("0.333"), D("0.667")]

    @pytest.mark.parametrize("bad", [[], [0, 0], [1, -1]])
    def test_weights_that_say_nothing_are_refused(self, bad: list[int]) -> None:
        with pytest.raises(ValueError, match="weight"):
            pen("1").allocate(bad)

    def test_a_total_between_two_steps_is_refused(self) -> None:
        with pytest.raises(ValueError, match="multiple"):
            allocate(D("0.005"), [1])

    @given(cents, weights)
    def test_nothing_is_lost_and_nobody_is_a_centimo_off(
        self, total: D, given_weights: list[D | int]
    ) -> None:
        shares = allocate(total, given_weights)
        assert sum(shares) == total
        whole = sum(D(weight) for weight in given_weights)
        for share, weight in zip(shares, given_weights, strict=True):
            assert abs(share - total * weight / whole) < D("0.0100001")
            assert weight or not share


class TestRounding:
    def test_named_roundings(self) -> None:
        assert quantize_money(D("0.005")) == D("0.01")
        assert str(quantize_kg(D("1.0005"))) == "1.001"
        assert str(quantize_ha(D("2.00005"))) == "2.0001"
        assert str(quantize_rate(D("0.0006755"))) == "0.000676"
        assert str(quantize_money(D("-0.004"))) == "0.00"

    @pytest.mark.parametrize("rate", ["1000", "-1000", "999.9999995", "1E+50"])
    def test_rates_that_cannot_be_stored_are_refused(self, rate: str) -> None:
        with pytest.raises(ValueError, match="out of range"):
            quantize_rate(D(rate))

    def test_the_highest_rate(self) -> None:
        assert str(quantize_rate(D("999.9999994"))) == "999.999999"

    def test_floats_are_refused(self) -> None:
        for rounding in (quantize_money, quantize_kg, quantize_ha, quantize_rate):
            with pytest.raises(TypeError):
                rounding(1.5)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("value", "step", "expected"),
        [
            ("974.63", "0.05", "974.60"),
            ("974.65", "0.05", "974.65"),
            ("0.09", "0.10", "0"),
            ("974.69", "0.10", "974.60"),
        ],
    )
    def test_instalments_round_down(self, value: str, step: str, expected: str) -> None:
        assert round_down_to(D(value), D(step)) == D(expected)
