"""The cells of the map that a plot lies on, so that writers of the same land wait for each other.

Two shapes that share a place have boxes that share it, and so a cell: whoever holds all cells of
its own box sees every overlap that was found before, and is seen by all that come later.
"""

import math
from typing import Final

from api.core.geo.measure import Bounds

CELLS_PER_DEGREE: Final = 100
"""Cells of 1.1 km at the equator: larger than nearly every plot, smaller than a village's land."""

MOST_CELLS: Final = 64
"""More than that many, and the whole map is held instead."""

_COLUMNS: Final = 361 * CELLS_PER_DEGREE


def cells(*boxes: Bounds) -> list[int] | None:
    """The numbers of all cells that the boxes touch, ascending; None for more than MOST_CELLS."""
    found: set[int] = set()
    for box in boxes:
        west, south, east, north = (math.floor(edge * CELLS_PER_DEGREE) for edge in box)
        if (east - west + 1) * (north - south + 1) > MOST_CELLS:
            return None
        found |= {
            (row + 90 * CELLS_PER_DEGREE) * _COLUMNS + column + 180 * CELLS_PER_DEGREE
            for row in range(south, north + 1)
            for column in range(west, east + 1)
        }
    return sorted(found) if len(found) <= MOST_CELLS else None
