"""Keeping what was received."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.core.ids import new_id
from api.core.money import quantize_kg
from api.domains.input_batches import repository
from api.domains.input_batches.vocabulary import SERVICES
from api.models.input_batches import InputBatch, InputBatchPlot
from api.models.orders import Order, OrderLine
from api.transactions import Subject, UnitOfWork


@dataclass(frozen=True, slots=True)
class Arrived:
    """Packs of an order's line that arrived in order, all of one batch."""

    line: OrderLine
    packs: Decimal
    batch_number: str | None
    expires_on: date | None


async def keep(
    uow: UnitOfWork, order: Order, arrived: Sequence[Arrived], day: date
) -> tuple[Subject, ...]:
    """Write down what arrived by batch, with the plots it is for; what the receipt's event names.

    Services come in no batch, and of what weighs nothing in its unit nothing is kept.
    """
    goods = [each for each in arrived if each.line.category not in SERVICES and _quantity(each) > 0]
    planned = {each.line.farm_plan_line_id for each in goods if each.line.farm_plan_line_id}
    plots = await repository.plots_of(uow, planned) if planned else {}
    batches = [_batch(order, each, day) for each in goods]
    for batch in batches:
        uow.add(batch)
        served = batch.farm_plan_line_id
        for plot_id in plots.get(served, []) if served else []:
            uow.add(InputBatchPlot(id=new_id(), input_batch_id=batch.id, plot_id=plot_id))
    return tuple(("input_batch", batch.id) for batch in batches)


def _quantity(arrived: Arrived) -> Decimal:
    return quantize_kg(arrived.packs * arrived.line.pack_size)


def _batch(order: Order, arrived: Arrived, day: date) -> InputBatch:
    line = arrived.line
    return InputBatch(
        id=new_id(),
        organization_id=order.organization_id,
        supplier_id=order.supplier_id,
        order_id=order.id,
        order_line_id=line.id,
        item_id=line.item_id,
        farm_plan_line_id=line.farm_plan_line_id,
        description=line.description,
        category=line.category,
        unit=line.unit,
        quantity=_quantity(arrived),
        batch_number=arrived.batch_number,
        expires_on=arrived.expires_on,
        received_on=day,
    )
