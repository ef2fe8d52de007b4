"""A file of plots, whatever its format, as requests to register them one by one.

The geometry of a row is passed on as it stands: whoever registers it is told what is wrong with it.
What is wrong with the file itself, or keeps a row from being a feature at all, is found here.
"""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from api.core.geo import measure
from api.core.geo.features import judge_outer, parse_feature
from api.core.geo.findings import Finding, has_error
from api.core.geo.json_text import read_json
from api.core.geo.members import is_object
from api.core.geo.operation_area import PERU, AreaOfOperation
from api.core.geo.positions import is_number
from api.domains.plots.csv_format import read_csv
from api.domains.plots.formats import declared_area, feature_of, plain_name, unreadable_area
from api.domains.plots.kml_format import read_kml
from api.domains.plots.sound_rings import is_plain
from api.domains.plots.vocabulary import FileFormat

CODE_NAMES: Final = ("external_id", "plot_id", "plotid", "codigo", "code", "id")
"""Properties in which a plot's own code is found, the surest first, in plain letters."""

PRODUCER_CODE_NAMES: Final = (
    "producer_external_id",
    "producer_code",
    "codigo_productor",
    "codigo_socio",
)
"""The same for the producer's own code."""

TEXTS: Final = (
    "name",
    "land_use",
    "ubigeo",
    "variety",
    "tenure_kind",
    "tenure_document",
    "captured_at",
)
NUMBERS: Final = ("planting_year", "plants_per_ha")
"""Properties that are members of the request by the same name."""

_WHOLE: Final = re.compile(r"(\d{1,9})([.,]0{1,2})?", re.ASCII)
_LONGEST_CODE: Final = 64
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One feature: ``code`` is the organisation's own code of the plot, ``members`` are what the
    request takes besides geometry and producer. Where ``findings`` hold an error, there is
    nothing to register.

    ``number`` is the row of a table (the header is row 1), else the place in the file from 1. The
    producer is named by id, by the organisation's own code, or not at all.
    """

    index: int
    code: str | None
    geometry: Any
    producer_id: str | None
    members: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    producer_code: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """A file's rows, and what is to say about the file as a whole."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]

    @property
    def readable(self) -> bool:
        """Whether the file can be taken at all."""
        return not has_error(self.findings)


def rows_of(data: bytes, file_name: str) -> Rows:
    """The rows of a file: KML and CSV by the ending of its name, else GeoJSON. A row without a
    code gets one of the file's name and its place.
    """
    stem, _, ending = file_name.rpartition(".")
    known = {"kml": FileFormat.KML, "csv": FileFormat.CSV}
    file_format = known.get(ending.lower(), FileFormat.GEOJSON)
    return read_rows(data, file_format, stem=stem or file_name)


def read_rows(
    data: bytes,
    file_format: FileFormat,
    *,
    stem: str | None = None,
    area_of_operation: AreaOfOperation = PERU,
) -> Rows:
    """The rows of a file; those without a code have none, unless ``stem`` names the file."""
    if file_format is FileFormat.GEOJSON:
        return _of_geojson(data, stem)
    is_kml = file_format is FileFormat.KML
    reading = read_kml(data) if is_kml else read_csv(data, area_of_operation)
    entries = reading.collection["features"]
    about: dict[str, list[Finding]] = {}
    for finding in reading.findings:
        about.setdefault(finding.pointer, []).append(finding)
    rows = [
        _row(entry, (index, number), stem, about.get(f"/features/{index}", []))
        for index, (entry, number) in enumerate(
            zip(entries, reading.numbers or range(1, len(entries) + 1), strict=True)
        )
    ]
    return Rows(tuple(rows), tuple(about.get("", [])))


