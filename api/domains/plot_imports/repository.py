"""Whole sets of producers and plots, in one statement each."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, and_, func, literal, or_, select

from api.domains.plots.states import PlotState
from api.domains.producers.states import ProducerState
from api.models.plots import Plot, PlotGeometry
from api.models.producers import Producer
from api.transactions import UnitOfWork

_producer = Producer.__table__.c  # type: ignore[attr-defined]
_p = Plot.__table__.c  # type: ignore[attr-defined]
_g = PlotGeometry.__table__.c  # type: ignore[attr-defined]


def _each(values: Collection[Any], kind: Any) -> Any:
    """The values as rows of a subselect, which is looked up by hash; an array is gone through from
    its beginning for each row.
    """
    return select(func.unnest(literal(list(values), ARRAY(kind))))


async def own_producers(
    uow: UnitOfWork, ids: Collection[UUID], codes: Collection[str]
) -> list[tuple[UUID, str | None]]:
    """Id and code of the organisation's active producers with these ids or codes, who stay as they
    are until the transaction ends; others may refer to them meanwhile.
    """
    statement = (
        select(_producer.id, _producer.external_id)
        .where(
            _producer.organization_id == uow.actor.organization_id,
            _producer.state == ProducerState.ACTIVE,
            or_(
                _producer.id.in_(_each(ids, Uuid())),
                _producer.external_id.in_(_each(codes, Text())),
            ),
        )
        .order_by(_producer.id)
        .with_for_update(read=True)
    )
    return [(row[0], row[1]) for row in await uow.rows(statement)]


async def own_plots(
    uow: UnitOfWork, codes: Collection[str], producer_ids: Collection[UUID]
) -> list[tuple[Plot, dict[str, Any]]]:
    """The organisation's plots with these codes, and the open ones of these producers, locked, each
    with its geometry in force. Overlaps may refer to them meanwhile, since those who find them hold
    the land that this transaction may come to wait for.
    """
    wanted = or_(
        _p.external_id.in_(_each(codes, Text())),
        and_(_p.producer_id.in_(_each(producer_ids, Uuid())), _p.state == PlotState.ACTIVE),
    )
    statement = (
        select(Plot)
        .where(_p.organization_id == uow.actor.organization_id, wanted)
        .order_by(_p.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    plots: list[Plot] = [row[0] for row in await uow.rows(statement)]
    # Only once they are held: joined while it waits for a plot that is being moved, the statement
    # finds the geometry of before no longer in force, and so no plot at all.
    in_force = and_(_g.plot_id == _p.id, _g.geometry_version == _p.geometry_version)
    places = select(_p.id, _g.geometry).join(_g.plot_id.table, in_force)
    held = _each([plot.id for plot in plots], Uuid())
    by_plot = {row[0]: row[1] for row in await uow.rows(places.where(_p.id.in_(held)))}
    return [(plot, by_plot[plot.id]) for plot in plots]
