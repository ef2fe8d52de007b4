"""The order of a batch, and what in it waits for what. Pure: the same items, in whatever order they
were sent, are taken in one order.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from api.core.geo.measure import Bounds
from api.domains.field_items.vocabulary import FieldKind

MOST_ITEMS: Final = 500
"""Items of one batch: some seconds of work in one transaction."""

_RANKS: Final = {kind: rank for rank, kind in enumerate(FieldKind)}
_NAMES_ONE: Final = ("producer_id",)
_NAMES_MANY: Final = ("plot_ids",)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item and its place in the batch; ``members`` are those of its body."""

    place: int
    kind: FieldKind
    id: UUID
    version: int | None
    captured_at: datetime
    members: Mapping[str, Any]
    fingerprint: bytes

    @property
    def is_new(self) -> bool:
        """Whether the thing is to be made."""
        return self.version is None

    def rank(self) -> tuple[Any, ...]:
        """Where the item comes: kinds as they name each other, new things before changes, of which
        each follows the version that it was made from. Documents are taken in the order of their
        numbers, as files of producers take them, so that nobody waits in a ring.
        """
        return (
            _RANKS[self.kind],
            not self.is_new,
            self._document(),
            self.version or 0,
            self.captured_at,
            self.id,
            self.fingerprint,
        )

    def _document(self) -> tuple[str, str]:
        document = self.members.get("document")
        if self.kind is not FieldKind.PRODUCER or not isinstance(document, Mapping):
            return "", ""
        return str(document.get("type")), str(document.get("number")).upper()

    def names(self) -> frozenset[UUID]:
        """The ids of other things that the item refers to, as far as they can be read."""
        return frozenset(self._named())

    def _named(self) -> Iterator[UUID]:
        for name in _NAMES_ONE:
            yield from _ids(self.members.get(name))
        for name in _NAMES_MANY:
            for value in _listed(self.members.get(name)):
                yield from _ids(value)
        for part in _listed(self.members.get("plots")):
            yield from _ids(part.get("plot_id") if isinstance(part, Mapping) else None)


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """The entries as they are applied, whatever order they came in."""
    return sorted(entries, key=Entry.rank)


def fingerprint(item: Mapping[str, Any]) -> bytes:
    """SHA-256 of an item as it was sent: what was written once is not written again.

    Of whatever JSON can say, halves of characters among it: an item is judged only afterwards.
    """
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode("ascii")).digest()


def box_of(geometry: object) -> Bounds | None:
    """The box around whatever positions there are in a geometry that nobody has judged yet."""
    found = list(_positions(geometry.get("coordinates"))) if isinstance(geometry, Mapping) else []
    if not found:
        return None
    lons, lats = zip(*found, strict=True)
    return Bounds(min(lons), min(lats), max(lons), max(lats))


def _positions(value: object, depth: int = 0) -> Iterator[tuple[float, float]]:
    if not isinstance(value, list) or depth > 4:
        return
    match value:
        case [int() | float() as lon, int() | float() as lat, *_]:
            if -180 <= lon <= 180 and -90 <= lat <= 90:
                yield float(lon), float(lat)
        case _:
            for entry in value:
                yield from _positions(entry, depth + 1)


def _ids(value: object) -> Iterator[UUID]:
    if isinstance(value, str):
        try:
            yield UUID(value)
        except ValueError:
            return


def _listed(value: object) -> list[Any]:
    return value[:100] if isinstance(value, list) else []
