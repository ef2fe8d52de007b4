"""Organisations and the clients that call for them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from api.domains.organizations.states import OrganizationState
from api.models.base import Entity, Table, enum_column, instant, link, text_list


class Organization(Entity, table=True):
    """A legal person with one or more roles; RUC checked and unique."""

    __tablename__ = "organizations"
    ledger_subject: ClassVar = "organization"

    legal_name: str
    ruc: str = Field(unique=True)
    roles: list[str] = text_list()
    ubigeo: str | None = None
    state: OrganizationState = enum_column(OrganizationState, "state")
    verified_at: datetime | None = instant(default=None)


class ApiClient(Entity, table=True):
    """A program that acts for an organisation, with at most these scopes."""

    __tablename__ = "api_clients"
    ledger_subject: ClassVar = "api_client"

    organization_id: UUID = link("organizations.id")
    name: str
    scopes: list[str] = text_list()
    revoked_at: datetime | None = instant(default=None)


class ClientSecret(Table, table=True):
    """A secret of a client: hashed (SHA-256 of 256 random bits), shown once, two may live."""

    __tablename__ = "client_secrets"

    id: UUID = Field(primary_key=True)
    client_id: UUID = link("api_clients.id")
    digest: bytes = Field(unique=True)
    created_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)


class RevokedToken(Table, table=True):
    """An access token that ends before its time; kept until it would have expired."""

    __tablename__ = "revoked_tokens"

    token_id: str = Field(primary_key=True)
    client_id: UUID = link("api_clients.id")
    revoked_at: datetime = instant(index=True)
    expires_at: datetime = instant()
