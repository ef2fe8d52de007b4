"""Queries. Both sides see an order; a lender sees those that its loans paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import and_, bindparam, or_, select

from api.core.actor import SYSTEM
from api.core.documents import Query, children, document, instant, money
from api.core.ids import new_id
from api.core.paging import Listing
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.order_lines.repository import (
    DISPATCH,
    DISPUTE,
    LINE,
    PAYMENT,
    RECEIPT,
    REFUND,
    SUBSTITUTE,
    buyers,
)
from api.domains.orders import statements
from api.domains.orders.rules import Offered, Planned, Priced
from api.domains.orders.states import WAITING
from api.models.clusters import Cluster
from api.models.farm_plans import FarmPlan, FarmPlanLine
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
_p = OrderPayment.__table__.c  # type: ignore[attr-defined]
_r = OrderReceipt.__table__.c  # type: ignore[attr-defined]
_back = OrderRefund.__table__.c  # type: ignore[attr-defined]
_x = OrderDispute.__table__.c  # type: ignore[attr-defined]
_sub = OrderSubstitute.__table__.c  # type: ignore[attr-defined]
_loan = Loan.__table__.c  # type: ignore[attr-defined]

_buys = _o.organization_id == bindparam("actor")
_sells = _o.supplier_id == bindparam("actor")


_summary: Final[dict[str, Any]] = {
    "id": _o.id,
    "version": _o.version,
    "created_at": instant(_o.created_at),
    "updated_at": instant(_o.updated_at),
    "organization_id": _o.organization_id,
    "supplier_id": _o.supplier_id,
    "cluster_id": buyers(_o.cluster_id),
    "state": _o.state,
    "freight": money(_o.freight, _o.currency),
    "total": money(_o.total, _o.currency),
    "paid_amount": money(_o.paid_amount, _o.currency),
    "credited_amount": money(_o.credited_amount, _o.currency),
    "refund_due": money(
        sa.func.greatest(_o.paid_amount + _o.credited_amount - _o.total, sa.literal_column("0.00")),
        _o.currency,
    ),
    "placed_at": instant(_o.placed_at),
    "answer_until": instant(_o.answer_until),
    "delivery_ubigeo": _o.delivery_ubigeo,
    "demand_pool_id": _o.demand_pool_id,
    "invoice_number": _o.invoice_number,
    "reason": _o.decision_reason,
}
SHAPE: Final = document(
    **_summary,
    lines=children(LINE, _l.order_id == _o.id, order_by=_l.id),
    substitutes=children(SUBSTITUTE, _sub.order_id == _o.id, order_by=_sub.id),
    dispatches=children(DISPATCH, _d.order_id == _o.id, order_by=_d.id),
    receipts=children(RECEIPT, _r.order_id == _o.id, order_by=_r.id),
    payments=children(PAYMENT, _p.order_id == _o.id, order_by=_p.id),
    refunds=children(REFUND, _back.order_id == _o.id, order_by=_back.id),
    disputes=children(DISPUTE, _x.order_id == _o.id, order_by=_x.id),
)
_lends = (
    select(_p.id)
    .join(_loan.id.table, _loan.id == _p.loan_id)
    .where(_p.order_id == _o.id, _loan.organization_id == bindparam("actor"))
    .exists()
)

ORDER: Final = Query(
    select(SHAPE, _o.version).where(_o.id == bindparam("order_id"), or_(_buys, _sells, _lends))
)
ORDERS: Final = Listing(
    "orders",
    select(document(**_summary)).where(or_(_buys, _sells)),
    order=[_o.id],
    descending=True,
    filters={
        "buyer": _buys,
        "supplier": _sells,
        "state": _o.state == bindparam("state"),
        "cluster_id": and_(_buys, _o.cluster_id == bindparam("cluster_id")),
    },
)

ORDERS_BY_DEADLINE: Final = Listing(
    "orders-by-deadline",
    ORDERS.statement.where(
        or_(*(_o.state == state for state in sorted(WAITING))), _o.answer_until.is_not(None)
    ),
    order=[_o.answer_until, _o.id],
    filters=ORDERS.filters,
)
"""Those that wait for an answer, the most urgent first."""

# --- Placing and releasing ----------------------------------------------------------------------

_plan = FarmPlan.__table__.c  # type: ignore[attr-defined]
_pl = FarmPlanLine.__table__.c  # type: ignore[attr-defined]
_c = Cluster.__table__.c  # type: ignore[attr-defined]
_LOCK_PLAN_LINES: Final = Query(sa.text(statements.LOCK_PLAN_LINES))
_LOCK_OFFERS: Final = Query(sa.text(statements.LOCK_OFFERS))
_PLACE: Final = Query(sa.text(statements.PLACE))


@dataclass(frozen=True, slots=True)
class Moved:
    """What a line takes from stock and plan, or gives back."""

    item_id: UUID
    farm_plan_line_id: UUID | None
    quantity: Decimal
    units: Decimal
    stocked: bool

    def row(self) -> dict[str, Any]:
        """As the statements take it (ids as text: the driver's are of a class of their own)."""
        return {
            "item_id": str(self.item_id),
            "farm_plan_line_id": self.farm_plan_line_id and str(self.farm_plan_line_id),
            "quantity": str(self.quantity),
            "units": str(self.units),
            "stocked": self.stocked,
            "movement_id": new_id(),
        }


async def locked_plan_lines(uow: UnitOfWork, line_ids: Sequence[UUID]) -> dict[UUID, Planned]:
    """Those of the lines that stand in accepted plans for the actor's producers, locked."""
    if not line_ids:
        return {}
    rows = await uow.fetch(_LOCK_PLAN_LINES, line_ids=line_ids)
    return {
        line_id: Planned(plan_id, Category(category) if category else None, Unit(unit), left)
        for line_id, plan_id, category, unit, left in rows
    }


async def locked_offers(
    uow: UnitOfWork, item_ids: Sequence[UUID], ubigeo: str
) -> dict[UUID, Offered]:
    """Those of the items that are on offer, their stock locked."""
    rows = await uow.fetch(_LOCK_OFFERS, item_ids=item_ids, ubigeo=ubigeo)
    return {item_id: _offered(*facts) for item_id, *facts in rows}


def _offered(*facts: Any) -> Offered:
    supplier_id, sku, name, category, unit, pack_size, currency, price, tiers, *rest = facts
    steps = [(Decimal(t["min_quantity"]), Decimal(t["price"])) for t in orjson.loads(tiers)]
    kind, measure = Category(category), Unit(unit)
    return Offered(supplier_id, sku, name, kind, measure, pack_size, currency, price, steps, *rest)


async def has_cluster(uow: UnitOfWork, cluster_id: UUID) -> bool:
    """Whether the cluster is one of the actor's own."""
    own = _c.organization_id == uow.actor.organization_id
    return bool(await uow.rows(select(_c.id).where(_c.id == cluster_id, own)))


Placed = tuple[UUID, Priced]
"""A line with its id."""


async def insert(
    uow: UnitOfWork, lines: Sequence[Placed], plan_ids: Sequence[UUID], **order: Any
) -> None:
    """Write an order with its lines; reserve stock and draw on the lines of these plans, all
    locked before.
    """
    await uow.fetch(_PLACE, **reserved(lines, plan_ids), **order)


def reserved(
    lines: Sequence[Placed], plan_ids: Sequence[UUID], replaced: Mapping[UUID, UUID] | None = None
) -> dict[str, Any]:
    """What statements take of lines; by id of each, the line that it replaces, if it does."""
    goods = [_moved(line) for _, line in lines]
    rows = [
        {
            **moved.row(),
            "id": line_id,
            "plan_exception": line.wish.plan_exception,
            "sku": line.offered.sku,
            "description": line.offered.name,
            "category": line.offered.category,
            "unit": line.offered.unit,
            "pack_size": str(line.offered.pack_size),
            "unit_price": str(line.unit_price),
            "amount": str(line.amount),
        }
        for moved, (line_id, line) in zip(goods, lines, strict=True)
    ]
    for row in rows:
        if replaced:
            row["replaces_line_id"] = str(replaced[row["id"]])
    return touched(goods, plan_ids, rows)


def _moved(line: Priced) -> Moved:
    wish = line.wish
    stocked = line.offered.available is not None
    return Moved(wish.item_id, wish.farm_plan_line_id, wish.quantity, line.units, stocked)


def touched(
    goods: Sequence[Moved], plan_ids: Sequence[UUID], rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """What statements take of goods, the ids once more so that the planner sees how few."""
    return {
        "lines": orjson.dumps(rows).decode(),
        "item_ids": [moved.item_id for moved in goods],
        "line_ids": [moved.farm_plan_line_id for moved in goods if moved.farm_plan_line_id],
        "plan_ids": plan_ids,
    }


# --- Fulfilling ---------------------------------------------------------------------------------


async def side_for_update(uow: UnitOfWork, order_id: UUID) -> Order | None:
    """An order of which the actor is a side, locked."""
    return await uow.locked(Order, order_id, is_side(uow))


def is_side(uow: UnitOfWork) -> Any:
    """The platform itself answers for both sides: it ends what nobody answered."""
    if uow.actor is SYSTEM:
        return sa.true()
    actor = uow.actor.organization_id
    return or_(_o.organization_id == actor, _o.supplier_id == actor)
