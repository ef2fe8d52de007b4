"""Readiness reports, as a caja received them."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint

from api.domains.readiness_reports.vocabulary import Verdict
from api.models.base import Entity, enum_column, json, link


class ReadinessReport(Entity, table=True):
    """Who asked what about whom, as of when, and every criterion with its value."""

    __tablename__ = "readiness_reports"
    __table_args__ = (
        CheckConstraint("num_nonnulls(producer_id, cluster_id) = 1", name="one_subject"),
    )
    ledger_subject: ClassVar = "readiness_report"

    organization_id: UUID = link("organizations.id")
    """The institution that asked."""
    producer_organization_id: UUID = link("organizations.id")
    producer_id: UUID | None = link("producers.id", default=None)
    cluster_id: UUID | None = link("clusters.id", default=None)
    credit_product_id: UUID | None = link("credit_products.id", default=None)
    as_of: date
    verdict: Verdict = enum_column(Verdict, "verdict")
    points: int
    points_possible: int
    criteria: list[dict[str, Any]] = json()
    members: dict[str, Any] | None = json(default=None, nullable=True)
    """For a cluster: how many members, with consent, ready, and who meets which criterion,
    in counts.
    """
    facts: dict[str, Any] | None = json(default=None, nullable=True)
    """About a producer: what the criteria were judged from; of a cluster's members, nothing."""
    facts_hash: str
    """SHA-256 of the facts' canonical JSON; for a cluster, of its members' sorted hashes."""
    model_version: str
    consents: list[str] = json()
