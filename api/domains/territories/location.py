"""In which districts land lies. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import shape

_FEW: Final = 8
"""Pieces of land for which a district's edges are gone through one by one: to sort them costs more.
"""


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
    lands = np.array([shape(geometry) for geometry in geometries], dtype=object)
    points = shapely.point_on_surface(lands)
    tree = shapely.STRtree(lands)
    touched: list[set[str]] = [set() for _ in lands]
    middle: dict[int, str] = {}
    for code in sorted(boundaries):
        district = shapely.from_wkb(boundaries[code])
        near = np.sort(tree.query(district))
        if len(near) > _FEW:
            shapely.prepare(district)
        for land in near[shapely.intersects(district, lands[near])]:
            touched[land].add(code)
        for land in near[shapely.intersects(district, points[near])]:
            middle.setdefault(int(land), code)
    return [Location(frozenset(found), middle.get(n)) for n, found in enumerate(touched)]
