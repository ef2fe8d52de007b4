"""Bytes to a JSON document, refusing what two readers could read in two ways."""

import json
from collections.abc import Sequence
from decimal import Decimal
from math import copysign, isfinite
from typing import Final, NoReturn

from api.core.geo.findings import Finding, Rule

SYNTAX: Final = Rule(
    "json-syntax",
    "error",
    "RFC 8259; EU file error 8",
    es="El archivo no es JSON bien formado: error en la línea {line}, columna {column}. Suele "
    "faltar o sobrar una coma, un corchete «]» o una llave «}}».",
    en="The file is not well-formed JSON: error at line {line}, column {column}. Usually a comma, "
    "a bracket ']' or a brace '}}' is missing or is one too many.",
)
ENCODING: Final = Rule(
    "json-encoding",
    "error",
    "RFC 8259 §8.1",
    es="El archivo no está en UTF-8. Guárdelo de nuevo con codificación UTF-8.",
    en="The file is not in UTF-8. Save it again with UTF-8 encoding.",
)
TOO_DEEP: Final = Rule(
    "json-too-deep",
    "error",
    "RFC 8259 §9",
    es="El archivo anida más corchetes de los que GeoJSON usa. Expórtelo de nuevo.",
    en="The file nests more brackets than GeoJSON uses. Export it again.",
)
MEMBER_TWICE: Final = Rule(
    "json-member-twice",
    "error",
    "RFC 7493 §2.3",
    es="Un objeto del archivo lleva dos veces el mismo miembro: no se sabe cuál vale. Deje uno.",
    en="An object of the file has the same member twice: nobody knows which counts. Keep one.",
)
NOT_FINITE: Final = Rule(
    "json-not-a-number",
    "error",
    "RFC 8259 §6",
    es="El archivo contiene NaN o Infinity, que JSON no conoce. Escriba números decimales.",
    en="The file holds NaN or Infinity, which JSON does not know. Write decimal numbers.",
)
NOT_JSON: Final = Rule(
    "file-format",
    "error",
    "EU file errors 10 and 13",
    es="El archivo no es GeoJSON (parece PDF, ZIP, Office o XML, o está protegido con contraseña). "
    "Expórtelo como «.geojson» sin contraseña.",
    en="The file is not GeoJSON (it looks like PDF, ZIP, Office or XML, or it is protected by a "
    "password). Export it as '.geojson' without password.",
)

# How files begin that people send by mistake: PDF, ZIP (also xlsx, docx, kmz, shapefile), old
# Office (also password-protected Office), 7z, rar, gzip, XML.
_OTHER_FORMATS: Final = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x1f\x8b",
    b"<",
)


class _Refused(ValueError):
    """Carries the rule that the text broke out of the parser."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.code)
        self.rule = rule


def read_json(data: bytes, *, exact: bool = True) -> object | Finding:
    """The document, or the one reason why it cannot be read.

    Fractions come as ``Decimal``: every digit that was sent is there to be cut; not ``exact``, as
    finite floats, much as other requests bring them. A byte-order mark is forgiven. A document is
    never a ``Finding``, so ``isinstance`` tells the two apart.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip(b" \t\r\n").startswith(_OTHER_FORMATS):
        return NOT_JSON.at("")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ENCODING.at("")
    try:
        document: object = json.loads(
            text,
            parse_float=Decimal if exact else _finite,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except _Refused as refusal:
        return refusal.rule.at("")
    except json.JSONDecodeError as error:
        return SYNTAX.at("", line=error.lineno, column=error.colno)
    except RecursionError:
        return TOO_DEEP.at("")
    except ValueError:
        # An integer of more digits than Python converts (4,300): no coordinate, no area.
        return NOT_FINITE.at("")
    return document


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Refused(MEMBER_TWICE)
    return members


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else copysign(1e308, number)


def _no_constant(_: str) -> NoReturn:
    raise _Refused(NOT_FINITE)
