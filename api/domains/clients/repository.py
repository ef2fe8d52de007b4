"""Queries. An organisation sees its own clients."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select

from api.core.documents import Query, children, document, instant
from api.core.paging import Listing
from api.models.organizations import ApiClient, ClientSecret, Organization
from api.transactions import UnitOfWork

_c = ApiClient.__table__.c  # type: ignore[attr-defined]
_s = ClientSecret.__table__.c  # type: ignore[attr-defined]
_o = Organization.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    name=_c.name,
    scopes=_c.scopes,
    revoked_at=instant(_c.revoked_at),
    secrets=children(
        document(id=_s.id, created_at=instant(_s.created_at)),
        _s.client_id == _c.id,
        _s.revoked_at.is_(None),
        order_by=_s.id,
    ),
)
_own = _c.organization_id == bindparam("actor")

CLIENT: Final = Query(select(SHAPE, _c.version).where(_c.id == bindparam("client_id"), _own))
CLIENTS: Final = Listing("clients", select(SHAPE).where(_own), order=[_c.id])

HOLDER: Final = Query(
    select(_c.id, _c.organization_id, _c.scopes, _o.roles, _o.state)
    .join(_o.id.table, _o.id == _c.organization_id)
    .join(_s.id.table, _s.client_id == _c.id)
    .where(
        _c.id == bindparam("client_id"),
        _s.digest == bindparam("digest"),
        _s.revoked_at.is_(None),
        _c.revoked_at.is_(None),
    )
)
"""The client that holds a secret, with what its organisation is."""


async def own_for_update(uow: UnitOfWork, client_id: UUID) -> ApiClient | None:
    """A client of the actor's organisation, locked."""
    return await uow.locked(ApiClient, client_id, _c.organization_id == uow.actor.organization_id)


async def live_secrets(uow: UnitOfWork, client_id: UUID) -> int:
    """How many secrets of a client still open doors."""
    counted = select(func.count()).where(_s.client_id == client_id, _s.revoked_at.is_(None))
    return int((await uow.rows(counted))[0][0])


async def own_secret(uow: UnitOfWork, client_id: UUID, secret_id: UUID) -> ClientSecret | None:
    """A live secret of a client, locked."""
    return await uow.locked(
        ClientSecret, secret_id, _s.client_id == client_id, _s.revoked_at.is_(None)
    )
