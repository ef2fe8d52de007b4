"""The shapes of what stands in an order, and the lines themselves."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, case, or_, select

from api.core.documents import document, instant, money, text_of
from api.models.loans import Loan
from api.models.orders import (
    Order,
    OrderDispatch,
    OrderDispute,
    OrderLine,
    OrderPayment,
    OrderReceipt,
    OrderRefund,
    OrderSubstitute,
)
from api.transactions import UnitOfWork

_o = Order.__table__.c  # type: ignore[attr-defined]
_l = OrderLine.__table__.c  # type: ignore[attr-defined]
_d = OrderDispatch.__table__.c  # type: ignore[attr-defined]
_r = OrderReceipt.__table__.c  # type: ignore[attr-defined]
_p = OrderPayment.__table__.c  # type: ignore[attr-defined]
_back = OrderRefund.__table__.c  # type: ignore[attr-defined]
_x = OrderDispute.__table__.c  # type: ignore[attr-defined]
_loan = Loan.__table__.c  # type: ignore[attr-defined]
_sub = OrderSubstitute.__table__.c  # type: ignore[attr-defined]


def buyers(value: Any) -> Any:
    """A member of an order that only the buying side sees: it tells about producers."""
    return case((_o.organization_id == bindparam("actor"), value))


LINE: Final = document(
    id=_l.id,
    item_id=_l.item_id,
    farm_plan_line_id=buyers(_l.farm_plan_line_id),
    plan_exception=_l.plan_exception,
    sku=_l.sku,
    description=_l.description,
    category=_l.category,
    unit=_l.unit,
    pack_size=text_of(_l.pack_size),
    quantity=text_of(_l.quantity),
    cancelled_quantity=text_of(_l.cancelled_quantity),
    unit_price=money(_l.unit_price, _o.currency),
    amount=money(_l.amount, _o.currency),
    stocked=_l.stocked,
    state=_l.state,
    reason=_l.decision_reason,
    replaces_line_id=_l.replaces_line_id,
    blocked_by=_l.blocked_by,
    dispatched_quantity=text_of(_l.dispatched_quantity),
    received_quantity=text_of(_l.received_quantity),
    damaged_quantity=text_of(_l.damaged_quantity),
    batch_number=_l.batch_number,
)
SUBSTITUTE: Final = document(
    id=_sub.id,
    line_id=_sub.order_line_id,
    item_id=_sub.item_id,
    sku=_sub.sku,
    description=_sub.description,
    pack_size=text_of(_sub.pack_size),
    quantity=text_of(_sub.quantity),
    unit_price=money(_sub.unit_price, _o.currency),
    amount=money(_sub.amount, _o.currency),
    state=_sub.state,
)
DISPATCH: Final = document(
    id=_d.id, guide_number=_d.guide_number, dispatched_on=_d.dispatched_on, lines=_d.lines
)
# Whose loan paid would tell a supplier which lines, and which orders, are for one producer.
_lent = (
    select(_loan.id)
    .where(_loan.id == _p.loan_id, _loan.organization_id == bindparam("actor"))
    .correlate(_p.id.table)
    .exists()
)
PAYMENT: Final = document(
    id=_p.id,
    source=_p.source,
    loan_id=case((or_(_o.organization_id == bindparam("actor"), _lent), _p.loan_id)),
    line_id=_p.order_line_id,
    amount=money(_p.amount, _o.currency),
    paid_on=_p.paid_on,
    reference=_p.reference,
)
REFUND: Final = document(
    id=_back.id,
    source=_back.source,
    line_id=_back.order_line_id,
    amount=money(_back.amount, _o.currency),
    paid_on=_back.paid_on,
    reference=_back.reference,
)
DISPUTE: Final = document(
    id=_x.id,
    reason=_x.reason,
    statement=_x.statement,
    state=_x.state,
    outcome=_x.outcome,
    amount=case((_x.amount.is_not(None), money(_x.amount, _o.currency))),
    note=_x.note,
    settled_at=instant(_x.settled_at),
)
RECEIPT: Final = document(id=_r.id, received_on=_r.received_on, lines=_r.lines)


async def lines_of(uow: UnitOfWork, order_id: UUID) -> list[OrderLine]:
    """The lines of an order, to be changed; the order is locked before."""
    statement = select(OrderLine).where(_l.order_id == order_id).order_by(_l.id)
    return [row[0] for row in await uow.rows(statement)]


def standing(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """Those of an order's lines of which something is wanted."""
    return [line for line in lines if line.quantity > line.cancelled_quantity]
