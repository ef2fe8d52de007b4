"""How the memberships of two registrations in one cluster become those of one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from api.core.problems import FieldError
from api.domains.clusters.rules import Membership


@dataclass(frozen=True, slots=True)
class Held:
    """A membership in one cluster, and whether it is the survivor's already."""

    member_id: UUID
    days: Membership
    of_survivor: bool


@dataclass(frozen=True, slots=True)
class United:
    """Memberships that share days, as one: who keeps them all, and who is left with none."""

    keeper: UUID
    days: Membership
    emptied: tuple[UUID, ...]


def unite(held: Iterable[Held]) -> list[United]:
    """The memberships in one cluster without a day that belongs to two; no day is lost or won.

    Memberships without a day (left on the day of joining) are nobody's and are left alone.
    """
    found: list[tuple[Membership, list[Held]]] = []
    for one in sorted(filter(_has_days, held), key=lambda each: each.days.joined_on):
        if found and found[-1][0].overlaps(one.days):
            days, parts = found[-1]
            found[-1] = (_both(days, one.days), [*parts, one])
        else:
            found.append((one.days, [one]))
    return [_united(days, parts) for days, parts in found]


def _has_days(one: Held) -> bool:
    return one.days.left_on is None or one.days.left_on > one.days.joined_on


def _both(first: Membership, second: Membership) -> Membership:
    ends = (first.left_on, second.left_on)
    last = None if None in ends else max(end for end in ends if end is not None)
    return Membership(first.joined_on, last)


def _united(days: Membership, parts: list[Held]) -> United:
    keeper = next((one for one in parts if one.of_survivor), parts[0])
    return United(
        keeper.member_id, days, tuple(one.member_id for one in parts if one is not keeper)
    )


def earlier(first: date, second: date) -> date:
    """Since when the person has been registered."""
    return min(first, second)


ITSELF: Final = FieldError(
    "/into",
    "itself",
    {"es": "es el mismo registro", "en": "is the same registration"},
)
ENDED: Final = FieldError(
    "/into",
    "ended",
    {
        "es": "ese registro ya terminó: no puede quedar en lugar de otro",
        "en": "that registration has ended: it cannot stand for another",
    },
)
