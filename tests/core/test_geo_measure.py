"""Areas agree with published and independent values, and add up."""

import csv
from decimal import Decimal

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Transformer

from api.core.geo import measure
from api.core.geo.json_text import read_json
from api.core.geo.measure import Bounds
from api.core.geo.operation_area import PERU, WORLD, AreaOfOperation
from api.core.geo.positions import cut
from tests.domains.plots.shapes import square, star_rings
from tests.shared_data import shared_data

TO_EQUAL_AREA = Transformer.from_crs("EPSG:4326", "EPSG:6933", always_xy=True)

OUTER_PLUS_HOLE = 13
"""The sample plot with a hole that winds like its outer ring: its golden area adds the hole."""


def whisp() -> list[tuple[list[list[list[float]]], Decimal]]:
    """Rings and expected hectares of Whisp's fifty sample plots, each of a single part."""
    document = read_json(shared_data("plots", "whisp", "geojson_example_50.geojson").read_bytes())
    assert isinstance(document, dict)
    table = shared_data("plots", "whisp", "geojson_example_50.expected_geometry.csv")
    with table.open(newline="") as lines:
        expected = [Decimal(row["geodesic_area_ha_wgs84"]) for row in csv.DictReader(lines)]
    features = document["features"]
    assert len(features) == len(expected) == 50
    rings = [
        [[[float(x), float(y)] for x, y in ring] for ring in part]
        for plot in features
        for [part] in [plot["geometry"]["coordinates"]]
    ]
    return list(zip(rings, expected, strict=True))


def test_all_sample_plots_agree_to_four_decimals() -> None:
    for index, (rings, expected) in enumerate(whisp()):
        if index != OUTER_PLUS_HOLE:
            assert measure.area_ha(rings) == expected, index


def test_a_hole_is_taken_off_however_it_winds() -> None:
    rings, expected = whisp()[OUTER_PLUS_HOLE]
    outer, hole = rings
    sizes = measure.area_ha([outer]), measure.area_ha([hole])
    assert expected == sum(sizes)  # where the winding decides, this hole counts twice over
    assert measure.area_ha(rings) == Decimal("26.0235")
    assert measure.area_ha([outer, hole[::-1]]) == Decimal("26.0235")
    assert abs(measure.area_ha(rings) - (sizes[0] - sizes[1])) <= measure.SMALLEST_HA


def test_half_the_ellipsoid() -> None:
    """WGS84 has 510,065,621.724 km² (Karney 2013, table 1: authalic radius 6,371,007.1809 m)."""
    equator = [[-180.0, 0.0], [-90.0, 0.0], [0.0, 0.0], [90.0, 0.0], [180.0, 0.0]]
    square_km = measure.square_metres([equator]) / 1e6
    assert square_km == pytest.approx(510_065_621.724 / 2, rel=1e-9)


@given(star_rings())
def test_an_equal_area_projection_gives_the_same(ring: list[list[float]]) -> None:
    """Up to the bow of the sides, which are straight in neither: see below, and as much again for
    the projection. Of a sliver that is more than its area tells.
    """
    flat = shapely.Polygon([TO_EQUAL_AREA.transform(lon, lat) for lon, lat in ring])
    assume(flat.is_valid)
    bow = 2.2e-9 * measure.ring_size(ring)[1] ** 3
    assert measure.square_metres([ring]) == pytest.approx(flat.area, rel=1e-5, abs=bow)


@given(star_rings(), st.floats(0.05, 0.95))
def test_the_pieces_of_a_divided_plot_add_up(ring: list[list[float]], share: float) -> None:
    """Up to the bow of the sides that are cut.

    The new corner lies on the straight line of longitude and latitude, the side on the geodesic;
    between them is less than L³·tan(latitude)/(12·R) for a side of length L, which is at most half
    the boundary: in sum less than 1.1e-9 times the cube of the boundary, in square metres.
    """
    whole = shapely.Polygon(ring)
    assume(whole.is_valid)
    west, south, east, north = whole.bounds
    x = west + share * (east - west)
    left = shapely.intersection(whole, shapely.box(west - 1, south - 1, x, north + 1))
    right = shapely.intersection(whole, shapely.box(x, south - 1, east + 1, north + 1))
    parts = [part for side in (left, right) for part in shapely.get_parts(side)]
    pieces = sum(measure.polygon_square_metres(p) for p in parts if isinstance(p, shapely.Polygon))
    area, length = measure.ring_size(ring)
    assert pieces == pytest.approx(area, rel=1e-9, abs=1.1e-9 * length**3)


@given(star_rings())
def test_the_cut_moves_an_area_by_less_than_its_edge_allows(ring: list[list[float]]) -> None:
    """A corner moves by less than 0.1113 m in either axis, so a side sweeps less than 0.16 m."""
    kept = [[lon / 1e6, lat / 1e6] for lon, lat in cut(ring)[0]]
    before, length = measure.ring_size(ring)
    assert abs(before - measure.ring_size(kept)[0]) <= 0.16 * length


def test_box_and_centre() -> None:
    ring = square(-76.7035, -7.0535, 0.002)
    assert measure.bounds_of(ring) == Bounds(-76.7035, -7.0535, -76.7015, -7.0515)
    assert measure.centroid_of(ring) == (-76.7025, -7.0525)


@pytest.mark.parametrize(
    ("square_metres", "expected"),
    [(0.0, "0.0000"), (0.5, "0.0000"), (0.51, "0.0001"), (12_218.4, "1.2218"), (4e4, "4.0000")],
)
def test_hectares_have_four_decimals(square_metres: float, expected: str) -> None:
    assert str(measure.hectares(square_metres)) == expected


def test_the_border_belongs_to_an_area_of_operation() -> None:
    assert PERU.contains((-81_400_000, -18_400_000))
    assert not PERU.contains((-81_400_001, -18_400_000))
    assert PERU.places_outside([(-76_000_000, -7_000_000), (-7_000_000, -76_000_000)]) == [1]
    assert PERU.would_contain_swapped((-7_000_000, -76_000_000))
    assert not WORLD.would_contain_swapped((-7_000_000, -76_000_000))


def test_an_outline_narrows_the_box() -> None:
    valley = AreaOfOperation.within("Huallaga", [[-77, -8], [-76, -8], [-76, -6], [-77, -8]])
    assert valley.bounds == Bounds(-77, -8, -76, -6)
    assert valley.contains((-76_100_000, -7_900_000))
    assert valley.contains((-76_500_000, -8_000_000))
    assert valley.places_outside([(-76_900_000, -6_100_000), (-76_100_000, -7_900_000)]) == [0]
    assert not valley.is_world


def test_an_area_of_operation_is_a_shape() -> None:
    with pytest.raises(ValueError, match="simple polygon"):
        AreaOfOperation.within("bowtie", [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])
    with pytest.raises(ValueError, match="west < east"):
        AreaOfOperation("backwards", Bounds(10, 0, -10, 1))
