"""One plot: what is accepted, how it is stored, and what is said when it is refused."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from api.core.geo import measure
from api.core.geo.json_text import read_json
from api.core.geo.measure import Bounds
from api.core.geo.operation_area import PERU, WORLD
from api.core.geo.positions import micro_degrees
from api.domains.plots.rules import MAX_POSITIONS, judge_plot_geometry
from api.domains.plots.vocabulary import GeometryKind
from tests.domains.plots.shapes import (
    LAT,
    LON,
    collection,
    feature,
    point,
    polygon,
    square,
    star_rings,
)
from tests.domains.plots.verdicts import GHANA, accepted, codes, golden, refused

# -- polygons


def test_a_polygon_is_stored_as_sent_with_its_measures() -> None:
    geometry = accepted(polygon(square()))
    assert geometry.kind == GeometryKind.POLYGON
    assert geometry.geojson == polygon(square())
    assert geometry.area_ha == Decimal("1.2218")
    assert geometry.bounds == Bounds(-76.7035, -7.0535, -76.7025, -7.0525)
    assert geometry.centroid == (-76.703, -7.053)
    assert not geometry.truncated


def test_geometry_feature_or_collection_of_one() -> None:
    geometry = polygon(square())
    for document in (geometry, feature(geometry), collection(feature(geometry))):
        assert accepted(document).area_ha == Decimal("1.2218")


def test_several_features_are_no_plot() -> None:
    assert refused(collection(feature(point()), feature(point()))).code == "not-one-feature"
    assert refused(collection()).code == "not-one-feature"


def test_a_clockwise_ring_is_taken_and_turned() -> None:
    geometry = accepted(polygon(square()[::-1]))
    assert geometry.geojson == polygon(square())
    document = golden("rfc7946_validator", "invalid_geometries", "invalid_exterior_not_ccw.geojson")
    assert accepted(document, area_of_operation=WORLD).area_ha == Decimal("1.0082")


def test_digits_are_cut_first_and_the_cut_is_told() -> None:
    long = [[lon - 0.00000049, lat - 0.00000049] for lon, lat in square()]
    geometry = accepted(polygon(long))
    assert geometry.geojson == polygon(square())
    assert geometry.truncated


def test_a_shape_that_only_the_cut_spoils_is_refused() -> None:
    """Two corners 0.05 m apart are one after the cut."""
    ring = [*square()[:2], [-76.7025004, -7.0535004], *square()[2:]]
    finding = refused(polygon(ring))
    assert (finding.code, finding.ring, finding.position) == ("position-repeated", 0, 2)
    assert finding.pointer == "/coordinates/0/2"


def most_moved_by_the_cut(geojson: Mapping[str, Any]) -> Decimal:
    """Each corner moves by less than 0.16 m (a micro-degree both ways), so the area by less than
    that along the whole length; and two roundings to 0.0001 ha."""
    [ring] = geojson["coordinates"]
    _, length = measure.ring_size(ring)
    return Decimal(length * 0.16 / 10_000) + Decimal("0.0002")


@given(star_rings())
def test_what_is_accepted_survives_writing_and_reading_unchanged(ring: list[list[float]]) -> None:
    first = judge_plot_geometry(polygon(ring)).geometry
    assume(first is not None)
    assert first is not None
    written = json.dumps(first.geojson)
    for reread in (json.loads(written), read_json(written.encode())):
        again = accepted(reread)
        assert again.geojson == first.geojson
        assert (again.bounds, again.centroid) == (first.bounds, first.centroid)
        assert abs(again.area_ha - first.area_ha) <= most_moved_by_the_cut(first.geojson)
        assert not again.truncated
        assert json.dumps(again.geojson) == written


@given(star_rings())
def test_what_is_stored_is_the_cut_of_what_was_sent(ring: list[list[float]]) -> None:
    geometry = judge_plot_geometry(polygon(ring)).geometry
    assume(geometry is not None)
    assert geometry is not None
    [stored] = geometry.geojson["coordinates"]
    sent = [(micro_degrees(lon), micro_degrees(lat)) for lon, lat in ring]
    kept = [(micro_degrees(lon), micro_degrees(lat)) for lon, lat in stored]
    assert kept in (sent, sent[::-1])
    assert shapely.is_ccw(shapely.LinearRing(stored))
    assert geometry.area_ha == measure.area_ha([ring])
    moved = abs(geometry.area_ha - measure.area_ha([stored]))
    assert moved <= most_moved_by_the_cut(geometry.geojson)


# -- points and areas


def test_a_point_carries_its_declared_area() -> None:
    geometry = accepted(point(), declared_area_ha=Decimal("2.5"))
    assert geometry.kind == GeometryKind.POINT
    assert geometry.geojson == point()
    assert str(geometry.area_ha) == "2.5000"
    assert geometry.bounds == Bounds(LON, LAT, LON, LAT)
    assert geometry.centroid == (LON, LAT)


def test_a_point_without_area_stands_for_four_hectares() -> None:
    verdict = judge_plot_geometry(point())
    assert verdict.geometry is not None
    assert str(verdict.geometry.area_ha) == "4.0000"
    assert codes(verdict) == ["point-area-assumed"]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("4", None),
        ("4.0000", None),
        ("0.0001", None),
        ("4.0001", "point-above-limit"),
        ("1E+30", "point-above-limit"),
        ("0.00009", "area-below-minimum"),
        ("0", "area-below-minimum"),
        ("-1", "area-below-minimum"),
    ],
)
def test_the_four_hectare_rule(declared: str, expected: str | None) -> None:
    verdict = judge_plot_geometry(point(), declared_area_ha=Decimal(declared))
    assert codes(verdict) == ([expected] if expected else [])
    assert verdict.accepted == (expected is None)


def test_a_polygon_may_be_of_any_size_above_a_square_metre() -> None:
    assert accepted(polygon(square(side=0.02))).area_ha > 400
    crumb = polygon(square(side=0.000004))
    assert refused(crumb).code == "area-below-minimum"


@pytest.mark.parametrize(
    ("declared", "warned"),
    [("1.2218", False), ("1.34398", False), ("1.3440", True), ("1.09962", False), ("1.0996", True)],
)
def test_a_declared_area_off_by_more_than_a_tenth_is_warned_of(declared: str, warned: bool) -> None:
    verdict = judge_plot_geometry(polygon(square()), declared_area_ha=Decimal(declared))
    assert verdict.accepted
    assert codes(verdict) == (["declared-area-differs"] if warned else [])


def test_the_warning_says_how_much() -> None:
    verdict = judge_plot_geometry(polygon(square()), declared_area_ha=Decimal("2.4436"))
    [finding] = verdict.findings
    assert "100.0 %" in finding.es
    assert "1.2218 ha" in finding.en
    assert judge_plot_geometry(polygon(square()), declared_area_ha=Decimal("1E+40")).accepted


def test_a_needle_is_warned_of() -> None:
    spike = [*square()[:3], [LON + 0.5, LAT + 0.5], *square()[3:]]
    assert codes(judge_plot_geometry(polygon(spike))) == ["shape-implausible"]
    east, north = LON + 0.01, LAT + 0.0001
    lane = [[LON, LAT], [east, LAT], [east, north], [LON, north], [LON, LAT]]
    assert codes(judge_plot_geometry(polygon(lane))) == []


# -- other types


def test_a_multipolygon_is_refused_with_advice_and_one_of_one_is_read() -> None:
    two = {"type": "MultiPolygon", "coordinates": [[square()], [square(LON + 0.01)]]}
    finding = refused(two)
    assert (finding.code, finding.pointer) == ("plot-is-multipolygon", "")
    assert "Envíe cada parte como una parcela propia" in finding.es
    one = judge_plot_geometry({"type": "MultiPolygon", "coordinates": [[square()]]})
    assert one.geometry is not None
    assert one.geometry.geojson == polygon(square())
    assert codes(one) == ["multi-of-one"]


def test_holes_are_each_named_with_advice() -> None:
    inner = square(LON + 0.0002, LAT + 0.0002, 0.0001)
    other = square(LON + 0.0006, LAT + 0.0006, 0.0001)
    verdict = judge_plot_geometry(feature(polygon(square(), inner, other)))
    assert not verdict.accepted
    assert [(f.code, f.ring, f.pointer) for f in verdict.findings] == [
        ("polygon-has-hole", 1, "/geometry/coordinates/1"),
        ("polygon-has-hole", 2, "/geometry/coordinates/2"),
    ]
    assert "two halves" in verdict.findings[0].en


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"type": "LineString", "coordinates": square()}, "geometry-is-line"),
        ({"type": "MultiLineString", "coordinates": [square()]}, "geometry-is-line"),
        ({"type": "MultiPoint", "coordinates": square()}, "plot-is-multipoint"),
        ({"type": "GeometryCollection", "geometries": [point(), point()]}, "plot-is-collection"),
        (feature(None), "geometry-missing"),
        ({"type": "Feature", "properties": {}, "geomerty": point()}, "member-misspelt"),
    ],
)
def test_what_is_no_plot(document: object, code: str) -> None:
    assert refused(document).code == code


def test_heights_are_dropped_and_it_is_said() -> None:
    ring = [[*position, 512.5] for position in square()]
    verdict = judge_plot_geometry(polygon(ring))
    assert verdict.geometry is not None
    assert verdict.geometry.geojson == polygon(square())
    [finding] = verdict.findings
    assert (finding.code, finding.severity, finding.position) == ("height-dropped", "warning", 0)
    assert "5 posiciones" in finding.es


def test_a_geometry_of_too_many_positions_is_refused_before_it_is_judged() -> None:
    ring = [square()[0]] * (MAX_POSITIONS + 1)
    assert refused(polygon(ring)).code == "too-many-positions"


# -- where it lies


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (-7.0535, -76.7035, "axes-swapped"),
        (-76.7035, 7.0535, "outside-area-of-operation"),
        (76.7035, -7.0535, "outside-area-of-operation"),
        (-76.7035, -97.0535, "position-out-of-range"),
        (-767035.0, -70535.0, "coordinates-in-metres"),
        (-76703.5, -7.0535, "position-out-of-range"),
    ],
)
def test_a_place_outside_is_explained(lon: float, lat: float, code: str) -> None:
    finding = refused(point(lon, lat))
    assert (finding.code, finding.ring, finding.position) == (code, None, None)


def test_one_corner_astray_is_named() -> None:
    ring = square()
    ring[2][1] = 7.0525
    finding = refused(polygon(ring))
    assert (finding.code, finding.position) == ("outside-area-of-operation", 2)
    assert "Perú" in finding.es


def test_swapped_axes_of_a_whole_ring_are_one_finding() -> None:
    finding = refused(polygon([[lat, lon] for lon, lat in square()]))
    assert (finding.code, finding.position) == ("axes-swapped", 0)
    assert "posiciones afectadas: 5" in finding.es


def test_the_range_is_judged_after_the_cut_too() -> None:
    edge = point(-180.0000004, 12.5)
    assert accepted(edge, area_of_operation=WORLD).geojson == point(-180.0, 12.5)
    assert (
        refused(point(-180.000001, 12.5), area_of_operation=WORLD).code == "position-out-of-range"
    )


def test_the_area_of_operation_is_a_choice() -> None:
    document = golden("eudr_fixtures_filovara", "invalid", "reversed-lat-lon.geojson")
    assert refused(document, area_of_operation=GHANA).code == "axes-swapped"
    assert refused(document, area_of_operation=PERU).code == "outside-area-of-operation"
    assert judge_plot_geometry(document, area_of_operation=WORLD).accepted


# -- a hostile sender


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["type", "coordinates", "geometry", "features", "properties"]),
                inner | st.sampled_from(["Point", "Polygon", "Feature", "MultiPolygon"]),
                max_size=4,
            )
        ),
        max_leaves=25,
    )
)
def test_any_json_value_gets_a_verdict(document: object) -> None:
    verdict = judge_plot_geometry(document)
    assert verdict.accepted or any(f.severity == "error" for f in verdict.findings)
