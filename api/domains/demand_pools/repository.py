"""Queries. The host of the cluster sees a pool and its pledges, the supplier the pool alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select

from api.core.clock import today
from api.core.documents import Query, document, instant, money, text_of
from api.core.paging import Listing
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.credit_applications.states import ENDED
from api.domains.demand_pools import statements
from api.domains.demand_pools.states import DemandPoolState
from api.domains.demand_pools.vocabulary import PledgeState
from api.domains.farm_plans.states import FarmPlanState
from api.domains.producers.states import ProducerState
from api.models.clusters import Cluster, ClusterMember
from api.models.credit_applications import CreditApplication, CreditApplicationLine
from api.models.demand_pools import DemandPool, PoolPledge
from api.models.farm_plans import FarmPlan, FarmPlanLine
from api.models.orders import Order
from api.models.producers import Producer
from api.transactions import UnitOfWork

_d = DemandPool.__table__.c  # type: ignore[attr-defined]
_p = PoolPledge.__table__.c  # type: ignore[attr-defined]
_o = Order.__table__.c  # type: ignore[attr-defined]
_c = Cluster.__table__.c  # type: ignore[attr-defined]
_m = ClusterMember.__table__.c  # type: ignore[attr-defined]
_producer = Producer.__table__.c  # type: ignore[attr-defined]
_plan = FarmPlan.__table__.c  # type: ignore[attr-defined]
_pl = FarmPlanLine.__table__.c  # type: ignore[attr-defined]
_a = CreditApplication.__table__.c  # type: ignore[attr-defined]
_al = CreditApplicationLine.__table__.c  # type: ignore[attr-defined]

_hosts = _d.organization_id == bindparam("actor")
_sells = _d.supplier_id == bindparam("actor")
_FEW: Final = 5
"""Fewer producers than that are not counted to outsiders."""

_standing = and_(_p.demand_pool_id == _d.id, _p.state == PledgeState.STANDING)
_producers = select(func.count(_p.producer_id.distinct())).where(_standing).scalar_subquery()

POOL_SHAPE: Final = document(
    id=_d.id,
    version=_d.version,
    created_at=instant(_d.created_at),
    updated_at=instant(_d.updated_at),
    organization_id=_d.organization_id,
    supplier_id=_d.supplier_id,
    cluster_id=case((_hosts, _d.cluster_id)),
    item_id=_d.item_id,
    name=_d.name,
    delivery_ubigeo=_d.delivery_ubigeo,
    minimum=text_of(_d.minimum),
    maximum=text_of(_d.maximum),
    closes_at=instant(_d.closes_at),
    state=_d.state,
    failure=_d.failure,
    pledged_quantity=text_of(_d.pledged_quantity),
    producers=case((or_(_hosts, _producers >= _FEW), _producers)),
    unit_price=literal_column(statements.UNIT_PRICE),
    next_tier=literal_column(statements.NEXT_TIER),
    order_id=select(_o.id).where(_o.demand_pool_id == _d.id).scalar_subquery(),
)
POOL: Final = Query(
    # The price follows the offer, so the pool's version cannot promise that nothing changed.
    select(POOL_SHAPE, _d.version).where(_d.id == bindparam("demand_pool_id"), or_(_hosts, _sells))
)
POOLS: Final = Listing(
    "demand_pools",
    select(POOL_SHAPE).where(or_(_hosts, _sells)),
    order=[_d.id],
    descending=True,
    filters={
        "host": _hosts,
        "supplier": _sells,
        "state": _d.state == bindparam("state"),
        "cluster_id": and_(_hosts, _d.cluster_id == bindparam("cluster_id")),
        "item_id": _d.item_id == bindparam("item_id"),
    },
)

_currency = select(_o.currency).where(_o.demand_pool_id == _d.id).limit(1).scalar_subquery()
_pledge_shape = document(
    id=_p.id,
    version=_p.version,
    created_at=instant(_p.created_at),
    updated_at=instant(_p.updated_at),
    demand_pool_id=_p.demand_pool_id,
    producer_id=_p.producer_id,
    farm_plan_line_id=_p.farm_plan_line_id,
    plan_exception=_p.plan_exception,
    credit_application_id=_p.credit_application_id,
    quantity=text_of(_p.quantity),
    state=_p.state,
    order_line_id=_p.order_line_id,
    allocated_quantity=text_of(_p.allocated_quantity),
    amount=case((_p.amount.is_not(None), money(_p.amount, _currency))),
)
_of_pool = and_(_p.demand_pool_id == bindparam("demand_pool_id"), _hosts)


def _pledges(*columns: Any) -> Any:
    return select(*columns).join(_d.id.table, _d.id == _p.demand_pool_id).where(_of_pool)


PLEDGE: Final = Query(_pledges(_pledge_shape, _p.version).where(_p.id == bindparam("pledge_id")))
PLEDGES: Final = Listing(
    "pool_pledges",
    _pledges(_pledge_shape),
    order=[_p.id],
    filters={
        "producer_id": _p.producer_id == bindparam("producer_id"),
        "state": _p.state == bindparam("state"),
    },
)
HOSTED: Final = Query(select(_d.id).where(_d.id == bindparam("demand_pool_id"), _hosts))
"""Whether the actor hosts a pool."""


async def party_for_update(uow: UnitOfWork, demand_pool_id: UUID) -> DemandPool | None:
    """A pool of which the actor is a side, locked."""
    actor = uow.actor.organization_id
    side = or_(_d.organization_id == actor, _d.supplier_id == actor)
    return await uow.locked(DemandPool, demand_pool_id, side)


async def has_cluster(uow: UnitOfWork, cluster_id: UUID) -> bool:
    """Whether the cluster is one of the actor's own."""
    own = _c.organization_id == uow.actor.organization_id
    return bool(await uow.rows(select(_c.id).where(_c.id == cluster_id, own)))


