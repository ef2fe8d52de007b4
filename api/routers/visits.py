"""``/v1/visits``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.problems import NotFound
from api.core.wire import PageOf
from api.domains.consents.vocabulary import Purpose
from api.domains.visits import repository, service
from api.domains.visits.schemas import (
    ConfirmationIn,
    DisputeIn,
    VisitChange,
    VisitIn,
    VisitOut,
    VisitReading,
    VisitSearch,
)
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import IfMatch, ReaderDep, Requires, UnitOfWorkDep
from api.routers.disclosures import traced
from api.routers.guarded import room
from api.transactions import UnitOfWork

router = room("/v1/visits", "visits")

VisitId = Annotated[UUID, Path(description="Id of the visit")]
CanRead = Annotated[Actor, Depends(Requires(Permission.VISITS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.VISITS_WRITE))]
CanConfirm = Annotated[Actor, Depends(Requires(Permission.VISITS_CONFIRM))]


async def _visit(uow: UnitOfWork, visit_id: UUID) -> Response:
    return await changed(uow, repository.VISIT, personal=True, visit_id=visit_id)


@router.post("", status_code=201, response_model=VisitOut)
async def record_visit(wish: VisitIn, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Record a visit to a producer, who consents to be served (`service_delivery`) unless one's
    organisation registered them itself. Of evidence the hashes are sent, never the files.
    """
    visit_id = await service.record(uow, wish)
    location = where("visits", visit_id)
    return await created(uow, repository.VISIT, location, personal=True, visit_id=visit_id)


@router.get("", response_model=PageOf[VisitOut])
async def list_visits(
    request: Request, search: Annotated[VisitSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """Visits that one made or that were made to one's producers, newest first; with `purpose`,
    those that others made to producers who consent to it, each noted in the access log.
    """
    listing = repository.DISCLOSED_VISITS if search.purpose else repository.VISITS
    response = await listed(request, reader, listing, search, personal=True, purpose=search.purpose)
    purpose = Purpose(search.purpose) if search.purpose else None
    return await traced(request, reader, response, purpose, "list_visits", producer="producer_id")


@router.get("/{visit_id}", response_model=VisitOut)
async def get_visit(
    request: Request,
    visit_id: VisitId,
    reading: Annotated[VisitReading, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """One visit. Who is no party to it reads it for a `purpose` to which the producer consents, and
    the read is noted in the producer's access log.
    """
    query = repository.DISCLOSED_VISIT if reading.purpose else repository.VISIT
    try:
        response = await fetched(
            request, reader, query, personal=True, visit_id=visit_id, purpose=reading.purpose
        )
    except NotFound:
        raise await service.why_hidden(reader, visit_id) from None
    purpose = Purpose(reading.purpose) if reading.purpose else None
    return await traced(request, reader, response, purpose, "get_visit", producer="producer_id")


@router.patch("/{visit_id}", response_model=VisitOut)
async def correct_visit(
    visit_id: VisitId, wish: VisitChange, version: IfMatch, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Correct a visit that nobody has confirmed. It is then as recorded anew: the producer's side
    is asked again.
    """
    await service.correct(uow, visit_id, version, wish)
    return await _visit(uow, visit_id)


@router.post("/{visit_id}/confirm", response_model=VisitOut)
async def confirm_visit(
    visit_id: VisitId, wish: ConfirmationIn, uow: UnitOfWorkDep, _: CanConfirm
) -> Response:
    """The producer's organisation confirms for the producer. There is no way back."""
    await service.confirm(uow, visit_id, wish)
    return await _visit(uow, visit_id)


@router.post("/{visit_id}/dispute", response_model=VisitOut)
async def dispute_visit(
    visit_id: VisitId, wish: DisputeIn, uow: UnitOfWorkDep, _: CanConfirm
) -> Response:
    """The producer's organisation says what is not so; the visit can be corrected or annulled."""
    await service.dispute(uow, visit_id, wish)
    return await _visit(uow, visit_id)


@router.post("/{visit_id}/annul", response_model=VisitOut)
async def annul_visit(visit_id: VisitId, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Take back a visit that nobody has confirmed: it was not made, or recorded twice."""
    await service.annul(uow, visit_id)
    return await _visit(uow, visit_id)
