"""Measuring land on the WGS84 ellipsoid: area, centre, box.

Areas are geodesic (Karney, "Algorithms for geodesics", J. Geodesy 87, 2013, as in PROJ), so they
need no projection and hold everywhere; hectares with four decimals (one square metre).
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from pyproj import Geod
from shapely import Polygon

from api.core.geo.positions import MICRO

Ring = Sequence[Sequence[float]]
"""Closed ring of ``[lon, lat]`` in degrees; winding does not matter here."""

SMALLEST_HA: Final = Decimal("0.0001")
"""One square metre: the step in which areas are given."""

SQUARE_METRES_PER_HA: Final = 10_000
_WGS84: Final = Geod(ellps="WGS84")


class Bounds(NamedTuple):
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float


class LonLat(NamedTuple):
    """A position in degrees."""

    lon: float
    lat: float


def square_metres(rings: Sequence[Ring]) -> float:
    """Geodesic area of a polygon in m²: the first ring less the rings cut out of it.

    The winding of a ring does not count. (``Geod.geometry_area_perimeter`` adds a hole that winds
    like its outer ring, as many files have it.)
    """
    outer, *holes = (ring_size(ring)[0] for ring in rings)
    return outer - sum(holes)


def area_ha(rings: Sequence[Ring]) -> Decimal:
    """Geodesic area of a polygon in hectares, four decimals."""
    return hectares(square_metres(rings))


def hectares(square_metres: float) -> Decimal:
    """Square metres as hectares, rounded half to even on the fourth decimal."""
    exact = Decimal(repr(float(square_metres))) / SQUARE_METRES_PER_HA
    return exact.quantize(SMALLEST_HA, rounding=ROUND_HALF_EVEN)


def ring_size(ring: Ring) -> tuple[float, float]:
    """Geodesic area (m²) and length (m) of one closed ring."""
    lons, lats = _columns(ring)
    area, length = _WGS84.polygon_area_perimeter(lons, lats)
    return abs(float(area)), float(length)


def polygon_square_metres(polygon: Polygon) -> float:
    """The same for a Shapely polygon in degrees, its holes taken off."""
    rings = [polygon.exterior, *polygon.interiors]
    return square_metres([[(x, y) for x, y, *_ in ring.coords] for ring in rings])


def bounds_of(ring: Ring) -> Bounds:
    """The box around a ring. A ring across the antimeridian has no such box; rules refuse it."""
    lons, lats = _columns(ring)
    return Bounds(min(lons), min(lats), max(lons), max(lats))


def box_of(geometry: Mapping[str, Any]) -> Bounds:
    """The box around a stored plot geometry (GeoJSON Point or Polygon)."""
    coordinates = geometry["coordinates"]
    return bounds_of([coordinates] if geometry["type"] == "Point" else coordinates[0])


def centroid_of(ring: Ring) -> LonLat:
    """Centre of mass of the ring's area, six decimals; planar, which is enough for a label."""
    centre = shapely.centroid(Polygon(np.array(ring, dtype=np.float64)))
    return LonLat(_rounded(centre.x), _rounded(centre.y))


def _columns(ring: Ring) -> tuple[list[float], list[float]]:
    return [position[0] for position in ring], [position[1] for position in ring]


def _rounded(value: float) -> float:
    return round(value * MICRO) / MICRO
