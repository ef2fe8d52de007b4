"""Actions on organisations."""

from uuid import UUID

from api.core.clock import now
from api.core.ids import new_id
from api.core.problems import NotFound
from api.domains.clients.service import add_client, add_secret
from api.domains.organizations.problems import OperatorNotOpen, RucTaken
from api.domains.organizations.repository import with_ruc
from api.domains.organizations.schemas import Credentials, OrganizationIn
from api.domains.organizations.states import LIFECYCLE
from api.models.organizations import Organization
from api.policies import Role
from api.transactions import Event, UnitOfWork


async def register(
    uow: UnitOfWork, wish: OrganizationIn, *, as_operator: bool = False
) -> tuple[UUID, Credentials]:
    """A new organisation, unverified, with a first client of every scope that it may have.

    Only the installation's own command line registers an operator.
    """
    if Role.OPERATOR in wish.roles and not as_operator:
        raise OperatorNotOpen
    if await with_ruc(uow, wish.ruc):
        raise RucTaken
    organization = Organization(
        id=new_id(),
        legal_name=wish.legal_name,
        ruc=wish.ruc,
        roles=sorted(set(wish.roles)),
        ubigeo=wish.ubigeo,
        state=LIFECYCLE.initial,
    )
    uow.add(organization)
    uow.record(
        Event(
            "organization.registered",
            ("organization", organization.id),
            {"roles": list(organization.roles)},
        )
    )
    client = add_client(uow, organization.id, "first client", scopes=[])
    return organization.id, Credentials(
        client_id=client.id, client_secret=add_secret(uow, client.id)
    )


async def act(uow: UnitOfWork, organization_id: UUID, action: str) -> None:
    """Verify or suspend."""
    organization = await uow.locked(Organization, organization_id)
    if organization is None:
        raise NotFound("organization")
    transition = LIFECYCLE.apply(action, organization.state)
    organization.state = transition.target
    if action == "verify":
        organization.verified_at = now()
    uow.record(Event(transition.event, ("organization", organization_id)))
