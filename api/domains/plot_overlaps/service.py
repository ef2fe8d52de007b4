"""Finding, settling and ending overlaps."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final
from uuid import UUID

import numpy as np
import shapely

from api.core.clock import now
from api.core.geo.measure import Bounds, box_of
from api.core.geo.overlaps import Overlap, overlap, overlaps_among, overlaps_between
from api.core.ids import new_id
from api.core.problems import NotFound
from api.domains.plot_overlaps import repository
from api.domains.plot_overlaps.problems import TooManyNeighbours, TooManyOverlaps
from api.domains.plot_overlaps.repository import MOST_NEIGHBOURS, Neighbour
from api.domains.plot_overlaps.schemas import OverlapSettlement
from api.domains.plot_overlaps.states import LIFECYCLE
from api.models.plots import PlotOverlap
from api.reads import Reader
from api.transactions import Event, Subject, UnitOfWork

_FOUND: Final = "plot_overlap.found"
MOST_MEETINGS: Final = 400_000
"""Pairs of boxes that meet, of one set with the plots there are, and within it: twenty for each
plot of the largest file. Comparing so many shapes takes some seconds."""
MOST_FOUND: Final = 20_000
"""Overlaps of one set: one for each plot of the largest file. Keeping so many takes ten seconds."""
A_CROWD: Final = 100
"""Boxes that each of a set may meet where all of it would be too much: beyond, many plots were
given one position."""
_AT_ONCE: Final = 200


async def compare(uow: UnitOfWork, arrived: Neighbour, box: Bounds) -> None:
    """Keep every overlap of an arriving geometry with the plots around it.

    The caller holds the land (``repository.hold_land``). 409 where it spans more plots than any
    plot could, and where those that came before it in the transaction have as many overlaps as are
    kept at once.
    """
    around = await repository.neighbours(uow, box, besides=arrived.plot_id)
    if len(around) > MOST_NEIGHBOURS:
        raise TooManyNeighbours(limit=MOST_NEIGHBOURS)
    shapes = [neighbour.geometry for neighbour in around]
    shared = list(overlaps_between([arrived.geometry], shapes))
    if uow.recorded(_FOUND) + len(shared) > MOST_FOUND:
        raise TooManyOverlaps
    for _, index, found in shared:
        overlap = _pair(arrived, around[index], found)
        uow.add(overlap)
        _found(uow, overlap)


@dataclass(frozen=True, slots=True)
class Found:
    """The overlaps that were found, and the places of those arriving that meet too many plots: more
    than ``most``.
    """

    overlaps: tuple[PlotOverlap, ...]
    crowded: frozenset[int]
    most: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a batch over all plots has found, by pairs of plots, the lower id first."""

    plots: int
    overlaps: int
    missing: tuple[tuple[UUID, UUID], ...]
    """Pairs that overlap and of which nothing stands."""
    mistaken: tuple[tuple[UUID, UUID], ...]
    """Pairs of which an overlap stands and that do not overlap."""


async def find(uow: UnitOfWork, arriving: Sequence[Neighbour], boxes: Sequence[Bounds]) -> Found:
    """Every overlap of arriving geometries with the plots of all organisations, and with each
    other. A plot that is itself arriving counts with its new geometry alone.

    Whoever keeps them holds the land (``repository.hold_land``). Where a set would come with more
    than is compared or kept at once, those in a crowd are left out; 409 where that is not enough.
    """
    if not arriving:
        return Found((), frozenset(), MOST_NEIGHBOURS)
    around = await _around(uow, arriving, boxes)
    meetings = Counter(place for place, _ in around)
    meetings.update(await asyncio.to_thread(_meetings_among, boxes))
    for most in (MOST_NEIGHBOURS, A_CROWD):
        crowded = frozenset(n for n, count in meetings.items() if count > most)
        fit = [place for place in range(len(arriving)) if place not in crowded]
        # Within the set, each pair is met from both sides.
        if sum(meetings[place] for place in fit) > 2 * MOST_MEETINGS:
            continue
        near = {plot_id for place, plot_id in around if place not in crowded}
        standing = await repository.by_id(uow, near)
        few = [arriving[place] for place in fit]
        overlaps = await asyncio.to_thread(_compare, few, standing)
        if len(overlaps) <= MOST_FOUND:
            return Found(tuple(overlaps), crowded, most)
    raise TooManyOverlaps


async def keep_all(uow: UnitOfWork, overlaps: Sequence[PlotOverlap]) -> None:
    """Keep overlaps between plots that are written already, and tell the organisations."""
    await uow.load(PlotOverlap, [each.model_dump() for each in overlaps])
    for each in overlaps:
        _found(uow, each)


async def _around(
    uow: UnitOfWork, arriving: Sequence[Neighbour], boxes: Sequence[Bounds]
) -> list[tuple[int, UUID]]:
    most = MOST_MEETINGS + 1
    found = await repository.meetings(uow, boxes, MOST_NEIGHBOURS + 1, most)
    if len(found) > MOST_MEETINGS:
        raise TooManyOverlaps
    own = {one.plot_id for one in arriving}
    return [(place, plot_id) for place, plot_id in found if plot_id not in own]


