"""Shapes to judge: around a place in San Martín, and made up by Hypothesis."""

import math
from typing import Any

from hypothesis import strategies as st

from api.core.geo.positions import Micro

LON, LAT = -76.7035, -7.0535

Document = dict[str, Any]


def square(lon: float = LON, lat: float = LAT, side: float = 0.001) -> list[list[float]]:
    """A closed square ring, counter-clockwise, six decimals: about 1.22 ha here."""
    east, north = round(lon + side, 6), round(lat + side, 6)
    return [[lon, lat], [east, lat], [east, north], [lon, north], [lon, lat]]


def polygon(*rings: list[list[float]]) -> Document:
    """A GeoJSON polygon of these rings."""
    return {"type": "Polygon", "coordinates": list(rings)}


def point(lon: float = LON, lat: float = LAT) -> Document:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def feature(geometry: object, **properties: object) -> Document:
    """A GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Document) -> Document:
    """A GeoJSON feature collection."""
    return {"type": "FeatureCollection", "features": list(features)}


@st.composite
def star_rings(draw: st.DrawFn) -> list[list[float]]:
    """Closed star-shaped rings of 3 to 14 corners in Peru, tens to hundreds of metres across.

    Coordinates carry up to 15 digits, as a receiver gives them; nearly all are simple rings.
    """
    lon = draw(st.floats(-80, -69))
    lat = draw(st.floats(-17, -1))
    radii = draw(st.lists(st.floats(0.0002, 0.003), min_size=3, max_size=14))
    turn = 2 * math.pi / len(radii)
    corners = [
        [lon + radius * math.cos(turn * place), lat + radius * math.sin(turn * place)]
        for place, radius in enumerate(radii)
    ]
    if draw(st.booleans()):
        corners.reverse()
    return [*corners, corners[0]]


def lattice_rings() -> st.SearchStrategy[list[Micro]]:
    """Closed rings on a tiny grid, where corners meet, touch and double back all the time."""
    corner = st.tuples(st.integers(0, 4), st.integers(0, 4))
    return st.lists(corner, min_size=3, max_size=9).map(lambda corners: [*corners, corners[0]])
