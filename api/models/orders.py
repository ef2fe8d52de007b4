"""Orders of inputs and services, against plan lines."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text

from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.orders.states import OrderState
from api.domains.orders.vocabulary import (
    DisputeReason,
    DisputeState,
    LineState,
    PaymentSource,
    PlanException,
    SettlementOutcome,
    SubstituteState,
)
from api.models.base import Entity, enum_column, instant, json, kilos, link, money


class Order(Entity, table=True):
    """What one organisation buys from one supplier."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("paid_amount >= 0", name="paid_not_negative"),
        CheckConstraint("credited_amount BETWEEN 0 AND total", name="credited_in_bounds"),
        Index("ix_orders_buyer", "organization_id", "id"),
        Index("ix_orders_supplier", "supplier_id", "id"),
        Index(
            "ix_orders_waiting",
            "answer_until",
            postgresql_where=text("state IN ('placed', 'proposed')"),
        ),
    )
    ledger_subject: ClassVar = "order"

    organization_id: UUID = link("organizations.id", index=False)
    supplier_id: UUID = link("organizations.id", index=False)
    cluster_id: UUID | None = link("clusters.id", default=None)
    demand_pool_id: UUID | None = link("demand_pools.id", default=None)
    """The pool that it came of: its lines are then different producers'."""
    state: OrderState = enum_column(OrderState, "state")
    currency: str
    freight: Decimal = money(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    """Of the delivery; a part of the total."""
    total: Decimal = money()
    paid_amount: Decimal = money(default=Decimal(0))
    """Payments less refunds."""
    credited_amount: Decimal = money(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    """What the supplier's credit notes take off the total."""
    placed_at: datetime = instant()
    answer_until: datetime | None = instant(default=None)
    """By when the other side answers: the supplier an order, the buyer a proposal."""
    answered_at: datetime | None = instant(default=None)
    """When the supplier answered the order; null where it did not, or not in time."""
    delivery_ubigeo: str
    invoice_number: str | None = None
    """SUNAT series-number."""
    decision_reason: str | None = None


class OrderLine(Entity, table=True):
    """An item, its price that day, the plan line it serves, and what became of it."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "num_nonnulls(farm_plan_line_id, plan_exception) = 1", name="planned_or_excepted"
        ),
        CheckConstraint(
            "dispatched_quantity BETWEEN 0 AND quantity - cancelled_quantity",
            name="dispatched_in_bounds",
        ),
        CheckConstraint("cancelled_quantity >= 0", name="cancelled_not_negative"),
        CheckConstraint(
            "received_quantity + damaged_quantity <= dispatched_quantity", name="received_in_bounds"
        ),
        Index(
            "ix_order_lines_replaces_line_id",
            "replaces_line_id",
            postgresql_where=text("replaces_line_id IS NOT NULL"),
        ),
    )
    ledger_subject: ClassVar = "order"
    ledger_key: ClassVar = "order_id"

    order_id: UUID = link("orders.id")
    item_id: UUID = link("catalogue_items.id")
    farm_plan_line_id: UUID | None = link("farm_plan_lines.id", default=None)
    plan_exception: PlanException | None = enum_column(
        PlanException, "plan_exception", default=None, nullable=True
    )
    sku: str
    description: str
    category: Category = enum_column(Category, "category")
    unit: Unit = enum_column(Unit, "unit")
    pack_size: Decimal = kilos()
    quantity: Decimal = kilos()
    """Packs, as ordered."""
    cancelled_quantity: Decimal = kilos(
        default=Decimal(0), sa_column_kwargs={"server_default": "0"}
    )
    """Packs that are no longer wanted or to be had: what they reserved is free."""
    unit_price: Decimal = money()
    amount: Decimal = money()
    """What the packs cost that are not cancelled; an order's lines add up to its total."""
    stocked: bool
    state: LineState = enum_column(
        LineState,
        "state",
        default=LineState.ORDERED,
        sa_column_kwargs={"server_default": "ordered"},
    )
    decision_reason: str | None = None
    replaces_line_id: UUID | None = link("order_lines.id", index=False, default=None)
    blocked_by: str | None = None
    """Why SENASA's word keeps what is left of the line from being sent; a code."""
    dispatched_quantity: Decimal = kilos(default=Decimal(0))
    received_quantity: Decimal = kilos(default=Decimal(0))
    damaged_quantity: Decimal = kilos(default=Decimal(0))
    batch_number: str | None = None


class OrderSubstitute(Entity, table=True):
    """An item that the supplier proposes instead of a line's, at a price of its own."""

    __tablename__ = "order_substitutes"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)
    ledger_subject: ClassVar = "order"
    ledger_key: ClassVar = "order_id"

    order_id: UUID = link("orders.id")
    order_line_id: UUID = link("order_lines.id")
    item_id: UUID = link("catalogue_items.id")
    sku: str
    description: str
    pack_size: Decimal = kilos()
    quantity: Decimal = kilos()
    """Packs."""
    unit_price: Decimal = money()
    amount: Decimal = money()
    state: SubstituteState = enum_column(SubstituteState, "state")


class OrderDispatch(Entity, table=True):
    """Goods on the road, under a guía de remisión."""

    __tablename__ = "order_dispatches"
    ledger_subject: ClassVar = "order"
    ledger_key: ClassVar = "order_id"

    order_id: UUID = link("orders.id")
    guide_number: str
    dispatched_on: date
    lines: list[dict[str, Any]] = json()


class OrderReceipt(Entity, table=True):
    """What arrived of an order, line by line, as the buyer says."""

    __tablename__ = "order_receipts"
    ledger_subject: ClassVar = "order"
    ledger_key: ClassVar = "order_id"

    order_id: UUID = link("orders.id")
    received_on: date
    lines: list[dict[str, Any]] = json()


class OrderPayment(Entity, table=True):
    """Money for an order, from one source."""

    __tablename__ = "order_payments"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)
    ledger_subject: ClassVar = "order"
    ledger_key: ClassVar = "order_id"

    order_id: UUID = link("orders.id")
    source: PaymentSource = enum_column(PaymentSource, "source")
    loan_id: UUID | None = link("loans.id", default=None)
    order_line_id: UUID | None = link("order_lines.id", default=None)
    """What it pays of a pooled order: one producer's line."""
    amount: Decimal = money()
    paid_on: date
    reference: str | None = None


