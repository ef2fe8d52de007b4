"""Whole files, judged as the EU information system judges them."""

import json
from decimal import Decimal
from typing import Any

import pytest

from api.core.geo.measure import Bounds
from api.core.geo.operation_area import AreaOfOperation
from api.domains.plots.eudr_facts import EUDR_V3
from api.domains.plots.eudr_file import FileVerdict, judge_eudr_bytes, judge_eudr_file
from api.domains.plots.rules import judge_plot_geometry
from tests.domains.plots.shapes import LAT, LON, collection, feature, point, polygon, square
from tests.shared_data import shared_data

CASES: dict[str, list[str]] = {
    "ok_polygon_small.geojson": [],
    "ok_point_2ha.geojson": [],
    "ok_point_no_area.geojson": ["point-area-assumed"],
    "ok_multipolygon_two_halves.geojson": [],
    "ok_multipoint.geojson": [],
    "ok_geometrycollection.geojson": ["point-area-assumed"],
    "ok_unknown_property_ignored.geojson": ["property-name-not-recognised"],
    "ok_more_than_6_decimals.geojson": [],
    "bad_bowtie.geojson": ["ring-sides-cross"],
    "bad_overlapping_sides.geojson": ["ring-sides-cross", "ring-sides-cross"],
    "bad_hole.geojson": ["polygon-has-hole"],
    "bad_open_ring.geojson": ["ring-not-closed"],
    "bad_linestring.geojson": ["geometry-is-line"],
    "bad_multilinestring.geojson": ["geometry-is-line"],
    "bad_straight_line.geojson": ["ring-straight-line"],
    "bad_duplicate_after_6_decimals.geojson": ["position-repeated"],
    "bad_three_positions.geojson": ["ring-too-short"],
    "bad_syntax.geojson": ["json-syntax"],
    "bad_key_geomerty.geojson": ["member-misspelt"],
    "bad_latitude_range.geojson": ["position-out-of-range", "point-area-assumed"],
    "bad_swapped_lat_lon.geojson": ["axes-swapped", "point-area-assumed"],
    "bad_country_iso3.geojson": ["producer-country-invalid"],
    "bad_area_string.geojson": ["area-not-a-number"],
    "bad_point_nested.geojson": ["coordinates-nesting"],
    "bad_point_over_4ha.geojson": ["point-above-limit"],
    "bad_point_area_too_small.geojson": ["area-below-minimum"],
}


def codes(verdict: FileVerdict) -> list[str]:
    return [finding.code for finding in verdict.every_finding]


def judged(*features: Any, **options: Any) -> FileVerdict:
    return judge_eudr_file(collection(*features), **options)


@pytest.mark.parametrize("name", CASES)
def test_each_case_gets_the_verdict_of_its_manifest(name: str) -> None:
    folder = shared_data("plots", "eudr_is", "cases")
    manifest = json.loads((folder / "manifest.json").read_text())
    [expected] = [case["expected"] for case in manifest["cases"] if case["file"] == name]
    verdict = judge_eudr_bytes((folder / name).read_bytes())
    assert verdict.accepted == expected.startswith("valid")
    assert codes(verdict) == CASES[name]


def test_no_case_of_the_manifest_is_forgotten() -> None:
    manifest = json.loads(shared_data("plots", "eudr_is", "cases", "manifest.json").read_text())
    assert {case["file"] for case in manifest["cases"]} == set(CASES)


@pytest.mark.parametrize(
    ("name", "measured"),
    [
        ("valid_type1_single_producer.geojson", ["23.6121", "2.3801"]),
        (
            "valid_type2_multiple_producers.geojson",
            ["20687.1427", "20545.4001", "9488.8906", "6904.3615"],
        ),
    ],
)
def test_the_official_examples_pass_as_both_types(name: str, measured: list[str]) -> None:
    data = shared_data("plots", "eudr_is", name).read_bytes()
    for file_type in ("I", "II"):
        verdict = judge_eudr_bytes(data, file_type=file_type)
        assert verdict.accepted
        assert [str(place.area_ha) for place in verdict.features] == measured
        for place in verdict.features:
            declared = place.properties.area_ha
            assert declared is not None
            assert place.area_ha == pytest.approx(declared, rel=Decimal("0.01"))


def test_the_same_rings_are_judged_alike_in_a_file_and_as_a_plot() -> None:
    bow = [square()[0], square()[2], square()[1], square()[3], square()[0]]
    for ring in (square(), bow, square()[:4], [*square(), square()[0]]):
        in_file = [f.code for f in judged(feature(polygon(ring))).every_finding]
        assert in_file == [f.code for f in judge_plot_geometry(polygon(ring)).findings]


def test_several_parts_are_a_place_but_no_plot() -> None:
    halves = {"type": "MultiPolygon", "coordinates": [[square()], [square(LON + 0.001)]]}
    assert judged(feature(halves)).accepted
    assert not judge_plot_geometry(halves).accepted


