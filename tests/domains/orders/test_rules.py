from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.orders.rules import (
    MOST,
    Appraisal,
    Offered,
    Planned,
    Wish,
    appraise,
    units_of,
)
from api.domains.orders.texts import fault
from api.domains.orders.vocabulary import PlanException

DAY = date(2026, 11, 23)
SUPPLIER, OTHER = UUID(int=1), UUID(int=2)
ITEMS = [UUID(int=n) for n in (11, 12, 13)]
LINES = [UUID(int=n) for n in (21, 22)]
OFFER = Offered(
    supplier_id=SUPPLIER,
    sku="UREA-50",
    name="Urea",
    category=Category.FERTILIZER,
    unit=Unit.KILOGRAM,
    pack_size=Decimal("50.000"),
    currency="PEN",
    price=Decimal("120.00"),
    price_tiers=((Decimal(10), Decimal("112.00")),),
    valid_from=DAY,
    valid_until=DAY,
    delivered=True,
    available=Decimal("8.000"),
)
PLANNED = Planned(UUID(int=31), Category.FERTILIZER, Unit.KILOGRAM, Decimal("200.000"))
packs = st.decimals("0.001", "500", places=3)
prices = st.decimals("0.00", "9999", places=2)


def wish(item: UUID = ITEMS[0], quantity: str | Decimal = "1", line: UUID | None = None) -> Wish:
    exception = None if line else PlanException.EMERGENCY
    return Wish(item, Decimal(quantity), line, exception)


@given(st.lists(st.one_of(st.none(), prices), min_size=1, max_size=3))
def test_an_order_costs_its_lines_and_the_dearest_freight_once(
    freights: list[Decimal | None],
) -> None:
    offers = {
        item: replace(OFFER, available=None, freight=freight)
        for item, freight in zip(ITEMS, freights, strict=False)
    }
    result = judge([wish(item, "3") for item in offers], offers)
    assert result.freight == max(freight or 0 for freight in freights)
    assert result.total == sum(line.amount for line in result.lines) + result.freight


def judge(
    wishes: Sequence[Wish],
    offers: dict[UUID, Offered] | None = None,
    plan: dict[UUID, Planned] | None = None,
) -> Appraisal:
    return appraise(
        wishes,
        {ITEMS[0]: OFFER} if offers is None else offers,
        {LINES[0]: PLANNED} if plan is None else plan,
        supplier_id=SUPPLIER,
        day=DAY,
    )


def found(appraisal: Appraisal) -> list[tuple[str, str, object]]:
    return [(f.pointer, f.code, f.facts.get("left")) for f in appraisal.faults]


class TestOffers:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"supplier_id": OTHER}, "other-supplier"),
            ({"valid_from": DAY + timedelta(days=1)}, "offer-not-valid"),
            ({"valid_until": DAY - timedelta(days=1)}, "offer-not-valid"),
            ({"delivered": False}, "not-delivered-there"),
        ],
    )
    def test_must_be_the_suppliers_valid_and_delivered(
        self, changes: dict[str, object], code: str
    ) -> None:
        offers = {ITEMS[0]: OFFER, ITEMS[1]: replace(OFFER, **changes)}  # type: ignore[arg-type]
        result = judge([wish(), wish(ITEMS[1])], offers)
        assert found(result) == [("/lines/1/item_id", code, None)]

    def test_must_be_there(self) -> None:
        assert found(judge([wish(ITEMS[2])])) == [("/lines/0/item_id", "not-on-offer", None)]

    def test_are_all_in_one_currency(self) -> None:
        offers = {ITEMS[0]: OFFER, ITEMS[1]: replace(OFFER, currency="USD")}
        result = judge([wish(), wish(ITEMS[1])], offers)
        assert found(result) == [("/lines/1/item_id", "currency-differs", None)]

    def test_every_line_tells_its_own_reason(self) -> None:
        result = judge(
            [wish(ITEMS[2]), wish(quantity="9"), wish(line=LINES[1])], plan={LINES[0]: PLANNED}
        )
        assert [(pointer, code) for pointer, code, _ in found(result)] == [
            ("/lines/0/item_id", "not-on-offer"),
            ("/lines/1/item_id", "not-enough-stock"),
            ("/lines/2/farm_plan_line_id", "plan-line-unknown"),
        ]


