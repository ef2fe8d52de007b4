from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.problems import FieldError
from api.domains.orders.fulfilment import (
    Arrival,
    Held,
    dispatch_faults,
    is_complete,
    payment_faults,
    receipt_faults,
)

A, B, UNKNOWN = UUID(int=1), UUID(int=2), UUID(int=3)
D = Decimal
HELD = {A: Held(D(10), D(4)), B: Held(D(2), D(2))}
packs = st.decimals("0.001", "100", places=3)
money = st.decimals("0.00", "10000", places=2)


def told(faults: list[FieldError]) -> list[tuple[str, str, object]]:
    return [(f.pointer, f.code, f.facts.get("left")) for f in faults]


class TestDispatch:
    @pytest.mark.parametrize(
        ("sent", "faults"),
        [
            ([(A, D(6))], []),
            ([(A, D("6.001"))], [("/lines/0/quantity", "more-than-ordered", "6")]),
            ([(B, D("0.001"))], [("/lines/0/quantity", "more-than-ordered", "0")]),
            ([(UNKNOWN, D(1))], [("/lines/0/line_id", "line-unknown", None)]),
            ([(A, D(1)), (A, D(1))], [("/lines/1/line_id", "line-repeated", None)]),
        ],
    )
    def test_never_exceeds_what_is_left(
        self, sent: list[tuple[UUID, Decimal]], faults: list[tuple[str, str, object]]
    ) -> None:
        assert told(dispatch_faults(HELD, sent)) == faults

    def test_is_complete_when_nothing_is_left(self) -> None:
        assert is_complete(HELD, [(A, D(6))])
        assert not is_complete(HELD, [(A, D("5.999"))])
        assert not is_complete({**HELD, B: Held(D(2), D(1))}, [(A, D(6))])

    @given(packs, st.lists(packs, max_size=6))
    def test_parts_never_add_up_to_more_than_was_ordered(
        self, ordered: Decimal, parts: list[Decimal]
    ) -> None:
        dispatched = D(0)
        for part in parts:
            if not dispatch_faults({A: Held(ordered, dispatched)}, [(A, part)]):
                dispatched += part
        assert dispatched <= ordered


class TestReceipt:
    def test_names_every_line_once(self) -> None:
        assert told(receipt_faults(HELD, [Arrival(A, D(4), D(0))])) == [
            ("/lines", "line-missing", None)
        ]
        twice = [Arrival(A, D(1), D(0)), Arrival(B, D(2), D(0)), Arrival(A, D(1), D(0))]
        assert told(receipt_faults(HELD, twice)) == [("/lines/2/line_id", "line-repeated", None)]

    def test_of_less_is_a_shortage_and_of_more_an_error(self) -> None:
        assert receipt_faults(HELD, [Arrival(A, D(1), D(1)), Arrival(B, D(0), D(0))]) == []
        assert told(
            receipt_faults(HELD, [Arrival(A, D(3), D("1.001")), Arrival(B, D(0), D(0))])
        ) == [("/lines/0/received_quantity", "more-than-dispatched", "4")]

    def test_of_a_part_names_what_came(self) -> None:
        held = {A: Held(D(10), D(4), D(1)), B: Held(D(2), D(2), D(2))}
        assert receipt_faults(held, [Arrival(A, D(3), D(0))]) == []
        assert receipt_faults(held, [Arrival(B, D(0), D(0))], last=False) == []
        assert told(receipt_faults(held, [Arrival(B, D(1), D(0))], last=False)) == [
            ("/lines/0/received_quantity", "more-than-dispatched", "0")
        ]

    @given(packs, st.lists(st.tuples(packs, packs), max_size=6))
    def test_parts_never_add_up_to_more_than_was_sent(
        self, sent: Decimal, parts: list[tuple[Decimal, Decimal]]
    ) -> None:
        arrived = D(0)
        for whole, damaged in parts:
            held = {A: Held(sent, sent, arrived)}
            if not receipt_faults(held, [Arrival(A, whole, damaged)], last=False):
                arrived += whole + damaged
        assert arrived <= sent


class TestPayment:
    @given(money, money, money)
    def test_never_goes_beyond_the_total(
        self, total: Decimal, paid: Decimal, amount: Decimal
    ) -> None:
        faults = payment_faults(total, paid, amount)
        assert bool(faults) == (paid + amount > total)
        for found in faults:
            # What was credited since may be less than what was paid: then nothing is left to pay.
            assert D(str(found.facts["left"])) == max(total - paid, D(0))
