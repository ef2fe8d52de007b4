"""``/v1/consents``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.consents import repository, service
from api.domains.consents.schemas import ConsentIn, ConsentOut, ConsentSearch
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/consents", "consents")

ConsentId = Annotated[UUID, Path(description="Id of the consent")]
CanRead = Annotated[Actor, Depends(Requires(Permission.CONSENTS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.CONSENTS_WRITE))]


@router.post("", status_code=201, response_model=ConsentOut)
async def grant_consent(wish: ConsentIn, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Record that one of one's own producers consented to one purpose, for an organisation or for
    a role. The text shown and the evidence stay outside; their hashes are kept.
    """
    consent_id = await service.grant(uow, wish)
    return await created(
        uow,
        repository.CONSENT,
        where("consents", consent_id),
        personal=True,
        consent_id=consent_id,
    )


@router.get("", response_model=PageOf[ConsentOut])
async def list_consents(
    request: Request, search: Annotated[ConsentSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """The consents of one's own producers, and those addressed to one's organisation or roles."""
    return await listed(request, reader, repository.CONSENTS, search, personal=True)


@router.get("/{consent_id}", response_model=ConsentOut)
async def get_consent(
    request: Request, consent_id: ConsentId, reader: ReaderDep, _: CanRead
) -> Response:
    """One consent."""
    return await fetched(request, reader, repository.CONSENT, personal=True, consent_id=consent_id)


@router.post("/{consent_id}/revoke", response_model=ConsentOut)
async def revoke_consent(consent_id: ConsentId, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """End a consent. It covers nobody from the next request on."""
    await service.revoke(uow, consent_id)
    return await changed(uow, repository.CONSENT, personal=True, consent_id=consent_id)
