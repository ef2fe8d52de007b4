"""GeoJSON structure (RFC 7946): what is one, what is none, and where it goes wrong."""

import json
from pathlib import Path

import pytest

from api.core.geo.features import Feature, iter_features, parse_document
from api.core.geo.findings import Finding
from api.core.geo.geojson import Geometry, parse_geometry
from api.core.geo.json_text import read_json
from tests.domains.plots.shapes import collection, feature, point, polygon, square
from tests.shared_data import shared_data


def golden(folder: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in sorted(Path(shared_data("plots", "rfc7946_validator", folder)).iterdir()):
        document = read_json(path.read_bytes())
        assert not isinstance(document, Finding), path.name
        found[path.name] = document
    return found


def codes(document: object) -> list[tuple[str, str]]:
    return [(found.code, found.pointer) for found in parse_document(document).every_finding]


def test_every_valid_document_is_read() -> None:
    documents = golden("valid")
    assert len(documents) == 22
    assert {name: codes(document) for name, document in documents.items() if codes(document)} == {}


def test_every_document_of_broken_structure_is_refused() -> None:
    documents = golden("invalid_structure")
    assert len(documents) == 32
    accepted = [name for name, found in documents.items() if parse_document(found).well_formed]
    assert accepted == []


def test_broken_shapes_have_sound_structure() -> None:
    """A ring that is open, wrongly wound or too short is GeoJSON; whether it is land, rules say."""
    refused = [
        name
        for folder in ("invalid_geometries", "problematic_geometries")
        for name, document in golden(folder).items()
        if not parse_document(document).well_formed
    ]
    assert refused == ["invalid_incorrect_geometry_data_type.geojson"]  # polygon called LineString


def test_another_reference_system_is_refused_and_wgs84_is_only_superfluous() -> None:
    [document] = golden("problematic_structure").values()
    assert codes(document) == [("crs-not-wgs84", "/crs")]
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"):
        named = collection(feature(point())) | {
            "crs": {"type": "name", "properties": {"name": name}}
        }
        parsed = parse_document(named)
        assert parsed.well_formed
        assert [found.code for found in parsed.findings] == ["crs-superfluous"]
    for crs in ("EPSG:4326", {"type": "link"}, {"type": "name", "properties": {"name": 4326}}):
        assert not parse_document(point() | {"crs": crs}).well_formed


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (None, ("not-an-object", "")),
        ([], ("not-an-object", "")),
        ({}, ("type-unknown", "")),
        ({"type": "point", "coordinates": [1, 2]}, ("type-unknown", "/type")),
        ({"type": "Point", "Coordinates": [1, 2]}, ("member-misspelt", "/Coordinates")),
        ({"type": "Point", "coordinate": [1, 2]}, ("member-misspelt", "/coordinate")),
        ({"type": "Point", "coordinates": None}, ("coordinates-nesting", "/coordinates")),
        ({"type": "Point", "coordinates": [True, 2]}, ("coordinate-not-number", "/coordinates")),
        (
            {"type": "Point", "coordinates": [1, float("nan")]},
            ("coordinate-not-number", "/coordinates"),
        ),
        ({"type": "Point", "coordinates": [1]}, ("position-length", "/coordinates")),
        ({"type": "Polygon", "coordinates": []}, ("coordinates-empty", "/coordinates")),
        ({"type": "Polygon", "coordinates": [[]]}, ("coordinates-empty", "/coordinates/0")),
        ({"type": "LineString", "coordinates": [[1, 2]]}, ("line-too-short", "/coordinates")),
        (point() | {"properties": {}}, ("member-forbidden", "/properties")),
        (feature(point()) | {"coordinates": []}, ("member-forbidden", "/coordinates")),
        (collection() | {"geometry": None}, ("member-forbidden", "/geometry")),
        (collection(point()), ("type-unknown", "/features/0/type")),
        ({"type": "GeometryCollection", "geometries": {}}, ("coordinates-nesting", "/geometries")),
    ],
)
def test_a_fault_is_named_at_its_place(document: object, expected: tuple[str, str]) -> None:
    assert expected in codes(document)


def test_a_fault_in_a_ring_tells_ring_and_position() -> None:
    ring, hole = square(), square()
    hole[2] = ["-76.7", -7.05]  # type: ignore[list-item]
    found = parse_geometry({"type": "MultiPolygon", "coordinates": [[ring], [ring, hole]]})
    assert isinstance(found, tuple)
    [fault] = found
    assert fault.code == "coordinate-not-number"
    assert fault.pointer == "/coordinates/1/1/2"
    assert (fault.ring, fault.position) == (1, 2)


def test_every_faulty_position_is_named() -> None:
    ring: list[object] = list(square())
    ring[1], ring[3] = [None, 1], []
    found = parse_geometry({"type": "Polygon", "coordinates": [ring]})
    assert isinstance(found, tuple)
    assert [(f.code, f.position) for f in found] == [
        ("coordinate-not-number", 1),
        ("position-length", 3),
    ]


def test_too_many_brackets_are_said_once_with_the_right_form() -> None:
    found = parse_geometry({"type": "Point", "coordinates": [[-76.7, -7.05], [-76.6, -7.05]]})
    assert isinstance(found, tuple)
    [fault] = found
    assert fault.code == "coordinates-nesting"
    assert "[lon, lat]" in fault.es


def test_parts_and_pointers_of_multi_types_and_collections() -> None:
    several = {"type": "MultiPolygon", "coordinates": [[square()], [square(), square()]]}
    document = {"type": "GeometryCollection", "geometries": [point(), several]}
    geometry = parse_geometry(document, "/features/3/geometry")
    assert isinstance(geometry, Geometry)
    assert [part.kind for part in geometry.parts] == ["Point", "Polygon", "Polygon"]
    assert [part.pointer for part in geometry.parts] == [
        "/features/3/geometry/geometries/0/coordinates",
        "/features/3/geometry/geometries/1/coordinates/0",
        "/features/3/geometry/geometries/1/coordinates/1",
    ]
    assert geometry.parts[2].pointer_to(1, 4).endswith("/coordinates/1/1/4")
    assert [member.kind for member in geometry.members] == ["Point", "MultiPolygon"]


def test_one_bad_feature_leaves_its_neighbours_alone() -> None:
    document = collection(
        feature(point()), {"type": "Feature"}, feature(polygon(square()), name="x")
    )
    first, second, third = iter_features(document)
    assert isinstance(first.geometry, Geometry)
    assert second.geometry is None
    assert [(f.code, f.pointer) for f in second.findings] == [
        ("member-missing", "/features/1"),
        ("member-missing", "/features/1"),
    ]
    assert third.properties == {"name": "x"}
    assert (third.index, third.pointer, third.findings) == (2, "/features/2", ())


@pytest.mark.parametrize("document", [point(), feature(point()), collection(feature(point()))])
def test_geometry_feature_and_collection_give_the_same_feature(document: object) -> None:
    [found] = iter_features(document)
    assert isinstance(found, Feature)
    assert found.geometry is not None
    assert found.geometry.parts[0].lines == (((-76.7035, -7.0535),),)


def test_nothing_that_was_sent_is_repeated_in_a_sentence() -> None:
    secret = "Juana Quispe 01234567"
    document = {"type": secret, "geomerty": secret, "properties": secret, "id": {secret: secret}}
    findings = parse_document(collection(document)).every_finding
    assert findings
    assert secret not in json.dumps([(f.pointer, f.es, f.en) for f in findings])
