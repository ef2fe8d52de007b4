"""Archetypes: tables of rules, runs over an organisation, and where each producer was put."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text

from api.domains.archetypes.states import ArchetypeTableState
from api.domains.archetypes.vocabulary import RunState
from api.models.base import Entity, enum_column, instant, json, link


class ArchetypeTable(Entity, table=True):
    """A version of the rules. Of those in force there is one at most.

    ``rules``, in the order in which they are asked: ``[{"code", "names": {"es", "en"}, "criteria":
    [{"fact", "operator", "threshold"}, ...]}, ...]``.
    """

    __tablename__ = "archetype_tables"
    __table_args__ = (
        UniqueConstraint("name"),
        Index(
            "uq_archetype_tables_in_force",
            "state",
            unique=True,
            postgresql_where=text("state = 'in_force'"),
        ),
    )
    ledger_subject: ClassVar = "archetype_table"

    organization_id: UUID | None = link("organizations.id", default=None)
    """The operator that wrote it; nobody where it came with the platform."""
    name: str
    state: ArchetypeTableState = enum_column(ArchetypeTableState, "state")
    demonstration: bool
    rules: list[dict[str, Any]] = json()
    in_force_since: datetime | None = instant(default=None)


class ArchetypeRun(Entity, table=True):
    """A classification of a whole organisation: derived from records, so not recorded itself."""

    __tablename__ = "archetype_runs"
    __table_args__ = (CheckConstraint("done BETWEEN 0 AND total", name="done_in_bounds"),)

    organization_id: UUID = link("organizations.id")
    archetype_table_id: UUID = link("archetype_tables.id")
    as_of: date
    state: RunState = enum_column(RunState, "state")
    total: int
    done: int = 0
    ended_at: datetime | None = instant(default=None)


class ArchetypeAssignment(Entity, table=True):
    """Where a run put a producer, and why: once per run, however often its job was begun."""

    __tablename__ = "archetype_assignments"
    __table_args__ = (UniqueConstraint("archetype_run_id", "producer_id"),)

    archetype_run_id: UUID = link("archetype_runs.id", index=False)
    producer_id: UUID = link("producers.id")
    archetype: str
    """The code of the rule, or ``unclassified``."""
    reasons: list[dict[str, Any]] = json()
    missing: list[dict[str, Any]] = json()
