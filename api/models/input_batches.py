"""Inputs that were received, by batch, and the plots that they are for."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index

from api.domains.catalogues.vocabulary import Category, Unit
from api.models.base import Entity, enum_column, kilos, link


class InputBatch(Entity, table=True):
    """What arrived of a batch with one receipt of one order line."""

    __tablename__ = "input_batches"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_input_batches_buyer", "organization_id", "batch_number"),
        Index("ix_input_batches_supplier", "supplier_id", "batch_number"),
    )
    ledger_subject: ClassVar = "input_batch"

    organization_id: UUID = link("organizations.id", index=False)
    supplier_id: UUID = link("organizations.id", index=False)
    order_id: UUID = link("orders.id")
    order_line_id: UUID = link("order_lines.id")
    item_id: UUID = link("catalogue_items.id")
    farm_plan_line_id: UUID | None = link("farm_plan_lines.id", default=None)
    description: str
    category: Category = enum_column(Category, "category")
    unit: Unit = enum_column(Unit, "unit")
    quantity: Decimal = kilos()
    """In the unit."""
    batch_number: str | None = None
    expires_on: date | None = None
    received_on: date


class InputBatchPlot(Entity, table=True):
    """A plot that a batch is for: the plan line's, or all of the plan's where it names none."""

    __tablename__ = "input_batch_plots"
    ledger_subject: ClassVar = "input_batch"
    ledger_key: ClassVar = "input_batch_id"

    input_batch_id: UUID = link("input_batches.id")
    plot_id: UUID = link("plots.id")
