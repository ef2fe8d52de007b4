"""Wire shapes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.core.wire import Count, Instant, Name, PageParameters, Resource, Shape
from api.policies import Scope

Scopes = Annotated[list[Scope], Field(max_length=100, examples=[["offers:read"]])]


class ClientIn(Shape):
    """A new client. No scopes means all that the organisation's roles allow."""

    name: Name = Field(examples=["field app"])
    scopes: Scopes = Field(default_factory=list)


class SecretOut(Shape):
    """A secret without itself."""

    id: UUID
    created_at: Instant


class ClientOut(Resource):
    """A client of one's own organisation."""

    organization_id: UUID
    name: Name
    scopes: Annotated[list[Scope], Field(max_length=100)]
    revoked_at: Instant | None
    secrets: Annotated[list[SecretOut], Field(max_length=2)]


class ClientSearch(PageParameters):
    """Filters of the list."""


class TokenOut(Shape):
    """RFC 6749 §5.1."""

    access_token: Annotated[str, Field(max_length=8192, pattern=r"^[A-Za-z0-9._-]+$")]
    token_type: Literal["Bearer"]
    expires_in: Count
    scope: Annotated[str, Field(max_length=4000, pattern=r"^[a-z_: ]*$")]


class IntrospectionOut(Shape):
    """RFC 7662 §2.2; only ``active`` where the token is not."""

    active: bool
    scope: Annotated[str | None, Field(max_length=4000, pattern=r"^[a-z_: ]*$")] = None
    client_id: UUID | None = None
    organization_id: UUID | None = None
    exp: (
        Annotated[int, Field(strict=True, ge=0, le=2**53, json_schema_extra={"format": "int64"})]
        | None
    ) = None
    token_type: Literal["access_token"] | None = None


class RevokedOut(Shape):
    """RFC 7009 §2.2: nothing to tell, whether or not there was such a token."""


class OAuthErrorOut(Shape):
    """RFC 6749 §5.2."""

    error: Literal["invalid_client", "invalid_scope", "invalid_request"]
