"""Where two pieces of land lie on one another, and how much of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from api.core.geo.measure import SMALLEST_HA, hectares, polygon_square_metres

Shapes = NDArray[np.object_]

_SHARE: Final = Decimal("0.0001")
_AT_ONCE: Final = 10_000
"""Shapes or pairs taken together: enough to cost no call each, few enough to hold."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Land that two shapes share: hectares (4 decimals) and the share of each (0 to 1, 4 decimals).

    A point has no land of its own: where one lies on the other shape, ``area_ha`` and the shares
    are zero and ``at_point`` is true.
    """

    area_ha: Decimal
    share_of_a: Decimal
    share_of_b: Decimal
    at_point: bool = False


_ZERO: Final = Decimal("0.0000")
_AT_POINT: Final = Overlap(_ZERO, _ZERO, _ZERO, at_point=True)


def overlap(a: Mapping[str, Any], b: Mapping[str, Any]) -> Overlap | None:
    """The overlap of two stored plot geometries (GeoJSON Point or Polygon, judged before).

    None where they share less than half a square metre: neighbours that share a fence line touch,
    and do not overlap.
    """
    return next((found for _, _, found in overlaps_between([a], [b])), None)


def overlaps_between(
    new: Sequence[Mapping[str, Any]], standing: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, int, Overlap]]:
    """Every overlap of a new geometry with a standing one: index of each, and the overlap."""
    if not new or not standing:
        return
    shapes, others = _shapes(new), _shapes(standing)
    pairs = shapely.STRtree(others).query(shapes, predicate="intersects")
    yield from _found(pairs, shapes, others)


def overlaps_among(geometries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int, Overlap]]:
    """Every overlap within one set, each pair once, the lower index first."""
    if not geometries:
        return
    shapes = _shapes(geometries)
    tree = shapely.STRtree(shapes)
    for start in range(0, len(shapes), _AT_ONCE):
        pairs = tree.query(shapes[start : start + _AT_ONCE], predicate="intersects")
        pairs[0] += start
        yield from _found(pairs[:, pairs[0] < pairs[1]], shapes, shapes)


def _shapes(geometries: Sequence[Mapping[str, Any]]) -> Shapes:
    """The shapes of stored geometries, made all at once: one by one each would cost a call."""
    found = np.empty(len(geometries), dtype=object)
    points, plain = [], []
    for index, geometry in enumerate(geometries):
        coordinates = geometry["coordinates"]
        if geometry["type"] == "Point":
            points.append(index)
        elif len(coordinates) == 1:
            plain.append(index)
        else:
            found[index] = Polygon(coordinates[0], coordinates[1:])
    if points:
        found[points] = shapely.points([geometries[n]["coordinates"][:2] for n in points])
    if plain:
        rings = [geometries[n]["coordinates"][0] for n in plain]
        positions = np.array([position[:2] for ring in rings for position in ring])
        owners = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
        found[plain] = shapely.polygons(shapely.linearrings(positions, indices=owners))
    return found


def _found(
    pairs: NDArray[np.int64], shapes: Shapes, others: Shapes
) -> Iterator[tuple[int, int, Overlap]]:
    """The overlaps of pairs that meet, in the pairs' order: most of them only touch."""
    ordered = pairs[:, np.lexsort((pairs[1], pairs[0]))]
    measured: tuple[dict[int, float], dict[int, float]] = {}, {}
    for start in range(0, ordered.shape[1], _AT_ONCE):
        firsts, seconds = ordered[:, start : start + _AT_ONCE]
        a, b = shapes[firsts], others[seconds]
        at_point = (shapely.get_type_id(a) == 0) | (shapely.get_type_id(b) == 0)
        shared = shapely.intersection(a, b)
        for place in np.nonzero(at_point | (shapely.area(shared) > 0))[0]:
            i, j = int(firsts[place]), int(seconds[place])
            if at_point[place]:
                yield i, j, _AT_POINT
            elif (area := _square_metres(shared[place])) and (hectares(area) >= SMALLEST_HA):
                whole, other = _once(measured[0], i, shapes), _once(measured[1], j, others)
                yield i, j, Overlap(hectares(area), _share(area, whole), _share(area, other))


def _once(known: dict[int, float], index: int, shapes: Shapes) -> float:
    if index not in known:
        known[index] = polygon_square_metres(shapes[index])
    return known[index]


def _square_metres(shared: Any) -> float:
    return sum(polygon_square_metres(part) for part in _polygons(shared))


def _polygons(found: Any) -> list[Polygon]:
    """The parts that have an area; shapes that touch also meet in points and lines."""
    if isinstance(found, Polygon):
        return [] if found.is_empty else [found]
    parts = found.geoms if hasattr(found, "geoms") else ()
    return [part for part in parts if isinstance(part, Polygon)]


def _share(part: float, whole: float) -> Decimal:
    share = Decimal(repr(min(1.0, part / whole)))
    return share.quantize(_SHARE, rounding=ROUND_HALF_EVEN)
