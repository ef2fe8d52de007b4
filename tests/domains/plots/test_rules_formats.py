"""KML from a phone and CSV from a spreadsheet become features; what cannot be read is said."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.geo.features import parse_document
from api.core.geo.measure import Bounds
from api.core.geo.operation_area import AreaOfOperation
from api.domains.plots.csv_format import read_csv
from api.domains.plots.formats import Reading, decimal_of, declared_area
from api.domains.plots.kml_format import read_kml
from api.domains.plots.rules import judge_plot_feature, judge_plot_geometry
from tests.domains.plots.shapes import square
from tests.shared_data import shared_data

VIET_NAM = AreaOfOperation("Việt Nam", Bounds(102.1, 8.3, 109.6, 23.4))


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


# -- numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-76.703512", "-76.703512"),
        (" -76,703512 ", "-76.703512"),
        ("\N{MINUS SIGN}7,05", "-7.05"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("4", "4"),
        (".5", "0.5"),
        ("1e-3", "0.001"),
    ],
)
def test_numbers_in_two_habits(text: str, number: str) -> None:
    assert decimal_of(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", "-", "nan", "Infinity", "1_000", "0x1F", "7°03'12\"S", "1,2,3", "1e999", "٣", "9" * 40],
)
def test_what_is_no_number(text: str) -> None:
    assert decimal_of(text) is None


@given(st.decimals(-180, 180, places=7))
def test_either_decimal_mark_means_the_same(number: Decimal) -> None:
    point = f"{number:f}"
    assert decimal_of(point) == decimal_of(point.replace(".", ",")) == number


@pytest.mark.parametrize(
    ("properties", "area"),
    [
        ({"Area": 2.35}, "2.35"),
        ({"area_ha": "1,2018"}, "1.2018"),
        ({"Área (ha)": "3"}, "3"),
        ({"Hectáreas": Decimal("0.5")}, "0.5"),
        ({"area": 9, "area_ha": 1}, "1"),
        ({"area_ha": "", "Superficie": 4}, "4"),
        ({"area_ha": "poca"}, None),
        ({"area_ha": True}, None),
        ({"name": "x"}, None),
    ],
    ids=str,
)
def test_a_declared_area_is_found_by_its_name(
    properties: dict[str, object], area: str | None
) -> None:
    assert declared_area(properties) == (None if area is None else Decimal(area))


# -- CSV


@pytest.mark.parametrize(
    "data",
    [
        b"id,lat,lon\nP1,-7.0535,-76.7035\n",
        b"\xef\xbb\xbfid;latitud;longitud\r\nP1;-7,0535;-76,7035\r\n",
        "id;Latitud (°);Longitud (°)\nP1;-7,0535;-76,7035\n".encode("latin-1"),
        b'id,Latitude,Longitude\nP1,"-7,0535","-76,7035"\n',
        b"id\tY\tX\nP1\t-7.0535\t-76.7035\n",
        "id,LAT,LNG\nP1,−7.0535,−76.7035".encode("utf-16"),
        b"\n\nid,lat,lon,note\n\nP1,-7.0535,-76.7035\n,,,\n",
        b"id;lat;lon\nP1;-7,0535;-76,7035;;\n",
    ],
)
def test_one_point_as_many_spreadsheets_write_it(data: bytes) -> None:
    reading = read_csv(data)
    assert codes(reading) == []
    [found] = parse_document(reading.collection).features
    assert found.properties["id"] == "P1"
    verdict = judge_plot_feature(found, declared_area_ha=Decimal(1))
    assert verdict.geometry is not None
    assert verdict.geometry.geojson["coordinates"] == [-76.7035, -7.0535]


def test_other_columns_become_properties() -> None:
    data = "código;lat;lon;nombre;ha\nP1;-7,05;-76,70; El Peñón ;1,5\n".encode("latin-1")
    [found] = read_csv(data).collection["features"]
    assert found["properties"] == {"código": "P1", "nombre": "El Peñón", "ha": "1,5"}
    assert declared_area(found["properties"]) == Decimal("1.5")


def test_a_bad_row_is_named_and_keeps_its_place() -> None:
    data = (
        b"id,lat,lon\nA,-7.05,-76.70\nB,,-76.70\nC,seven,-76.70\nD,-7,05,-76,70\nE,-7.06,-76.71\n"
    )
    reading = read_csv(data)
    assert [(f.code, f.pointer) for f in reading.findings] == [
        ("csv-coordinates-missing", "/features/1"),
        ("csv-coordinate-not-number", "/features/2"),
        ("csv-row-length", "/features/3"),
    ]
    assert "línea 3" in reading.findings[0].es
    assert [bool(place) for place in coordinates(reading)] == [True, False, False, False, True]
    assert parse_document(reading.collection).well_formed


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "csv-no-coordinate-columns"),
        (b"id,name\n1,x\n", "csv-no-coordinate-columns"),
        (b"-76.7,-7.05\n", "csv-no-coordinate-columns"),
        (b"id,este,norte\n1,353000,9220000\n", "csv-utm-columns"),
        (b"lat,lon\n", "csv-no-rows"),
        (b'lat,lon\n"-7.05,-76.7\n', "csv-broken"),
        (b"lat,lon\n-7.05," + b"7" * 200_000, "csv-broken"),
    ],
)
def test_a_table_that_cannot_be_read(data: bytes, code: str) -> None:
    reading = read_csv(data)
    assert codes(reading) == [code]
    assert reading.collection["features"] == []


def test_exchanged_columns_are_noticed_and_not_mended() -> None:
    swapped = shared_data(
        "plots", "eudr_fixtures_filovara", "invalid", "swapped-coordinate-columns.csv"
    )
    reading = read_csv(swapped.read_bytes())
    assert codes(reading) == ["csv-columns-swapped"]
    for found in parse_document(reading.collection).features:
        assert not judge_plot_feature(found).accepted
    in_peru = read_csv(b"lat,lon\n-76.70,-7.05\n-76.71,-7.06\n")
    assert codes(in_peru) == ["csv-columns-swapped"]
    assert coordinates(in_peru)[0] == [Decimal("-7.05"), Decimal("-76.70")]
    one_of_two = read_csv(b"lat,lon\n-76.70,-7.05\n-7.06,-76.71\n")
    assert codes(one_of_two) == []


def test_the_messy_submission() -> None:
    path = shared_data("plots", "veritas_synthetic", "submissions", "messy_submission.csv")
    reading = read_csv(path.read_bytes(), VIET_NAM)
    assert [(f.code, f.pointer) for f in reading.findings] == [
        ("csv-coordinates-missing", "/features/1")  # a bowtie, given as WKT only
    ]
    errors = {}
    for row in parse_document(reading.collection).features:
        declared = decimal_of(str(row.properties["asserted_area_ha"]))
        verdict = judge_plot_feature(row, declared_area_ha=declared, area_of_operation=VIET_NAM)
        errors[row.properties["id"]] = [f.code for f in verdict.findings if f.severity == "error"]
    assert errors == {
        "sub-clean-poly": [],  # decimal commas
        "sub-bowtie": ["geometry-missing"],
        "sub-latlon-swap": ["axes-swapped"],
        "sub-hole-poly": [],
        "sub-sliver": [],
        "sub-dup-id": [],
        "sub-subpixel-zf": [],
        "sub-bigpoint": ["point-above-limit"],
        "sub-smallpoint": [],
    }


# -- KML


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


@given(st.binary(max_size=200), st.sampled_from([b"", b"lat;lon\n", b"<kml>", b"\xff\xfe"]))
def test_any_bytes_get_an_answer(data: bytes, start: bytes) -> None:
    for reading in (read_kml(start + data), read_csv(start + data)):
        assert reading.findings or reading.collection["features"]
        assert parse_document(reading.collection).well_formed
