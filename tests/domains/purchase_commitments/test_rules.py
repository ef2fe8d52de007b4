from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from api.domains.purchase_commitments.rules import Promise, is_over, reasons_incoherent
from api.domains.purchase_commitments.vocabulary import PriceKind

EXCHANGE = Promise(
    PriceKind.EXCHANGE,
    Decimal("-0.80"),
    Decimal("2.50"),
    frozenset({"USD"}),
    date(2027, 4, 1),
    date(2027, 4, 1),
)
FIXED = replace(EXCHANGE, price_kind=PriceKind.FIXED, price=Decimal("0.01"), floor_price=None)


def codes(promise: Promise) -> list[str]:
    return [reason.code for reason in reasons_incoherent(promise)]


def test_a_differential_may_be_negative_and_a_window_one_day() -> None:
    assert codes(EXCHANGE) == codes(FIXED) == []


@pytest.mark.parametrize("price", [Decimal(0), Decimal("-0.01")])
def test_a_fixed_price_is_above_zero(price: Decimal) -> None:
    assert codes(replace(FIXED, price=price)) == ["price-not-positive"]


def test_a_fixed_price_has_no_floor() -> None:
    assert codes(replace(FIXED, floor_price=Decimal(1))) == ["floor-of-fixed-price"]


def test_one_currency_and_dates_in_order() -> None:
    assert codes(replace(EXCHANGE, currencies=frozenset({"PEN", "USD"}))) == ["currencies-differ"]
    assert codes(replace(EXCHANGE, window_until=date(2027, 3, 31))) == ["dates-inverted"]


def test_the_last_day_of_the_window_still_counts() -> None:
    assert not is_over(date(2027, 4, 1), date(2027, 4, 1))
    assert is_over(date(2027, 4, 1), date(2027, 4, 2))
