"""Queries. The host sees all of its clusters; onlookers see every cluster, in counts."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Text, Uuid, bindparam, case, func, literal, null, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from api.core.documents import Query, document, instant, text_of
from api.core.paging import Listing
from api.domains.clusters.rules import FEWEST, ONLOOKERS, Membership
from api.domains.consents.repository import PURPOSE, in_force
from api.domains.plots.states import PlotState
from api.domains.plots.vocabulary import GeometryKind
from api.domains.producers.states import ProducerState
from api.models.base import ZERO
from api.models.clusters import Cluster, ClusterMember
from api.models.plots import Plot
from api.models.producers import Producer
from api.transactions import UnitOfWork

_c = Cluster.__table__.c  # type: ignore[attr-defined]
_m = ClusterMember.__table__.c  # type: ignore[attr-defined]
_p = Producer.__table__.c  # type: ignore[attr-defined]
_plots = Plot.__table__.c  # type: ignore[attr-defined]

_own = _c.organization_id == bindparam("actor")
_onlooker = bindparam("roles", type_=ARRAY(Text())).overlap(sorted(ONLOOKERS))
VISIBLE: Final = or_(_own, _onlooker)
"""Whether the actor sees a cluster."""


def _member_on(day: Any) -> Any:
    return (_m.joined_on <= day) & or_(_m.left_on.is_(None), _m.left_on > day)


_place: Any = bindparam("ubigeo", type_=Text())
_parts = func.unnest(_c.territory).table_valued("prefix").render_derived(name="parts")
_part: Any = _parts.c.prefix
_works_in = (
    select(literal(1))
    .select_from(_parts)
    .where(or_(func.starts_with(_part, _place), func.starts_with(_place, _part)))
    .correlate(_c.id.table)
    .exists()
)
_now = _member_on(bindparam("today", type_=Date()))
_count = (
    select(func.count().label("members")).where(_m.cluster_id == _c.id, _now).correlate(_c.id.table)
)


def _shape(**more: Any) -> Any:
    return document(
        id=_c.id,
        version=_c.version,
        created_at=instant(_c.created_at),
        updated_at=instant(_c.updated_at),
        organization_id=_c.organization_id,
        name=_c.name,
        kind=_c.kind,
        ubigeo=_c.ubigeo,
        territory=_c.territory,
        representative_id=case((_own, _c.representative_id), else_=null()),
        **more,
    )


_land: Final = (
    select(
        func.coalesce(func.sum(_plots.area_ha), literal(ZERO, _plots.area_ha.type)).label("area"),
        func.count(_plots.id).label("plots"),
        func.count(_plots.id)
        .filter(_plots.geometry_kind == GeometryKind.POLYGON)
        .label("with_polygon"),
    )
    .join(_m.id.table, _m.producer_id == _plots.producer_id)
    .where(_m.cluster_id == _c.id, _now, _plots.state == PlotState.ACTIVE)
    .correlate(_c.id.table)
    .lateral("land")
)
_counted: Final = _count.lateral("counted")
_told = or_(_own, _counted.c.members >= FEWEST)

CLUSTER: Final = Query(
    select(
        _shape(
            members=_counted.c.members,
            area_ha=case((_told, text_of(_land.c.area)), else_=null()),
            plots=case((_told, _land.c.plots), else_=null()),
            plots_with_polygon=case((_told, _land.c.with_polygon), else_=null()),
        ),
        _c.version,
    )
    .select_from(_c.id.table)
    .join(_counted, true())
    .join(_land, true())
    .where(_c.id == bindparam("cluster_id"), VISIBLE)
)
CLUSTERS: Final = Listing(
    "clusters",
    select(_shape(members=_count.scalar_subquery())).where(VISIBLE),
    order=[_c.id],
    filters={
        "ubigeo": or_(_c.ubigeo.startswith(_place), _works_in),
        "kind": _c.kind == bindparam("kind"),
        "organization_id": _c.organization_id == bindparam("organization_id"),
    },
)
HOST: Final = Query(select(_c.organization_id).where(_c.id == bindparam("cluster_id"), VISIBLE))
"""The host of a cluster that the actor sees."""

_consent = in_force()


def _member(given_names: Any, family_names: Any, disclosure: Any) -> Any:
    return document(
        id=_m.id,
        version=_m.version,
        created_at=instant(_m.created_at),
        updated_at=instant(_m.updated_at),
        cluster_id=_m.cluster_id,
        producer_id=_m.producer_id,
        joined_on=_m.joined_on,
        left_on=_m.left_on,
        given_names=given_names,
        family_names=family_names,
        disclosure=disclosure,
    )


_named = (
    select(_member(_p.given_names, _p.family_names, null()))
    .join(_p.id.table, _p.id == _m.producer_id)
    .join(_c.id.table, _c.id == _m.cluster_id)
    .where(_m.cluster_id == bindparam("cluster_id"), _own)
)
_on = {"on": _member_on(bindparam("on", type_=Date()))}

MEMBER: Final = Query(_named.add_columns(_m.version).where(_m.id == bindparam("member_id")))
MEMBERS: Final = Listing("members", _named, order=[_m.id], filters=_on)
DISCLOSED_MEMBERS: Final = Listing(
    "disclosed_members",
    select(_member(null(), null(), document(purpose=PURPOSE, consent_id=_consent.c.consent_id)))
    .join(_c.id.table, _c.id == _m.cluster_id)
    .join(_consent, _consent.c.producer_id == _m.producer_id)
    .where(_m.cluster_id == bindparam("cluster_id"), VISIBLE),
    order=[_m.id],
    filters=_on,
)
"""Members of another organisation's cluster whose consent covers the purpose, as ids."""


