"""Queries. An organisation sees the overlaps of its plots, and of the other plot only the id."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Float,
    Integer,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from api.core.documents import Query, document, instant, text_of
from api.core.geo.measure import Bounds
from api.core.paging import Listing
from api.domains.plot_overlaps.grid import cells
from api.domains.plot_overlaps.states import OverlapState
from api.domains.plots.states import PlotState
from api.models.plots import Plot, PlotGeometry, PlotOverlap
from api.transactions import UnitOfWork

_o = PlotOverlap.__table__.c  # type: ignore[attr-defined]
_p = Plot.__table__.c  # type: ignore[attr-defined]
_g = PlotGeometry.__table__.c  # type: ignore[attr-defined]

MOST_NEIGHBOURS: Final = 1_000
"""Plots whose boxes meet that of an arriving geometry and that are compared with it."""


def _is_of(organization: Any) -> Any:
    return or_(_o.organization_id == organization, _o.other_organization_id == organization)


def of_plot(plot_id: Any) -> Any:
    """The overlaps of one plot, as a condition."""
    return or_(_o.plot_id == plot_id, _o.other_plot_id == plot_id)


def open_of(plot_id: Any) -> Any:
    """How many overlaps of a plot nobody has settled, as a subselect."""
    count = select(func.count()).where(of_plot(plot_id), _o.state == OverlapState.OPEN)
    return count.scalar_subquery()


_visible: Final = _is_of(bindparam("actor"))
SHAPE: Final = document(
    id=_o.id,
    version=_o.version,
    created_at=instant(_o.created_at),
    updated_at=instant(_o.updated_at),
    state=_o.state,
    area_ha=text_of(_o.area_ha),
    at_point=_o.at_point,
    sides=func.json_build_array(
        document(
            plot_id=_o.plot_id,
            organization_id=_o.organization_id,
            geometry_version=_o.geometry_version,
            share=text_of(_o.share),
        ),
        document(
            plot_id=_o.other_plot_id,
            organization_id=_o.other_organization_id,
            geometry_version=_o.other_geometry_version,
            share=text_of(_o.other_share),
        ),
    ),
    decision=_o.decision,
    note=_o.note,
    settled_by=_o.settled_by,
    settled_at=instant(_o.settled_at),
)
OVERLAP: Final = Query(
    select(SHAPE, _o.version).where(_o.id == bindparam("plot_overlap_id"), _visible)
)
_state: Final = {"state": _o.state == bindparam("state")}
OVERLAPS: Final = Listing(
    "plot_overlaps", select(SHAPE).where(_visible), order=[_o.id], filters=_state
)
OVERLAPS_OF_PLOT: Final = Listing(
    "overlaps_of_plot",
    select(SHAPE).where(_visible, of_plot(bindparam("plot_id"))),
    order=[_o.id],
    filters=_state,
)
INVOLVED: Final = Query(
    select(_p.id).where(
        _p.id == bindparam("plot_id"),
        or_(
            _p.organization_id == bindparam("actor"),
            select(_o.id).where(_visible, of_plot(_p.id)).exists(),
        ),
    )
)
"""Whether a plot is the actor's, or overlaps one of the actor's."""


_MAP: Final = 0x706C6F74
"""Class of the advisory locks on the map: permanent, never reused."""
_WHOLE_MAP: Final = text("SELECT pg_advisory_xact_lock(:map, -1)").bindparams(map=_MAP)
_PART: Final = text("SELECT pg_advisory_xact_lock_shared(:map, -1)").bindparams(map=_MAP)
_CELLS: Final = text(
    "SELECT pg_advisory_xact_lock(:map, cell) FROM unnest(:cells) AS cell"
).bindparams(bindparam("map", _MAP), bindparam("cells", type_=ARRAY(Integer())))


async def hold_land(uow: UnitOfWork, *boxes: Bounds) -> None:
    """Let nobody else change the plots within these boxes until the transaction ends.

    To be held before neighbours are read: what others have committed by then is seen. The cells
    are taken in ascending order, so that two writers never wait for each other in a ring.
    """
    wanted = cells(*boxes)
    if wanted is None:
        await uow.execute(_WHOLE_MAP)
        return
    await uow.execute(_PART)
    await uow.execute(_CELLS, {"cells": wanted})


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A plot that may share land: whose it is, and its geometry in force."""

    plot_id: UUID
    organization_id: UUID
    geometry_version: int
    geometry: dict[str, Any]


_IN_FORCE: Final = (
    select(_p.id, _p.organization_id, _g.geometry_version, _g.geometry)
    .join(
        _g.plot_id.table,
        and_(_g.plot_id == _p.id, _g.geometry_version == _p.geometry_version),
    )
    .where(_p.state == PlotState.ACTIVE)
    .order_by(_p.id)
)


