"""Actions on tables of rules and on runs."""

from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotFound
from api.domains.archetypes import repository, rules
from api.domains.archetypes.problems import TableNameTaken, TooManyRunsWait
from api.domains.archetypes.schemas import (
    ArchetypeRunIn,
    ArchetypeTableIn,
    ClusterArchetypesOut,
    GroupOut,
)
from api.domains.archetypes.states import LIFECYCLE
from api.domains.archetypes.vocabulary import CLASSIFY, NOT_JUDGED, RunState
from api.domains.clusters.repository import HOST
from api.domains.facts import repository as facts
from api.models.archetypes import ArchetypeRun, ArchetypeTable
from api.reads import Document, Reader
from api.transactions import Event, UnitOfWork

BATCH: Final = 500
"""Producers judged in one transaction: what a run that is cut short repeats at most."""
MOST_WAITING: Final = 20
"""Runs of one organisation that a worker has not begun: what they judge has not been asked yet."""
SHIPPED: Final = Path(__file__).with_name("shipped.json")


async def draft(uow: UnitOfWork, wish: ArchetypeTableIn) -> UUID:
    """A new table that is not asked yet."""
    table = await _drafted(uow, wish, uow.actor.organization_id)
    return table.id


async def enact(uow: UnitOfWork, table_id: UUID) -> None:
    """Bring a draft into force; the table in force until now is superseded."""
    await repository.one_first_table(uow)
    table = await repository.for_update(uow, table_id)
    if table is None:
        raise NotFound("archetype table")
    await _enact(uow, table, await repository.table_in_force(uow))


async def ask(uow: UnitOfWork, wish: ArchetypeRunIn) -> UUID:
    """Classify the actor's organisation by the table in force, as a job. 422 for a day to come, 429
    where as many runs wait as may.
    """
    as_of = wish.as_of or today()
    if as_of > today():
        raise InvalidPayload(errors=[_FUTURE])
    # Locked, so that those who ask at once are counted one after the other.
    table = await repository.table_in_force(uow) or await _first_table(uow)
    if await repository.waiting(uow) >= MOST_WAITING:
        raise TooManyRunsWait(MOST_WAITING)
    run = ArchetypeRun(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        archetype_table_id=table.id,
        as_of=as_of,
        state=RunState.QUEUED,
        total=await repository.count(uow, as_of),
    )
    uow.add(run)
    await uow.defer(CLASSIFY, lock=f"archetypes {run.organization_id}", run_id=str(run.id))
    return run.id


async def classify_batch(uow: UnitOfWork, run_id: UUID) -> bool:
    """Judge the next producers of a run; whether any are left.

    The run stays locked meanwhile, and who has an assignment is not judged again: so a job that is
    begun twice, also at once, doubles nothing.
    """
    run, table = await repository.run_for_update(uow, run_id)
    if run.state is RunState.DONE:
        return False
    ids = await repository.next_producers(uow, run, BATCH)
    if not ids:
        run.state, run.total, run.ended_at = RunState.DONE, run.done, now()
        return False
    run.state, run.ended_at = RunState.RUNNING, None
    columns = await _judged(uow, table, ids, run.as_of)
    await repository.store(uow, run_id, columns, now())
    run.done += len(ids)
    run.total = max(run.total, run.done)
    return True


async def give_up(uow: UnitOfWork, run_id: UUID) -> None:
    """Say that a run has failed; what it had judged stays."""
    run, _ = await repository.run_for_update(uow, run_id)
    if run.state is not RunState.DONE:
        run.state, run.ended_at = RunState.FAILED, now()


