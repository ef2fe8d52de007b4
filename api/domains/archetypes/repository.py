"""Queries. Drafts of tables are the operator's; runs and assignments their organisation's."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Date, and_, bindparam, exists, or_, select, text

from api.core.documents import Query, document, instant
from api.core.paging import Listing
from api.domains.archetypes.states import ArchetypeTableState
from api.domains.archetypes.vocabulary import RunState
from api.models.archetypes import ArchetypeAssignment, ArchetypeRun, ArchetypeTable
from api.models.clusters import ClusterMember
from api.transactions import UnitOfWork

_t = ArchetypeTable.__table__.c  # type: ignore[attr-defined]
_r = ArchetypeRun.__table__.c  # type: ignore[attr-defined]
_a = ArchetypeAssignment.__table__.c  # type: ignore[attr-defined]
_m = ClusterMember.__table__.c  # type: ignore[attr-defined]

FIRST_TABLE_LOCK: Final = 0x6D617A6172
"""Advisory lock: permanent, never reused."""


def _resource(columns: Any, **more: Any) -> Any:
    return document(
        id=columns.id,
        version=columns.version,
        created_at=instant(columns.created_at),
        updated_at=instant(columns.updated_at),
        **more,
    )


_TABLE: Final = _resource(
    _t,
    organization_id=_t.organization_id,
    name=_t.name,
    state=_t.state,
    demonstration=_t.demonstration,
    in_force_since=instant(_t.in_force_since),
    rules=_t.rules,
)
_seen = or_(_t.state != ArchetypeTableState.DRAFT, bindparam("operator", type_=Boolean()))
ARCHETYPE_TABLE: Final = Query(
    select(_TABLE, _t.version).where(_t.id == bindparam("archetype_table_id"), _seen)
)
ARCHETYPE_TABLES: Final = Listing(
    "archetype_tables",
    select(_TABLE).where(_seen),
    order=[_t.id],
    filters={"state": _t.state == bindparam("state")},
)

_RUN: Final = _resource(
    _r,
    organization_id=_r.organization_id,
    archetype_table_id=_r.archetype_table_id,
    as_of=_r.as_of,
    state=_r.state,
    total=_r.total,
    done=_r.done,
    ended_at=instant(_r.ended_at),
)
_own = _r.organization_id == bindparam("actor")
ARCHETYPE_RUN: Final = Query(
    select(_RUN, _r.version).where(_r.id == bindparam("archetype_run_id"), _own)
)
ARCHETYPE_RUNS: Final = Listing(
    "archetype_runs",
    select(_RUN).where(_own),
    order=[_r.id],
    descending=True,
    filters={"state": _r.state == bindparam("state")},
)

_latest = (
    select(_r.id)
    .where(_own, _r.state == RunState.DONE)
    .order_by(_r.as_of.desc(), _r.id.desc())
    .limit(1)
    .correlate(None)
    .scalar_subquery()
)
_today = bindparam("today", type_=Date())
ARCHETYPE_ASSIGNMENTS: Final = Listing(
    "archetype_assignments",
    select(
        _resource(
            _a,
            archetype_run_id=_a.archetype_run_id,
            archetype_table_id=_r.archetype_table_id,
            table_name=_t.name,
            demonstration=_t.demonstration,
            as_of=_r.as_of,
            producer_id=_a.producer_id,
            archetype=_a.archetype,
            reasons=_a.reasons,
            missing=_a.missing,
        )
    )
    .join(_r.id.table, _r.id == _a.archetype_run_id)
    .join(_t.id.table, _t.id == _r.archetype_table_id)
    .where(_own),
    order=[_a.id],
    filters={
        "latest": _a.archetype_run_id == _latest,
        "archetype_run_id": _a.archetype_run_id == bindparam("archetype_run_id"),
        "producer_id": _a.producer_id == bindparam("producer_id"),
        "archetype": _a.archetype == bindparam("archetype"),
        "cluster_id": exists().where(
            _m.cluster_id == bindparam("cluster_id"),
            _m.producer_id == _a.producer_id,
            _m.joined_on <= _today,
            or_(_m.left_on.is_(None), _m.left_on > _today),
        ),
    },
)

LAST_RUN: Final = Query(
    text("""
SELECT r.id, r.archetype_table_id, r.as_of, t.demonstration, t.rules::text
  FROM archetype_runs r JOIN archetype_tables t ON t.id = r.archetype_table_id
 WHERE r.organization_id = :organization_id AND r.state = 'done'
 ORDER BY r.as_of DESC, r.id DESC LIMIT 1