def test_parts_may_share_a_side_but_no_land() -> None:
    beside, across = square(-76.7025), square(-76.703)
    parts = {"type": "MultiPolygon", "coordinates": [[square()], [beside]]}
    verdict = judged(feature(parts))
    assert verdict.accepted
    assert verdict.features[0].area_ha == Decimal("2.4436")
    parts["coordinates"] = [[beside], [square()], [across]]
    found = judged(feature(parts)).features[0].findings
    assert [(f.code, f.pointer) for f in found] == [
        ("parts-overlap", "/features/0/geometry/coordinates/2"),
        ("parts-overlap", "/features/0/geometry/coordinates/2"),
    ]
    assert [f.en.split(" of the same")[0] for f in found] == [
        "This part overlaps part 0",
        "This part overlaps part 1",
    ]


def test_the_area_of_points_is_declared_or_assumed_for_each() -> None:
    several = {"type": "MultiPoint", "coordinates": [[LON, LAT], [LON + 0.01, LAT]]}
    assert str(judged(feature(several, Area=1.5)).features[0].area_ha) == "3.0000"
    assert str(judged(feature(several)).features[0].area_ha) == "8.0000"
    mixed = {"type": "GeometryCollection", "geometries": [point(), polygon(square(LON + 0.01))]}
    assert str(judged(feature(mixed, Area=2)).features[0].area_ha) == "3.2218"
    assert judged(feature(point(), Area=4.01)).features[0].area_ha is None


def test_area_matters_to_points_alone_but_is_a_number_everywhere() -> None:
    assert judged(feature(polygon(square()), Area=250)).accepted
    assert codes(judged(feature(polygon(square()), Area="1.2"))) == ["area-not-a-number"]
    assert codes(judged(feature(point(), Area=True))) == ["area-not-a-number"]


def test_type_two_needs_a_country_in_every_feature() -> None:
    features = feature(point(), ProducerCountry="PE", Area=1), feature(point(), Area=1)
    assert judged(*features).accepted
    verdict = judged(*features, file_type="II")
    assert [place.accepted for place in verdict.features] == [True, False]
    [finding] = verdict.features[1].findings
    assert (finding.code, finding.pointer) == (
        "producer-country-missing",
        "/features/1/properties",
    )


@pytest.mark.parametrize("country", ["PER", "pe", "Perú", "XX", "", 51])
def test_a_country_is_two_capital_letters_that_exist(country: object) -> None:
    verdict = judged(feature(point(), Area=1, ProducerCountry=country))
    assert codes(verdict) == ["producer-country-invalid"]


def test_a_place_lies_in_its_country_where_that_is_known() -> None:
    abroad = feature(point(-1.98, 6.35), Area=1, ProducerCountry="PE")
    assert codes(judged(abroad)) == ["outside-area-of-operation"]
    assert judged(feature(point(-1.98, 6.35), Area=1, ProducerCountry="GH")).accepted
    ghana = AreaOfOperation("Ghana", Bounds(-3.3, 4.7, 1.2, 11.2))
    swapped = feature(point(6.35, -1.98), Area=1, ProducerCountry="GH")
    assert codes(judged(swapped, country_areas={"GH": ghana})) == ["axes-swapped"]


def test_every_breach_of_a_feature_is_named_not_the_first_only() -> None:
    worst = feature(polygon(square()[:4], square()), ProducerCountry="PER", Area="3", area=2)
    assert sorted(codes(judged(worst))) == [
        "area-not-a-number",
        "polygon-has-hole",
        "producer-country-invalid",
        "property-name-not-recognised",
        "ring-not-closed",
    ]


def test_names_that_are_no_texts_are_warned_of() -> None:
    verdict = judged(feature(point(), Area=1, ProducerName=7, ProductionPlace=["x"]))
    assert verdict.accepted
    assert codes(verdict) == ["property-not-text", "property-not-text"]
    assert verdict.features[0].properties.producer_name is None


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (collection(), ["no-features"]),
        (collection(feature(None)), ["geometry-missing"]),
        (
            collection(feature({"type": "GeometryCollection", "geometries": []})),
            ["geometry-missing"],
        ),
        (
            collection(feature({"type": "MultiPoint", "coordinates": [[LON, LAT]]}, Area=1)),
            ["multi-of-one"],
        ),
        ("text", ["not-an-object"]),
        ({"type": "FeatureCollection"}, ["member-missing"]),
    ],
)
def test_files_that_hold_little(document: object, expected: list[str]) -> None:
    assert codes(judge_eudr_file(document)) == expected


def test_one_bad_feature_refuses_the_file_and_is_the_only_one_blamed() -> None:
    verdict = judged(feature(polygon(square())), feature(point(), Area=9), feature(point(), Area=1))
    assert not verdict.accepted
    assert [place.accepted for place in verdict.features] == [True, False, True]
    assert [place.kind for place in verdict.features] == ["Polygon", "Point", "Point"]


def test_a_file_has_a_size() -> None:
    assert codes(judge_eudr_bytes(b" " * (EUDR_V3.largest_file + 1))) == ["file-too-large"]


def test_a_long_boundary_is_the_business_of_the_file_size_alone() -> None:
    """The platform's own limit on positions is no rule of the EU."""
    step = 0.00001
    there = [[round(LON + step * n, 6), LAT] for n in range(6_000)]
    back = [[lon, round(LAT + 0.01 + 0.00001 * (n % 2), 6)] for n, (lon, _) in enumerate(there)]
    ring = [*there, *reversed(back), there[0]]
    assert judged(feature(polygon(ring))).accepted
    assert [f.code for f in judge_plot_geometry(polygon(ring)).findings] == ["too-many-positions"]
