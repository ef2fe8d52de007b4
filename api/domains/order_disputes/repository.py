"""Queries."""

from uuid import UUID

from sqlalchemy import select

from api.domains.orders.vocabulary import DisputeState
from api.models.orders import OrderDispute
from api.transactions import UnitOfWork

_x = OrderDispute.__table__.c  # type: ignore[attr-defined]


async def standing(uow: UnitOfWork, order_id: UUID) -> OrderDispute | None:
    """The dispute of an order that is not settled, to be changed; the order is locked before."""
    found = await uow.rows(
        select(OrderDispute)
        .where(_x.order_id == order_id, _x.state != DisputeState.SETTLED)
        .order_by(_x.id.desc())
        .limit(1)
    )
    return found[0][0] if found else None