""")
)
GROUPS: Final = Query(
    text("""
SELECT coalesce(a.archetype, :not_judged), count(*)
  FROM (SELECT DISTINCT producer_id FROM cluster_members
         WHERE cluster_id = :cluster_id AND joined_on <= :today
           AND (left_on IS NULL OR left_on > :today)) AS m
  LEFT JOIN archetype_assignments a
    ON a.producer_id = m.producer_id AND a.archetype_run_id = CAST(:run_id AS uuid)
 GROUP BY 1 ORDER BY 1
""")
)
"""A cluster's members of today by archetype after a run (none: null)."""
_WAITING: Final = Query(
    text("SELECT count(*) FROM archetype_runs WHERE organization_id = :actor AND state = 'queued'")
)
_COUNT: Final = Query(
    text("""
SELECT count(*) FROM producers
 WHERE organization_id = :actor AND state = 'active' AND registered_on <= :as_of
""")
)
_NEXT: Final = Query(
    text("""
SELECT p.id FROM producers p
 WHERE p.organization_id = :organization_id AND p.state = 'active' AND p.registered_on <= :as_of
   AND p.created_at <= :asked_at
   AND NOT EXISTS (SELECT FROM archetype_assignments a
                    WHERE a.archetype_run_id = :run_id AND a.producer_id = p.id)
 ORDER BY p.id LIMIT :batch
""")
)
_STORE: Final = Query(
    text("""
INSERT INTO archetype_assignments
    (id, version, created_at, updated_at, archetype_run_id, producer_id, archetype, reasons,
     missing)
SELECT n.id, 1, :at, :at, :run_id, n.producer_id, n.archetype, n.reasons::jsonb, n.missing::jsonb
  FROM unnest(CAST(:ids AS uuid[]), CAST(:producers AS uuid[]), CAST(:archetypes AS text[]),
              CAST(:reasons AS text[]), CAST(:missing AS text[]))
         AS n(id, producer_id, archetype, reasons, missing)
""")
)


async def table_in_force(uow: UnitOfWork) -> ArchetypeTable | None:
    """The table in force, locked against being superseded before the end."""
    found = await uow.rows(
        select(ArchetypeTable)
        .where(_t.state == ArchetypeTableState.IN_FORCE)
        .with_for_update(of=ArchetypeTable)
    )
    return found[0][0] if found else None


async def for_update(uow: UnitOfWork, table_id: UUID) -> ArchetypeTable | None:
    """A table, locked."""
    return await uow.locked(ArchetypeTable, table_id)


async def one_first_table(uow: UnitOfWork) -> None:
    """Wait for whoever else brings a table into force."""
    await uow.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": FIRST_TABLE_LOCK})


async def is_named(uow: UnitOfWork, name: str) -> bool:
    """Whether a table has this name."""
    return await uow.find(ArchetypeTable, _t.name == name) is not None


async def count(uow: UnitOfWork, as_of: Any) -> int:
    """How many producers of the actor's a run of that day is about."""
    [(number,)] = await uow.fetch(_COUNT, as_of=as_of)
    return int(number)


async def waiting(uow: UnitOfWork) -> int:
    """How many runs of the actor's wait for a worker."""
    [(number,)] = await uow.fetch(_WAITING)
    return int(number)


async def run_for_update(uow: UnitOfWork, run_id: UUID) -> tuple[ArchetypeRun, ArchetypeTable]:
    """A run, locked, with its table."""
    run = await uow.locked(ArchetypeRun, run_id)
    table = await uow.find(ArchetypeTable, and_(_t.id == run.archetype_table_id)) if run else None
    assert run is not None
    assert table is not None
    return run, table


async def next_producers(uow: UnitOfWork, run: ArchetypeRun, batch: int) -> list[UUID]:
    """Producers that the run has not come to."""
    rows = await uow.fetch(
        _NEXT,
        organization_id=run.organization_id,
        as_of=run.as_of,
        asked_at=run.created_at,
        run_id=run.id,
        batch=batch,
    )
    return [row[0] for row in rows]


async def store(uow: UnitOfWork, run_id: UUID, columns: dict[str, list[Any]], at: Any) -> None:
    """Write assignments, given by columns."""
    await uow.fetch(_STORE, run_id=run_id, at=at, **columns)
