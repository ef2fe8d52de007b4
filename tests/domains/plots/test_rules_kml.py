"""Placemarks of a phone become features; no file, however made, does harm."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.geo.features import parse_document
from api.domains.plots.formats import Reading
from api.domains.plots.kml_format import read_kml
from api.domains.plots.rules import judge_plot_feature, judge_plot_geometry
from tests.domains.plots.shapes import square
from tests.shared_data import shared_data


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def coordinates(reading: Reading) -> list[Any]:
    features = reading.collection["features"]
    return [f["geometry"] and f["geometry"]["coordinates"] for f in features]


def kml(body: str, namespace: str = "http://www.opengis.net/kml/2.2") -> bytes:
    return (
        f'<?xml version="1.0"?><kml xmlns="{namespace}"><Document>{body}</Document></kml>'.encode()
    )


def ring_text(ring: list[list[float]], height: str = "") -> str:
    return "\n".join(f"  {lon},{lat}{height}" for lon, lat in ring)


def kml_polygon(*rings: list[list[float]]) -> str:
    borders = [
        f"<LinearRing><coordinates>{ring_text(ring, ',0')}</coordinates></LinearRing>"
        for ring in rings
    ]
    holes = "".join(f"<innerBoundaryIs>{border}</innerBoundaryIs>" for border in borders[1:])
    return f"<Polygon><outerBoundaryIs>{borders[0]}</outerBoundaryIs>{holes}</Polygon>"


def multi(*geometries: str) -> str:
    return f"<MultiGeometry>{''.join(geometries)}</MultiGeometry>"


@pytest.mark.parametrize(
    "namespace",
    ["http://www.opengis.net/kml/2.2", "http://earth.google.com/kml/2.1", "urn:anything"],
)
def test_a_polygon_from_a_phone(namespace: str) -> None:
    data = kml(
        f"<Folder><Placemark><name> Chacra 1 </name>{kml_polygon(square())}</Placemark></Folder>",
        namespace,
    )
    reading = read_kml(data)
    assert codes(reading) == []
    [found] = parse_document(reading.collection).features
    assert found.properties == {"name": "Chacra 1"}
    verdict = judge_plot_feature(found)
    assert verdict.geometry is not None
    assert verdict.geometry.geojson["coordinates"] == [square()]
    assert [finding.code for finding in verdict.findings] == ["height-dropped"]


def test_points_lines_tracks_and_data() -> None:
    gx = "http://www.google.com/kml/ext/2.2"
    reading = read_kml(
        kml(
            "<Placemark><Point><coordinates>-76.7,-7.05,512.3</coordinates></Point>"
            '<ExtendedData><Data name="area_ha"><value>1,5</value></Data>'
            '<SchemaData><SimpleData name="dueño">P-7</SimpleData></SchemaData></ExtendedData>'
            "</Placemark>"
            f"<Placemark><LineString><coordinates>{ring_text(square())}</coordinates>"
            "</LineString></Placemark>"
            f'<Placemark><gx:Track xmlns:gx="{gx}"><when>2026-11-01</when>'
            "<gx:coord>-76.7 -7.05 500</gx:coord><gx:coord>-76.6 -7.05 501</gx:coord>"
            "</gx:Track></Placemark>"
        )
    )
    assert codes(reading) == []
    place, line, track = parse_document(reading.collection).features
    assert place.properties == {"area_ha": "1,5", "dueño": "P-7"}
    assert judge_plot_feature(place, declared_area_ha=Decimal("1.5")).accepted
    for walk in (line, track):
        assert [f.code for f in judge_plot_feature(walk).findings] == ["geometry-is-line"]


def test_several_geometries_of_a_placemark_are_kept_together() -> None:
    two = multi(kml_polygon(square()), multi(kml_polygon(square(-76.6))))
    mixed = multi(kml_polygon(square()), "<Point><coordinates>-76.7,-7</coordinates></Point>")
    hole = kml_polygon(square(), square(-76.7032, -7.0532, 0.0002))
    none = "<name>nothing</name>"
    body = "".join(f"<Placemark>{geometry}</Placemark>" for geometry in (two, mixed, hole, none))
    features = read_kml(kml(body)).collection["features"]
    kinds = [one["geometry"] and one["geometry"]["type"] for one in features]
    assert kinds == ["MultiPolygon", "GeometryCollection", "Polygon", None]
    found = [[f.code for f in judge_plot_geometry(one).findings] for one in features]
    assert found == [
        ["plot-is-multipolygon"],
        ["plot-is-collection"],
        ["height-dropped", "polygon-has-hole"],
        ["geometry-missing"],
    ]


@pytest.mark.parametrize(
    "geometry",
    [
        "<Point><coordinates></coordinates></Point>",
        "<Point/>",
        "<Point><coordinates>-76.7 , -7.05</coordinates></Point>",
        "<Point><coordinates>-76.7,-7.05 -76.8,-7.05</coordinates></Point>",
        "<Point><coordinates>oeste,sur</coordinates></Point>",
        "<Polygon><outerBoundaryIs/></Polygon>",
    ],
)
def test_coordinates_that_are_none(geometry: str) -> None:
    good = "<Placemark><Point><coordinates>-76.7,-7.05</coordinates></Point></Placemark>"
    reading = read_kml(kml(f"<Placemark>{geometry}</Placemark>{good}"))
    assert [(f.code, f.pointer) for f in reading.findings] == [("kml-coordinates", "/features/0")]
    assert coordinates(reading) == [None, [Decimal("-76.7"), Decimal("-7.05")]]


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<kml><Placemark><name>&b;</name></Placemark></kml>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<kml><Placemark><name>&x;</name></Placemark></kml>"
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BILLION_LAUGHS.encode(), "kml-unsafe"),
        (OUTSIDE.encode(), "kml-unsafe"),
        (b"<!DOCTYPE kml><kml/>", "kml-unsafe"),
        (b"<kml><Placemark>", "kml-broken"),
        (b"", "kml-broken"),
        (b"lat,lon\n", "kml-broken"),
        (b"<gpx/>", "kml-not-kml"),
        (b"<kml/>", "kml-no-placemark"),
        (b'<?xml version="1.0" encoding="made-up"?><kml/>', "kml-encoding"),
        (b'<?xml version="1.0" encoding="gbk"?><kml/>', "kml-encoding"),
        (b'<?xml version="1.0" encoding="idna"?><kml/>', "kml-encoding"),
        (b"PK\x03\x04doc.kml", "kml-is-kmz"),
    ],
    ids=range(12),
)
def test_files_that_are_refused_whole(data: bytes, code: str) -> None:
    reading = read_kml(data)
    assert codes(reading) == [code]
    assert reading.collection["features"] == []


def test_the_cut_off_file_of_a_phone() -> None:
    path = shared_data("plots", "eudr_fixtures_filovara", "invalid", "malformed.kml")
    assert codes(read_kml(path.read_bytes())) == ["kml-broken"]


def test_deep_nesting_is_read_without_recursion() -> None:
    inner = "<Point><coordinates>-76.7,-7.05</coordinates></Point>"
    depth = 20_000
    body = "<MultiGeometry>" * depth + inner + "</MultiGeometry>" * depth
    reading = read_kml(kml(f"<Placemark>{body}</Placemark>"))
    assert coordinates(reading) == [[Decimal("-76.7"), Decimal("-7.05")]]


@given(st.binary(max_size=200), st.sampled_from([b"", b"<kml>", b"\xff\xfe"]))
def test_any_bytes_get_an_answer(data: bytes, start: bytes) -> None:
    reading = read_kml(start + data)
    assert reading.findings or reading.collection["features"]
    assert parse_document(reading.collection).well_formed