# OFFSET 0 keeps the search of a box by itself: joined with the plots, a planner that does not know
# the box goes through all plots instead, once for each box where there are many.
_NEAR: Final = (
    "(SELECT g.plot_id, g.geometry_version, g.geometry FROM plot_geometries AS g"
    " WHERE g.bounds && box(point({west}, {south}), point({east}, {north})) OFFSET 0) AS near"
    " CROSS JOIN LATERAL (SELECT p.id, p.organization_id FROM plots AS p WHERE p.id = near.plot_id"
    " AND p.geometry_version = near.geometry_version AND p.state = 'active' OFFSET 0) AS p"
)
_NEIGHBOURS: Final = text(
    "SELECT p.id, p.organization_id, "  # noqa: S608 # nosec B608 - made of constants
    "near.geometry_version, near.geometry FROM "
    + _NEAR.format(west=":west", south=":south", east=":east", north=":north")
    + " WHERE p.id <> :besides ORDER BY p.id LIMIT :most"
).bindparams(
    *(bindparam(side, type_=Float()) for side in ("west", "south", "east", "north")),
    bindparam("besides", type_=Uuid()),
    bindparam("most", type_=Integer()),
)


async def neighbours(uow: UnitOfWork, box: Bounds, besides: UUID) -> list[Neighbour]:
    """The open plots of all organisations whose box meets this one, one more than is compared."""
    values = {**box._asdict(), "besides": besides, "most": MOST_NEIGHBOURS + 1}
    found = await uow.execute(_NEIGHBOURS.columns(geometry=JSONB()), values)
    return [Neighbour(*row) for row in found]


_ONE_MOMENT: Final = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
_MEETINGS: Final = text(
    "SELECT w.place - 1, f.id"  # noqa: S608 # nosec B608 - made of constants
    " FROM unnest(:west, :south, :east, :north)"
    " WITH ORDINALITY AS w(west, south, east, north, place)"
    " CROSS JOIN LATERAL (SELECT p.id FROM "
    + _NEAR.format(west="w.west", south="w.south", east="w.east", north="w.north")
    + " LIMIT :most_each) AS f LIMIT :most"
).bindparams(
    *(bindparam(side, type_=ARRAY(Float())) for side in ("west", "south", "east", "north")),
    bindparam("most_each", type_=Integer()),
    bindparam("most", type_=Integer()),
)


async def meetings(
    uow: UnitOfWork, boxes: Sequence[Bounds], most_each: int, most: int
) -> list[tuple[int, UUID]]:
    """Which open plots, of all organisations, have a box that meets which of these: the place of
    the box, and the plot's id. No more than ``most_each`` of a box, and than ``most`` of all.
    """
    sides = zip(("west", "south", "east", "north"), zip(*boxes, strict=True), strict=True)
    values: dict[str, Any] = {name: list(edges) for name, edges in sides}
    values |= {"most_each": most_each, "most": most}
    return [(place, plot_id) for place, plot_id in await uow.execute(_MEETINGS, values)]


async def by_id(uow: UnitOfWork, plot_ids: Collection[UUID]) -> list[Neighbour]:
    """Those of these plots that are open, with their geometry in force, by id."""
    wanted = _p.id == any_(literal(list(plot_ids), ARRAY(Uuid())))
    return [Neighbour(*row) for row in await uow.rows(_IN_FORCE.where(wanted))]


async def whole_map(uow: UnitOfWork) -> tuple[list[Neighbour], set[tuple[UUID, UUID]]]:
    """Every open plot of all organisations, by id, and every pair whose overlap stands: both of one
    moment. To be asked first in its transaction.
    """
    await uow.execute(_ONE_MOMENT)
    plots = [Neighbour(*row) for row in await uow.rows(_IN_FORCE)]
    standing = select(_o.plot_id, _o.other_plot_id).where(_o.state != OverlapState.LAPSED)
    return plots, {(row[0], row[1]) for row in await uow.rows(standing)}


async def standing_for_update(uow: UnitOfWork, plot_ids: Collection[UUID]) -> Sequence[PlotOverlap]:
    """The overlaps of some plots that are open or settled, locked."""
    ids = literal(list(plot_ids), ARRAY(Uuid()))
    statement = (
        select(PlotOverlap)
        .where(
            or_(_o.plot_id == any_(ids), _o.other_plot_id == any_(ids)),
            _o.state != OverlapState.LAPSED,
        )
        .order_by(_o.id)
        .with_for_update()
    )
    return [row[0] for row in await uow.rows(statement)]


async def pair_for_update(
    uow: UnitOfWork, plot_id: UUID, other_plot_id: UUID
) -> PlotOverlap | None:
    """The overlap of two plots that stands, locked; the lower id first."""
    statement = (
        select(PlotOverlap)
        .where(
            _o.plot_id == plot_id,
            _o.other_plot_id == other_plot_id,
            _o.state != OverlapState.LAPSED,
        )
        .with_for_update()
    )
    found = await uow.rows(statement)
    return found[0][0] if found else None


async def own_for_update(uow: UnitOfWork, plot_overlap_id: UUID) -> PlotOverlap | None:
    """An overlap of one of the actor's plots, locked."""
    return await uow.locked(PlotOverlap, plot_overlap_id, _is_of(uow.actor.organization_id))
