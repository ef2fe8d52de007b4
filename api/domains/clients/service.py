"""Actions on clients, and who a secret belongs to."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from api.core.actor import Actor
from api.core.clock import now
from api.core.ids import new_id
from api.core.problems import NotAllowed, NotFound
from api.domains.clients import repository, rules
from api.domains.clients.problems import TwoSecretsLive
from api.domains.clients.schemas import ClientIn
from api.domains.organizations.states import OrganizationState
from api.models.organizations import ApiClient, ClientSecret, RevokedToken
from api.policies import Permission
from api.reads import Reader
from api.transactions import Event, UnitOfWork


def add_client(uow: UnitOfWork, organization_id: UUID, name: str, scopes: list[str]) -> ApiClient:
    """A new client without a secret."""
    client = ApiClient(
        id=new_id(), organization_id=organization_id, name=name, scopes=sorted(set(scopes))
    )
    uow.add(client)
    uow.record(
        Event(
            "api_client.created",
            ("api_client", client.id),
            {"scopes": list(client.scopes)},
            related=(("organization", organization_id),),
        )
    )
    return client


def add_secret(uow: UnitOfWork, client_id: UUID) -> str:
    """A new secret of a client, returned this once."""
    secret = rules.new_secret()
    row = ClientSecret(
        id=new_id(), client_id=client_id, digest=rules.digest(secret), created_at=now()
    )
    uow.add(row)
    uow.record(
        Event("api_client.secret_added", ("api_client", client_id), {"secret_id": str(row.id)})
    )
    return secret


async def create(uow: UnitOfWork, wish: ClientIn) -> tuple[UUID, str]:
    """A new client of the actor's organisation, no mightier than the actor, with its first secret;
    403 beyond that.
    """
    await _refuse_mightier(uow, wish.scopes)
    client = add_client(uow, uow.actor.organization_id, wish.name, list(wish.scopes))
    await uow.session.flush()
    return client.id, add_secret(uow, client.id)


async def renew_secret(uow: UnitOfWork, client_id: UUID) -> str:
    """A second secret, so that a client changes over without a pause; whoever gets it can do what
    the client can, so a client that is mightier than the actor is refused (403).
    """
    client = await repository.own_for_update(uow, client_id)
    if client is None or client.revoked_at:
        raise NotFound("client")
    if client_id != uow.actor.client_id:
        await _refuse_mightier(uow, client.scopes)
    if await repository.live_secrets(uow, client_id) >= rules.MOST_SECRETS:
        raise TwoSecretsLive
    return add_secret(uow, client_id)


async def revoke_secret(uow: UnitOfWork, client_id: UUID, secret_id: UUID) -> None:
    """End a secret; tokens that it got live on for their ten minutes at most."""
    if await repository.own_for_update(uow, client_id) is None:
        raise NotFound("client")
    secret = await repository.own_secret(uow, client_id, secret_id)
    if secret is None:
        raise NotFound("secret")
    secret.revoked_at = now()
    uow.record(
        Event("api_client.secret_revoked", ("api_client", client_id), {"secret_id": str(secret_id)})
    )


async def revoke(uow: UnitOfWork, client_id: UUID) -> None:
    """End a client for good."""
    client = await repository.own_for_update(uow, client_id)
    if client is None or client.revoked_at:
        raise NotFound("client")
    client.revoked_at = now()
    uow.record(Event("api_client.revoked", ("api_client", client_id)))


async def holder(reader: Reader, client_id: UUID, secret: str, scope: str | None) -> Actor | None:
    """Who calls with this id and secret, and what a token for them may do; None for nobody."""
    found = await reader.rows(repository.HOLDER, client_id=client_id, digest=rules.digest(secret))
    if not found:
        return None
    client, organization_id, scopes, roles, state = found[0]
    verified = state == OrganizationState.VERIFIED
    if state == OrganizationState.SUSPENDED:
        # It may see how it stands, and prepare nothing for later.
        scopes = [Permission.ORGANIZATIONS_READ]
    return Actor(
        client_id=client,
        organization_id=organization_id,
        roles=frozenset(roles) if verified else frozenset(),
        permissions=rules.granted(roles, verified=verified, client_scopes=scopes, asked=scope),
    )


async def _refuse_mightier(uow: UnitOfWork, scopes: Iterable[str]) -> None:
    actor = uow.actor
    own = await uow.find(ApiClient, ApiClient.id == actor.client_id)
    limits = own.scopes if own else ()
    if not rules.may_give(limits, actor.permissions, scopes, actor.roles):
        raise NotAllowed(es="nadie da más de lo que tiene", en="nobody gives more than they have")


def revoke_token(uow: UnitOfWork, actor: Actor, expires_at: datetime) -> None:
    """End an access token before its time."""
    uow.add(
        RevokedToken(
            token_id=actor.token_id,
            client_id=actor.client_id,
            revoked_at=now(),
            expires_at=expires_at,
        )
    )