class OrderRefund(Entity, table=True):
    """Money that came back to the buyer, from one source."""

    __tablename__ = "order_refunds"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)
    ledger_subject: ClassVar = "order"
    ledger_key: ClassVar = "order_id"

    order_id: UUID = link("orders.id")
    source: PaymentSource = enum_column(PaymentSource, "source")
    order_line_id: UUID | None = link("order_lines.id", default=None)
    amount: Decimal = money()
    paid_on: date
    reference: str | None = None


class OrderDispute(Entity, table=True):
    """What the buyer contests, what the supplier offers, and how it ended."""

    __tablename__ = "order_disputes"
    __table_args__ = (
        CheckConstraint(
            "(outcome = 'credit_note') = (amount IS NOT NULL)", name="credit_has_an_amount"
        ),
        CheckConstraint("state = 'open' OR outcome IS NOT NULL", name="ended_by_an_outcome"),
    )
    ledger_subject: ClassVar = "order"
    ledger_key: ClassVar = "order_id"

    order_id: UUID = link("orders.id")
    reason: DisputeReason = enum_column(DisputeReason, "reason")
    statement: str | None = None
    was_received: bool
    """Whether the buyer had received the goods before it contested them."""
    state: DisputeState = enum_column(DisputeState, "state")
    outcome: SettlementOutcome | None = enum_column(
        SettlementOutcome, "outcome", default=None, nullable=True
    )
    amount: Decimal | None = money(default=None)
    """Of the credit note."""
    note: str | None = None
    settled_at: datetime | None = instant(default=None)


class DeliveryContact(Entity, table=True):
    """To whom and where an order is delivered. Personal data: never in the ledger, seen by the
    supplier while it has the order in hand, and gone when the order is over.
    """

    __tablename__ = "delivery_contacts"

    order_id: UUID = link("orders.id", unique=True)
    producer_id: UUID | None = link("producers.id", default=None)
    name: str
    phone: str | None = None
    address: str
