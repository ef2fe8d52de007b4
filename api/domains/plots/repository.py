"""Queries. An organisation sees its own plots; others' through a consent in force."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    null,
    or_,
    select,
)

from api.core.documents import Query, children, document, instant, text_of
from api.core.geo.measure import Bounds
from api.core.paging import Listing
from api.domains.consents.repository import PURPOSE, in_force
from api.domains.plot_overlaps import repository as overlaps
from api.domains.plot_overlaps.states import OverlapState
from api.domains.plots.states import PlotState
from api.models.clusters import ClusterMember
from api.models.plots import Box, Plot, PlotGeometry, PlotOverlap
from api.models.producers import Producer
from api.reads import Reader
from api.transactions import UnitOfWork

_p = Plot.__table__.c  # type: ignore[attr-defined]
_g = PlotGeometry.__table__.c  # type: ignore[attr-defined]
_o = PlotOverlap.__table__.c  # type: ignore[attr-defined]
_m = ClusterMember.__table__.c  # type: ignore[attr-defined]
_producer = Producer.__table__.c  # type: ignore[attr-defined]
_own = _p.organization_id == bindparam("actor")
_in_force = and_(_g.plot_id == _p.id, _g.geometry_version == _p.geometry_version)
_consent = in_force()


def _to_own(value: Any) -> Any:
    """What only the organisation that registered the plot sees."""
    return case((_own, value), else_=null())


def _shape(disclosure: Any, **more: Any) -> Any:
    return document(
        id=_p.id,
        version=_p.version,
        created_at=instant(_p.created_at),
        updated_at=instant(_p.updated_at),
        organization_id=_p.organization_id,
        producer_id=_p.producer_id,
        external_id=_to_own(_p.external_id),
        name=_p.name,
        state=_p.state,
        land_use=_p.land_use,
        ubigeo=_p.ubigeo,
        geometry_kind=_p.geometry_kind,
        geometry_version=_p.geometry_version,
        geometry=_g.geometry,
        area_ha=text_of(_p.area_ha),
        declared_area_ha=text_of(_p.declared_area_ha),
        variety=_p.variety,
        planting_year=_p.planting_year,
        plants_per_ha=_p.plants_per_ha,
        tenure_kind=_p.tenure_kind,
        tenure_document=_to_own(_p.tenure_document),
        captured_at=instant(_p.captured_at),
        warnings=_p.warnings,
        open_overlaps=overlaps.open_of(_p.id),
        disclosure=disclosure,
        **more,
    )


def _placed(shape: Any, *more: Any) -> Any:
    """Plots with their geometry in force."""
    return select(shape, *more).join(_g.plot_id.table, _in_force)


_of_purpose = document(purpose=PURPOSE, consent_id=_consent.c.consent_id)
_this = _p.id == bindparam("plot_id")
_found = children(
    overlaps.SHAPE, overlaps.of_plot(_p.id), _o.state != OverlapState.LAPSED, order_by=_o.id
)

PLOT: Final = Query(_placed(_shape(null()), _p.version).where(_this, _own))
ARRIVAL: Final = Query(_placed(_shape(null(), overlaps=_found), _p.version).where(_this, _own))
"""One's own with the overlaps that stand."""

DISCLOSED_PLOT: Final = Query(
    _placed(
        _shape(case((_own, null()), else_=_of_purpose)),
        # Another's has no ETag: each of its reads is a read, and leaves a trace.
        case((_own, _p.version), else_=0),
    )
    .outerjoin(_consent, _consent.c.producer_id == _p.producer_id)
    .where(_this, or_(_own, _consent.c.consent_id.is_not(None)))
)
"""One's own, or another's for a purpose."""

_filters: Final = {
    "producer_id": _p.producer_id == bindparam("producer_id"),
    "cluster_id": exists().where(
        _m.cluster_id == bindparam("cluster_id"),
        _m.producer_id == _p.producer_id,
        _m.joined_on <= bindparam("today"),
        or_(_m.left_on.is_(None), _m.left_on > bindparam("today")),
    ),
    "state": _p.state == bindparam("state"),
    # The code is the registering organisation's own: nobody else finds a plot by it.
    "external_id": and_(_own, _p.external_id == bindparam("external_id")),
    "geometry_kind": _p.geometry_kind == bindparam("geometry_kind"),
    "bbox": _g.bounds.op("&&")(cast(bindparam("bbox", type_=Text()), Box())),
}
PLOTS: Final = Listing(
    "plots", _placed(_shape(null())).where(_own), order=[_p.id], filters=_filters
)
DISCLOSED_PLOTS: Final = Listing(
    "disclosed_plots",
    _placed(_shape(_of_purpose))
    .join(_consent, _consent.c.producer_id == _p.producer_id)
    .where(~_own),
    order=[_p.id],
    filters=_filters,
)
GEOMETRIES: Final = Listing(
    "plot_geometries",
    select(
        document(
            plot_id=_g.plot_id,
            geometry_version=_g.geometry_version,
            geometry=_g.geometry,
            area_ha=text_of(_g.area_ha),
            recorded_at=instant(_g.recorded_at),
        )
    )
    .join(_p.id.table, _p.id == _g.plot_id)
    .where(_this, _own),
    order=[_g.geometry_version],
    descending=True,
)
OWN: Final = Query(select(_p.id).where(_this, _own))
"""Whether a plot is the actor's own."""
PRODUCER_OF: Final = Query(select(_p.producer_id).where(_this))
"""Whose plot it is, whoever asks: to say why it is not shown."""

