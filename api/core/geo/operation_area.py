"""Where plots may lie: a named area with a box and, where the box is too coarse, an outline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import Polygon

from api.core.geo.measure import Bounds
from api.core.geo.positions import MICRO, Micro


@dataclass(frozen=True, slots=True)
class AreaOfOperation:
    """A named area. Its border belongs to it.

    ``outline`` (degrees, WGS84) narrows the box; without it the box alone decides. ``name`` stands
    in sentences to people, so it is a proper name, the same in every language.
    """

    name: str
    bounds: Bounds
    outline: Polygon | None = None

    def __post_init__(self) -> None:
        west, south, east, north = self.bounds
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError("bounds must be west < east and south < north, in degrees")

    @classmethod
    def within(cls, name: str, outline: Sequence[Sequence[float]]) -> "AreaOfOperation":
        """The area inside a closed outline of ``[lon, lat]``. ValueError where it is no shape."""
        polygon = Polygon(outline)
        if not polygon.is_valid or polygon.is_empty:
            raise ValueError("the outline of an area of operation must be a simple polygon")
        shapely.prepare(polygon)
        return cls(name, Bounds(*(float(edge) for edge in polygon.bounds)), polygon)

    @property
    def is_world(self) -> bool:
        """Whether the area excludes nothing."""
        return self.outline is None and self.bounds == Bounds(-180, -90, 180, 90)

    def contains(self, position: Micro) -> bool:
        """Whether a position (micro-degrees) lies inside or on the border."""
        return not self.places_outside([position])

    def places_outside(self, line: Sequence[Micro]) -> list[int]:
        """The places in a line (micro-degrees) of the positions that lie outside."""
        west, south, east, north = (edge * MICRO for edge in self.bounds)
        lons, lats = [position[0] for position in line], [position[1] for position in line]
        outside = []
        if not (
            west <= min(lons) <= max(lons) <= east and south <= min(lats) <= max(lats) <= north
        ):
            outside = [
                place
                for place, (lon, lat) in enumerate(line)
                if not (west <= lon <= east and south <= lat <= north)
            ]
        if outside or self.outline is None:
            return outside
        points = np.array(line) / MICRO
        return np.nonzero(~shapely.intersects_xy(self.outline, points))[0].tolist()

    def would_contain_swapped(self, position: Micro) -> bool:
        """Whether the position would lie here with its two numbers exchanged.

        Says nothing (False) for the whole world, where almost any two numbers can be exchanged.
        """
        return not self.is_world and self.contains((position[1], position[0]))


PERU: Final = AreaOfOperation("Perú", Bounds(-81.4, -18.4, -68.0, 0.0))
"""Peru's box, mainland: Punta Pariñas lies at 81.33° W, the mouth of the Heath at 68.65° W."""

WORLD: Final = AreaOfOperation("WGS84", Bounds(-180, -90, 180, 90))
"""No limit but the range of the coordinates."""
