"""Queries. The directory shows verified organisations, oneself, and everything to the operator."""

from typing import Final

from sqlalchemy import Boolean, bindparam, or_, select

from api.core.documents import Query, document, instant
from api.core.paging import Listing
from api.domains.organizations.states import OrganizationState
from api.models.organizations import Organization
from api.transactions import UnitOfWork

_c = Organization.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    legal_name=_c.legal_name,
    ruc=_c.ruc,
    roles=_c.roles,
    ubigeo=_c.ubigeo,
    state=_c.state,
    verified_at=instant(_c.verified_at),
)

_visible = or_(
    _c.state == OrganizationState.VERIFIED,
    _c.id == bindparam("actor"),
    bindparam("operator", type_=Boolean()),
)

ORGANIZATION: Final = Query(
    select(SHAPE, _c.version).where(_c.id == bindparam("organization_id"), _visible)
)
REGISTERED: Final = Query(select(SHAPE, _c.version).where(_c.id == bindparam("organization_id")))

ORGANIZATIONS: Final = Listing(
    "organizations",
    select(SHAPE).where(_visible),
    order=[_c.id],
    filters={
        "role": bindparam("role") == _c.roles.any_(),
        "state": _c.state == bindparam("state"),
        "ruc": _c.ruc == bindparam("ruc"),
    },
)


async def with_ruc(uow: UnitOfWork, ruc: str) -> Organization | None:
    """The organisation with this RUC, whoever asks."""
    return await uow.find(Organization, _c.ruc == ruc)


async def verified(uow: UnitOfWork, organization_id: object, role: str) -> Organization | None:
    """The organisation, if it is verified and has this role."""
    return await uow.find(
        Organization,
        _c.id == organization_id,
        _c.state == OrganizationState.VERIFIED,
        bindparam(None, role) == _c.roles.any_(),
    )
