"""Files of plots for tests, sent as a cooperative's program would."""

import json
from typing import Any

from api.core.ids import new_id
from api.domains.plots.vocabulary import FileFormat
from tests.callers import Caller

PATH = "/v1/imports/plots"


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> bytes:
    """A file of features."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


async def send(
    caller: Caller,
    content: bytes,
    query: str = "",
    kind: str = FileFormat.GEOJSON,
    **headers: str,
) -> Any:
    """The answer to a file."""
    named = {"Content-Type": kind, "Idempotency-Key": str(new_id())}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await caller.call("POST", PATH + query, content=content, headers=named)


async def imported(
    caller: Caller, content: bytes, query: str = "", kind: str = FileFormat.GEOJSON
) -> dict[str, Any]:
    """What became of a file that can be read."""
    answer = await send(caller, content, query, kind)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def rows_of(caller: Caller, made: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    """What became of the first hundred rows."""
    answer = await caller.get(f"{PATH}/{made['id']}/rows?limit=100{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def counts(made: dict[str, Any]) -> dict[str, int]:
    """How many rows, by outcome."""
    names = ("created", "updated", "unchanged", "refused", "held_back")
    return {name: made[name] for name in names if made[name]}
