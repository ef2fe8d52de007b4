"""Visits for tests."""

from typing import Any

from api.core.clock import today
from tests.callers import Caller

PHOTO = {"sha256": "9f86d081" * 8, "media_type": "image/jpeg"}


def visit_wish(producer_id: str, **changes: Any) -> dict[str, Any]:
    """The body of a visit of today about pruning, with a photograph."""
    return {
        "producer_id": producer_id,
        "visited_on": today().isoformat(),
        "technician_code": "TEC-07",
        "practice": "pruning",
        "finding": "Escoba de bruja en un tercio de las plantas.",
        "recommendation": "Poda sanitaria antes de las lluvias.",
        "evidence": [PHOTO],
        **changes,
    }


async def new_visit(assistant: Caller, producer_id: str, **changes: Any) -> dict[str, Any]:
    """A visit as recorded."""
    return await assistant.make("/v1/visits", visit_wish(producer_id, **changes))
