from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.lots.rules import (
    Source,
    kilos_by_delivery,
    reason_against_drying,
    reasons_against_day,
    reasons_against_inputs,
    rounded,
    shares,
)

Input = tuple[UUID, UUID | None, UUID | None, Decimal]

kilos = st.decimals("0.001", "100000", places=3)


DAY = date(2026, 11, 20)


def source(
    unused: str = "100", form: str = "wet", producer: UUID | None = None, since: date = DAY
) -> Source:
    return Source(Decimal(unused), form, frozenset({producer or uuid4()}), since)


class TestInputs:
    def test_what_is_there_may_be_drawn(self) -> None:
        assert reasons_against_inputs("wet", "segregated", [(source("5"), Decimal(5))]) == []

    def test_not_a_gram_more(self) -> None:
        reasons = reasons_against_inputs("wet", "segregated", [(source("5"), Decimal("5.001"))])
        assert [(r.pointer, r.code) for r in reasons] == [("/inputs/0/kg", "not-enough-kilos")]

    def test_wet_and_dry_do_not_mix(self) -> None:
        drawn = [(source(), Decimal(1)), (source(form="dry"), Decimal(1))]
        reasons = reasons_against_inputs("wet", "segregated", drawn)
        assert [(r.pointer, r.code) for r in reasons] == [("/inputs/1", "other-form")]

    def test_identity_preserved_is_one_producer(self) -> None:
        one = uuid4()
        same = [(source(producer=one), Decimal(1)), (source(producer=one), Decimal(1))]
        assert reasons_against_inputs("wet", "identity_preserved", same) == []
        two = [(source(), Decimal(1)), (source(), Decimal(1))]
        reasons = reasons_against_inputs("wet", "identity_preserved", two)
        assert [r.code for r in reasons] == ["more-than-one-producer"]


class TestDay:
    @pytest.mark.parametrize(
        ("made_on", "codes"),
        [
            (DAY - timedelta(days=1), ["before-its-source"]),
            (DAY, []),
            (DAY + timedelta(days=2), []),
            (DAY + timedelta(days=3), ["in-the-future"]),
        ],
    )
    def test_from_the_last_source_until_today(self, made_on: date, codes: list[str]) -> None:
        sources = [source(since=DAY - timedelta(days=9)), source()]
        reasons = reasons_against_day(made_on, DAY + timedelta(days=2), sources)
        assert [(r.pointer, r.code) for r in reasons] == [("/made_on", code) for code in codes]


class TestDrying:
    @pytest.mark.parametrize("dry", ["33.000", "39.000", "45.000"])
    def test_within_the_band(self, dry: str) -> None:
        assert reason_against_drying(Decimal(100), Decimal(dry)) is None

    @pytest.mark.parametrize("dry", ["32.999", "45.001"])
    def test_outside_the_band(self, dry: str) -> None:
        reason = reason_against_drying(Decimal(100), Decimal(dry))
        assert reason is not None
        assert "33.000" in reason.en
        assert "45.000" in reason.en


class TestShares:
    @given(st.dictionaries(st.uuids(), kilos, min_size=1, max_size=50))
    def test_they_add_up_to_exactly_one(self, weights: dict[UUID, Decimal]) -> None:
        parts = shares(weights)
        assert sum(parts.values()) == 1
        total = sum(weights.values())
        for key, part in parts.items():
            assert abs(part - weights[key] / total) <= Decimal("0.000001")


class TestKilos:
    def test_drawing_a_part_carries_its_origins_in_proportion(self) -> None:
        first, second, third = uuid4(), uuid4(), uuid4()
        wet, part, dry = uuid4(), uuid4(), uuid4()
        inputs: list[Input] = [
            (wet, first, None, Decimal(60)),
            (wet, second, None, Decimal(40)),
            (part, None, wet, Decimal(50)),
            (part, third, None, Decimal(10)),
            (dry, None, part, Decimal(30)),
        ]
        found = kilos_by_delivery(dry, inputs)
        assert found == {first: Decimal(15), second: Decimal(10), third: Decimal(5)}

    def test_what_is_drawn_of_a_dry_lot_was_more_when_it_was_delivered(self) -> None:
        wet_one, wet_two, dry_one, dry_two, merged = (uuid4() for _ in range(5))
        first, second = uuid4(), uuid4()
        inputs: list[Input] = [
            (wet_one, first, None, Decimal(100)),
            (wet_two, second, None, Decimal(100)),
            (dry_one, None, wet_one, Decimal(100)),
            (dry_two, None, wet_two, Decimal(100)),
            (merged, None, dry_one, Decimal(10)),
            (merged, None, dry_two, Decimal(30)),
        ]
        made = {wet_one: Decimal(100), wet_two: Decimal(100), merged: Decimal(40)}
        made |= {dry_one: Decimal(40), dry_two: Decimal("37.5")}
        assert kilos_by_delivery(merged, inputs) == {first: Decimal(10), second: Decimal(30)}
        own = kilos_by_delivery(merged, inputs, made)
        assert own == {first: Decimal(25), second: Decimal(80)}

    @given(st.lists(kilos, min_size=1, max_size=30), kilos)
    def test_rounding_loses_no_gram(self, drawn: list[Decimal], whole: Decimal) -> None:
        total = sum(drawn, Decimal(0))
        found = rounded({uuid4(): whole * kg / total for kg in drawn})
        assert sum(found.values()) == whole
        assert all(kg == kg.quantize(Decimal("0.001")) for kg in found.values())

    def test_cocoa_may_pass_through_any_number_of_lots(self) -> None:
        delivery, lots = uuid4(), [uuid4() for _ in range(3000)]
        inputs: list[Input] = [(lots[0], delivery, None, Decimal(9))]
        inputs += [
            (made, None, of, Decimal(9) - index * Decimal("0.001"))
            for index, (of, made) in enumerate(pairwise(lots))
        ]
        assert kilos_by_delivery(lots[-1], inputs) == {delivery: Decimal("6.002")}

    @given(st.lists(kilos, min_size=1, max_size=10), st.lists(kilos, min_size=1, max_size=10))
    def test_kilos_are_conserved(self, left: list[Decimal], right: list[Decimal]) -> None:
        a, b, merged = uuid4(), uuid4(), uuid4()
        whole = sum(left, Decimal(0)), sum(right, Decimal(0))
        inputs: list[Input] = [(a, uuid4(), None, kg) for kg in left]
        inputs += [(b, uuid4(), None, kg) for kg in right]
        inputs += [(merged, None, a, whole[0]), (merged, None, b, whole[1])]
        total = sum(kilos_by_delivery(merged, inputs).values(), Decimal(0))
        assert abs(total - sum(whole, Decimal(0))) < Decimal("0.0000001")
