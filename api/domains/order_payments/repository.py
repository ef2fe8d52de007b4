"""Queries: what is left to pay of an order's lines."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from api.models.orders import Order, OrderLine, OrderPayment, OrderRefund
from api.transactions import UnitOfWork

_l = OrderLine.__table__.c  # type: ignore[attr-defined]
_p = OrderPayment.__table__.c  # type: ignore[attr-defined]
_b = OrderRefund.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Owing:
    """A line of an order, or its freight (no id): what it costs, and what of that nobody has paid
    to it by name.
    """

    id: UUID | None
    amount: Decimal
    left: Decimal


async def owing(
    uow: UnitOfWork, order: Order, farm_plan_line_id: UUID | None = None
) -> list[Owing]:
    """The lines of a locked order and its freight; or the lines that serve a plan line."""
    left = _l.amount - _net(_l.id)
    statement = select(_l.id, _l.amount, left).where(_l.order_id == order.id).order_by(_l.id)
    if farm_plan_line_id is not None:
        found = await uow.rows(statement.where(_l.farm_plan_line_id == farm_plan_line_id))
        return [Owing(*row) for row in found]
    lines = [Owing(*row) for row in await uow.rows(statement)]
    [(unnamed,)] = await uow.rows(select(_net(None, order.id)))
    return [*lines, Owing(None, order.freight, order.freight - unnamed)]


def _net(line_id: Any, order_id: UUID | None = None) -> Any:
    """What was paid to a line less what came back; without a line, to none by name."""

    def total(table: Any) -> Any:
        named = table.order_line_id == line_id if line_id is not None else _unnamed(table)
        return select(func.coalesce(func.sum(table.amount), 0)).where(named).scalar_subquery()

    def _unnamed(table: Any) -> Any:
        return and_(table.order_id == order_id, table.order_line_id.is_(None))

    return total(_p) - total(_b)