async def own_for_update(uow: UnitOfWork, cluster_id: UUID) -> Cluster | None:
    """A cluster of the actor's organisation, locked: memberships change one by one."""
    return await uow.locked(Cluster, cluster_id, _c.organization_id == uow.actor.organization_id)


async def is_own(uow: UnitOfWork, cluster_id: UUID) -> bool:
    """Whether the actor's organisation hosts this cluster."""
    own = _c.organization_id == uow.actor.organization_id
    return bool(await uow.rows(select(_c.id).where(_c.id == cluster_id, own)))


async def is_own_producer(uow: UnitOfWork, producer_id: UUID) -> bool:
    """Whether this is a producer of the actor's organisation that has not ended.

    It stays so until the end: an answer with a name must not be kept after somebody's erasure.
    """
    state = await _hold(uow, producer_id, _p.organization_id == uow.actor.organization_id)
    return state is ProducerState.ACTIVE


async def hold_member(uow: UnitOfWork, cluster_id: UUID, member_id: UUID) -> None:
    """Let nobody erase a member before the answer with the name is kept."""
    this = (_m.id == member_id, _m.cluster_id == cluster_id)
    found = await uow.rows(select(_m.producer_id).where(*this))
    for (producer_id,) in found:
        await _hold(uow, producer_id)


async def _hold(uow: UnitOfWork, producer_id: UUID, *conditions: Any) -> ProducerState | None:
    statement = select(_p.state).where(_p.id == producer_id, *conditions)
    found = await uow.rows(statement.with_for_update(read=True))
    return found[0][0] if found else None


async def memberships(uow: UnitOfWork, cluster_id: UUID, producer_id: UUID) -> list[Membership]:
    """All that a producer had and has in a cluster."""
    return (await memberships_of(uow, cluster_id, [producer_id]))[producer_id]


async def memberships_of(
    uow: UnitOfWork, cluster_id: UUID, producer_ids: Collection[UUID]
) -> dict[UUID, list[Membership]]:
    """All that producers had and have in a cluster, in one statement."""
    theirs = _m.producer_id.in_(select(func.unnest(literal(list(producer_ids), ARRAY(Uuid())))))
    wanted = select(_m.producer_id, _m.joined_on, _m.left_on)
    found: dict[UUID, list[Membership]] = defaultdict(list)
    for producer_id, *days in await uow.rows(wanted.where(_m.cluster_id == cluster_id, theirs)):
        found[producer_id].append(Membership(*days))
    return found


async def member_for_update(
    uow: UnitOfWork, cluster_id: UUID, member_id: UUID
) -> ClusterMember | None:
    """A membership of a cluster, locked."""
    return await uow.locked(ClusterMember, member_id, _m.cluster_id == cluster_id)
