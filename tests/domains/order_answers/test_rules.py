"""What a supplier may propose, and that lines give back to the gram what they took."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.order_answers.rules import (
    Proposal,
    Terms,
    late_faults,
    line_faults,
    price_proposals,
)
from api.domains.order_cancellations.repository import freed
from api.domains.orders.rules import LONGEST_WAIT, Offered, deadline_faults, units_of
from api.domains.orders.vocabulary import PlanException
from api.models.orders import OrderLine

D = Decimal
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SUPPLIER, OTHER = UUID(int=1), UUID(int=2)
ITEM, LINE, SECOND = UUID(int=11), UUID(int=21), UUID(int=22)
OFFER = Offered(
    supplier_id=SUPPLIER,
    sku="GUANO-25",
    name="Guano de isla",
    category=Category.FERTILIZER,
    unit=Unit.KILOGRAM,
    pack_size=D("25.000"),
    currency="PEN",
    price=D("70.00"),
    price_tiers=((D(10), D("65.00")),),
    valid_from=DAY,
    valid_until=DAY,
    delivered=True,
    available=D("20.000"),
)
KIND = (Category.FERTILIZER, Unit.KILOGRAM)
TERMS = Terms(SUPPLIER, "PEN", {LINE: KIND, SECOND: KIND})
packs = st.decimals("0.001", "500", places=3)
prices = st.decimals("0.00", "100", places=2)


def proposal(quantity: str = "4", price: str | None = None, line: UUID = LINE) -> Proposal:
    return Proposal(line, ITEM, D(quantity), None if price is None else D(price))


class TestProposals:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"supplier_id": OTHER}, "other-supplier"),
            ({"valid_until": DAY - timedelta(days=1)}, "offer-not-valid"),
            ({"delivered": False}, "not-delivered-there"),
            ({"available": D("3.999")}, "not-enough-stock"),
            ({"currency": "USD"}, "currency-differs"),
            ({"category": Category.BIOLOGICAL}, "not-another-category"),
            ({"unit": Unit.LITRE}, "not-another-category"),
        ],
    )
    def test_are_of_the_same_terms(self, changes: dict[str, object], code: str) -> None:
        offers = {ITEM: replace(OFFER, **changes)}  # type: ignore[arg-type]
        _, faults = price_proposals({3: proposal()}, offers, TERMS, DAY)
        assert [(f.pointer, f.code) for f in faults] == [("/lines/3/substitute/item_id", code)]

    def test_share_stock_and_reach_tiers_together(self) -> None:
        both = {0: proposal("6"), 2: proposal("4", line=SECOND)}
        priced, faults = price_proposals(both, {ITEM: OFFER}, TERMS, DAY)
        assert (faults, [line.unit_price for line in priced]) == ([], [D("65.00")] * 2)
        over = {0: proposal("16"), 2: proposal("5", line=SECOND)}
        _, faults = price_proposals(over, {ITEM: OFFER}, TERMS, DAY)
        assert [(f.pointer, f.code, f.facts["left"]) for f in faults] == [
            ("/lines/2/substitute/item_id", "not-enough-stock", "4.000")
        ]

    @given(st.decimals("0.001", "20", places=3), prices)
    def test_cost_what_the_offer_does_or_less(self, quantity: Decimal, price: Decimal) -> None:
        wanted = Proposal(LINE, ITEM, quantity, price)
        priced, faults = price_proposals({0: wanted}, {ITEM: OFFER}, TERMS, DAY)
        most = D("65.00") if quantity >= 10 else D("70.00")
        assert bool(faults) == (price > most)
        if not faults:
            assert priced[0].amount <= (quantity * most).quantize(D("0.01"), "ROUND_HALF_UP")


class TestAnswers:
    def test_name_lines_that_wait_for_them_once(self) -> None:
        named = [LINE, OTHER, LINE]
        assert [(f.pointer, f.code) for f in line_faults([LINE], named, "line-unknown")] == [
            ("/lines/1/line_id", "line-unknown"),
            ("/lines/2/line_id", "line-repeated"),
        ]

    def test_come_in_time(self) -> None:
        assert late_faults(None, NOW) == late_faults(NOW, NOW) == []
        assert [f.code for f in late_faults(NOW - timedelta(microseconds=1), NOW)] == [
            "answer-overdue"
        ]

    def test_are_asked_for_within_bounds(self) -> None:
        allowed = (None, NOW + timedelta(seconds=1), NOW + LONGEST_WAIT)
        assert [deadline_faults(until, NOW) for until in allowed] == [[], [], []]
        for until in (NOW, NOW - timedelta(days=1), NOW + LONGEST_WAIT + timedelta(seconds=1)):
            assert [f.code for f in deadline_faults(until, NOW)] == ["answer-until-out-of-range"]


def ordered(quantity: Decimal, pack_size: Decimal) -> OrderLine:
    return OrderLine(
        order_id=UUID(int=1),
        item_id=ITEM,
        plan_exception=PlanException.EMERGENCY,
        sku="X",
        description="X",
        category=Category.FERTILIZER,
        unit=Unit.KILOGRAM,
        pack_size=pack_size,
        quantity=quantity,
        unit_price=D("1.00"),
        amount=D("1.00"),
        stocked=True,
    )


@given(packs, packs, st.lists(st.decimals("0.001", "50", places=3), max_size=6))
def test_what_is_cancelled_in_parts_adds_up_to_what_was_taken(
    quantity: Decimal, pack_size: Decimal, parts: list[Decimal]
) -> None:
    """However a line is cancelled piece by piece, the plan line gets back what it gave."""
    line = ordered(quantity, pack_size)
    back = D(0)
    for part in (*parts, quantity):
        packs_of_part = min(part, line.quantity - line.cancelled_quantity)
        moved = freed(line, packs_of_part)
        assert moved.units >= 0
        back += moved.units
        line.cancelled_quantity += packs_of_part
    assert line.cancelled_quantity == line.quantity
    assert back == units_of(quantity, pack_size)
