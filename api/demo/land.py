"""Small plots where cocoa grows: near Tocache and near Juanjuí, San Martín."""

import secrets
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any, Final

METRES_PER_DEGREE: Final = 111_320
"""Of latitude, near enough for made-up fields."""
SPACING_M: Final = 320
"""Between the middles of neighbours: twice the longest radius (96 m x 1.25), and a path."""
_RADII_M: Final = (78, 92, 70, 96, 84, 74)


@dataclass(frozen=True, slots=True)
class Place:
    """The corner of a grid of fields, in degrees, and how many stand in a row."""

    west: float
    south: float
    columns: int


TOCACHE_FIELDS: Final = Place(-76.53, -8.20, columns=4)
JUANJUI_FIELDS: Final = Place(-76.75, -7.19, columns=4)
STORY_FIELDS: Final = Place(-77.00, -8.10, columns=200)
STORY_ROWS: Final = 250
RUN: Final = 5
"""Fields that a run of the story may take."""


def free_start() -> int:
    """Where in the story's fields a run begins: by lot, so that runs seldom share land."""
    return secrets.randbelow(STORY_FIELDS.columns * STORY_ROWS // RUN) * RUN


def field(place: Place, number: int) -> dict[str, Any]:
    """The ``number``-th field of a place as a GeoJSON polygon of one to three hectares.

    Six corners at uneven distances from the middle; fields with different numbers never touch.
    """
    row, column = divmod(number, place.columns)
    middle_lat = place.south + row * SPACING_M / METRES_PER_DEGREE
    per_degree_lon = METRES_PER_DEGREE * cos(radians(middle_lat))
    middle_lon = place.west + column * SPACING_M / per_degree_lon
    size = 0.8 + number * 7 % 10 / 20
    corners = []
    for corner in range(len(_RADII_M)):
        radius = size * _RADII_M[(corner + number) % len(_RADII_M)]
        angle = radians(60 * corner + number * 7)
        corners.append(
            [
                round(middle_lon + radius * cos(angle) / per_degree_lon, 6),
                round(middle_lat + radius * sin(angle) / METRES_PER_DEGREE, 6),
            ]
        )
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def plot(producer_id: str, name: str, geometry: dict[str, Any], ubigeo: str) -> dict[str, Any]:
    """The body of a titled plot of old cocoa."""
    return {
        "producer_id": producer_id,
        "name": name,
        "land_use": "cocoa",
        "ubigeo": ubigeo,
        "geometry": geometry,
        "variety": "CCN-51",
        "planting_year": 2012,
        "plants_per_ha": 1111,
        "tenure_kind": "title",
    }
