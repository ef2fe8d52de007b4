"""Plots as people have them: KML placemarks from a phone, CSV points from a table.

Both become a GeoJSON FeatureCollection, to be judged by the same rules as any other. Nothing is
mended on the way: what looks swapped is said, not exchanged. Numbers come as ``Decimal``, so that
the cut to six decimals sees every digit.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from api.core.geo.findings import Finding


@dataclass(frozen=True, slots=True)
class Reading:
    """A file turned into a FeatureCollection, and what was wrong with it.

    A row that could not be read stands in the collection with geometry ``null``, so that indices
    match the file; its findings point to ``/features/<index>``.
    """

    collection: dict[str, Any]
    findings: tuple[Finding, ...]


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


def collection_of(features: list[dict[str, Any]]) -> dict[str, Any]:
    """The FeatureCollection around some features."""
    return {"type": "FeatureCollection", "features": features}


def feature_of(geometry: dict[str, Any] | None, properties: dict[str, str]) -> dict[str, Any]:
    """A Feature; geometry ``None`` where it could not be read."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}
