"""Points from a table: CSV as spreadsheets write it, in Spanish or English.

UTF-8 with or without byte-order mark, UTF-16 with one, else Latin-1; separated by comma, semicolon
or tab; decimal point or comma. Columns are found by name.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from api.core.geo.findings import Finding, Rule
from api.core.geo.operation_area import PERU, WORLD, AreaOfOperation
from api.core.geo.positions import micro_degrees
from api.domains.plots import format_texts as texts
from api.domains.plots.formats import (
    Reading,
    collection_of,
    decimal_of,
    feature_of,
    plain_name,
)

LONGITUDE: Final = ("longitud", "longitude", "lon", "lng", "long", "x", "coord_x", "gps_lon")
LATITUDE: Final = ("latitud", "latitude", "lat", "y", "coord_y", "gps_lat")
_UTM: Final = ("este", "norte", "easting", "northing", "utm_x", "utm_y")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The header as written, and where the coordinates stand in it."""

    names: tuple[str, ...]
    longitude: int
    latitude: int


def read_csv(data: bytes, area_of_operation: AreaOfOperation = PERU) -> Reading:
    """The points of a table, one feature per row; every other column becomes a text property."""
    text = _decode(data)
    rows = _rows(text)
    findings: list[Finding] = []
    try:
        header = next(rows, (1, 1, []))[2]
        columns = _find_columns(header)
        if isinstance(columns, Finding):
            return Reading(collection_of([]), (columns,))
        found = list(rows)
        features = [
            _feature(row, line, index, columns, findings)
            for index, (_, line, row) in enumerate(found)
        ]
    except _Unreadable as error:
        return Reading(collection_of([]), (texts.CSV_BROKEN.at("", line=error.line),))
    if not features:
        findings.append(texts.CSV_NO_ROWS.at(""))
    findings = _swapped_columns(features, area_of_operation) + findings
    numbers = tuple(number for number, *_ in found)
    return Reading(collection_of(features), tuple(findings), numbers)


class _Unreadable(ValueError):
    """Raised where the quotation marks of a table do not close."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _rows(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Rows with their number and the line they end on; blank rows are skipped."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";\t,", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(reader, 1):
            if any(cell.strip() for cell in row):
                yield number, reader.line_num, row
    except csv.Error as error:
        raise _Unreadable(reader.line_num) from error


def _find_columns(header: Sequence[str]) -> _Columns | Finding:
    plain = [plain_name(name) for name in header]
    longitude = next((plain.index(name) for name in LONGITUDE if name in plain), None)
    latitude = next((plain.index(name) for name in LATITUDE if name in plain), None)
    if longitude is not None and latitude is not None:
        return _Columns(tuple(name.strip() for name in header), longitude, latitude)
    return (texts.CSV_UTM if set(_UTM) & set(plain) else texts.CSV_NO_COLUMNS).at("")


def _feature(
    row: Sequence[str], line: int, index: int, columns: _Columns, findings: list[Finding]
) -> dict[str, Any]:
    properties = {
        name: cell.strip()
        for place, (name, cell) in enumerate(zip(columns.names, row, strict=False))
        if place not in (columns.longitude, columns.latitude) and name
    }
    position = _position(row, columns)
    if isinstance(position, Rule):
        findings.append(position.at(f"/features/{index}", line=line))
        return feature_of(None, properties)
    return feature_of({"type": "Point", "coordinates": position}, properties)


def _position(row: Sequence[str], columns: _Columns) -> list[Decimal] | Rule:
    width = len(columns.names)
    if any(cell.strip() for cell in row[width:]):
        return texts.ROW_LENGTH
    filled = [*row, *[""] * width]
    cells = filled[columns.longitude], filled[columns.latitude]
    if not all(cell.strip() for cell in cells):
        return texts.ROW_EMPTY
    lon, lat = (decimal_of(cell) for cell in cells)
    return texts.ROW_NOT_NUMBER if lon is None or lat is None else [lon, lat]


def _swapped_columns(features: list[dict[str, Any]], area: AreaOfOperation) -> list[Finding]:
    """One finding for the file where every row makes sense only the other way round."""
    positions = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    cut = [(micro_degrees(lon), micro_degrees(lat)) for lon, lat in positions]
    for where in (WORLD, area):
        misplaced = cut and not any(where.contains(place) for place in cut)
        if misplaced and all(where.contains((lat, lon)) for lon, lat in cut):
            return [texts.CSV_SWAPPED.at("", count=len(cut))]
    return []
