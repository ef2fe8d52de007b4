"""``/v1/collection-centres``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.collection_centres import repository, service
from api.domains.collection_centres.schemas import (
    CollectionCentreIn,
    CollectionCentreOut,
    CollectionCentreSearch,
)
from api.policies import Permission
from api.routers.answers import created, fetched, listed, where
from api.routers.deps import ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/collection-centres", "collection-centres")

CollectionCentreId = Annotated[UUID, Path(description="Id of the collection centre")]
CanRead = Annotated[Actor, Depends(Requires(Permission.DELIVERIES_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.DELIVERIES_WRITE))]


@router.post("", status_code=201, response_model=CollectionCentreOut)
async def open_collection_centre(
    wish: CollectionCentreIn, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Open a collection centre."""
    centre_id = await service.open_centre(uow, wish)
    return await created(
        uow,
        repository.COLLECTION_CENTRE,
        where("collection-centres", centre_id),
        collection_centre_id=centre_id,
    )


@router.get("", response_model=PageOf[CollectionCentreOut])
async def list_collection_centres(
    request: Request,
    search: Annotated[CollectionCentreSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """The centres of one's organisation."""
    return await listed(request, reader, repository.COLLECTION_CENTRES, search)


@router.get("/{collection_centre_id}", response_model=CollectionCentreOut)
async def get_collection_centre(
    request: Request, collection_centre_id: CollectionCentreId, reader: ReaderDep, _: CanRead
) -> Response:
    """One centre."""
    return await fetched(
        request,
        reader,
        repository.COLLECTION_CENTRE,
        collection_centre_id=collection_centre_id,
    )
