"""Files of district boundaries: a GeoJSON FeatureCollection (RFC 7946) whose features name their
district by a property with its INEI code. Several features of one district are its parts.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely.geometry import box, shape

from api.core.geo.measure import Bounds
from api.core.geo.operation_area import PERU
from api.core.names import plain
from api.domains.territories import boundary_texts as texts
from api.domains.territories.rules import CODE, level_of
from api.domains.territories.vocabulary import TerritoryLevel

_CODES: Final = ("inei", "ubigeo inei", "iddist", "ubigeo", "cod ubigeo", "ccdist", "idubigeo")
"""Properties in which a district's code is found, the surest first."""
_LAND: Final = frozenset({"Polygon", "MultiPolygon"})


class UnreadableBoundaryFile(ValueError):
    """Raised for a file of which nothing can be taken; ``detail`` says why in both languages."""

    def __init__(self, detail: Mapping[str, str] = texts.NO_COLLECTION) -> None:
        super().__init__(detail["en"])
        self.detail = detail


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
        found = _district(feature)
        if isinstance(found[1], str):
            parts[found[1]].append(found[0])
        else:
            refused.append(RefusedFeature(number, *found))
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


def _district(feature: Any) -> tuple[Any, str] | texts.Told:
    """A district's land and code; why not, for anything else."""
    held = _held(feature)
    ubigeo = next((value for value in held if _is_district(value)), None)
    if ubigeo is None:
        return texts.NUMBER if any(isinstance(v, int | float) for v in held) else texts.NO_DISTRICT
    land = _land(feature)
    if land is None:
        return texts.NO_LAND
    if not box(*PERU.bounds).intersects(land):
        return texts.ABROAD
    return land, ubigeo


def _held(feature: Any) -> list[Any]:
    """What stands in the properties that may hold the code, the surest first."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return []
    named = {plain(name): value for name, value in properties.items()}
    return [named[name] for name in _CODES if name in named]


def _is_district(value: Any) -> bool:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        return False
    return level_of(value) is TerritoryLevel.DISTRICT


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
