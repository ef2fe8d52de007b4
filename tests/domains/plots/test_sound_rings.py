"""Judged many at once is judged the same as one by one, whatever comes."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon

from api.core.geo.measure import Bounds
from api.core.geo.operation_area import PERU, WORLD, AreaOfOperation
from api.domains.plots.arrival import judge_arrival, judge_arrivals
from api.domains.plots.sound_rings import is_plain, sound_rings
from tests.domains.plots.shapes import LAT, LON, point, polygon, square

POINTER = "/geometry/coordinates"


def ring(*positions: list[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [list(positions)]}


@st.composite
def rings(draw: st.DrawFn) -> dict[str, Any]:
    """A ring around a place, mostly sound: some cross themselves, repeat, stay open, wind either
    way, lie elsewhere or have more digits than are kept.
    """
    corners = draw(st.integers(3, 9))
    near = draw(st.sampled_from([(LON, LAT), (LAT, LON), (179.9999, 10.0), (-68.0, -0.0001)]))
    digits = draw(st.sampled_from([6, 6, 6, 7, 15]))
    positions = []
    for number in range(corners):
        angle = 2 * math.pi * number / corners * draw(st.sampled_from([1, 1, 1, 1, 3]))
        reach = draw(st.floats(0.0001, 0.002))
        lon, lat = near[0] + reach * math.cos(angle), near[1] + reach * math.sin(angle)
        positions.append([round(lon, digits), round(lat, digits)])
    if draw(st.integers(0, 5)) == 0:
        place = draw(st.integers(0, corners - 1))
        positions.insert(place, list(positions[place]))
    if draw(st.booleans()):
        positions.reverse()
    closed = [*positions, list(positions[0])]
    return ring(*(positions if draw(st.integers(0, 7)) == 0 else closed))


ODD: list[Any] = [
    None,
    3,
    [],
    {},
    point(),
    {"type": "Polygon", "coordinates": []},
    ring(),
    ring([LON, LAT]),
    ring([1.5, 2.5], [1.5, True], [2.5, 2.5], [1.5, 2.5]),
    ring([0.5, 0.5], [1.5, 0.5], [2.5, 0.5], [0.5, 0.5]),
    ring([0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5]),
    ring([math.inf, 0.5], [1.5, 0.5], [2.5, 1.5], [math.inf, 0.5]),
    ring([math.nan, 0.5], [1.5, 0.5], [2.5, 1.5], [math.nan, 0.5]),
    ring([1e308, 0.5], [1.5, 0.5], [2.5, 1.5], [1e308, 0.5]),
    ring([0.5, 0.5, 9.0], [1.5, 0.5, 9.0], [1.5, 1.5, 9.0], [0.5, 0.5, 9.0]),
    {**polygon(square()), "bbox": [0, 0, 1, 1]},
    polygon(square(), square()),
]


@given(
    st.lists(st.tuples(rings() | st.sampled_from(ODD), st.sampled_from([None, "2.0000"]))),
    st.sampled_from([PERU, WORLD]),
)
def test_many_at_once_and_one_by_one_agree(
    sent: list[tuple[Any, str | None]], area: AreaOfOperation
) -> None:
    arriving = [(geometry, Decimal(said) if said else None) for geometry, said in sent]
    alone = [judge_arrival(geometry, declared, area) for geometry, declared in arriving]
    assert judge_arrivals(arriving, area) == alone


def test_what_is_sound_does_pass_here() -> None:
    floats = polygon(square())
    assert is_plain(floats)
    [found] = sound_rings([floats], PERU, POINTER)
    assert found is not None
    assert judge_arrival(floats, None, PERU).accepted


@pytest.mark.parametrize("odd", ODD[:5])
def test_what_is_no_polygon_does_not(odd: Any) -> None:
    assert not is_plain(odd)
    assert sound_rings([odd], PERU, POINTER) == [None]


def test_within_an_outline_each_is_looked_at_by_itself() -> None:
    box = Polygon.from_bounds(LON - 1, LAT - 1, LON + 1, LAT + 1)
    outlined = AreaOfOperation("outlined", Bounds(*box.bounds), box)
    assert sound_rings([polygon(square())], outlined, POINTER) == [None]
