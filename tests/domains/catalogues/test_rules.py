from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.catalogues.rules import (
    MUST_BE_REGISTERED,
    Registration,
    delivered_cost,
    narrowest_cover,
    publication_faults,
    registration_fault,
    terms_faults,
    unit_price,
)
from api.domains.catalogues.vocabulary import Category, SenasaStatus

DAY = date(2026, 11, 23)
prefixes = st.lists(
    st.sampled_from(["10", "22", "25", "2201", "2206", "1001", "220101", "220601", "100101"]),
    min_size=1,
)
packs = st.decimals("0.001", "99999", places=3)
prices = st.decimals("0.00", "99999", places=2)


def standing(**changes: object) -> Registration:
    values = {
        "sku": "TRICHO-1",
        "category": Category.BIOLOGICAL,
        "number": "3253-SENASA",
        "status": SenasaStatus.VALID,
        "valid_until": DAY,
        **changes,
    }
    return Registration(**values)  # type: ignore[arg-type]


class TestCover:
    @given(prefixes)
    def test_covers_the_same_districts_and_none_twice(self, given_prefixes: list[str]) -> None:
        kept = narrowest_cover(given_prefixes)
        for district in ("100101", "100102", "220101", "220601", "220199", "250101", "150101"):
            before = any(district.startswith(prefix) for prefix in given_prefixes)
            assert sum(district.startswith(prefix) for prefix in kept) == int(before)

    def test_a_department_makes_its_provinces_redundant(self) -> None:
        assert narrowest_cover(["2201", "22", "220601", "1001", "22"]) == ["1001", "22"]


class TestDeliveryTerms:
    @pytest.mark.parametrize(
        ("prefix", "stands"),
        [("22", True), ("2206", True), ("220601", True), ("1001", True), ("10", True),
         ("100101", True), ("1002", False), ("25", False)],
    )  # fmt: skip
    def test_are_of_places_that_are_covered(self, prefix: str, stands: bool) -> None:
        found = terms_faults(["22", "1001"], ["22", prefix])
        expected = [] if stands else [("/delivery_terms/1/ubigeo_prefix", "outside-coverage")]
        assert [(f.pointer, f.code) for f in found] == expected


class TestRegistration:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({}, None),
            ({"valid_until": None}, None),
            ({"valid_until": DAY - timedelta(days=1)}, "registration-expired"),
            ({"status": SenasaStatus.SUSPENDED}, "registration-not-valid"),
            ({"status": SenasaStatus.CANCELLED}, "registration-not-valid"),
            ({"number": None, "status": None, "valid_until": None}, "registration-missing"),
            ({"number": None, "category": Category.FERTILIZER}, None),
            ({"number": None, "category": Category.TOOL}, None),
            # One that carries a registration is held to it, whatever its category.
            ({"category": Category.FERTILIZER, "status": SenasaStatus.CANCELLED},
             "registration-not-valid"),
        ],
    )  # fmt: skip
    def test_decides_whether_an_item_is_sold(
        self, changes: dict[str, object], code: str | None
    ) -> None:
        fault = registration_fault(standing(**changes), DAY)
        assert (fault.code if fault else None) == code

    @pytest.mark.parametrize("category", MUST_BE_REGISTERED)
    def test_is_asked_of_every_category_that_must_have_one(self, category: Category) -> None:
        assert registration_fault(standing(category=category, number=None), DAY) is not None


class TestPublication:
    def test_is_refused_with_every_reason(self) -> None:
        faults = publication_faults(
            items=2,
            valid_until=DAY - timedelta(days=1),
            registrations=[standing(), standing(sku="B-2", status=SenasaStatus.CANCELLED)],
            day=DAY,
        )
        assert [(f.pointer, f.code) for f in faults] == [
            ("/valid_until", "catalogue-expired"),
            ("/items/B-2", "registration-not-valid"),
        ]

    def test_needs_an_item(self) -> None:
        [fault] = publication_faults(items=0, valid_until=DAY, registrations=[], day=DAY)
        assert fault.code == "catalogue-empty"

    def test_is_open_on_the_last_day(self) -> None:
        found = publication_faults(items=1, valid_until=DAY, registrations=[standing()], day=DAY)
        assert found == []


class TestUnitPrice:
    TIERS = ((Decimal(10), Decimal("9.50")), (Decimal(100), Decimal("8.00")))

    @pytest.mark.parametrize(
        ("quantity", "price"),
        [("9.999", "10.00"), ("10", "9.50"), ("99.999", "9.50"), ("100", "8.00"), ("5000", "8.00")],
    )
    def test_follows_the_quantity(self, quantity: str, price: str) -> None:
        assert unit_price(Decimal("10.00"), self.TIERS, Decimal(quantity)) == Decimal(price)

    @given(prices, st.dictionaries(packs, prices, max_size=5), packs)
    def test_is_that_of_the_highest_tier_reached(
        self, price: Decimal, tiers: dict[Decimal, Decimal], quantity: Decimal
    ) -> None:
        reached = [least for least in tiers if least <= quantity]
        expected = tiers[max(reached)] if reached else price
        assert unit_price(price, list(tiers.items()), quantity) == expected


class TestDeliveredCost:
    @given(prices, st.dictionaries(packs, prices, max_size=5), packs, packs, prices)
    def test_is_packs_at_their_tier_and_one_freight(
        self,
        price: Decimal,
        tiers: dict[Decimal, Decimal],
        quantity: Decimal,
        pack_size: Decimal,
        freight: Decimal,
    ) -> None:
        steps = list(tiers.items())
        cost = delivered_cost(price, steps, quantity=quantity, pack_size=pack_size, freight=freight)
        assert cost.unit_price == unit_price(price, steps, quantity)
        assert abs(cost.amount - cost.unit_price * quantity) <= Decimal("0.005")
        assert cost.delivered_amount == cost.amount + freight
        per_unit = cost.delivered_amount / (quantity * pack_size)
        assert abs(cost.delivered_unit_price - per_unit) <= Decimal("0.00005")
        free = delivered_cost(
            price, steps, quantity=quantity, pack_size=pack_size, freight=Decimal(0)
        )
        assert free.delivered_amount == free.amount <= cost.delivered_amount
