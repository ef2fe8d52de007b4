"""Finding, settling and ending overlaps."""

from typing import Final
from uuid import UUID

from api.core.clock import now
from api.core.geo.measure import Bounds
from api.core.geo.overlaps import Overlap, overlaps_between
from api.core.ids import new_id
from api.core.problems import NotFound
from api.domains.plot_overlaps import repository
from api.domains.plot_overlaps.problems import TooManyNeighbours
from api.domains.plot_overlaps.repository import MOST_NEIGHBOURS, Neighbour
from api.domains.plot_overlaps.schemas import OverlapSettlement
from api.domains.plot_overlaps.states import LIFECYCLE
from api.models.plots import PlotOverlap
from api.reads import Reader
from api.transactions import Event, Subject, UnitOfWork

_FOUND: Final = "plot_overlap.found"


async def compare(uow: UnitOfWork, arrived: Neighbour, box: Bounds) -> None:
    """Keep every overlap of an arriving geometry with the plots around it.

    The caller holds the land (``repository.hold_land``). 409 where it spans more plots than any
    plot could.
    """
    around = await repository.neighbours(uow, box, besides=arrived.plot_id)
    if len(around) > MOST_NEIGHBOURS:
        raise TooManyNeighbours(limit=MOST_NEIGHBOURS)
    shapes = [neighbour.geometry for neighbour in around]
    for _, index, found in overlaps_between([arrived.geometry], shapes):
        overlap = _pair(arrived, around[index], found)
        uow.add(overlap)
        _record(uow, _FOUND, overlap, area_ha=str(found.area_ha))


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


async def lapse(uow: UnitOfWork, plot_id: UUID) -> None:
    """End the overlaps of a plot whose geometry is no longer in force.

    The caller holds the land, so no overlap with that geometry is being found meanwhile.
    """
    for overlap in await repository.standing_for_update(uow, plot_id):
        transition = LIFECYCLE.apply("lapse", overlap.state)
        overlap.state = transition.target
        _record(uow, transition.event, overlap)
    # Before the same pair is found anew: a flush inserts first, and one overlap stands per pair.
    await uow.session.flush()


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
