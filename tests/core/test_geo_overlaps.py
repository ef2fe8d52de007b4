"""Overlaps: how much land two shapes share, and which pairs of many do."""

from decimal import Decimal

import pytest
import shapely
from hypothesis import assume, given

from api.core.geo import measure
from api.core.geo.overlaps import overlap, overlaps_among, overlaps_between
from tests.domains.plots.shapes import LAT, LON, point, polygon, square, star_rings


def test_half_a_square() -> None:
    found = overlap(polygon(square()), polygon(square(round(LON + 0.0005, 6))))
    assert found is not None
    assert found.share_of_a == found.share_of_b == Decimal("0.5000")
    assert found.area_ha == Decimal("0.6109")
    assert not found.at_point


def test_shares_are_of_each_own_area() -> None:
    large, small = polygon(square(side=0.002)), polygon(square(side=0.001))
    found = overlap(large, small)
    assert found is not None
    assert (found.share_of_a, found.share_of_b) == (Decimal("0.2500"), Decimal("1.0000"))
    assert found.area_ha == measure.area_ha([square(side=0.001)])


def test_neighbours_that_share_a_fence_do_not_overlap() -> None:
    beside = polygon(square(round(LON + 0.001, 6)))
    across = polygon(square(round(LON + 0.001, 6), round(LAT + 0.001, 6)))
    assert overlap(polygon(square()), beside) is None
    assert overlap(polygon(square()), across) is None


def test_less_than_half_a_square_metre_is_no_overlap() -> None:
    nearly_beside = polygon(square(round(LON + 0.000999, 6), round(LAT + 0.000996, 6)))
    assert overlap(polygon(square()), nearly_beside) is None


def test_a_point_lies_on_land_without_an_area() -> None:
    inside, outside = point(LON + 0.0005, LAT + 0.0005), point(LON - 0.0005, LAT)
    found = overlap(polygon(square()), inside)
    assert found is not None
    assert (found.area_ha, found.at_point) == (Decimal("0.0000"), True)
    assert overlap(outside, polygon(square())) is None
    assert overlap(inside, inside) is not None
    assert overlap(inside, outside) is None


@given(star_rings(), star_rings())
def test_sharing_is_mutual_and_never_more_than_either(
    ring: list[list[float]], other: list[list[float]]
) -> None:
    moved = [[x - other[0][0] + ring[0][0], y - other[0][1] + ring[0][1]] for x, y in other]
    a, b = polygon(ring), polygon(moved)
    assume(shapely.Polygon(ring).is_valid and shapely.Polygon(moved).is_valid)
    found, back = overlap(a, b), overlap(b, a)
    if found is None:
        assert back is None
        return
    assert back is not None
    assert (found.area_ha, found.share_of_a, found.share_of_b) == (
        back.area_ha,
        back.share_of_b,
        back.share_of_a,
    )
    assert found.area_ha <= min(measure.area_ha([ring]), measure.area_ha([moved]))
    assert 0 <= found.share_of_a <= 1


@given(star_rings())
def test_land_overlaps_itself_wholly(ring: list[list[float]]) -> None:
    assume(shapely.Polygon(ring).is_valid)
    found = overlap(polygon(ring), polygon(ring))
    assert found is not None
    assert found.share_of_a == 1
    assert found.area_ha == measure.area_ha([ring])


@pytest.mark.parametrize("count", [0, 1])
def test_few_shapes_have_no_pairs(count: int) -> None:
    shapes = [polygon(square())] * count
    assert list(overlaps_among(shapes)) == []
    assert list(overlaps_between(shapes, [])) == list(overlaps_between([], shapes)) == []


def test_pairs_among_many_are_those_found_one_by_one() -> None:
    step = 0.0004
    shapes = [
        polygon(square(round(LON + step * i, 6), round(LAT + 3 * step * (i % 2), 6)))
        for i in range(12)
    ]
    one_by_one = {
        (i, j): found
        for i, a in enumerate(shapes)
        for j, b in enumerate(shapes)
        if i < j and (found := overlap(a, b)) is not None
    }
    assert len(one_by_one) == 10
    assert {(i, j): found for i, j, found in overlaps_among(shapes)} == one_by_one
    between = {(i, j) for i, j, _ in overlaps_between(shapes[:3], shapes)}
    expected = {pair for pair in one_by_one if pair[0] < 3} | {(i, i) for i in range(3)}
    assert between == expected | {(j, i) for i, j in one_by_one if j < 3}
