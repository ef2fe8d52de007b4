"""``/v1/events`` and ``/v1/ledger``: what happened, in order, with proofs."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import ANONYMOUS, Actor
from api.domains.ledger import repository, service
from api.domains.ledger.schemas import (
    CheckpointOut,
    ConsistencyOut,
    EntryOut,
    EventsOut,
    InclusionOut,
    Position,
)
from api.policies import Permission
from api.reads import Reader
from api.routers.answers import JSON, REVALIDATE
from api.routers.deps import Anyone, ReaderDep, Requires, platform_of
from api.routers.guarded import room

router = room("/v1", "ledger")

EntryId = Annotated[UUID, Path(description="Id of the ledger entry")]
CanRead = Annotated[Actor, Depends(Requires(Permission.LEDGER_READ))]
NOT_YET: dict[int | str, dict[str, Any]] = {
    409: {
        "description": "The log has not come that far",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
}
HEADERS = {"Content-Type": JSON, "Cache-Control": REVALIDATE, "Vary": "Authorization"}


def _json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), 200, HEADERS)


@router.get("/events", response_model=EventsOut)
async def list_events(
    reader: ReaderDep,
    _: CanRead,
    after: Annotated[
        int,
        Query(
            description="Position that was read last; -1 reads from the beginning",
            ge=-1,
            le=9_007_199_254_740_991,
            json_schema_extra={"format": "int64"},
        ),
    ] = -1,
    limit: Annotated[
        int, Query(description="Entries", ge=1, le=1000, json_schema_extra={"format": "int32"})
    ] = 100,
) -> Response:
    """The feed: entries that concern one's organisation, in order and without gaps; observers and
    the operator read everything.
    """
    rows = await repository.feed(reader, after, limit)
    items = ",".join(f'{{"position":{position},"entry":{body}}}' for position, body in rows)
    last = rows[-1][0] if rows else after
    return Response(f'{{"items":[{items}],"last":{last}}}', 200, HEADERS)


@router.get("/ledger/checkpoint", response_model=CheckpointOut, dependencies=[Depends(Anyone())])
async def get_checkpoint(request: Request) -> Response:
    """The newest signed checkpoint and the key that verifies it. Keep it: two checkpoints and a
    consistency proof show that nothing between was changed or removed.
    """
    platform = platform_of(request)
    reader = Reader(platform.database, ANONYMOUS, platform.cursors)
    return _json(await service.checkpoint(reader, platform.signer))


@router.get("/ledger/entries/{entry_id}", response_model=EntryOut)
async def get_entry(entry_id: EntryId, reader: ReaderDep, _: CanRead) -> Response:
    """One entry, byte for byte as it is hashed."""
    return Response(await service.entry(reader, entry_id), 200, HEADERS)


@router.get("/ledger/entries/{entry_id}/proof", response_model=InclusionOut, responses=NOT_YET)
async def get_entry_proof(
    request: Request, entry_id: EntryId, reader: ReaderDep, _: CanRead
) -> Response:
    """The proof that an entry is in the log, against the newest checkpoint."""
    return _json(await service.inclusion(reader, entry_id, platform_of(request).signer))


@router.get("/ledger/consistency", response_model=ConsistencyOut, responses=NOT_YET)
async def get_consistency(
    reader: ReaderDep,
    _: CanRead,
    from_size: Annotated[Position, Query(alias="from", description="Size of the older tree")],
    to_size: Annotated[Position, Query(alias="to", description="Size of the newer tree")],
) -> Response:
    """The proof that the older tree is the beginning of the newer."""
    return _json(await service.consistency(reader, from_size, to_size))
