"""Technical-assistance visits."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, UniqueConstraint

from api.domains.consents.vocabulary import Channel
from api.domains.visits.states import VisitState
from api.domains.visits.vocabulary import Practice
from api.models.base import Entity, enum_column, instant, json, link


class Visit(Entity, table=True):
    """A visit to one producer; ``evidence`` is a list of ``{"sha256", "media_type"}``.

    ``created_at`` is when it arrived here, ``captured_at`` when it was noted down in the field.
    """

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint("next_visit_on > visited_on", name="next_visit_later"),
        CheckConstraint(
            "(state = 'confirmed') = (num_nonnulls(confirmed_on, confirmation_channel) = 2)",
            name="confirmed_somehow",
        ),
    )
    ledger_subject: ClassVar = "visit"

    organization_id: UUID = link("organizations.id")
    """Who assisted."""
    producer_organization_id: UUID = link("organizations.id")
    producer_id: UUID = link("producers.id")
    service_request_id: UUID | None = link("service_requests.id", default=None)
    state: VisitState = enum_column(VisitState, "state")
    visited_on: date
    technician_code: str
    practice: Practice = enum_column(Practice, "practice")
    finding: str
    recommendation: str | None = None
    evidence: list[dict[str, str]] = json(
        default_factory=list, sa_column_kwargs={"server_default": sa.text("'[]'")}
    )
    next_visit_on: date | None = None
    captured_at: datetime | None = instant(default=None)
    confirmed_on: date | None = None
    confirmation_channel: Channel | None = enum_column(
        Channel, "confirmation_channel", default=None, nullable=True
    )
    dispute_reason: str | None = None


class VisitPlot(Entity, table=True):
    """A plot that was seen."""

    __tablename__ = "visit_plots"
    __table_args__ = (UniqueConstraint("visit_id", "plot_id"),)
    ledger_subject: ClassVar = "visit"
    ledger_key: ClassVar = "visit_id"

    visit_id: UUID = link("visits.id", index=False)
    plot_id: UUID = link("plots.id")
