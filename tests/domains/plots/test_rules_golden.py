"""Plots that others published, sound and broken, with the verdict that each deserves."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from api.core.geo.features import iter_features
from api.core.geo.operation_area import WORLD
from api.domains.plots.rules import judge_plot_feature, judge_plot_geometry
from api.domains.plots.vocabulary import GeometryKind
from tests.core.test_geo_measure import OUTER_PLUS_HOLE, whisp
from tests.domains.plots.verdicts import VIET_NAM, accepted, codes, golden, refused
from tests.shared_data import shared_data


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("invalid/duplicate-ring.geojson", "polygon-has-hole"),
        ("invalid/feature-without-geometry.geojson", "geometry-missing"),
        ("invalid/latitude-out-of-range.geojson", "position-out-of-range"),
        ("invalid/self-intersecting-polygon.geojson", "ring-sides-cross"),
        ("invalid/unclosed-ring.geojson", "ring-not-closed"),
        ("valid/multipolygon-farm.geojson", "plot-is-multipolygon"),
    ],
)
def test_filovara_refused(name: str, expected: str) -> None:
    document = golden("eudr_fixtures_filovara", *name.split("/"))
    assert refused(document, area_of_operation=WORLD).code == expected


def test_filovara_accepted() -> None:
    folder = ("eudr_fixtures_filovara", "valid")
    large = golden(*folder, "polygon-over-4ha.geojson")
    options: Any = {"area_of_operation": WORLD, "declared_area_ha": Decimal("25.1")}
    assert accepted(large, **options).area_ha == Decimal("25.0523")
    small = golden(*folder, "point-under-4ha.geojson")
    options = {"area_of_operation": VIET_NAM, "declared_area_ha": Decimal("1.2")}
    assert accepted(small, **options).kind == GeometryKind.POINT
    # A plot without a stable identifier is for the import to refuse: its geometry is sound.
    unnamed = golden("eudr_fixtures_filovara", "invalid", "missing-plot-id.geojson")
    assert judge_plot_geometry(unnamed, area_of_operation=WORLD).accepted


PROBLEMATIC = {
    "problematic_3d_coordinates.geojson": ["height-dropped", "position-repeated"],
    "problematic_crosses_antimeridian.geojson": ["position-out-of-range"] * 3,
    "problematic_duplicate_nodes.geojson": ["position-repeated"],
    "problematic_excessive_coordinate_precision.geojson": [],
    "problematic_excessive_vertices.geojson": ["shape-implausible"],
    "problematic_feature_null_geometry.geojson": ["geometry-missing"],
    "problematic_holes.geojson": ["polygon-has-hole"] * 2,
    "problematic_multitype_geometry_with_just_one_geometry.geojson": ["multi-of-one"],
    "problematic_outside_lat_lon_boundaries.geojson": ["position-out-of-range"] * 2,
    "problematic_self_intersection_large.geojson": ["ring-sides-cross"],
    "problematic_self_intersection_small.geojson": ["ring-sides-cross"],
    "problematic_wrong_bbox_coordinate_order.geojson": [],  # bbox is not needed, and not used
    "problematic_zero_length_linestring.geojson": ["geometry-is-line"],
}

INVALID = {
    "invalid_exterior_not_ccw.geojson": [],  # RFC 7946 §3.1.6: SHOULD NOT be rejected; turned
    "invalid_incorrect_geometry_data_type.geojson": ["coordinates-nesting"],
    "invalid_inner_and_exterior_ring_intersect.geojson": ["polygon-has-hole"],
    "invalid_interior_not_cw.geojson": ["polygon-has-hole"],
    "invalid_less_three_unique_nodes.geojson": ["ring-too-short"],
    "invalid_unclosed.geojson": ["ring-not-closed"],
}


@pytest.mark.parametrize(
    ("folder", "name", "expected"),
    [("problematic_geometries", name, expected) for name, expected in PROBLEMATIC.items()]
    + [("invalid_geometries", name, expected) for name, expected in INVALID.items()],
)
def test_rfc7946_validator_shapes(folder: str, name: str, expected: list[str]) -> None:
    document = golden("rfc7946_validator", folder, name)
    assert codes(judge_plot_geometry(document, area_of_operation=WORLD)) == expected


def test_no_file_of_those_folders_is_forgotten() -> None:
    for folder, known in (("problematic_geometries", PROBLEMATIC), ("invalid_geometries", INVALID)):
        names = {path.name for path in shared_data("plots", "rfc7946_validator", folder).iterdir()}
        assert names == set(known)


def test_whisp_sample_plots() -> None:
    """Each is read as one polygon, measured as surveyed."""
    for index, (rings, expected) in enumerate(whisp()):
        document = {"type": "MultiPolygon", "coordinates": [rings]}
        verdict = judge_plot_geometry(document, area_of_operation=WORLD)
        if index == OUTER_PLUS_HOLE:
            assert codes(verdict) == ["multi-of-one", "polygon-has-hole"]
            continue
        assert verdict.geometry is not None
        assert codes(verdict)[0] == "multi-of-one"
        assert abs(verdict.geometry.area_ha - expected) <= Decimal("0.0001"), index


MESSY = {
    "sub-clean-poly": [],
    "sub-latlon-swap": ["axes-swapped"],
    "sub-hole-poly": ["polygon-has-hole"],
    "sub-sliver": ["shape-implausible"],
    "sub-subpixel-zf": [],
    "sub-bigpoint": ["point-above-limit"],
    "sub-smallpoint": [],
    "sub-bowtie": ["geometry-missing"],  # the file carries it as WKT among the properties
}


def test_a_messy_submission() -> None:
    document = golden("veritas_synthetic", "submissions", "messy_submission.geojson")
    for row in iter_features(document):
        declared = row.properties.get("asserted_area_ha")
        assert declared is None or isinstance(declared, Decimal)
        verdict = judge_plot_feature(row, declared_area_ha=declared, area_of_operation=VIET_NAM)
        found = [code for code in codes(verdict) if code != "point-area-assumed"]
        assert found == MESSY[str(row.identifier)], row.identifier


PATHOLOGY = {
    "path-bowtie": ["ring-sides-cross"],
    "path-unclosed-ring": ["ring-not-closed"],
    "path-latlon-swap": ["axes-swapped"],
    "path-mixed-crs": ["coordinates-in-metres"],
    "path-duplicate-vertices": ["position-repeated"],
    "path-spike": ["shape-implausible"],
    "path-zero-area": ["ring-straight-line"],
    "path-tiny-sliver": ["shape-implausible"],
    "path-multipolygon-overlap": ["plot-is-multipolygon"],
    "path-antimeridian-decoy": ["outside-area-of-operation"],
    "path-zero-area-spur": ["ring-sides-overlap"],
}


def from_wkt(wkt: str) -> dict[str, Any]:
    """WKT as GeoJSON, without a library that would close or refuse what is broken on purpose."""
    kind, body = re.fullmatch(r"(\w+)\s*(\(.*\))", wkt).groups()  # type: ignore[union-attr]
    pairs = re.sub(r"(-?[\d.]+) (-?[\d.]+)", r"[\1, \2]", body)
    coordinates = json.loads(pairs.replace("(", "[").replace(")", "]"))
    name = {"POLYGON": "Polygon", "POINT": "Point", "MULTIPOLYGON": "MultiPolygon"}[kind]
    return {"type": name, "coordinates": coordinates[0] if name == "Point" else coordinates}


def test_documented_pathologies() -> None:
    document = golden("veritas_synthetic", "pathology", "pathology.json")
    assert isinstance(document, dict)
    for entry in document["entries"]:
        verdict = judge_plot_geometry(from_wkt(entry["wkt"]), area_of_operation=VIET_NAM)
        found = [code for code in codes(verdict) if code != "point-area-assumed"]
        assert found == PATHOLOGY[entry["id"]], entry["id"]
