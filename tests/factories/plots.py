"""Plots for tests: squares around Tocache that never touch each other."""

import itertools
from typing import Any

from tests.callers import Caller

_numbers = itertools.count()
_WEST, _SOUTH = -76_900_000, -8_600_000
_COLUMNS = 400
_STEP = 2_000


def square(
    lon: float | None = None, lat: float | None = None, side: float = 0.001
) -> dict[str, Any]:
    """A GeoJSON square of ``side`` degrees: about 1.21 ha here, 6 decimals, counter-clockwise.

    Its south-west corner is at a place that no other square of this kind uses, unless told.
    """
    row, column = divmod(next(_numbers), _COLUMNS)
    west = lon if lon is not None else (_WEST + column * _STEP) / 1_000_000
    south = lat if lat is not None else (_SOUTH + row * _STEP) / 1_000_000
    east, north = round(west + side, 6), round(south + side, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def point(lon: float | None = None, lat: float | None = None) -> dict[str, Any]:
    """A GeoJSON point at a place of its own, unless told: its declared area is its area."""
    return {"type": "Point", "coordinates": square(lon, lat)["coordinates"][0][0]}


def plot_wish(producer_id: str, **changes: Any) -> dict[str, Any]:
    """The body of a valid registration of a titled plot of cocoa."""
    return {
        "producer_id": producer_id,
        "name": "El Porvenir",
        "land_use": "cocoa",
        "ubigeo": "221001",
        "geometry": changes["geometry"] if "geometry" in changes else square(),
        "variety": "CCN-51",
        "planting_year": 2014,
        "plants_per_ha": 1111,
        "tenure_kind": "title",
        "tenure_document": "P11004521",
        **changes,
    }


async def new_plot(coop: Caller, producer_id: str, **changes: Any) -> dict[str, Any]:
    """A plot of one of the organisation's producers; a square on its own unless told.

    For a plot of exactly 2.5 ha: ``geometry=point(), declared_area_ha="2.5000"``.
    """
    return await coop.make("/v1/plots", plot_wish(producer_id, **changes))
