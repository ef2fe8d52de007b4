"""The cut to six decimals is exact, towards zero, and changes nothing the second time."""

import json
from decimal import ROUND_DOWN, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.geo.positions import FARTHEST, MICRO, cut, degrees, is_number, micro_degrees

coordinates = st.floats(-180, 180)


def by_decimals(written: str) -> int:
    """The cut by the book: the written number, its digits after the sixth decimal struck out."""
    exact = Context(prec=400)
    shifted = exact.multiply(Decimal(written), MICRO)
    return int(shifted.to_integral_value(rounding=ROUND_DOWN, context=exact))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (-76.7035, -76_703_500),
        (-76.7035129, -76_703_512),
        (-76.70351234567, -76_703_512),
        (-7.0535004567, -7_053_500),
        (0.0000009, 0),
        (-0.0000009, 0),
        (1e-06, 1),
        (9.999999999e-07, 0),
        (179.9999999, 179_999_999),
        (-180.0000004, -180_000_000),
        (-76, -76_000_000),
        (4.35, 4_350_000),
        (1.1, 1_100_000),
        (Decimal("-76.703499999999999999999999999999"), -76_703_499),
        (Decimal("-76.7035000"), -76_703_500),
        (Decimal("1E+400"), FARTHEST),
        (-(10**40), -FARTHEST),
        (1e300, FARTHEST),
        (797494.321955, FARTHEST),
    ],
)
def test_numbers_are_cut_as_they_are_written(value: float, expected: int) -> None:
    assert micro_degrees(value) == expected


@given(coordinates)
def test_a_float_is_cut_like_the_digits_that_name_it(value: float) -> None:
    assert micro_degrees(value) == by_decimals(repr(value))


@given(st.integers(-180 * MICRO, 180 * MICRO))
def test_six_decimals_lose_nothing(micro: int) -> None:
    assert micro_degrees(degrees(micro)) == micro
    assert micro_degrees(Decimal(micro).scaleb(-6)) == micro


@given(st.integers(-180 * MICRO, 180 * MICRO), st.integers(1, 12), st.integers(0, 9))
def test_nines_and_zeros_after_the_sixth_decimal(micro: int, places: int, digit: int) -> None:
    sign = "-" if micro < 0 else ""
    whole, fraction = divmod(abs(micro), MICRO)
    written = f"{sign}{whole}.{fraction:06d}{str(digit) * places}"
    assert micro_degrees(Decimal(written)) == micro
    assert micro_degrees(float(written)) == by_decimals(repr(float(written)))


@given(coordinates)
def test_the_cut_is_idempotent_also_through_json(value: float) -> None:
    once = degrees(micro_degrees(value))
    assert micro_degrees(once) == micro_degrees(value)
    assert degrees(micro_degrees(json.loads(json.dumps(once)))) == once
    assert len(repr(once).partition(".")[2].partition("e")[0]) <= 6


@given(coordinates)
def test_the_cut_goes_towards_zero_by_less_than_a_micro_degree(value: float) -> None:
    exact, kept = Decimal(repr(value)), Decimal(micro_degrees(value)).scaleb(-6)
    assert abs(kept) <= abs(exact)
    assert abs(exact - kept) < Decimal("0.000001")


def test_a_line_says_whether_it_lost_digits_and_forgets_heights() -> None:
    assert cut([(-76.7035, -7.0535)]) == ([(-76_703_500, -7_053_500)], False)
    assert cut([(-76.7035, -7.0535, 512.25)]) == ([(-76_703_500, -7_053_500)], False)
    assert cut([(-76.70350001, -7.0535)]) == ([(-76_703_500, -7_053_500)], True)
    assert cut([(Decimal("-76.7035000"), Decimal("-7.05350001"))])[1]
    assert not cut([(Decimal("-76.7035000"), -7)])[1]


@pytest.mark.parametrize("value", [True, None, "1", [1], float("nan"), Decimal("Infinity"), {}])
def test_what_is_no_number(value: object) -> None:
    assert not is_number(value)
