from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.catalogues.rules import unit_price
from api.domains.demand_pools.rules import LONGEST, allotted, opening_faults, shared, whole_packs
from api.domains.orders.rules import amount_of, units_of

D = Decimal
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)

quantities = st.decimals("0.001", "500", places=3)
pledges = st.dictionaries(st.uuids(), quantities, min_size=1, max_size=60)
prices = st.decimals("0.01", "9999.99", places=2)
tiers = st.lists(st.tuples(st.decimals("1", "400", places=3), prices), max_size=4)


def uuid(number: int) -> UUID:
    return UUID(int=number)


@given(pledges)
def test_parts_add_up_to_whole_packs_and_exceed_no_pledge(found: dict[UUID, D]) -> None:
    parts = allotted(found)
    assert sum(parts.values(), D(0)) == whole_packs(sum(found.values(), D(0)))
    assert all(D(0) < part <= found[each] for each, part in parts.items())


@given(pledges)
def test_whole_totals_are_left_as_they_were_pledged(found: dict[UUID, D]) -> None:
    total = sum(found.values(), D(0))
    rest = whole_packs(total) + 1 - total
    whole = {**found, uuid(7): rest}
    assert allotted(whole) == whole


@given(pledges, prices, tiers, st.sampled_from([D(1), D(25), D(50), D("12.5")]))
def test_shares_add_up_to_the_order(
    found: dict[UUID, D], price: D, steps: list[tuple[D, D]], pack_size: D
) -> None:
    parts = list(allotted(found).values())
    if not parts:
        return
    packs = sum(parts, D(0))
    total = amount_of(packs, unit_price(price, steps, packs))
    shares = shared(total, parts)
    assert sum(shares, D(0)) == total
    exact = [total * part / packs for part in parts]
    assert all(abs(share - part) < D("0.01") for share, part in zip(shares, exact, strict=True))
    kilos = sum((units_of(part, pack_size) for part in parts), D(0))
    assert abs(kilos - packs * pack_size) <= D("0.0005") * len(parts)


def test_the_thousandths_that_are_left_go_to_the_largest_remainders() -> None:
    # 2.5 packs become 2: a fifth less each, and nothing left over.
    assert allotted({uuid(1): D("1"), uuid(2): D("1.5")}) == {uuid(1): D("0.8"), uuid(2): D("1.2")}
    # Three thirds of one pack: the lower id gets the thousandth that is left.
    third = {uuid(n): D("0.4") for n in (3, 1, 2)}
    assert allotted(third) == {uuid(1): D("0.334"), uuid(2): D("0.333"), uuid(3): D("0.333")}


def test_less_than_a_pack_is_nothing() -> None:
    assert allotted({uuid(1): D("0.999")}) == {}


@pytest.mark.parametrize(
    ("minimum", "maximum", "until", "codes"),
    [
        ("10", "10", timedelta(days=1), []),
        ("10", "9.999", timedelta(days=1), ["maximum-below-minimum"]),
        ("10", "20", timedelta(0), ["closes-out-of-range"]),
        ("10", "20", LONGEST, []),
        ("10", "20", LONGEST + timedelta(seconds=1), ["closes-out-of-range"]),
    ],
)
def test_a_pool_is_opened_within_bounds(
    minimum: str, maximum: str, until: timedelta, codes: list[str]
) -> None:
    faults = opening_faults(D(minimum), D(maximum), NOW + until, NOW)
    assert [fault.code for fault in faults] == codes
