"""Queries: what an order reserved is freed, substitutes reserve theirs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select

from api.core.clock import now
from api.core.documents import Query
from api.domains.orders import statements
from api.domains.orders.repository import Placed, reserved
from api.domains.orders.states import WAITING
from api.domains.orders.vocabulary import SubstituteState
from api.models.catalogues import CatalogueItem
from api.models.farm_plans import FarmPlan, FarmPlanLine
from api.models.orders import Order, OrderLine, OrderSubstitute
from api.transactions import UnitOfWork

_o = Order.__table__.c  # type: ignore[attr-defined]
_l = OrderLine.__table__.c  # type: ignore[attr-defined]
_i = CatalogueItem.__table__.c  # type: ignore[attr-defined]
_sub = OrderSubstitute.__table__.c  # type: ignore[attr-defined]
_plan = FarmPlan.__table__.c  # type: ignore[attr-defined]
_pl = FarmPlanLine.__table__.c  # type: ignore[attr-defined]
_EXTEND: Final = Query(sa.text(statements.EXTEND))


async def extend(
    uow: UnitOfWork,
    order_id: UUID,
    lines: Sequence[Placed],
    plan_ids: Sequence[UUID],
    replaced: Mapping[UUID, UUID],
) -> None:
    """Lines that come into an order later; by id of each, the line that it replaces."""
    values = reserved(lines, plan_ids, replaced)
    await uow.fetch(_EXTEND, **values, order_id=order_id, at=now())


async def shelves(uow: UnitOfWork, item_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The shelf of each item: revisions of an item share theirs."""
    statement = select(_i.id, _i.shelf_id).where(_i.id.in_(item_ids))
    return {row.id: row.shelf_id for row in await uow.rows(statement)}


async def proposed_items(uow: UnitOfWork, order_id: UUID) -> list[UUID]:
    """The items of an order's open proposals; their stock is locked before the order is."""
    of_order = (_sub.order_id == order_id, _sub.state == SubstituteState.PROPOSED)
    return [row[0] for row in await uow.rows(select(_sub.item_id).where(*of_order))]


async def overdue(uow: UnitOfWork, at: datetime, limit: int) -> list[UUID]:
    """Orders whose time to answer was over at an instant, the longest first."""
    waiting = (_o.state.in_(WAITING), _o.answer_until < at)
    statement = select(_o.id).where(*waiting).order_by(_o.answer_until).limit(limit)
    return [row[0] for row in await uow.rows(statement)]
