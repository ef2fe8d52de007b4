from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.clusters.rules import Membership, join_faults, leave_faults, place_faults, whole

TODAY = date(2026, 11, 23)
START = date(2026, 9, 1)
DAYS = st.dates(START, TODAY + timedelta(days=3))
END = TODAY + timedelta(days=30)


def days_of(membership: Membership) -> set[date]:
    """The days, one by one; without end means up to ``END``."""
    last = membership.left_on or END
    return {membership.joined_on + timedelta(n) for n in range((last - membership.joined_on).days)}


@st.composite
def memberships(draw: st.DrawFn) -> Membership:
    joined_on = draw(DAYS)
    left_on = draw(st.none() | st.dates(joined_on, TODAY + timedelta(days=3)))
    return Membership(joined_on, left_on)


@given(memberships(), memberships())
def test_two_overlap_where_they_share_a_day(one: Membership, other: Membership) -> None:
    assert one.overlaps(other) == other.overlaps(one) == bool(days_of(one) & days_of(other))


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=12))
def test_whatever_is_tried_nobody_is_a_member_twice_on_a_day(
    attempts: list[tuple[date, date | None]],
) -> None:
    kept: list[Membership] = []
    for joined_on, left_on in attempts:
        if join_faults(Membership(joined_on), kept, TODAY):
            continue
        if left_on is None or leave_faults(joined_on, left_on, TODAY):
            kept.append(Membership(joined_on))
        else:
            kept.append(Membership(joined_on, left_on))
    counted = [day for membership in kept for day in days_of(membership)]
    assert len(counted) == len(set(counted))


def test_whoever_left_may_join_again_the_same_day() -> None:
    past = Membership(START, START + timedelta(days=10))
    assert join_faults(Membership(START + timedelta(days=10)), [past], TODAY) == []
    again = join_faults(Membership(START + timedelta(days=9)), [past], TODAY)
    assert [fault.code for fault in again] == ["membership-overlaps"]


def test_joining_before_a_past_membership_would_cover_it() -> None:
    past = Membership(START, START + timedelta(days=10))
    before = join_faults(Membership(START - timedelta(days=5)), [past], TODAY)
    assert [fault.code for fault in before] == ["membership-overlaps"]


def test_a_membership_of_the_past_may_come_before_another() -> None:
    now = Membership(START)
    past = Membership(START - timedelta(days=9), START)
    assert join_faults(past, [now], TODAY) == []
    longer = Membership(START - timedelta(days=9), START + timedelta(days=1))
    assert [fault.code for fault in join_faults(longer, [now], TODAY)] == ["membership-overlaps"]
    backwards = Membership(START, START - timedelta(days=1))
    assert [fault.code for fault in join_faults(backwards, [], TODAY)] == ["before-joining"]
    ahead = Membership(START, TODAY + timedelta(days=1))
    assert [fault.code for fault in join_faults(ahead, [], TODAY)] == ["in-the-future"]


@pytest.mark.parametrize("ahead", [1, 400])
def test_the_future_is_refused(ahead: int) -> None:
    day = TODAY + timedelta(days=ahead)
    assert [fault.code for fault in join_faults(Membership(day), [], TODAY)] == ["in-the-future"]
    assert [fault.code for fault in leave_faults(START, day, TODAY)] == ["in-the-future"]


def test_today_is_not_the_future() -> None:
    assert join_faults(Membership(TODAY), [], TODAY) == []
    assert leave_faults(TODAY, TODAY, TODAY) == []


def test_nobody_leaves_before_joining() -> None:
    found = leave_faults(START, START - timedelta(days=1), TODAY)
    assert [fault.code for fault in found] == ["before-joining"]


PREFIXES = st.lists(st.from_regex(r"(0[12]){1,3}", fullmatch=True), max_size=8)
DISTRICTS = st.from_regex(r"(0[123]){3}", fullmatch=True)


@given(PREFIXES, DISTRICTS)
def test_a_whole_territory_holds_the_same_districts_and_no_part_twice(
    told: list[str], district: str
) -> None:
    kept = whole(told)
    assert district.startswith(tuple(kept)) == district.startswith(tuple(told))
    assert kept == sorted(set(kept)) == whole(reversed(kept))
    assert not [a for a in kept for b in kept if a != b and b.startswith(a)]
    inside = not told or district.startswith(tuple(told))
    assert [fault.code for fault in place_faults(district, kept)] == (
        [] if inside else ["outside-territory"]
    )
