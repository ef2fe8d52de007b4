"""``/v1/organizations``."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.organizations import repository, service
from api.domains.organizations.schemas import (
    OrganizationIn,
    OrganizationOut,
    OrganizationSearch,
    RegistrationOut,
)
from api.policies import Permission
from api.routers.answers import JSON, changed, fetched, listed, where
from api.routers.deps import (
    Anyone,
    PublicUnitOfWorkDep,
    ReaderDep,
    Requires,
    UnitOfWorkDep,
)
from api.routers.guarded import room

router = room("/v1/organizations", "organizations")

OrganizationId = Annotated[UUID, Path(description="Id of the organisation")]
CanRead = Annotated[Actor, Depends(Requires(Permission.ORGANIZATIONS_READ))]
CanVerify = Annotated[Actor, Depends(Requires(Permission.ORGANIZATIONS_VERIFY))]


@router.post("", status_code=201, response_model=RegistrationOut, dependencies=[Depends(Anyone())])
async def register_organization(wish: OrganizationIn, uow: PublicUnitOfWorkDep) -> Response:
    """Register an organisation. Its first client's secret is shown this once; what it may do
    besides looking at itself waits for the operator's verification.
    """
    organization_id, credentials = await service.register(uow, wish)
    document = await uow.document(repository.REGISTERED, organization_id=organization_id)
    body = b'{"organization":%b,"credentials":%b}' % (
        document.body,
        orjson.dumps(credentials.model_dump(mode="json")),
    )
    headers = {"Content-Type": JSON, "Location": where("organizations", organization_id)}
    return Response(body, 201, headers)


@router.get("", response_model=PageOf[OrganizationOut])
async def list_organizations(
    request: Request,
    search: Annotated[OrganizationSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """The directory of verified organisations; the operator sees all."""
    return await listed(request, reader, repository.ORGANIZATIONS, search)


@router.get("/{organization_id}", response_model=OrganizationOut)
async def get_organization(
    request: Request, organization_id: OrganizationId, reader: ReaderDep, _: CanRead
) -> Response:
    """One organisation."""
    return await fetched(request, reader, repository.ORGANIZATION, organization_id=organization_id)


@router.post("/{organization_id}/verify", response_model=OrganizationOut)
async def verify_organization(
    organization_id: OrganizationId, uow: UnitOfWorkDep, _: CanVerify
) -> Response:
    """Let an organisation act; its clients' next tokens carry its roles' permissions."""
    await service.act(uow, organization_id, "verify")
    return await changed(uow, repository.ORGANIZATION, organization_id=organization_id)


@router.post("/{organization_id}/suspend", response_model=OrganizationOut)
async def suspend_organization(
    organization_id: OrganizationId, uow: UnitOfWorkDep, _: CanVerify
) -> Response:
    """Stop an organisation from acting. Its tokens end within two seconds, in every process; with
    new ones it sees how it stands.
    """
    await service.act(uow, organization_id, "suspend")
    return await changed(uow, repository.ORGANIZATION, organization_id=organization_id)
