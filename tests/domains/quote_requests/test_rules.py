from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.orders.rules import Appraisal, Offered, Priced, Wish
from api.domains.quote_requests.rules import (
    LONGEST_WAIT,
    Bid,
    at_quoted,
    award_faults,
    closing_faults,
    seal_of,
    total_faults,
)

NOW = datetime(2026, 12, 15, 17, tzinfo=UTC)
DAY = date(2026, 12, 15)
TICK = timedelta(microseconds=1)
money = st.decimals("0.01", "9999.99", places=2)
packs = st.decimals("0.001", "999.999", places=3)


def codes(found: list[Any]) -> list[str]:
    return [each.code for each in found]


def test_quotes_are_taken_until_a_time_to_come_that_is_not_too_far() -> None:
    assert closing_faults(NOW + TICK, NOW) == []
    assert closing_faults(NOW + LONGEST_WAIT, NOW) == []
    for closes_at in (NOW, NOW - TICK, NOW + LONGEST_WAIT + TICK):
        assert codes(closing_faults(closes_at, NOW)) == ["closes-out-of-range"]


def test_an_award_waits_for_the_deadline_and_for_no_expired_quote() -> None:
    assert award_faults(NOW, NOW, DAY, DAY) == []
    # Before the deadline the answer is the same whether there is such a quote or not.
    assert codes(award_faults(NOW + TICK, NOW, DAY, DAY)) == ["sealed"]
    assert codes(award_faults(NOW + TICK, NOW, None, DAY)) == ["sealed"]
    assert codes(award_faults(NOW, NOW, None, DAY)) == ["quote-unknown"]
    assert codes(award_faults(NOW, NOW, DAY, DAY + timedelta(days=1))) == ["quote-expired"]


@given(st.lists(st.tuples(packs, money), min_size=1, max_size=20), money)
def test_an_order_costs_what_was_quoted_to_the_centimo(
    bids: list[tuple[Decimal, Decimal]], freight: Decimal
) -> None:
    offered = Offered(
        UUID(int=1), "U", "Urea", Category.FERTILIZER, Unit.KILOGRAM, Decimal(50), "PEN",
        Decimal(1), (), DAY, DAY, delivered=True, available=None, freight=Decimal("7.00"),
    )  # fmt: skip
    lines = [
        Priced(Wish(UUID(int=n), count, None, None), offered, count * 50, Decimal(1), count)
        for n, (count, _) in enumerate(bids)
    ]
    agreed = at_quoted(lines, [price for _, price in bids], freight)
    order = Appraisal(agreed)
    assert order.freight == freight
    assert order.total == freight + sum(line.amount for line in agreed)
    for line, (count, price) in zip(agreed, bids, strict=True):
        assert line.unit_price == price
        assert abs(line.amount - count * price) <= Decimal("0.005")


def test_what_no_order_could_hold_is_not_quoted() -> None:
    bid = Bid(UUID(int=1), UUID(int=2), Decimal(1), Decimal("999999999999.99"))
    assert total_faults([bid], Decimal(0)) == []
    assert codes(total_faults([bid], Decimal("0.01"))) == ["amount-too-large"]


@given(st.text(), st.text(), st.dictionaries(st.text(), st.text()))
def test_a_seal_is_of_its_salt_and_terms(salt: str, other: str, terms: dict[str, str]) -> None:
    assert seal_of(salt, terms) == seal_of(salt, dict(reversed(terms.items())))
    assert (seal_of(salt, terms) == seal_of(other, terms)) == (salt == other)
    assert seal_of(salt, {**terms, "lines": [other]}) != seal_of(salt, terms)
