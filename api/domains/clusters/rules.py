"""Who sees a cluster, and when a producer may join and leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.core.problems import FieldError
from api.policies import Role

ONLOOKERS: Final = frozenset({Role.TA_PROVIDER, Role.CREDIT_INSTITUTION, Role.BUYER})
"""Roles that see clusters of others: name, kind, place, counts."""
FEWEST: Final = 5
"""Sums over fewer members would tell about single persons: onlookers do not get them."""


@dataclass(frozen=True, slots=True)
class Membership:
    """From ``joined_on`` up to the day before ``left_on``; without end while it is None."""

    joined_on: date
    left_on: date | None = None

    @property
    def runs(self) -> bool:
        """Whether the producer has not left."""
        return self.left_on is None

    def overlaps(self, other: "Membership") -> bool:
        """Whether some day belongs to both."""
        start = max(self.joined_on, other.joined_on)
        ends = [end for end in (self.left_on, other.left_on) if end is not None]
        return not ends or start < min(ends)


def whole(territory: Iterable[str]) -> list[str]:
    """A territory without what another part of it holds already, in order."""
    found: list[str] = []
    for prefix in sorted(set(territory)):
        if not found or not prefix.startswith(found[-1]):
            found.append(prefix)
    return found


def place_faults(ubigeo: str, territory: Iterable[str]) -> list[FieldError]:
    """Why a cluster of this district cannot have that territory."""
    prefixes = tuple(territory)
    return [] if not prefixes or ubigeo.startswith(prefixes) else [_OUTSIDE]


def join_faults(wanted: Membership, others: Iterable[Membership], today: date) -> list[FieldError]:
    """Why a producer with these memberships in a cluster cannot have that one, too."""
    if wanted.joined_on > today:
        return [_future("/joined_on")]
    left_on = wanted.left_on
    if left_on is not None and (found := leave_faults(wanted.joined_on, left_on, today)):
        return found
    return [_OVERLAP] if any(wanted.overlaps(other) for other in others) else []


def leave_faults(joined_on: date, left_on: date, today: date) -> list[FieldError]:
    """Why a member cannot have left on that day."""
    if left_on > today:
        return [_future("/left_on")]
    return [_BEFORE_JOINING] if left_on < joined_on else []


def _future(pointer: str) -> FieldError:
    return FieldError(
        pointer, "in-the-future", {"es": "está en el futuro", "en": "lies in the future"}
    )


_OUTSIDE: Final = FieldError(
    "/territory",
    "outside-territory",
    {
        "es": "el distrito del grupo no está en su territorio",
        "en": "the cluster's own district is not within its territory",
    },
)
_OVERLAP: Final = FieldError(
    "/joined_on",
    "membership-overlaps",
    {
        "es": "el productor ya era o es miembro desde esa fecha o después",
        "en": "the producer was or is a member on that day or later",
    },
)
_BEFORE_JOINING: Final = FieldError(
    "/left_on",
    "before-joining",
    {"es": "es anterior a la fecha de ingreso", "en": "is before the day of joining"},
)
