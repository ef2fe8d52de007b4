"""Whoever shares a place shares a cell: what keeps two arriving plots from missing each other."""

from hypothesis import given
from hypothesis import strategies as st

from api.core.geo.measure import Bounds
from api.domains.plot_overlaps.grid import CELLS_PER_DEGREE, MOST_CELLS, cells

INT32 = 2**31


@st.composite
def boxes_around(draw: st.DrawFn, lon: float, lat: float) -> Bounds:
    """A box that contains the place, up to three cells wide and high."""
    west, east = draw(st.floats(0, 0.015)), draw(st.floats(0, 0.015))
    south, north = draw(st.floats(0, 0.015)), draw(st.floats(0, 0.015))
    return Bounds(
        max(-180, lon - west), max(-90, lat - south), min(180, lon + east), min(90, lat + north)
    )


@given(st.data(), st.floats(-180, 180), st.floats(-90, 90))
def test_boxes_that_share_a_place_share_a_cell(data: st.DataObject, lon: float, lat: float) -> None:
    one, other = (cells(data.draw(boxes_around(lon, lat))) for _ in range(2))
    assert one is not None
    assert other is not None
    assert set(one) & set(other)
    assert one == sorted(set(one))
    assert all(0 <= cell < INT32 for cell in one)


@given(st.integers(-18_000, 17_999), st.integers(-9_000, 8_999))
def test_each_cell_has_a_number_of_its_own(column: int, row: int) -> None:
    """The number tells the cell: no two cells of the map are mistaken for one another."""
    lon, lat = (column + 0.5) / CELLS_PER_DEGREE, (row + 0.5) / CELLS_PER_DEGREE
    assert cells(Bounds(lon, lat, lon, lat)) == [(row + 9_000) * 36_100 + column + 18_000]


def test_two_boxes_are_held_together() -> None:
    one, other = Bounds(-76.505, -8.205, -76.505, -8.205), Bounds(-76.305, -8.205, -76.305, -8.205)
    both = cells(one, other)
    assert both == sorted((cells(one) or []) + (cells(other) or []))


def test_a_box_over_many_cells_holds_the_whole_map() -> None:
    side = 0.08 - 0.001
    assert len(cells(Bounds(-76.5, -8.2, -76.5 + side, -8.2 + side)) or []) == MOST_CELLS
    assert cells(Bounds(-76.5, -8.2, -76.5 + side, -8.2 + side + 0.01)) is None
    assert cells(Bounds(-180, -90, 180, 90)) is None
