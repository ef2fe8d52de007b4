"""``/v1/service-requests``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.service_requests import repository, service
from api.domains.service_requests.schemas import (
    DeclineIn,
    ServiceRequestIn,
    ServiceRequestOut,
    ServiceRequestSearch,
)
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room
from api.transactions import UnitOfWork

router = room("/v1/service-requests", "service-requests")

ServiceRequestId = Annotated[UUID, Path(description="Id of the service request")]
CanRead = Annotated[Actor, Depends(Requires(Permission.SERVICE_REQUESTS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.SERVICE_REQUESTS_WRITE))]
CanAnswer = Annotated[Actor, Depends(Requires(Permission.SERVICE_REQUESTS_ANSWER))]


async def _request(uow: UnitOfWork, service_request_id: UUID) -> Response:
    return await changed(
        uow, repository.SERVICE_REQUEST, personal=True, service_request_id=service_request_id
    )


@router.post("", status_code=201, response_model=ServiceRequestOut)
async def make_service_request(wish: ServiceRequestIn, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Ask a provider to assist one of one's producers, who consents to be served by it, or one of
    one's clusters.
    """
    request_id = await service.ask(uow, wish)
    return await created(
        uow,
        repository.SERVICE_REQUEST,
        where("service-requests", request_id),
        personal=True,
        service_request_id=request_id,
    )


@router.get("", response_model=PageOf[ServiceRequestOut])
async def list_service_requests(
    request: Request,
    search: Annotated[ServiceRequestSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Requests that one made or was asked, newest first."""
    return await listed(request, reader, repository.SERVICE_REQUESTS, search, personal=True)


@router.get("/{service_request_id}", response_model=ServiceRequestOut)
async def get_service_request(
    request: Request, service_request_id: ServiceRequestId, reader: ReaderDep, _: CanRead
) -> Response:
    """One request, and how many visits have answered it."""
    return await fetched(
        request,
        reader,
        repository.SERVICE_REQUEST,
        personal=True,
        derived=True,
        service_request_id=service_request_id,
    )


@router.post("/{service_request_id}/accept", response_model=ServiceRequestOut)
async def accept_service_request(
    service_request_id: ServiceRequestId, uow: UnitOfWorkDep, _: CanAnswer
) -> Response:
    """The provider will do it: visits may refer to the request."""
    await service.accept(uow, service_request_id)
    return await _request(uow, service_request_id)


@router.post("/{service_request_id}/decline", response_model=ServiceRequestOut)
async def decline_service_request(
    service_request_id: ServiceRequestId, wish: DeclineIn, uow: UnitOfWorkDep, _: CanAnswer
) -> Response:
    """The provider will not do it, and says why."""
    await service.decline(uow, service_request_id, wish)
    return await _request(uow, service_request_id)


@router.post("/{service_request_id}/withdraw", response_model=ServiceRequestOut)
async def withdraw_service_request(
    service_request_id: ServiceRequestId, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Who asked no longer wants it. Visits that were made stay."""
    await service.withdraw(uow, service_request_id)
    return await _request(uow, service_request_id)


@router.post("/{service_request_id}/complete", response_model=ServiceRequestOut)
async def complete_service_request(
    service_request_id: ServiceRequestId, uow: UnitOfWorkDep, _: CanAnswer
) -> Response:
    """The provider has done it: at least one visit, not annulled, answers the request."""
    await service.complete(uow, service_request_id)
    return await _request(uow, service_request_id)
