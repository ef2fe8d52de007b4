"""What follows an answer with the personal data of another organisation's producers."""

from typing import Any
from uuid import UUID

import orjson
from fastapi import Response

from api.domains.consents.service import record_access
from api.domains.consents.vocabulary import Purpose
from api.routers.deps import Trace


async def traced(
    response: Response,
    trace: Trace,
    purpose: Purpose | None,
    operation: str,
    producer: str = "id",
) -> Response:
    """The answer, after every producer that it discloses is in the access log.

    A document is a disclosure if its member ``disclosure`` names a consent; ``producer`` is the
    member with the producer's id. Nothing can be disclosed without a purpose.
    """
    if purpose is None or not response.body:
        return response
    found: dict[str, Any] = orjson.loads(bytes(response.body))
    consents = {
        UUID(item[producer]): UUID(item["disclosure"]["consent_id"])
        for item in found.get("items", [found])
        if item["disclosure"]
    }
    if consents:
        await record_access(await trace.open(), consents, purpose, operation)
    return response
