"""What follows an answer with the personal data of another organisation's producers."""

from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response

from api.domains.consents.service import record_access
from api.domains.consents.vocabulary import Purpose
from api.reads import Reader
from api.routers.deps import platform_of
from api.transactions import Event, unit_of_work


async def traced(
    request: Request,
    reader: Reader,
    response: Response,
    purpose: Purpose | None,
    operation: str,
    *,
    producer: str = "id",
) -> Response:
    """The answer, once every producer that it discloses is in the access log for good.

    Reading is done on a connection that cannot write; the log is written in a transaction of its
    own. Where that fails, so does the request, and the answer goes nowhere.

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
        async with unit_of_work(platform_of(request).database, reader.actor) as uow:
            await record_access(uow, consents, purpose, operation)
    return response


async def told(request: Request, reader: Reader, response: Response, event: Event) -> Response:
    """The answer, once the ledger says for good that it was given."""
    async with unit_of_work(platform_of(request).database, reader.actor) as uow:
        uow.record(event)
    return response
