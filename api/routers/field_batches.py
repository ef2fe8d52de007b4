"""``/v1/field-batches``."""

from typing import Annotated, Any

import orjson
from fastapi import Depends, Response

from api.core.actor import Actor
from api.domains.field_batches import service
from api.domains.field_batches.answers import item_answer, refusal
from api.domains.field_batches.schemas import FieldBatchIn, FieldBatchOut
from api.domains.field_batches.service import Outcome
from api.domains.field_items.schemas import FieldItemIn
from api.policies import Permission
from api.routers.answers import JSON, PERSONAL
from api.routers.deps import KeyedUnitOfWorkDep, Requires
from api.routers.guarded import room
from api.routers.plots import AreaDep

router = room("/v1/field-batches", "field-batches")

CanWrite = Annotated[Actor, Depends(Requires(Permission.FIELD_BATCHES_WRITE))]


@router.post("", response_model=FieldBatchOut)
async def apply_field_batch(
    wish: FieldBatchIn, uow: KeyedUnitOfWorkDep, area: AreaDep, _: CanWrite
) -> Response:
    """Send what was captured without a connection: producers, plots, visits and deliveries, new or
    changed, up to 500 in any order. Each is written as by its single route, with that route's
    permission, or answered with its refusal; the others go on. What was written before changes
    nothing, and what somebody else changed meanwhile is answered with both versions.
    """
    settled = await service.apply(uow, wish, area)
    answer = {
        **service.counts(outcome for _, outcome in settled),
        "items": [_told(item, outcome) for item, outcome in settled],
    }
    body = orjson.dumps(answer)
    headers = {
        "Content-Type": JSON,
        "Cache-Control": PERSONAL,
        "Vary": "Authorization, Accept-Language",
    }
    await uow.remember(200, headers, body)
    return Response(body, 200, headers)


def _told(item: FieldItemIn, outcome: Outcome) -> dict[str, Any]:
    settled = outcome.settled
    return item_answer(
        item.kind,
        item.id,
        settled.status,
        version=settled.version,
        problem=refusal(outcome.problem) if outcome.problem else None,
        differences=settled.differences,
        current=settled.current,
        waiting_for=[str(one) for one in outcome.waiting_for],
    )
