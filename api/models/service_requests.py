"""Assistance that is asked for."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint

from api.domains.service_requests.states import ServiceRequestState
from api.domains.visits.vocabulary import Practice
from api.models.base import Entity, enum_column, link


class ServiceRequest(Entity, table=True):
    """What a producer organisation asks of a provider, for one producer or a cluster."""

    __tablename__ = "service_requests"
    __table_args__ = (
        CheckConstraint("num_nonnulls(producer_id, cluster_id) = 1", name="one_subject"),
        CheckConstraint(
            "(state = 'completed') = (completed_on IS NOT NULL)", name="completed_some_day"
        ),
    )
    ledger_subject: ClassVar = "service_request"

    organization_id: UUID = link("organizations.id")
    provider_id: UUID = link("organizations.id")
    producer_id: UUID | None = link("producers.id", default=None)
    cluster_id: UUID | None = link("clusters.id", default=None)
    state: ServiceRequestState = enum_column(ServiceRequestState, "state")
    practice: Practice = enum_column(Practice, "practice")
    need: str
    wanted_by: date | None = None
    answered_on: date | None = None
    decline_reason: str | None = None
    completed_on: date | None = None
