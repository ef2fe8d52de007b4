"""Queries: what SENASA says of what is still to be sent."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from api.domains.catalogues.rules import Registration
from api.domains.orders.states import UNSENT
from api.models.catalogues import CatalogueItem
from api.models.orders import Order, OrderDispatch, OrderLine
from api.transactions import UnitOfWork

_i = CatalogueItem.__table__.c  # type: ignore[attr-defined]
_d = OrderDispatch.__table__.c  # type: ignore[attr-defined]
_l = OrderLine.__table__.c  # type: ignore[attr-defined]
_o = Order.__table__.c  # type: ignore[attr-defined]
_unsent = (_o.state.in_(UNSENT), _l.quantity > _l.cancelled_quantity + _l.dispatched_quantity)


async def registrations(uow: UnitOfWork, item_ids: Collection[UUID]) -> dict[UUID, Registration]:
    """The standing with SENASA of items, whatever became of their catalogues."""
    columns = (_i.sku, _i.category, _i.senasa_number, _i.senasa_status, _i.senasa_valid_until)
    rows = await uow.rows(select(_i.id, *columns).where(_i.id.in_(item_ids)))
    return {row[0]: Registration(*row[1:]) for row in rows}


async def same_registration(uow: UnitOfWork, item_id: UUID) -> list[UUID]:
    """The actor's items under the registration of one of them, in all its catalogues."""
    told: Any = aliased(CatalogueItem)
    same = (told.senasa_number == _i.senasa_number) & (told.organization_id == _i.organization_id)
    statement = select(_i.id).join(told, same).where(told.id == item_id)
    return [row[0] for row in await uow.rows(statement)]


async def unsent_orders(uow: UnitOfWork, item_ids: Collection[UUID]) -> list[UUID]:
    """Orders that have packs of these items still to be sent, by id."""
    statement = select(_o.id).join(_l.id.table, _l.order_id == _o.id)
    found = statement.where(_l.item_id.in_(item_ids), *_unsent).distinct().order_by(_o.id)
    return [row[0] for row in await uow.rows(found)]


async def items_of(uow: UnitOfWork, order_id: UUID) -> list[UUID]:
    """The items of an order's lines."""
    return [row[0] for row in await uow.rows(select(_l.item_id).where(_l.order_id == order_id))]


async def first_dispatch(uow: UnitOfWork, order_id: UUID) -> date | None:
    """The day on which the first goods of an order were sent."""
    found = await uow.rows(select(func.min(_d.dispatched_on)).where(_d.order_id == order_id))
    day: date | None = found[0][0]
    return day


async def newly_expired(uow: UnitOfWork, day: date) -> list[UUID]:
    """Orders with packs still to be sent of items whose registration was over before a day, and
    which do not say so yet.
    """
    statement = (
        select(_o.id)
        .join(_l.id.table, _l.order_id == _o.id)
        .join(_i.id.table, _i.id == _l.item_id)
        .where(*_unsent, _l.blocked_by.is_(None), _i.senasa_valid_until < day)
    )
    return [row[0] for row in await uow.rows(statement.distinct().order_by(_o.id))]
