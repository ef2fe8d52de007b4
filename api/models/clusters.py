"""Groups of producers that act together."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from api.domains.clusters.vocabulary import ClusterKind
from api.models.base import Entity, enum_column, link, text_list


class Cluster(Entity, table=True):
    """A cluster, hosted by the organisation that answers for it."""

    __tablename__ = "clusters"
    ledger_subject: ClassVar = "cluster"

    organization_id: UUID = link("organizations.id")
    name: str
    kind: ClusterKind = enum_column(ClusterKind, "kind")
    ubigeo: str = Field(index=True)
    territory: list[str] = text_list(
        default_factory=list, sa_column_kwargs={"server_default": "{}"}
    )
    """Departments, provinces and districts by the beginnings of their codes, in order."""
    representative_id: UUID | None = link("producers.id", default=None)


class ClusterMember(Entity, table=True):
    """A dated membership; a producer can leave and come back, never twice at once."""

    __tablename__ = "cluster_members"
    __table_args__ = (
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="dates_in_order"),
        Index(
            "uq_cluster_members_current",
            "cluster_id",
            "producer_id",
            unique=True,
            postgresql_where=text("left_on IS NULL"),
        ),
    )
    ledger_subject: ClassVar = "cluster"
    ledger_key: ClassVar = "cluster_id"

    cluster_id: UUID = link("clusters.id")
    producer_id: UUID = link("producers.id")
    joined_on: date
    left_on: date | None = None
