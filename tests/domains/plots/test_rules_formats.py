"""A spreadsheet becomes features; what cannot be read is said with its line."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.geo.features import parse_document
from api.core.geo.measure import Bounds
from api.core.geo.operation_area import AreaOfOperation
from api.domains.plots.csv_format import read_csv
from api.domains.plots.formats import Reading, decimal_of, declared_area, unreadable_area
from api.domains.plots.rules import judge_plot_feature
from tests.shared_data import shared_data

VIET_NAM = AreaOfOperation("Việt Nam", Bounds(102.1, 8.3, 109.6, 23.4))


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def coordinates(reading: Reading) -> list[Any]:
    features = reading.collection["features"]
    return [f["geometry"] and f["geometry"]["coordinates"] for f in features]


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
        ({"area_ha": "1.5 ha"}, "1.5"),
        ({"area": "2,25 Hectáreas."}, "2.25"),
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


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({"area_ha": "poca"}, "poca"),
        ({"declared_area_ha": "NaN"}, "NaN"),
        ({"Hectáreas": "\uff14"}, "\uff14"),
        ({"ha": True}, "True"),
        ({"area_ha": "1,5"}, None),
        ({"area_ha": " "}, None),
        ({"area": "Sector 3"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_an_area_that_is_no_number_is_told_as_it_stands(
    properties: dict[str, object], told: str | None
) -> None:
    assert unreadable_area(properties) == told


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


@given(st.binary(max_size=200), st.sampled_from([b"", b"lat;lon\n", b"\xff\xfe"]))
def test_any_bytes_get_an_answer(data: bytes, start: bytes) -> None:
    reading = read_csv(start + data)
    assert reading.findings or reading.collection["features"]
    assert parse_document(reading.collection).well_formed
