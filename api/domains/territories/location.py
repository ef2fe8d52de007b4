"""In which districts land lies. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape


@dataclass(frozen=True, slots=True)
class Location:
    """The districts that a piece of land touches, and the one that its middle lies in."""

    touched: frozenset[str] = frozenset()
    middle: str | None = None

    def differs_from(self, ubigeo: str | None) -> str | None:
        """The district to name where the declared one is none of those; None where it is, where
        none was declared, and where no boundary is known there.
        """
        if ubigeo is None or ubigeo in self.touched or not self.touched:
            return None
        return self.middle or min(self.touched)


def locate(
    geometries: Sequence[Mapping[str, Any]], boundaries: Mapping[str, bytes]
) -> list[Location]:
    """Where each of these geometries (GeoJSON) lies, by boundaries (WKB) of all that are near."""
    if not boundaries:
        return [Location()] * len(geometries)
    codes = sorted(boundaries)
    tree = shapely.STRtree(shapely.from_wkb([boundaries[code] for code in codes]))
    lands = [shape(geometry) for geometry in geometries]
    touched: list[set[str]] = [set() for _ in lands]
    middle: dict[int, str] = {}
    for land, district in zip(*tree.query(lands, predicate="intersects"), strict=True):
        touched[land].add(codes[district])
    points = [land.representative_point() for land in lands]
    for land, district in zip(*tree.query(points, predicate="intersects"), strict=True):
        middle.setdefault(int(land), codes[district])
    return [Location(frozenset(found), middle.get(n)) for n, found in enumerate(touched)]