async def members(
    uow: UnitOfWork, cluster_id: UUID, producer_ids: Collection[UUID], day: date
) -> set[UUID]:
    """Those of these producers who are in a cluster on a day, and not erased."""
    left = or_(_m.left_on.is_(None), _m.left_on > day)
    here = (_m.cluster_id == cluster_id, _m.producer_id.in_(producer_ids))
    found = (
        select(_m.producer_id)
        .join(_producer.id.table, _producer.id == _m.producer_id)
        .where(*here, _m.joined_on <= day, left, _producer.state == ProducerState.ACTIVE)
    )
    return {row[0] for row in await uow.rows(found)}


async def strangers(
    uow: UnitOfWork, cluster_id: UUID, pledges: Sequence[PoolPledge], day: date
) -> dict[UUID, str]:
    """Pledges of who is no member any more, has left or was erased since; and why, by pledge."""
    here = await members(uow, cluster_id, {each.producer_id for each in pledges}, day)
    return {each.id: "not-a-member" for each in pledges if each.producer_id not in here}


@dataclass(frozen=True, slots=True)
class Shelf:
    """An item as it is on offer now: what a pool is made of."""

    item_id: UUID
    supplier_id: UUID
    shelf_id: UUID
    name: str
    category: Category
    unit: Unit
    pack_size: Decimal


_SHELF: Final = """
SELECT item_id, organization_id, shelf_id, name, category, unit, pack_size FROM offers
 WHERE {which} AND :day BETWEEN valid_from AND valid_until
"""
_BY_ITEM: Final = sa.text(
    _SHELF.format(which="item_id = :item_id AND coverage && ARRAY[left(:place, 2),"
                        " left(:place, 4), CAST(:place AS text)]")
)  # fmt: skip
_BY_SHELF: Final = sa.text(_SHELF.format(which="shelf_id = :shelf_id"))


async def on_offer(uow: UnitOfWork, item_id: UUID, place: str) -> Shelf | None:
    """An item, if it is on offer and delivered to a place today."""
    rows = await uow.rows(_BY_ITEM, item_id=item_id, place=place, day=today())
    return Shelf(*rows[0]) if rows else None


async def shelf(uow: UnitOfWork, shelf_id: UUID) -> Shelf | None:
    """The item that a shelf offers today."""
    rows = await uow.rows(_BY_SHELF, shelf_id=shelf_id, day=today())
    return Shelf(*rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of a producer's accepted plan, and what is not ordered of it."""

    category: Category | None
    unit: Unit
    left: Decimal


async def plan_line(uow: UnitOfWork, line_id: UUID, producer_id: UUID) -> PlanLine | None:
    """A line of an accepted plan for this producer of the actor's."""
    rows = await uow.rows(
        select(_pl.category, _pl.unit, _pl.quantity - _pl.ordered_quantity)
        .join(_plan.id.table, _plan.id == _pl.farm_plan_id)
        .where(
            _pl.id == line_id,
            _plan.producer_id == producer_id,
            _plan.producer_organization_id == uow.actor.organization_id,
            _plan.state == FarmPlanState.ACCEPTED,
        )
    )
    return PlanLine(*rows[0]) if rows else None


async def pays_line(uow: UnitOfWork, application_id: UUID, line_id: UUID | None) -> bool:
    """Whether a credit application of the actor's, not ended, finances a plan line."""
    rows = await uow.rows(
        select(_al.id)
        .join(_a.id.table, _a.id == _al.credit_application_id)
        .where(
            _a.id == application_id,
            _a.organization_id == uow.actor.organization_id,
            _a.state.not_in(ENDED),
            _al.farm_plan_line_id == line_id,
        )
    )
    return bool(rows)


async def standing(uow: UnitOfWork, demand_pool_id: UUID) -> list[PoolPledge]:
    """The pledges of a locked pool that count, by id."""
    statement = select(PoolPledge).where(
        _p.demand_pool_id == demand_pool_id, _p.state == PledgeState.STANDING
    )
    return [row[0] for row in await uow.rows(statement.order_by(_p.id))]


async def pledge(uow: UnitOfWork, demand_pool_id: UUID, pledge_id: UUID) -> PoolPledge | None:
    """A pledge of a locked pool."""
    return await uow.find(PoolPledge, _p.id == pledge_id, _p.demand_pool_id == demand_pool_id)


@dataclass(frozen=True, slots=True)
class Due:
    """A pool whose time is over, and whose it is."""

    demand_pool_id: UUID
    organization_id: UUID


async def due(uow: UnitOfWork, at: datetime, most: int) -> list[Due]:
    """Open pools whose time is over."""
    statement = (
        select(_d.id, _d.organization_id)
        .where(_d.state == DemandPoolState.OPEN, _d.closes_at <= at)
        .order_by(_d.closes_at)
        .limit(most)
    )
    return [Due(*row) for row in await uow.rows(statement)]


_BECOME: Final = Query(sa.text(statements.BECOME))


async def become(
    uow: UnitOfWork,
    demand_pool_id: UUID,
    lines: Mapping[UUID, tuple[UUID, Decimal, Decimal]],
    at: datetime,
) -> None:
    """Write to pledges, by id, what they became: order line, packs, amount; nothing came of those
    that stand and are not named. One statement.
    """
    became = [
        {"id": str(pledge_id), "line_id": str(line), "packs": str(packs), "amount": str(amount)}
        for pledge_id, (line, packs, amount) in lines.items()
    ]
    given = orjson.dumps(became).decode()
    await uow.fetch(_BECOME, became=given, demand_pool_id=demand_pool_id, at=at)
