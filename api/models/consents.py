"""Consents and the log of who read personal data."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from api.domains.consents.states import ConsentState
from api.domains.consents.vocabulary import Channel, Purpose
from api.models.base import Entity, Table, enum_column, instant, link


class Consent(Entity, table=True):
    """One purpose, one recipient (an organisation or a role), one validity."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(recipient_organization_id, recipient_role) = 1", name="one_recipient"
        ),
        CheckConstraint("valid_until >= valid_from", name="dates_in_order"),
        Index("ix_consents_recipient_role", "recipient_role", "purpose"),
    )
    ledger_subject: ClassVar = "consent"

    organization_id: UUID = link("organizations.id")
    producer_id: UUID = link("producers.id")
    purpose: Purpose = enum_column(Purpose, "purpose")
    recipient_organization_id: UUID | None = link("organizations.id", default=None)
    recipient_role: str | None = None
    text_version: str
    text_hash: str
    channel: Channel = enum_column(Channel, "channel")
    evidence_hash: str | None = None
    valid_from: date
    valid_until: date
    state: ConsentState = enum_column(ConsentState, "state")
    revoked_at: datetime | None = instant(default=None)


class DataAccess(Table, table=True):
    """A read of a producer's personal data by another organisation, as the producer's side
    can list it.
    """

    __tablename__ = "data_accesses"

    id: UUID = Field(primary_key=True)
    producer_id: UUID = link("producers.id")
    organization_id: UUID = link("organizations.id")
    client_id: UUID
    purpose: Purpose = enum_column(Purpose, "purpose")
    consent_id: UUID | None = link("consents.id", default=None)
    operation: str
    accessed_at: datetime = instant()
