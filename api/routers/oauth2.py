"""``/oauth2`` and ``/.well-known``: client credentials (RFC 6749 §4.4), revocation (RFC 7009),
introspection (RFC 7662), metadata (RFC 8414), keys (RFC 7517).
"""

import base64
import binascii
from datetime import UTC, datetime
from time import time
from typing import Annotated, Any, Literal
from urllib.parse import unquote
from uuid import UUID

import orjson
from fastapi import Depends, Form, Request, Response

from api.core.actor import ANONYMOUS, Actor
from api.core.tokens import TokenError
from api.domains.clients import service
from api.domains.clients.schemas import IntrospectionOut, RevokedOut, TokenOut
from api.policies import Permission
from api.reads import Reader
from api.routers.answers import JSON
from api.routers.deps import Anyone, platform_of
from api.routers.guarded import room
from api.transactions import unit_of_work

router = room("", "oauth2")
PUBLIC = [Depends(Anyone())]
REFUSED: dict[int | str, dict[str, Any]] = {
    status: {
        "description": text,
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/OAuthErrorOut"}},
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        },
    }
    for status, text in ((400, "Refused, as RFC 6749 says"), (401, "No such client or secret"))
}

ClientIdField = Annotated[
    str | None,
    Form(description="Unless sent by HTTP Basic", max_length=36, pattern=r"^[0-9a-fA-F-]{36}$"),
]
SecretField = Annotated[
    str | None,
    Form(description="Unless sent by HTTP Basic", max_length=80, pattern=r"^[A-Za-z0-9_-]*$"),
]
TokenField = Annotated[
    str, Form(description="An access token", max_length=8192, pattern=r"^[\x21-\x7e]+$")
]


def _refused(error: str, status: int = 400) -> Response:
    """RFC 6749 §5.2."""
    headers = {"Content-Type": JSON, "Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="mazorca"'
    return Response(orjson.dumps({"error": error}), status, headers)


def _basic(request: Request) -> tuple[str | None, str | None]:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(user), unquote(password)


async def _client(
    request: Request, client_id: str | None, secret: str | None, scope: str | None = None
) -> Actor | None:
    basic_id, basic_secret = _basic(request)
    try:
        wanted = UUID(basic_id if basic_id is not None else client_id or "")
    except ValueError:
        return None
    platform = platform_of(request)
    reader = Reader(platform.database, ANONYMOUS, platform.cursors)
    given = basic_secret if basic_secret is not None else secret
    return await service.holder(reader, wanted, given or "", scope)


@router.post("/oauth2/token", response_model=TokenOut, responses=REFUSED, dependencies=PUBLIC)
async def issue_token(
    request: Request,
    grant_type: Annotated[  # noqa: ARG001 - required by RFC 6749, and only one value passes
        Literal["client_credentials"], Form(description="The only grant")
    ],
    client_id: ClientIdField = None,
    client_secret: SecretField = None,
    scope: Annotated[
        str | None,
        Form(description="Fewer scopes than granted", max_length=4000, pattern=r"^[a-z_: ]*$"),
    ] = None,
) -> Response:
    """An access token of ten minutes for a client id and secret, sent by HTTP Basic or as form
    fields. There is no refresh token: ask again.
    """
    actor = await _client(request, client_id, client_secret, scope)
    if actor is None:
        return _refused("invalid_client", 401)
    if scope and not actor.permissions:
        return _refused("invalid_scope")
    tokens = platform_of(request).tokens.tokens
    answer = {
        "access_token": tokens.mint(actor, int(time())),
        "token_type": "Bearer",
        "expires_in": tokens.lifetime_seconds,
        "scope": " ".join(sorted(actor.permissions)),
    }
    return Response(orjson.dumps(answer), 200, {"Content-Type": JSON, "Cache-Control": "no-store"})


@router.post("/oauth2/revoke", response_model=RevokedOut, responses=REFUSED, dependencies=PUBLIC)
async def revoke_token(
    request: Request,
    token: TokenField,
    client_id: ClientIdField = None,
    client_secret: SecretField = None,
) -> Response:
    """End an access token of one's own; in every process within two seconds."""
    caller = await _client(request, client_id, client_secret)
    if caller is None:
        return _refused("invalid_client", 401)
    platform = platform_of(request)
    try:
        actor, expires = platform.tokens.tokens.open(token)
    except TokenError:
        return Response(b"{}", 200, {"Content-Type": JSON})
    if actor.client_id == caller.client_id and actor.token_id not in platform.tokens.revoked:
        async with unit_of_work(platform.database, caller) as uow:
            service.revoke_token(uow, actor, datetime.fromtimestamp(expires, UTC))
        platform.tokens.revoked.add(actor.token_id)
    return Response(b"{}", 200, {"Content-Type": JSON})


@router.post(
    "/oauth2/introspect", response_model=IntrospectionOut, responses=REFUSED, dependencies=PUBLIC
)
async def introspect_token(
    request: Request,
    token: TokenField,
    client_id: ClientIdField = None,
    client_secret: SecretField = None,
) -> Response:
    """Whether an access token of one's own organisation is in force, and what it may do."""
    caller = await _client(request, client_id, client_secret)
    if caller is None:
        return _refused("invalid_client", 401)
    platform = platform_of(request)
    answer: dict[str, Any] = {"active": False}
    try:
        actor = platform.tokens.actor(token)
        _, expires = platform.tokens.tokens.open(token)
    except TokenError:
        pass
    else:
        if actor.organization_id == caller.organization_id:
            answer = {
                "active": True,
                "scope": " ".join(sorted(actor.permissions)),
                "client_id": str(actor.client_id),
                "organization_id": str(actor.organization_id),
                "exp": expires,
                "token_type": "access_token",
            }
    return Response(orjson.dumps(answer), 200, {"Content-Type": JSON, "Cache-Control": "no-store"})


@router.get("/.well-known/jwks.json", dependencies=PUBLIC)
async def get_jwks(request: Request) -> dict[str, Any]:
    """The public keys that verify access tokens."""
    return platform_of(request).tokens.tokens.jwks()


@router.get("/.well-known/oauth-authorization-server", dependencies=PUBLIC)
async def get_authorization_server(request: Request) -> dict[str, Any]:
    """Where tokens are had, and how (RFC 8414)."""
    issuer = platform_of(request).settings.issuer
    methods = ["client_secret_basic", "client_secret_post"]
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/oauth2/token",
        "revocation_endpoint": f"{issuer}/oauth2/revoke",
        "introspection_endpoint": f"{issuer}/oauth2/introspect",
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": methods,
        "scopes_supported": sorted(str(p) for p in Permission if p is not Permission.PUBLIC),
    }