def _meetings_among(boxes: Sequence[Bounds]) -> dict[int, int]:
    """How many other boxes of the set each box meets."""
    shapes = shapely.box(*np.array(boxes).T)
    tree = shapely.STRtree(shapes)
    counts = [
        np.bincount(tree.query(some)[0], minlength=len(some))
        for start in range(0, len(shapes), _AT_ONCE)
        for some in [shapes[start : start + _AT_ONCE]]
    ]
    # Each box meets itself.
    return dict(enumerate((np.concatenate(counts) - 1).tolist()))


def _compare(arriving: Sequence[Neighbour], standing: Sequence[Neighbour]) -> list[PlotOverlap]:
    """The overlaps, and no more of them than it takes to know that they are too many."""
    new = [one.geometry for one in arriving]
    old = overlaps_between(new, [one.geometry for one in standing])
    found = chain(
        ((arriving[i], standing[j], shared) for i, j, shared in old),
        ((arriving[i], arriving[j], shared) for i, j, shared in overlaps_among(new)),
    )
    return [_pair(*one) for one in islice(found, MOST_FOUND + 1)]


def _found(uow: UnitOfWork, overlap: PlotOverlap) -> None:
    _record(uow, _FOUND, overlap, area_ha=str(overlap.area_ha))


def _pair(arrived: Neighbour, other: Neighbour, found: Overlap) -> PlotOverlap:
    sides = [(arrived, found.share_of_a), (other, found.share_of_b)]
    (first, share), (second, other_share) = sorted(sides, key=lambda side: side[0].plot_id)
    return PlotOverlap(
        id=new_id(),
        plot_id=first.plot_id,
        organization_id=first.organization_id,
        geometry_version=first.geometry_version,
        share=share,
        other_plot_id=second.plot_id,
        other_organization_id=second.organization_id,
        other_geometry_version=second.geometry_version,
        other_share=other_share,
        area_ha=found.area_ha,
        at_point=found.at_point,
        state=LIFECYCLE.initial,
    )


async def lapse(uow: UnitOfWork, *plot_ids: UUID) -> None:
    """End the overlaps of plots whose geometry is no longer in force.

    The caller holds the land, so no overlap with that geometry is being found meanwhile.
    """
    for standing in await repository.standing_for_update(uow, plot_ids):
        transition = LIFECYCLE.apply("lapse", standing.state)
        standing.state = transition.target
        _record(uow, transition.event, standing)
    # Before the same pair is found anew: a flush inserts first, and one overlap stands per pair.
    await uow.session.flush()


async def check(uow: UnitOfWork) -> Checked:
    """Find every overlap of all plots anew, in one batch, and hold what stands to it."""
    plots, standing = await repository.whole_map(uow)
    geometries = [plot.geometry for plot in plots]
    found = await asyncio.to_thread(
        lambda: {(plots[i].plot_id, plots[j].plot_id) for i, j, _ in overlaps_among(geometries)}
    )
    return Checked(
        len(plots), len(found), tuple(sorted(found - standing)), tuple(sorted(standing - found))
    )


async def mend(uow: UnitOfWork, plot_id: UUID, other_plot_id: UUID) -> bool:
    """Bring what stands of a pair in line with its geometries in force; whether it had to be.

    The land is held and the pair looked at anew, so what changed since the check is right.
    """
    boxes = [box_of(one.geometry) for one in await repository.by_id(uow, [plot_id, other_plot_id])]
    await repository.hold_land(uow, *boxes)
    both = await repository.by_id(uow, [plot_id, other_plot_id])
    if [box_of(one.geometry) for one in both] != boxes:
        # Moved between the two looks, by someone who held the land.
        return False
    stands = await repository.pair_for_update(uow, plot_id, other_plot_id)
    found = overlap(both[0].geometry, both[1].geometry) if len(both) == 2 else None
    if found is not None and stands is None:
        missing = _pair(both[0], both[1], found)
        uow.add(missing)
        _found(uow, missing)
    elif found is None and stands is not None:
        transition = LIFECYCLE.apply("lapse", stands.state)
        stands.state = transition.target
        _record(uow, transition.event, stands)
    return (found is None) != (stands is None)


async def settle(uow: UnitOfWork, plot_overlap_id: UUID, wish: OverlapSettlement) -> None:
    """Say what became of an overlap, for one of the two organisations."""
    overlap = await repository.own_for_update(uow, plot_overlap_id)
    if overlap is None:
        raise NotFound("plot overlap")
    transition = LIFECYCLE.apply("settle", overlap.state)
    overlap.state = transition.target
    overlap.decision, overlap.note = wish.decision, wish.note
    overlap.settled_by, overlap.settled_at = uow.actor.organization_id, now()
    _record(uow, transition.event, overlap, decision=wish.decision.value)


async def expect_involved(reader: Reader, plot_id: UUID) -> None:
    """404 unless the plot is the actor's own or overlaps one of the actor's."""
    if not await reader.rows(repository.INVOLVED, plot_id=plot_id):
        raise NotFound("plot")


def _record(uow: UnitOfWork, event: str, overlap: PlotOverlap, **data: str) -> None:
    """Tell both organisations: naming them puts the entry into the feed of each."""
    plots: tuple[Subject, ...] = (("plot", overlap.plot_id), ("plot", overlap.other_plot_id))
    organizations = sorted({overlap.organization_id, overlap.other_organization_id})
    related = (*plots, *(("organization", one) for one in organizations))
    uow.record(Event(event, ("plot_overlap", overlap.id), data, related))
