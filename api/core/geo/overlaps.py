"""Where two pieces of land lie on one another, and how much of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point, Polygon

from api.core.geo.measure import SMALLEST_HA, hectares, polygon_square_metres

_SHARE: Final = Decimal("0.0001")


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


def overlap(a: Mapping[str, Any], b: Mapping[str, Any]) -> Overlap | None:
    """The overlap of two stored plot geometries (GeoJSON Point or Polygon, judged before).

    None where they share less than half a square metre: neighbours that share a fence line touch,
    and do not overlap.
    """
    return _overlap(_shape(a), _shape(b))


def overlaps_between(
    new: Sequence[Mapping[str, Any]], standing: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, int, Overlap]]:
    """Every overlap of a new geometry with a standing one: index of each, and the overlap."""
    if not new or not standing:
        return
    shapes, others = [_shape(one) for one in new], [_shape(one) for one in standing]
    pairs = shapely.STRtree(others).query(shapes, predicate="intersects")
    yield from _found(pairs, shapes, others)


def overlaps_among(geometries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int, Overlap]]:
    """Every overlap within one set, each pair once, the lower index first."""
    if not geometries:
        return
    shapes = [_shape(one) for one in geometries]
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    yield from _found(pairs[:, pairs[0] < pairs[1]], shapes, shapes)


def _found(
    pairs: NDArray[np.int64], shapes: Sequence[Any], others: Sequence[Any]
) -> Iterator[tuple[int, int, Overlap]]:
    for i, j in sorted(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)):
        found = _overlap(shapes[i], others[j])
        if found is not None:
            yield i, j, found


def _shape(geometry: Mapping[str, Any]) -> Point | Polygon:
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return Point(coordinates)
    return Polygon(coordinates[0], coordinates[1:])


def _overlap(a: Point | Polygon, b: Point | Polygon) -> Overlap | None:
    if isinstance(a, Point) or isinstance(b, Point):
        zero = Decimal("0.0000")
        return Overlap(zero, zero, zero, at_point=True) if a.intersects(b) else None
    shared = sum(polygon_square_metres(part) for part in _polygons(shapely.intersection(a, b)))
    area = hectares(shared)
    if area < SMALLEST_HA:
        return None
    return Overlap(
        area, _share(shared, polygon_square_metres(a)), _share(shared, polygon_square_metres(b))
    )


def _polygons(found: Any) -> list[Polygon]:
    """The parts that have an area; shapes that touch also meet in points and lines."""
    if isinstance(found, Polygon):
        return [] if found.is_empty else [found]
    parts = found.geoms if hasattr(found, "geoms") else ()
    return [part for part in parts if isinstance(part, Polygon)]


def _share(part: float, whole: float) -> Decimal:
    share = Decimal(repr(min(1.0, part / whole)))
    return share.quantize(_SHARE, rounding=ROUND_HALF_EVEN)
