"""Applying a batch, item by item."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from asyncpg import PostgresError
from sqlalchemy.exc import DBAPIError

from api.core.database_errors import problem_of
from api.core.geo.operation_area import AreaOfOperation
from api.core.problems import Problem
from api.domains.field_batches import repository, rules
from api.domains.field_batches.rules import Entry
from api.domains.field_batches.schemas import FieldBatchIn
from api.domains.field_items import service as items
from api.domains.field_items.schemas import FieldItemIn
from api.domains.field_items.service import Settled
from api.domains.field_items.vocabulary import FieldKind, ItemStatus
from api.domains.plot_overlaps.repository import hold_land
from api.transactions import UnitOfWork

_STANDS: Final = frozenset({ItemStatus.APPLIED, ItemStatus.UNCHANGED, ItemStatus.CONFLICT})
"""Of a new thing: it is here, whoever wrote it."""


@dataclass(slots=True)
class Outcome:
    """What became of an item."""

    settled: Settled
    problem: Problem | None = None
    waiting_for: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class _Batch:
    uow: UnitOfWork
    area: AreaOfOperation
    items: Sequence[FieldItemIn]
    known: set[bytes]
    missing: set[UUID] = field(default_factory=set)
    """New things that were not written: what names them waits."""


async def apply(
    uow: UnitOfWork, wish: FieldBatchIn, area: AreaOfOperation
) -> list[tuple[FieldItemIn, Outcome]]:
    """Each item with what became of it, in the order in which they were sent.

    Nothing that is refused leaves a trace, and nothing stops the others. What is not an item's
    fault (a busy database) ends the whole batch, and nothing of it is written.
    """
    entries = [_entry(place, item) for place, item in enumerate(wish.items)]
    await repository.wait_turn(uow)
    batch = _Batch(uow, area, wish.items, await repository.written_before(uow, entries))
    batch.missing = {entry.id for entry in entries if entry.is_new}
    outcomes: dict[int, Outcome] = {}
    ordered = rules.in_order(entries)
    await _hold_people(uow, ordered)
    held = False
    for entry in ordered:
        if entry.kind is not FieldKind.PRODUCER and not held:
            # After the documents, which nobody takes who holds land.
            await _hold_land(uow, ordered)
            held = True
        outcomes[entry.place] = await _settle(batch, entry)
    return [(item, outcomes[place]) for place, item in enumerate(wish.items)]


def counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many of each, every status named."""
    found = Counter(outcome.settled.status for outcome in outcomes)
    return {status.value: found[status] for status in ItemStatus}


def _entry(place: int, item: FieldItemIn) -> Entry:
    sent: dict[str, Any] = {
        "kind": item.kind.value,
        "id": str(item.id),
        "captured_at": item.captured_at.isoformat(),
        "version": item.version,
        "base": item.base,
        "body": item.body,
    }
    return Entry(
        place,
        item.kind,
        item.id,
        item.version,
        item.captured_at,
        item.body,
        rules.fingerprint(sent),
    )


async def _hold_people(uow: UnitOfWork, entries: Sequence[Entry]) -> None:
    """Everybody whom the batch changes or names, in one order, before any of it is done."""
    changed = {e.id for e in entries if e.kind is FieldKind.PRODUCER and not e.is_new}
    named = {one for e in entries for one in e.names()}
    await repository.hold_producers(uow, changed, named - changed)


async def _hold_land(uow: UnitOfWork, entries: Sequence[Entry]) -> None:
    """The plots that change or yield, and the land of those that move."""
    changed = {e.id for e in entries if e.kind is FieldKind.PLOT and not e.is_new}
    yielding = {one for e in entries if e.kind is FieldKind.DELIVERY for one in e.names()}
    found = await repository.hold_plots(uow, changed | yielding)
    moving = [e for e in entries if e.kind is FieldKind.PLOT and "geometry" in e.members]
    boxes = [rules.box_of(e.members["geometry"]) for e in moving]
    left = [found[e.id] for e in moving if e.id in found]
    land = [*left, *(box for box in boxes if box is not None)]
    if land:
        await hold_land(uow, *land)


async def _settle(batch: _Batch, entry: Entry) -> Outcome:
    outcome = await _tried(batch, entry)
    if entry.is_new and outcome.settled.status in _STANDS:
        batch.missing.discard(entry.id)
    return outcome


async def _tried(batch: _Batch, entry: Entry) -> Outcome:
    item, uow = batch.items[entry.place], batch.uow
    if entry.fingerprint in batch.known:
        return Outcome(Settled(ItemStatus.UNCHANGED, await items.version_of(uow, item)))
    needed = entry.names() | (frozenset() if entry.is_new else {entry.id})
    if waiting := sorted(needed & batch.missing):
        return Outcome(Settled(ItemStatus.WAITING), waiting_for=waiting)
    try:
        async with uow.savepoint():
            settled = await items.apply(uow, item, batch.area)
            if settled.status is ItemStatus.APPLIED:
                repository.keep(uow, entry)
    except Problem as problem:
        return Outcome(Settled(ItemStatus.REFUSED), _of_item(problem))
    except (DBAPIError, PostgresError) as error:
        found = problem_of(error)
        if found is None:
            raise
        return Outcome(Settled(ItemStatus.REFUSED), _of_item(found))
    if settled.status is ItemStatus.APPLIED:
        batch.known.add(entry.fingerprint)
    return Outcome(settled)


def _of_item(problem: Problem) -> Problem:
    """The problem, if it is the item's; one of ours ends the batch."""
    if problem.status >= 500:
        raise problem
    return problem
