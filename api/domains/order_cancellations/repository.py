"""Queries: what an order reserved, locked and freed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select

from api.core.clock import now
from api.core.documents import Query
from api.domains.catalogues.repository import locked_stocks
from api.domains.orders import statements
from api.domains.orders.repository import Moved, is_side, touched
from api.domains.orders.rules import units_of
from api.domains.orders.vocabulary import SubstituteState
from api.models.catalogues import Offer
from api.models.farm_plans import FarmPlan, FarmPlanLine
from api.models.orders import Order, OrderLine, OrderSubstitute
from api.transactions import UnitOfWork

_o = Order.__table__.c  # type: ignore[attr-defined]
_l = OrderLine.__table__.c  # type: ignore[attr-defined]
_offer = Offer.__table__.c  # type: ignore[attr-defined]
_sub = OrderSubstitute.__table__.c  # type: ignore[attr-defined]
_plan = FarmPlan.__table__.c  # type: ignore[attr-defined]
_pl = FarmPlanLine.__table__.c  # type: ignore[attr-defined]
_RELEASE: Final = Query(sa.text(statements.RELEASE))


async def locked_goods(
    uow: UnitOfWork, order_id: UUID, besides: Sequence[UUID] = ()
) -> dict[UUID, UUID]:
    """Lock what an order of the actor's took, and of items besides stock and offer; by plan line,
    its plan.

    Plans, plan lines, stocks and offers are locked, in this order; then the order may be. Plans
    and their lines but for their keys: who pays for a line of the order refers to it, and would
    wait for it with the order in hand.
    """
    of_order = select(_l.item_id, _l.farm_plan_line_id).join(_o.id.table, _o.id == _l.order_id)
    goods = await uow.rows(of_order.where(_o.id == order_id, is_side(uow)))
    planned = [line_id for _, line_id in goods if line_id]
    found = await uow.rows(select(_pl.id, _pl.farm_plan_id).where(_pl.id.in_(planned)))
    plans = {row.id: row.farm_plan_id for row in found}
    by_id = select(_plan.id).where(_plan.id.in_(set(plans.values()))).order_by(_plan.id)
    await uow.rows(by_id.with_for_update(key_share=True))
    plan_lines = select(_pl.id).where(_pl.id.in_(planned)).order_by(_pl.id)
    await uow.rows(plan_lines.with_for_update(key_share=True))
    await locked_stocks(uow, [*(item_id for item_id, _ in goods), *besides])
    if besides:
        offers = select(_offer.item_id).where(_offer.item_id.in_(besides)).order_by(_offer.item_id)
        await uow.rows(offers.with_for_update(read=True, key_share=True))
    return plans


async def release(
    uow: UnitOfWork, order_id: UUID, goods: Sequence[Moved], plans: Mapping[UUID, UUID]
) -> None:
    """Free stock and plan lines, all locked before; by plan line, its plan."""
    rows = [moved.row() for moved in goods]
    plan_ids = {plans[m.farm_plan_line_id] for m in goods if m.farm_plan_line_id}
    values = touched(goods, sorted(plan_ids), rows)
    await uow.fetch(_RELEASE, **values, order_id=order_id, at=now())


def freed(line: OrderLine, packs: Decimal) -> Moved:
    """What a line gives back when so many of its packs are cancelled. Parts add up: each is what
    the line held before less what it holds after.
    """
    held = line.quantity - line.cancelled_quantity
    units = units_of(held, line.pack_size) - units_of(held - packs, line.pack_size)
    return Moved(line.item_id, line.farm_plan_line_id, packs, units, line.stocked)


async def open_substitutes(uow: UnitOfWork, order_id: UUID) -> dict[UUID, OrderSubstitute]:
    """An order's open proposals by line, to be changed; the order is locked before."""
    statement = select(OrderSubstitute).where(
        _sub.order_id == order_id, _sub.state == SubstituteState.PROPOSED
    )
    found = [row[0] for row in await uow.rows(statement.order_by(_sub.id))]
    return {each.order_line_id: each for each in found}
