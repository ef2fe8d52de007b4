"""Queries. The supplier sees a contact while it has the order in hand."""

from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, or_, select

from api.core.documents import Query, document
from api.domains.orders.states import IN_HAND, WAITING
from api.models.orders import DeliveryContact, Order
from api.transactions import UnitOfWork

_c = DeliveryContact.__table__.c  # type: ignore[attr-defined]
_o = Order.__table__.c  # type: ignore[attr-defined]
_of_order = (_o.id == bindparam("order_id"), _c.order_id == _o.id)
_members = {
    "order_id": _c.order_id,
    "name": _c.name,
    "phone": _c.phone,
    "address": _c.address,
    "producer_id": _c.producer_id,
}
_in_hand = or_(*(_o.state == state for state in sorted(IN_HAND)))
_supplies = and_(_o.supplier_id == bindparam("actor"), _in_hand)

CONTACT: Final = Query(
    select(document(**_members), _o.organization_id, _c.producer_id).where(
        *_of_order, or_(_o.organization_id == bindparam("actor"), _supplies)
    )
)
"""A contact as the actor may see it today, whose order it is, and the producer that it names."""


async def of_order(uow: UnitOfWork, order_id: UUID) -> DeliveryContact | None:
    """The contact of an order, to be changed; the order is locked before."""
    return await uow.find(DeliveryContact, _c.order_id == order_id)


async def forget_ended(uow: UnitOfWork) -> int:
    """Delete the contacts of orders that are over; how many."""
    ended = select(_o.id).where(_o.id == _c.order_id, _o.state.not_in(IN_HAND | WAITING))
    gone = await uow.execute(delete(_c.id.table).where(ended.exists()))
    return int(gone.rowcount)
