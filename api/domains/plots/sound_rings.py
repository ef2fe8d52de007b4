"""Many boundaries at once: those with which nothing at all is wrong, found by arrays.

A file's boundaries are sound but for a few. What passes here is what the rules would pass without
a word about its structure, its ring and its place; whatever else there is, or might be, is left to
the rules, which say what it is. A test holds the two together.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from api.core.geo.geojson import Part
from api.core.geo.operation_area import AreaOfOperation
from api.core.geo.positions import MICRO
from api.domains.plots.shape_rules import CutPart

LONGEST: Final = 1_000
"""Positions of a ring that is looked at here."""


def is_plain(geometry: object) -> bool:
    """Whether this is a polygon of one ring of positions of two floats, and nothing beside."""
    if type(geometry) is not dict or len(geometry) != 2 or geometry.get("type") != "Polygon":
        return False
    rings = geometry.get("coordinates")
    if type(rings) is not list or len(rings) != 1:
        return False
    ring = rings[0]
    if type(ring) is not list or not 4 <= len(ring) <= LONGEST:
        return False
    for position in ring:
        if type(position) is not list or len(position) != 2:
            return False
        if type(position[0]) is not float or type(position[1]) is not float:
            return False
    return True


def sound_rings(
    geometries: Sequence[Any], area: AreaOfOperation, pointer: str
) -> list[CutPart | None]:
    """Of each geometry its part, cut and wound, where nothing is wrong with it; else None."""
    found: list[CutPart | None] = [None] * len(geometries)
    places = [place for place, one in enumerate(geometries) if is_plain(one)]
    # An outline is looked at ring by ring.
    if not places or area.outline is not None:
        return found
    rings = [geometries[place]["coordinates"][0] for place in places]
    # Numbers beyond all range are no places, and nothing to be warned of.
    with np.errstate(over="ignore", invalid="ignore"):
        for place, part in zip(places, _parts(rings, area, pointer), strict=True):
            found[place] = part
    return found


def _parts(
    rings: Sequence[list[list[float]]], area: AreaOfOperation, pointer: str
) -> list[CutPart | None]:
    found: list[CutPart | None] = [None] * len(rings)
    lengths = np.array([len(ring) for ring in rings])
    degrees = np.array([position for ring in rings for position in ring])
    micro = np.rint(degrees * MICRO)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    sound = _well_placed(degrees, micro, starts, lengths, area)
    shapes = _shapes(micro, lengths, sound)
    sound &= shapely.is_valid(shapes) & (shapely.area(shapes) > 0)
    ccw = shapely.is_ccw(shapely.get_exterior_ring(shapes))
    whole = micro.astype(np.int64)
    for number in np.nonzero(sound)[0].tolist():
        ring = whole[starts[number] : starts[number] + lengths[number]]
        wound = map(tuple, (ring if ccw[number] else ring[::-1]).tolist())
        part = Part("Polygon", (tuple(map(tuple, rings[number])),), pointer)
        found[number] = CutPart(part, tuple(wound), changed=False)
    return found


def _well_placed(
    degrees: NDArray[np.float64],
    micro: NDArray[np.float64],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    area: AreaOfOperation,
) -> NDArray[np.bool_]:
    """Whether each ring has no seventh decimal, is closed, repeats no position, lies within the
    area, and does not jump across the antimeridian.
    """
    west, south, east, north = (edge * MICRO for edge in area.bounds)
    lon, lat = micro.T
    good = (micro / MICRO == degrees).all(axis=1)
    good &= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    steps = np.diff(micro, axis=0, append=micro[-1:])
    moves = (steps != 0).any(axis=1) & (np.abs(steps[:, 0]) <= 180 * MICRO)
    lasts = starts + lengths - 1
    moves[lasts] = True
    closed = (micro[starts] == micro[lasts]).all(axis=1)
    found: NDArray[np.bool_] = np.logical_and.reduceat(good & moves, starts) & closed
    return found


def _shapes(
    micro: NDArray[np.float64], lengths: NDArray[np.int64], sound: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """The polygons of the rings that are sound so far; None for the others."""
    found = np.full(len(lengths), None, dtype=object)
    if sound.any():
        kept = np.repeat(sound, lengths)
        owners = np.repeat(np.arange(int(sound.sum())), lengths[sound])
        found[sound] = shapely.polygons(shapely.linearrings(micro[kept], indices=owners))
    return found
