"""Queries. Both sides of the order see a batch; the buying side alone its plots."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, or_, select

from api.core.documents import Query, children, document, instant, text_of
from api.core.paging import Listing
from api.models.farm_plans import FarmPlanLine, FarmPlanZone
from api.models.input_batches import InputBatch, InputBatchPlot
from api.transactions import UnitOfWork

_b = InputBatch.__table__.c  # type: ignore[attr-defined]
_p = InputBatchPlot.__table__.c  # type: ignore[attr-defined]
_line = FarmPlanLine.__table__.c  # type: ignore[attr-defined]
_zone = FarmPlanZone.__table__.c  # type: ignore[attr-defined]

_bought = _b.organization_id == bindparam("actor")
_visible = or_(_bought, _b.supplier_id == bindparam("actor"))
SHAPE: Final = document(
    id=_b.id,
    version=_b.version,
    created_at=instant(_b.created_at),
    updated_at=instant(_b.updated_at),
    organization_id=_b.organization_id,
    supplier_id=_b.supplier_id,
    order_id=_b.order_id,
    order_line_id=_b.order_line_id,
    item_id=_b.item_id,
    farm_plan_line_id=case((_bought, _b.farm_plan_line_id)),
    description=_b.description,
    category=_b.category,
    unit=_b.unit,
    quantity=text_of(_b.quantity),
    batch_number=_b.batch_number,
    expires_on=_b.expires_on,
    received_on=_b.received_on,
    plot_ids=case((_bought, children(_p.plot_id, _p.input_batch_id == _b.id, order_by=_p.plot_id))),
)
INPUT_BATCH: Final = Query(
    select(SHAPE, _b.version).where(_b.id == bindparam("input_batch_id"), _visible)
)
_on_plot = (
    select(_p.id).where(_p.input_batch_id == _b.id, _p.plot_id == bindparam("plot_id")).exists()
)
INPUT_BATCHES: Final = Listing(
    "input-batches",
    select(SHAPE).where(_visible),
    order=[_b.id],
    descending=True,
    filters={
        "batch_number": _b.batch_number == bindparam("batch_number"),
        "item_id": _b.item_id == bindparam("item_id"),
        "order_id": _b.order_id == bindparam("order_id"),
        "supplier_id": _b.supplier_id == bindparam("supplier_id"),
        # What the supplier is not shown it cannot ask for either.
        "plot_id": and_(_bought, _on_plot),
        "expires_before": _b.expires_on < bindparam("expires_before"),
    },
)


async def plots_of(uow: UnitOfWork, plan_lines: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The plot of each plan line, or all of its plan's where it names none."""
    of_line = (_zone.farm_plan_id == _line.farm_plan_id) & _line.plot_id.is_(None)
    plot: Any = func.coalesce(_line.plot_id, _zone.plot_id)
    statement = (
        select(_line.id, plot)
        .outerjoin(_zone.id.table, of_line)
        .where(_line.id.in_(plan_lines), plot.is_not(None))
        .distinct()
        .order_by(_line.id, plot)
    )
    found: dict[UUID, list[UUID]] = {}
    for line_id, plot_id in await uow.rows(statement):
        found.setdefault(line_id, []).append(plot_id)
    return found
