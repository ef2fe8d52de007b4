"""Files of district boundaries: a GeoJSON FeatureCollection (RFC 7946) whose features name their
district by a property with its INEI code. Several features of one district are its parts.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely.geometry import shape

from api.core.geo.measure import Bounds
from api.core.names import plain
from api.domains.territories import boundary_texts as texts
from api.domains.territories.rules import CODE, level_of
from api.domains.territories.vocabulary import TerritoryLevel

_CODES: Final = ("ubigeo", "inei", "iddist", "ubigeo inei", "cod ubigeo", "ccdist", "idubigeo")
"""Properties in which a district's code is found, the surest first."""
_LAND: Final = frozenset({"Polygon", "MultiPolygon"})


class UnreadableBoundaryFile(ValueError):
    """Raised for what is no FeatureCollection; ``detail`` says so in both languages."""

    def __init__(self) -> None:
        super().__init__(texts.NO_COLLECTION["en"])
        self.detail = texts.NO_COLLECTION


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where a district lies: its INEI code, its shape as WKB, and the box around it."""

    ubigeo: str
    shape: bytes
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class RefusedFeature:
    """A feature that was left out: its place in the file (the first is 1), and why."""

    row: int
    code: str
    detail: Mapping[str, str]


def read(data: bytes) -> tuple[list[Boundary], list[RefusedFeature]]:
    """The districts of a file, by code; ``UnreadableBoundaryFile`` for what is none."""
    parts: dict[str, list[Any]] = defaultdict(list)
    refused: list[RefusedFeature] = []
    for number, feature in enumerate(_features(data), 1):
        ubigeo = _code(feature)
        land = _land(feature)
        if ubigeo is None:
            refused.append(RefusedFeature(number, *texts.NO_DISTRICT))
        elif land is None:
            refused.append(RefusedFeature(number, *texts.NO_LAND))
        else:
            parts[ubigeo].append(land)
    return [_boundary(ubigeo, parts[ubigeo]) for ubigeo in sorted(parts)], refused


def _features(data: bytes) -> list[Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadableBoundaryFile from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise UnreadableBoundaryFile
    return features


def _code(feature: Any) -> str | None:
    """The district's code, from whichever property holds it; None for any other territory."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None
    named = {plain(name): value for name, value in properties.items()}
    found = next((named[name] for name in _CODES if name in named), None)
    if not isinstance(found, str) or not CODE.fullmatch(found):
        return None
    return found if level_of(found) is TerritoryLevel.DISTRICT else None


def _land(feature: Any) -> Any:
    """A polygon or several, made valid; None for what encloses nothing."""
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in _LAND:
        return None
    try:
        land = shape(geometry)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, shapely.GEOSException):
        return None
    if not shapely.is_valid(land):
        land = shapely.make_valid(land, method="structure", keep_collapsed=False)
    return None if land.is_empty or not _on_earth(land.bounds) else land


def _on_earth(bounds: tuple[float, float, float, float]) -> bool:
    """Degrees, not metres of a national grid."""
    west, south, east, north = bounds
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def _boundary(ubigeo: str, parts: list[Any]) -> Boundary:
    whole = shapely.normalize(shapely.union_all(parts))
    return Boundary(ubigeo, shapely.to_wkb(whole), Bounds(*whole.bounds))
