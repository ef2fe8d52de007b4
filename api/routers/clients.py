"""``/v1/clients``."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.clients import repository, service
from api.domains.clients.schemas import ClientIn, ClientOut, ClientSearch
from api.domains.organizations.schemas import Credentials
from api.policies import Permission
from api.routers.answers import JSON, PERSONAL, changed, fetched, listed, where
from api.routers.deps import ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/clients", "clients")

ClientId = Annotated[UUID, Path(description="Id of the client")]
CredentialId = Annotated[UUID, Path(description="Id of the secret")]
Manages = Annotated[Actor, Depends(Requires(Permission.CLIENTS_MANAGE))]


def _shown_once(client_id: object, secret: str) -> Response:
    """A secret is never stored, so it is not remembered for retries either."""
    body = orjson.dumps({"client_id": str(client_id), "client_secret": secret})
    headers = {
        "Content-Type": JSON,
        "Cache-Control": PERSONAL,
        "Location": where("clients", client_id),
    }
    return Response(body, 201, headers)


@router.post("", status_code=201, response_model=Credentials)
async def create_client(wish: ClientIn, uow: UnitOfWorkDep, _: Manages) -> Response:
    """A new client of one's organisation; the secret is shown this once."""
    return _shown_once(*await service.create(uow, wish))


@router.get("", response_model=PageOf[ClientOut])
async def list_clients(
    request: Request, search: Annotated[ClientSearch, Query()], reader: ReaderDep, _: Manages
) -> Response:
    """The clients of one's organisation."""
    return await listed(request, reader, repository.CLIENTS, search)


@router.get("/{client_id}", response_model=ClientOut)
async def get_client(
    request: Request, client_id: ClientId, reader: ReaderDep, _: Manages
) -> Response:
    """One client of one's organisation."""
    return await fetched(request, reader, repository.CLIENT, client_id=client_id)


@router.post("/{client_id}/secrets", status_code=201, response_model=Credentials)
async def renew_client_secret(client_id: ClientId, uow: UnitOfWorkDep, _: Manages) -> Response:
    """A second live secret, to change over without a pause; shown this once."""
    return _shown_once(client_id, await service.renew_secret(uow, client_id))


@router.post("/{client_id}/secrets/{credential_id}/revoke", response_model=ClientOut)
async def revoke_client_secret(
    client_id: ClientId, credential_id: CredentialId, uow: UnitOfWorkDep, _: Manages
) -> Response:
    """End a secret. Tokens that it got live on for their ten minutes at most: revoke the client to
    end them.
    """
    await service.revoke_secret(uow, client_id, credential_id)
    return await changed(uow, repository.CLIENT, client_id=client_id)


@router.post("/{client_id}/revoke", response_model=ClientOut)
async def revoke_client(client_id: ClientId, uow: UnitOfWorkDep, _: Manages) -> Response:
    """End a client; within two seconds its tokens end in every process."""
    await service.revoke(uow, client_id)
    return await changed(uow, repository.CLIENT, client_id=client_id)
