"""Plots as GeoJSON (RFC 7946), for whoever asks with ``Accept: application/geo+json``."""

from typing import Any, Final

import orjson
from fastapi import Request, Response

MEDIA_TYPE: Final = "application/geo+json"
JSON: Final = "application/json"

_GEOMETRY: Final = {"type": "object", "description": "Point or Polygon, as in the JSON answer"}
_PROPERTIES: Final = {"type": "object", "description": "The members of the JSON answer"}
_FEATURE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string", "format": "uuid", "maxLength": 36},
        "geometry": _GEOMETRY,
        "properties": _PROPERTIES,
    },
    "required": ["type", "id", "geometry", "properties"],
}
_COLLECTION: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "maxItems": 100, "items": _FEATURE},
    },
    "required": ["type", "features"],
}
ONE: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {MEDIA_TYPE: {"schema": _FEATURE}}}}
"""What the document says beside the JSON answer of a single plot."""
MANY: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {MEDIA_TYPE: {"schema": _COLLECTION}}}
}
"""The same of a page."""


def wants_geojson(request: Request) -> bool:
    """Whether the caller prefers GeoJSON to JSON (RFC 9110 §12.5.1); without a word, JSON it is."""
    weights = dict.fromkeys((MEDIA_TYPE, JSON), 0.0)
    for entry in request.headers.get("accept", "").lower().split(","):
        media_type, *parameters = (part.strip() for part in entry.split(";"))
        if media_type in weights:
            weights[media_type] = max(weights[media_type], _weight(parameters))
    return weights[MEDIA_TYPE] > weights[JSON]


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def negotiated(request: Request, response: Response) -> Response:
    """The answer in the form that the caller prefers.

    A Feature's properties are the members of the JSON answer; what a page has besides its items
    stands beside the features. GeoJSON carries no ETag: it would be that of another form.
    """
    response.headers["Vary"] = f"Accept, {response.headers['Vary']}"
    if response.body and wants_geojson(request):
        document = orjson.loads(bytes(response.body))
        response.body = orjson.dumps(_geojson(document))
        response.headers["Content-Type"] = MEDIA_TYPE
        response.headers["Content-Length"] = str(len(response.body))
        if "ETag" in response.headers:
            del response.headers["ETag"]
    return response


def _geojson(document: dict[str, Any]) -> dict[str, Any]:
    if "items" not in document:
        return _feature(document)
    features = [_feature(plot) for plot in document.pop("items")]
    return {"type": "FeatureCollection", "features": features, **document}


def _feature(plot: dict[str, Any]) -> dict[str, Any]:
    geometry = plot.pop("geometry")
    return {"type": "Feature", "id": plot["id"], "geometry": geometry, "properties": plot}