_FACTS: Final = (
    select(
        _p.id,
        _p.producer_id,
        _p.land_use,
        _p.geometry_kind,
        _p.geometry_version,
        _p.area_ha,
        _p.planting_year,
        _p.plants_per_ha,
        _p.variety,
        _p.tenure_kind,
    )
    .where(
        _p.producer_id == any_(bindparam("producer_ids", type_=ARRAY(Uuid()))),
        _p.state == PlotState.ACTIVE,
    )
    .order_by(_p.id)
)
_FACTS_READ: Final = Query(_FACTS)


async def of_producers(
    source: Reader | UnitOfWork, producer_ids: Collection[UUID]
) -> Sequence[Any]:
    """The open plots of these producers by id: rows that name ``id``, ``producer_id``,
    ``land_use``, ``geometry_kind``, ``geometry_version``, ``area_ha`` (hectares),
    ``planting_year``, ``plants_per_ha``, ``variety`` and ``tenure_kind``.

    Not scoped: the room that asks has made sure that the actor may know.
    """
    values = {"producer_ids": list(producer_ids)}
    if isinstance(source, Reader):
        return await source.rows(_FACTS_READ, **values)
    return list((await source.execute(_FACTS, values)).mappings())


async def of_producer(source: Reader | UnitOfWork, producer_id: UUID) -> Sequence[Any]:
    """The same for one producer."""
    return await of_producers(source, [producer_id])


async def area_by_producer(
    source: Reader | UnitOfWork, producer_ids: Collection[UUID]
) -> dict[UUID, Decimal]:
    """Hectares of open plots by producer; 0 for those who have none."""
    areas = dict.fromkeys(producer_ids, Decimal("0.0000"))
    for row in await of_producers(source, producer_ids):
        areas[row["producer_id"]] += row["area_ha"]
    return areas


async def own_producer(uow: UnitOfWork, producer_id: UUID) -> Producer | None:
    """A producer of the actor's organisation, who stays as they are until the transaction ends;
    others may refer to them meanwhile.
    """
    statement = (
        select(Producer)
        .where(
            _producer.id == producer_id,
            _producer.organization_id == uow.actor.organization_id,
        )
        .with_for_update(read=True)
    )
    found = await uow.rows(statement)
    return found[0][0] if found else None


async def own_for_update(uow: UnitOfWork, plot_id: UUID) -> Plot | None:
    """A plot of the actor's organisation, locked; overlaps may refer to it meanwhile, since those
    who find them hold the land that this transaction may come to wait for.
    """
    statement = (
        select(Plot)
        .where(_this, _own)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = await uow.rows(statement, plot_id=plot_id, actor=uow.actor.organization_id)
    return found[0][0] if found else None


async def twin(uow: UnitOfWork, plot_id: UUID | None, external_id: str | None) -> UUID | None:
    """The actor's plot that has this id, or this code of the organisation's own."""
    pairs = ((_p.id, plot_id), (_p.external_id, external_id))
    same = [column == value for column, value in pairs if value is not None]
    if not same:
        return None
    mine = _p.organization_id == uow.actor.organization_id
    found = await uow.rows(select(_p.id).where(mine, or_(*same)).limit(1))
    return found[0][0] if found else None


async def geometry_in_force(uow: UnitOfWork, plot: Plot) -> PlotGeometry:
    """The geometry of a plot that the transaction has locked."""
    current = _g.plot_id == plot.id, _g.geometry_version == plot.geometry_version
    found: PlotGeometry = (await uow.rows(select(PlotGeometry).where(*current)))[0][0]
    return found


def box_of(geometry: PlotGeometry) -> Bounds:
    """The box around a stored geometry."""
    return Bounds(geometry.west, geometry.south, geometry.east, geometry.north)
