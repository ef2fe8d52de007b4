"""Plots as people have them: KML placemarks from a phone, CSV points from a table.

Both become a GeoJSON FeatureCollection, to be judged by the same rules as any other. Nothing is
mended on the way: what looks swapped is said, not exchanged. Numbers come as ``Decimal``, so that
the cut to six decimals sees every digit.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from api.core.geo.findings import Finding
from api.core.geo.positions import is_number


@dataclass(frozen=True, slots=True)
class Reading:
    """A file turned into a FeatureCollection, and what was wrong with it.

    A row that could not be read stands in the collection with geometry ``null``, so that indices
    match the file; its findings point to ``/features/<index>``.
    """

    collection: dict[str, Any]
    findings: tuple[Finding, ...]
    numbers: tuple[int, ...] = ()
    """Of each feature, its row in a table; the header is row 1."""


_NUMBER: Final = re.compile(r"[+-]?(\d{1,16}(\.\d{0,24})?|\.\d{1,24})([eE][+-]?\d{1,2})?", re.ASCII)


def decimal_of(text: str) -> Decimal | None:
    """The number in a cell, with decimal point or decimal comma; None where it is none.

    Where both stand, the last one is the decimal mark: ``1.234,56`` and ``1,234.56`` are the same.
    The typographic minus is read as a minus, for spreadsheets write it.
    """
    cleaned = text.strip().replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", "")
    if cleaned.rfind(",") > cleaned.rfind("."):
        cleaned = cleaned.replace(".", "").replace(",", ".", 1)
    else:
        cleaned = cleaned.replace(",", "")
    return Decimal(cleaned) if _NUMBER.fullmatch(cleaned) else None


AREA_NAMES: Final = (
    "declared_area_ha",
    "area_ha",
    "hectareas",
    "hectares",
    "ha",
    "superficie_ha",
    "area",
    "superficie",
)
"""Names under which a declared area in hectares is found, the surest first, in plain letters."""
_HECTARES: Final = frozenset(AREA_NAMES) - {"area", "superficie"}
_UNIT: Final = re.compile(r"\s*(ha|has|hect[aá]reas?)\.?\s*$", re.IGNORECASE)


def declared_area(properties: Mapping[str, object]) -> Decimal | None:
    """The declared area (hectares) among a feature's properties, as a number or as a text.

    The EU's own ``Area`` is one of the names, and a number may carry its unit (``1.5 ha``). None
    where there is none, or no number in it.
    """
    _, value = _area_in(properties)
    if isinstance(value, str):
        return decimal_of(_UNIT.sub("", value))
    if not is_number(value):
        return None
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def unreadable_area(properties: Mapping[str, object]) -> str | None:
    """What stands for the declared area under a name that means hectares alone and is no number; an
    ``area`` may be the name of a place.
    """
    name, value = _area_in(properties)
    if name not in _HECTARES or declared_area(properties) is not None:
        return None
    return str(value).strip() or None


def _area_in(properties: Mapping[str, object]) -> tuple[str, object]:
    named = {plain_name(name): value for name, value in properties.items()}
    held = ((name, named[name]) for name in AREA_NAMES if named.get(name) not in (None, ""))
    return next(held, ("", None))


@lru_cache(maxsize=1024)
def plain_name(name: str) -> str:
    """A name without case, accents, blanks and unit: ``Área (ha)`` is ``area``."""
    letters = unicodedata.normalize("NFKD", name.partition("(")[0]).strip().lower()
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return kept.replace(" ", "_").replace("-", "_")


def collection_of(features: list[dict[str, Any]]) -> dict[str, Any]:
    """The FeatureCollection around some features."""
    return {"type": "FeatureCollection", "features": features}


def feature_of(geometry: dict[str, Any] | None, properties: dict[str, str]) -> dict[str, Any]:
    """A Feature; geometry ``None`` where it could not be read."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}
