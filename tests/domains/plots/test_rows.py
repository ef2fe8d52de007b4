"""Files of plots as requests, whatever their format."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.geo.positions import micro_degrees
from api.domains.plots.rows import Row, Rows, read_rows, rows_of
from api.domains.plots.vocabulary import FileFormat
from tests.domains.plots.shapes import collection, feature, point, polygon, square
from tests.shared_data import shared_data


def read(*features: Any, name: str = "campo.geojson") -> tuple[Row, ...]:
    found = rows_of(json.dumps(collection(*features)).encode(), name)
    assert found.readable
    return found.rows


def codes(rows: Rows) -> list[str]:
    return [finding.code for finding in rows.findings]


def test_a_row_is_a_request() -> None:
    [row] = read(
        feature(
            point(),
            Codigo="PAR 7/ñ",
            producer_id=" 01a20832-09b3-7226-b1e9-842768257666 ",
            name=" El Porvenir ",
            land_use="cocoa",
            planting_year=2014,
            plants_per_ha="1111",
            tenure_kind="",
            variety=None,
            anything={"else": 1},
            area_ha=2.45678,
        )
    )
    assert row == Row(
        0,
        "PAR-7-efd27ca8",
        point(),
        "01a20832-09b3-7226-b1e9-842768257666",
        {
            "name": "El Porvenir",
            "land_use": "cocoa",
            "planting_year": 2014,
            "plants_per_ha": 1111,
            "declared_area_ha": "2.4568",
        },
        number=1,
    )


def test_what_a_number_should_be_is_passed_on_to_be_refused() -> None:
    [row] = read(feature(point(), planting_year="c. 2010", ubigeo=221001, variety=True))
    assert row.members == {"planting_year": "c. 2010", "ubigeo": "221001"}


def test_a_row_may_name_its_producer_by_code() -> None:
    [row] = read(feature(point(), **{"Código productor": " S/12 "}))
    assert (row.producer_id, row.producer_code) == (None, "S/12")


def test_rows_of_a_file_without_name_have_their_own_code_or_none() -> None:
    document = json.dumps(collection(feature(point()), feature(point(), code="A")))
    rows = read_rows(document.encode(), FileFormat.GEOJSON).rows
    assert [row.code for row in rows] == [None, "A"]


def test_rows_of_a_table_count_from_its_header() -> None:
    table = b"lon,lat\n\n-76.7035,-7.0535\n-76.7035,-7.0535\n"
    rows = read_rows(table, FileFormat.CSV).rows
    assert [(row.index, row.number) for row in rows] == [(0, 3), (1, 4)]


@pytest.mark.parametrize(
    ("properties", "identifier", "code"),
    [
        ({"external_id": "A", "plot_id": "B", "id": "C"}, "D", "A"),
        ({"plot_id": "B", "id": "C"}, "D", "B"),
        ({"id": "C"}, "D", "D"),
        ({"id": "C"}, None, "C"),
        ({"id": 17}, None, "17"),
        ({"code": " -._/ "}, None, "campo-0"),
        ({"id": True}, None, "campo-0"),
        ({}, 3, "3"),
        ({}, None, "campo-0"),
        ({"code": "Lote  7 B"}, None, "Lote-7-B"),
        # What cannot be kept is not left out: other codes are other plots.
        ({"code": "x" * 99}, None, f"{'x' * 55}-d0621fdd"),
        ({"code": "Ñ-12"}, None, "12-da0eb085"),
        ({"code": "-12"}, None, "12-7ed00270"),
        ({"code": "\uff11\uff12"}, None, "code-cdac4161"),
    ],
)
def test_where_the_code_comes_from(properties: dict[str, Any], identifier: Any, code: str) -> None:
    document = feature(point(), **properties)
    if identifier is not None:
        document["id"] = identifier
    [row] = read(document)
    assert row.code == code


def test_rows_without_code_are_told_by_file_and_place() -> None:
    rows = read(feature(point()), feature(point()), name="Parcelas de María.geojson")
    assert [row.code for row in rows] == ["Parcelas-de-Mar-a-0", "Parcelas-de-Mar-a-1"]
    [row] = read(feature(point()), name="ñ.geojson")
    assert row.code == "plot-0"


@pytest.mark.parametrize("document", [point(), feature(point()), collection(feature(point()))])
def test_geometry_feature_and_collection_are_read_alike(document: Any) -> None:
    [row] = rows_of(json.dumps(document).encode(), "x.json").rows
    assert (row.geometry, row.findings) == (point(), ())


def test_broken_geometry_is_passed_on_and_no_feature_is_not() -> None:
    broken = {"type": "Polygon", "coordinates": [[[1, "x"]]]}
    rows = read(feature(broken), 3, {"type": "Feature", "properties": {}, "geomerty": point()})
    assert (rows[0].geometry, rows[0].findings) == (broken, ())
    assert [[finding.code for finding in row.findings] for row in rows[1:]] == [
        ["not-an-object"],
        ["member-misspelt"],
    ]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"{", "x.geojson", "json-syntax"),
        (b"PK\x03\x04", "x.geojson", "file-format"),
        (b"[]", "x.geojson", "not-an-object"),
        (b'{"type": "FeatureCollection"}', "x.geojson", "member-missing"),
        (b'{"type": "FeatureCollection", "features": {}}', "x.geojson", "features-not-array"),
        (b"<kml>", "x.kml", "kml-broken"),
        (b"a,b\n1,2\n", "x.csv", "csv-no-coordinate-columns"),
    ],
)
def test_files_that_cannot_be_read_say_why(data: bytes, name: str, code: str) -> None:
    found = rows_of(data, name)
    assert not found.readable
    assert codes(found) == [code]


def test_another_reference_system_is_the_whole_files_fault() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32718"}}
    document = collection(feature(point())) | {"crs": crs}
    assert not rows_of(json.dumps(document).encode(), "x.geojson").readable


def test_rows_of_a_table() -> None:
    table = "codigo;longitud;latitud;área (ha)\nA-1;-76,7035;-7,0535;1,5\nA-2;x;-7;\n"
    rows = rows_of(table.encode(), "x.csv").rows
    assert [row.code for row in rows] == ["A-1", "A-2"]
    assert rows[0].geometry == point()
    assert rows[0].members == {"declared_area_ha": "1.5000"}
    assert [len(row.findings) for row in rows] == [0, 1]


def test_rows_of_a_telephone() -> None:
    kml = (
        "<kml><Document><Placemark><name>El Porvenir</name><Point><coordinates>"
        "-76.7035,-7.0535,512</coordinates></Point></Placemark></Document></kml>"
    )
    [row] = rows_of(kml.encode(), "x.KML").rows
    assert row.geometry == {"type": "Point", "coordinates": [-76.7035, -7.0535, 512.0]}
    assert row.members == {"name": "El Porvenir"}


def test_swapped_columns_are_said_of_the_whole_table() -> None:
    path = shared_data(
        "plots", "eudr_fixtures_filovara", "invalid", "swapped-coordinate-columns.csv"
    )
    found = rows_of(path.read_bytes(), path.name)
    assert codes(found) == ["csv-columns-swapped"]


@given(st.decimals(-180, 180, places=15))
def test_six_decimals_survive_the_way(lon: Decimal) -> None:
    text = f'{{"type": "Point", "coordinates": [{lon:f}, -7]}}'
    [row] = rows_of(text.encode(), "x.json").rows
    sent = json.loads(json.dumps(row.geometry))["coordinates"][0]
    assert abs(micro_degrees(sent) - micro_degrees(lon)) <= 1
    if len(str(abs(lon)).rstrip("0")) <= 16:
        assert micro_degrees(sent) == micro_degrees(lon)


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400])
def test_numbers_beyond_all_measure_can_still_be_sent(number: str) -> None:
    text = f'{{"type": "Point", "coordinates": [{number}, -7]}}'
    [row] = rows_of(text.encode(), "x.json").rows
    assert json.dumps(row.geometry, allow_nan=False)


@pytest.mark.parametrize(
    ("area", "written"),
    [("0", "0.0000"), ("-3", "-3.0000"), ("1e30", "1E+30"), ("4.00005", "4.0000")],
)
def test_areas_are_written_for_the_wire(area: str, written: str) -> None:
    text = f'{{"type":"Feature","properties":{{"area_ha":{area}}},"geometry":null}}'
    [row] = rows_of(text.encode(), "x.json").rows
    assert row.members == {"declared_area_ha": written}


def test_what_is_nested_too_deep_is_cut_off() -> None:
    deep: Any = square()
    for _ in range(300):
        deep = [deep]
    [row] = read(feature({"type": "Polygon", "coordinates": deep}))
    assert len(json.dumps(row.geometry)) < 200


def test_a_polygon_passes_unchanged() -> None:
    [row] = read(feature(polygon(square())))
    assert row.geometry == polygon(square())
