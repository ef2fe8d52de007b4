"""Reading JSON: every digit kept, and nothing that two readers would read in two ways."""

from decimal import Decimal

import pytest

from api.core.geo.findings import Finding
from api.core.geo.json_text import read_json


def test_fractions_keep_every_digit() -> None:
    document = read_json(b'{"coordinates": [-76.70349999999999999999, -7]}')
    assert document == {"coordinates": [Decimal("-76.70349999999999999999"), -7]}


def test_a_byte_order_mark_is_forgiven() -> None:
    assert read_json("\N{BYTE ORDER MARK}[]".encode()) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"type": "Point"', "json-syntax"),
        (b"", "json-syntax"),
        (b'{"type": "Point",}', "json-syntax"),
        (b'{"a": 1, "a": 2}', "json-member-twice"),
        (b'[{"b": {"coordinates": 1, "coordinates": 2}}]', "json-member-twice"),
        (b"[NaN]", "json-not-a-number"),
        (b"[-Infinity]", "json-not-a-number"),
        (b"[" + b"9" * 5000 + b"]", "json-not-a-number"),
        (b"[" * 200_000, "json-too-deep"),
        ("[1, 'ñ']".encode("latin-1"), "json-encoding"),
        (b"%PDF-1.7 ...", "file-format"),
        (b"PK\x03\x04...", "file-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file-format"),
        (b"  <kml/>", "file-format"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    found = read_json(data)
    assert isinstance(found, Finding)
    assert (found.code, found.severity) == (code, "error")


def test_a_syntax_error_names_its_place() -> None:
    found = read_json(b'{"type": "Point",\n "coordinates": [1,, 2]}')
    assert isinstance(found, Finding)
    assert "línea 2, columna 20" in found.es
    assert "line 2, column 20" in found.en
    assert "brace '}'" in found.en
