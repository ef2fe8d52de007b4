"""Persons and their registrations with organisations: the home of personal data."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text

from api.domains.producers.states import ProducerState
from api.domains.producers.vocabulary import AssociationStatus, DocumentType, Sex
from api.models.base import Entity, enum_column, instant, link


class Person(Entity, table=True):
    """A natural person, once, whoever registered them: the identity document and nothing else.

    What an organisation knows of the person stands on its own registration
    (docs/decisions/0020-one-person-many-registrations.md). An erased registration is of a person
    without a document, of whom nothing is known but the instant of erasure.
    """

    __tablename__ = "persons"
    __table_args__ = (UniqueConstraint("document_type", "document_number"),)

    document_type: DocumentType | None = enum_column(DocumentType, "document_type", nullable=True)
    document_number: str | None = None
    erased_at: datetime | None = instant(default=None)


class Producer(Entity, table=True):
    """A person's registration with an organisation, with the personal data declared to it.

    ``search_name`` is the name as the search compares it. Erasure empties the personal fields.
    ``merged_into`` is the registration that stands for this one; it was never merged itself.
    """

    __tablename__ = "producers"
    __table_args__ = (
        Index(
            "uq_producers_active_person",
            "organization_id",
            "person_id",
            unique=True,
            postgresql_where=text("state = 'active'"),
        ),
        UniqueConstraint("organization_id", "external_id"),
        CheckConstraint(
            "(state = 'merged') = (merged_into IS NOT NULL)", name="merged_into_another"
        ),
    )
    ledger_subject: ClassVar = "producer"

    organization_id: UUID = link("organizations.id")
    person_id: UUID = link("persons.id")
    external_id: str | None = None
    given_names: str | None = None
    family_names: str | None = None
    search_name: str | None = None
    birth_year: int | None = None
    sex: Sex | None = enum_column(Sex, "sex", default=None, nullable=True)
    language: str | None = None
    phone: str | None = None
    ruc: str | None = None
    ubigeo: str
    association_status: AssociationStatus = enum_column(AssociationStatus, "association_status")
    state: ProducerState = enum_column(ProducerState, "state")
    merged_into: UUID | None = link("producers.id", default=None)
    registered_on: date
    captured_at: datetime | None = instant(default=None)

    @property
    def is_active(self) -> bool:
        """Neither merged into another registration nor erased."""
        return self.state is ProducerState.ACTIVE
