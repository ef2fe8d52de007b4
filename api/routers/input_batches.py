"""``/v1/input-batches``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.input_batches import repository
from api.domains.input_batches.schemas import InputBatchOut, InputBatchSearch
from api.domains.traceability import service as traceability
from api.domains.traceability.schemas import BatchTraceOut
from api.policies import Permission
from api.routers.answers import fetched, listed, shown
from api.routers.deps import ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/input-batches", "input-batches")

InputBatchId = Annotated[UUID, Path(description="Id of the input batch")]
CanRead = Annotated[Actor, Depends(Requires(Permission.ORDERS_READ))]
CanReadLots = Annotated[Actor, Depends(Requires(Permission.LOTS_READ))]


@router.get("", response_model=PageOf[InputBatchOut])
async def list_input_batches(
    request: Request, search: Annotated[InputBatchSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """Inputs that were received, the newest first: which plots did batch X come to? The supplier
    finds what it sold of a batch, without the plots.
    """
    return await listed(request, reader, repository.INPUT_BATCHES, search)


@router.get("/{input_batch_id}", response_model=InputBatchOut)
async def get_input_batch(
    request: Request, input_batch_id: InputBatchId, reader: ReaderDep, _: CanRead
) -> Response:
    """One batch as it was received."""
    return await fetched(request, reader, repository.INPUT_BATCH, input_batch_id=input_batch_id)


@router.get("/{input_batch_id}/lots", response_model=BatchTraceOut)
async def trace_input_batch(
    input_batch_id: InputBatchId, reader: ReaderDep, _: CanReadLots
) -> Response:
    """Forward from a batch to the lots of cocoa that came from its plots since it was received, and
    where these were shipped.
    """
    return shown(await traceability.trace_batch(reader, input_batch_id))