class TestStock:
    def test_that_is_short_is_told_with_what_is_left(self) -> None:
        result = judge([wish(quantity="8.001")])
        assert found(result) == [("/lines/0/item_id", "not-enough-stock", "8.000")]

    def test_can_be_bought_to_the_last_pack(self) -> None:
        assert judge([wish(quantity="8.000")]).faults == []

    def test_is_shared_by_the_lines_of_an_item(self) -> None:
        result = judge([wish(quantity="5"), wish(quantity="4")])
        assert found(result) == [("/lines/1/item_id", "not-enough-stock", "3.000")]

    def test_of_what_is_made_to_order_has_no_end(self) -> None:
        offers = {ITEMS[0]: replace(OFFER, available=None)}
        assert judge([wish(quantity="100000")], offers).faults == []

    @given(st.lists(packs, min_size=1, max_size=8), st.decimals("0", "1000", places=3))
    def test_is_never_oversold(self, quantities: list[Decimal], available: Decimal) -> None:
        offers = {ITEMS[0]: replace(OFFER, available=available)}
        result = judge([wish(quantity=q) for q in quantities], offers)
        lefts = {f.pointer: f.facts["left"] for f in result.faults}
        taken = Decimal(0)
        for index, quantity in enumerate(quantities):
            left = lefts.get(f"/lines/{index}/item_id")
            if left is None:
                taken += quantity
            else:
                assert Decimal(str(left)) == available - taken < quantity
        assert taken <= available


class TestPlanLines:
    @pytest.mark.parametrize(
        ("changes", "code", "left"),
        [
            ({"category": Category.TOOL}, "category-differs", None),
            ({"category": None}, "category-differs", None),
            ({"unit": Unit.LITRE}, "unit-differs", None),
            ({"left": Decimal("49.999")}, "plan-line-exhausted", "49.999"),
        ],
    )
    def test_must_ask_for_what_is_ordered(
        self, changes: dict[str, object], code: str, left: str | None
    ) -> None:
        plan = {LINES[0]: replace(PLANNED, **changes)}  # type: ignore[arg-type]
        result = judge([wish(line=LINES[0])], plan=plan)
        assert found(result) == [("/lines/0/farm_plan_line_id", code, left)]

    def test_are_drawn_on_in_their_unit_by_all_lines_together(self) -> None:
        lines = [wish(quantity="3", line=LINES[0]), wish(quantity="2", line=LINES[0])]
        assert found(judge(lines)) == [
            ("/lines/1/farm_plan_line_id", "plan-line-exhausted", "50.000")
        ]

    @given(st.lists(packs, min_size=1, max_size=8), packs, packs)
    def test_are_never_drawn_beyond_the_plan(
        self, quantities: list[Decimal], pack_size: Decimal, left: Decimal
    ) -> None:
        offers = {ITEMS[0]: replace(OFFER, available=None, pack_size=pack_size)}
        plan = {LINES[0]: replace(PLANNED, left=left)}
        result = judge([wish(quantity=q, line=LINES[0]) for q in quantities], offers, plan)
        refused = {int(f.pointer.split("/")[2]) for f in result.faults}
        drawn = [units_of(q, pack_size) for n, q in enumerate(quantities) if n not in refused]
        assert sum(drawn) <= left


class TestPrices:
    def test_reach_their_tier_by_all_lines_of_an_item_together(self) -> None:
        offers = {ITEMS[0]: replace(OFFER, available=None)}
        result = judge([wish(quantity="6"), wish(quantity="4")], offers)
        assert [line.unit_price for line in result.lines] == [Decimal("112.00")] * 2
        assert result.total == Decimal("1120.00")

    @given(
        st.lists(st.tuples(packs, st.decimals("0.00", "9999", places=2)), min_size=1, max_size=6)
    )
    def test_add_up_to_the_centimo(self, lines: list[tuple[Decimal, Decimal]]) -> None:
        offers = {
            UUID(int=n): replace(OFFER, available=None, price=price, price_tiers=())
            for n, (_, price) in enumerate(lines, 100)
        }
        result = judge([wish(UUID(int=n), q) for n, (q, _) in enumerate(lines, 100)], offers)
        exact = [
            (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP) for quantity, price in lines
        ]
        assert [line.amount for line in result.lines] == exact
        assert result.total == sum(exact)
        assert result.total.as_tuple().exponent == -2

    def test_that_fit_no_order_are_refused(self) -> None:
        offers = {ITEMS[0]: replace(OFFER, available=None, price=MOST / 10, price_tiers=())}
        result = judge([wish(quantity="10")], offers)
        assert found(result) == [("/lines", "amount-too-large", None)]
        assert judge([wish(quantity="9.999")], offers).faults == []


def test_a_reason_exists_in_both_languages() -> None:
    with pytest.raises(KeyError):
        fault("/lines", "no-such-reason")
    assert set(fault("/lines", "unit-differs").detail) == {"es", "en"}