async def distribution(reader: Reader, cluster_id: UUID) -> Document:
    """A cluster's members of today by archetype; to others without what is too small to show."""
    host = await reader.rows(HOST, cluster_id=cluster_id)
    if not host:
        raise NotFound("cluster")
    organization_id = host[0][0]
    found = await reader.rows(repository.LAST_RUN, organization_id=organization_id)
    run = found[0] if found else None
    rows = await reader.rows(
        repository.GROUPS,
        cluster_id=cluster_id,
        run_id=run[0] if run else None,
        not_judged=NOT_JUDGED,
    )
    counts = {row[0]: row[1] for row in rows}
    own = organization_id == reader.actor.organization_id
    shape = _distribution(cluster_id, run, counts, frozenset() if own else rules.hidden(counts))
    return Document(shape.model_dump_json().encode(), 0)


def _distribution(
    cluster_id: UUID, run: Any, counts: dict[str, int], away: frozenset[str]
) -> ClusterArchetypesOut:
    names = {rule["code"]: rule["names"] for rule in orjson.loads(run[4])} if run else {}
    return ClusterArchetypesOut(
        cluster_id=cluster_id,
        archetype_run_id=run[0] if run else None,
        archetype_table_id=run[1] if run else None,
        as_of=run[2] if run else None,
        demonstration=run[3] if run else None,
        members=sum(counts.values()),
        hidden=sum(counts[code] for code in away),
        groups=[
            GroupOut(archetype=code, names=names.get(code), members=members)
            for code, members in counts.items()
            if code not in away
        ],
    )


async def _judged(
    uow: UnitOfWork, table: ArchetypeTable, ids: list[UUID], as_of: date
) -> dict[str, list[Any]]:
    asked = rules.rules_of(table.rules)
    known = await facts.of_producers(uow.fetch, ids, as_of)
    placed = [(each, rules.place(asked, each)) for each in known]
    return {
        "ids": [new_id() for _ in placed],
        "producers": [each.producer_id for each, _ in placed],
        "archetypes": [placement.archetype for _, placement in placed],
        "reasons": [orjson.dumps(rules.reasons_of(found)).decode() for _, found in placed],
        "missing": [orjson.dumps(rules.missing_of(found, each)).decode() for each, found in placed],
    }


async def _drafted(
    uow: UnitOfWork, wish: ArchetypeTableIn, organization_id: UUID | None
) -> ArchetypeTable:
    table_rules = wish.model_dump(mode="json")["rules"]
    if faults := rules.table_faults(table_rules):
        raise InvalidPayload(errors=faults)
    await repository.one_first_table(uow)
    if await repository.is_named(uow, wish.name):
        raise TableNameTaken
    table = ArchetypeTable(
        id=new_id(),
        organization_id=organization_id,
        name=wish.name,
        state=LIFECYCLE.initial,
        demonstration=wish.demonstration,
        rules=table_rules,
    )
    uow.add(table)
    told: dict[str, Any] = {
        "name": wish.name,
        "demonstration": wish.demonstration,
        "rules": len(table_rules),
    }
    uow.record(Event("archetype_table.drafted", ("archetype_table", table.id), told))
    return table


async def _first_table(uow: UnitOfWork) -> ArchetypeTable:
    """The table in force; where there never was one, the one shipped with the platform."""
    await repository.one_first_table(uow)
    table = await repository.table_in_force(uow)
    if table is None:
        table = await _drafted(uow, ArchetypeTableIn(**orjson.loads(SHIPPED.read_bytes())), None)
        await _enact(uow, table, None)
    return table


async def _enact(uow: UnitOfWork, table: ArchetypeTable, before: ArchetypeTable | None) -> None:
    enacted = LIFECYCLE.apply("enact", table.state)
    related: tuple[tuple[str, UUID], ...] = ()
    if before is not None:
        superseded = LIFECYCLE.apply("supersede", before.state)
        before.state = superseded.target
        uow.record(Event(superseded.event, ("archetype_table", before.id)))
        # One at a time is in force: the database must see this one go first.
        await uow.session.flush()
        related = (("archetype_table", before.id),)
    table.state, table.in_force_since = enacted.target, now()
    uow.record(Event(enacted.event, ("archetype_table", table.id), related=related))


_FUTURE = FieldError(
    "/as_of", "in-the-future", {"es": "está en el futuro", "en": "lies in the future"}
)
