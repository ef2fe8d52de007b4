"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import Code, Day, Instant, PageParameters, Resource, Sha256, Shape
from api.domains.consents.states import ConsentState
from api.domains.consents.vocabulary import Channel, Purpose
from api.policies import Role

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class ConsentIn(Shape):
    """A consent that a producer gave: one purpose, and an organisation or a role."""

    producer_id: UUID
    purpose: Purpose = Field(examples=["credit_readiness"])
    recipient_organization_id: UUID | None = None
    recipient_role: Role | None = Field(default=None, examples=["credit_institution"])
    text_version: Code = Field(examples=["2026-03"], description="Version of the text shown")
    text_hash: Sha256 = Field(examples=[_HASH], description="SHA-256 of the text shown")
    channel: Channel = Field(examples=["paper"])
    evidence_hash: Sha256 | None = Field(
        default=None, examples=[_HASH], description="SHA-256 of the signed form or recording"
    )
    valid_from: Day = Field(examples=["2026-01-01"])
    valid_until: Day = Field(examples=["2028-12-31"], description="The last day")


class ConsentOut(Resource):
    """A consent, as its organisation and its recipient see it."""

    organization_id: UUID
    producer_id: UUID
    purpose: Purpose
    recipient_organization_id: UUID | None
    recipient_role: Role | None
    text_version: Code
    text_hash: Sha256
    channel: Channel
    evidence_hash: Sha256 | None
    valid_from: Day
    valid_until: Day
    state: ConsentState
    revoked_at: Instant | None


class ConsentSearch(PageParameters):
    """Filters of the list."""

    producer_id: Annotated[UUID | None, Field(description="Of this producer")] = None
    purpose: Annotated[Purpose | None, Field(description="For this purpose")] = None
    state: Annotated[ConsentState | None, Field(description="Granted or revoked")] = None


class Disclosure(Shape):
    """On what ground another organisation's producer is shown."""

    purpose: Purpose
    consent_id: UUID


class Reading(Shape):
    """What a reader of others' personal data states."""

    purpose: Annotated[
        Purpose | None,
        Field(description="What another organisation's data is read for; a consent must cover it"),
    ] = None


class AccessOut(Shape):
    """One read of a producer's personal data by another organisation."""

    id: UUID
    producer_id: UUID
    organization_id: UUID
    client_id: UUID
    purpose: Purpose
    consent_id: UUID | None
    operation: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=60)]
    accessed_at: Instant


class AccessSearch(PageParameters):
    """Filters of the access log."""

    organization_id: Annotated[UUID | None, Field(description="Reads by this one")] = None
    purpose: Annotated[Purpose | None, Field(description="Reads for this purpose")] = None
