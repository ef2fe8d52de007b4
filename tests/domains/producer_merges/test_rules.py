"""Days of membership are neither lost nor won when two registrations become one."""

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from api.domains.clusters.rules import Membership
from api.domains.producer_merges.repository import moving
from api.domains.producer_merges.rules import Held, unite
from api.models.base import referring_to
from api.models.deliveries import Delivery

DAY = date(2026, 1, 1)
HORIZON = 60


def day(n: int) -> date:
    return DAY + timedelta(days=n)


def days_of(memberships: list[Membership]) -> list[int]:
    """Every day of each, as numbers; without an end, up to the horizon."""
    return [
        n
        for one in memberships
        for n in range(HORIZON)
        if one.joined_on <= day(n) and (one.left_on is None or day(n) < one.left_on)
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[Membership]:
    """What one registration had in a cluster: never twice at once, the last perhaps open."""
    marks = sorted(draw(st.lists(st.integers(0, HORIZON - 1), max_size=8, unique=True)))
    found = [Membership(day(a), day(b)) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    if len(marks) % 2:
        found.append(Membership(day(marks[-1])))
    return found


@given(histories(), histories())
def test_the_days_are_those_of_both_and_none_counts_twice(
    ending: list[Membership], standing: list[Membership]
) -> None:
    held = [Held(uuid4(), one, of_survivor) for rows, of_survivor in
            ((ending, False), (standing, True)) for one in rows]  # fmt: skip
    united = unite(held)
    days = days_of([one.days for one in united])
    assert sorted(days) == sorted(set(days_of(ending)) | set(days_of(standing)))
    assert all(not a.days.overlaps(b.days) for a, b in pairwise(united))
    told = [member for one in united for member in (one.keeper, *one.emptied)]
    assert sorted(told) == sorted(one.member_id for one in held)


def test_the_survivors_row_keeps_what_overlaps() -> None:
    first, second = UUID(int=1), UUID(int=2)
    held = [
        Held(first, Membership(day(0)), of_survivor=False),
        Held(second, Membership(day(10), day(20)), of_survivor=True),
    ]
    [one] = unite(held)
    assert (one.keeper, one.days, one.emptied) == (second, Membership(day(0)), (first,))


def test_who_left_and_came_back_stays_so() -> None:
    held = [
        Held(UUID(int=1), Membership(day(0), day(10)), of_survivor=True),
        Held(UUID(int=2), Membership(day(10), day(20)), of_survivor=False),
        # Joined by mistake and taken back on the same day: no membership at all.
        Held(UUID(int=3), Membership(day(5), day(5)), of_survivor=False),
    ]
    assert [(one.keeper, one.emptied) for one in unite(held)] == [
        (UUID(int=1), ()),
        (UUID(int=2), ()),
    ]


def test_whatever_refers_to_a_producer_has_its_place() -> None:
    """A new table changes hands by itself; one that must not is named in the repository."""
    every = {table.__name__ for table, _ in referring_to("producers.id")}
    stay = {"ArchetypeAssignment", "DataAccess", "ReadinessReport"}
    apart = {"ClusterMember", "Consent", "Producer"}
    moved = [table.__name__ for table, _ in moving()]
    assert set(moved) == every - stay - apart
    assert moved[:4] == ["CreditApplication", "CreditApplicationLine", "FarmPlan", "Plot"]
    assert moved[-1] == Delivery.__name__