def _of_geojson(data: bytes, stem: str | None) -> Rows:
    document = read_json(data, exact=False)
    if isinstance(document, Finding):
        return Rows((), (document,))
    _, findings = judge_outer(document)
    rows = []
    for index, entry in enumerate(_entries(document)):
        # What is wrong with the geometry itself is for whoever registers it to say.
        bare = {**entry, "geometry": None} if is_object(entry) and "geometry" in entry else entry
        own = parse_feature(bare, index, f"/features/{index}").findings
        rows.append(_row(entry, (index, index + 1), stem, own))
    return Rows(tuple(rows), findings)


def _entries(document: object) -> list[Any]:
    if not is_object(document):
        return []
    if document.get("type") == "FeatureCollection":
        entries = document.get("features")
        return entries if isinstance(entries, list) else []
    if document.get("type") == "Feature":
        return [document]
    return [feature_of(dict(document), {})]


def _row(entry: Any, place: tuple[int, int], stem: str | None, findings: Sequence[Finding]) -> Row:
    index, number = place
    fallback = None if stem is None else _fallback(stem, index)
    if not is_object(entry):
        return Row(index, fallback, None, None, {}, tuple(findings), None, number)
    geometry, given = entry.get("geometry"), entry.get("properties")
    properties = given if is_object(given) else {}
    named = {plain_name(name): value for name, value in properties.items()}
    codes = [named.get(name) for name in CODE_NAMES]
    code = next(filter(None, map(_code, [*codes[:-1], entry.get("id"), codes[-1]])), None)
    return Row(
        index,
        code or fallback,
        geometry if is_plain(geometry) else _plain(geometry),
        _text(named.get("producer_id")),
        _members(named, declared_area(properties), unreadable_area(properties)),
        tuple(findings),
        next(filter(None, (_code(named.get(name)) for name in PRODUCER_CODE_NAMES)), None),
        number,
    )


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _members(
    named: Mapping[str, Any], declared: Decimal | None, unreadable: str | None
) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name in TEXTS:
        value = named.get(name)
        # A number where a text belongs is one of a program that took the text for a number.
        text = _text(str(value) if is_number(value) else value)
        if text is not None:
            members[name] = text
    for name in NUMBERS:
        digits = str(named.get(name) or "").strip()
        if digits:
            # What is no whole number is passed on as it stands, to be refused.
            whole = _WHOLE.fullmatch(digits)
            members[name] = int(whole[1]) if whole else digits
    if declared is not None:
        members["declared_area_ha"] = _hectares(declared)
    elif unreadable is not None:
        # Passed on, too: to leave it out would give a point the area that is assumed.
        members["declared_area_ha"] = unreadable
    return members


def _hectares(area: Decimal) -> str:
    """As the wire takes it; an area beyond all measure stays as it is, to be refused."""
    if abs(area) >= Decimal(10) ** 8:
        return str(area)
    return f"{area.quantize(measure.SMALLEST_HA, rounding=ROUND_HALF_EVEN):f}"


def _code(value: Any) -> str | None:
    """A code as the wire takes it: blanks within it become ``-``. Where more must go, some signs of
    what it was are added, the same each time, so that ``Ñ-12`` never passes for ``12``.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    told = "-".join(str(value).split())
    kept = _kept(told)
    if kept == told and len(kept) <= _LONGEST_CODE:
        return kept or None
    if not any(letter.isalnum() for letter in told):
        return None
    signs = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kept[: _LONGEST_CODE - 9] or 'code'}-{signs}"


def _kept(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._/\-]+", "-", text).strip("-._/")


def _fallback(stem: str, index: int) -> str:
    """The code of a row that has none: the file's name and its place, the same each time."""
    suffix = f"-{index}"
    return f"{(_kept(stem) or 'plot')[: _LONGEST_CODE - len(suffix)]}{suffix}"


def _plain(value: Any, depth: int = 0) -> Any:
    """The value with floats for decimals, as JSON takes them; what is too deep is no geometry."""
    if isinstance(value, Decimal):
        number = float(value)
        return number if math.isfinite(number) else math.copysign(1e308, number)
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return [_plain(entry, depth + 1) for entry in value]
    if is_object(value):
        return {name: _plain(entry, depth + 1) for name, entry in value.items()}
    return value
