"""Quote requests, whom they were sent to, and the quotes."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint

from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.orders.vocabulary import PlanException
from api.domains.quote_requests.states import QuoteRequestState, QuoteState
from api.models.base import Entity, enum_column, instant, kilos, link, money


class QuoteRequest(Entity, table=True):
    """What a producer organisation asks suppliers to quote for, on behalf of a cluster."""

    __tablename__ = "quote_requests"
    ledger_subject: ClassVar = "quote_request"

    organization_id: UUID = link("organizations.id")
    cluster_id: UUID = link("clusters.id")
    state: QuoteRequestState = enum_column(QuoteRequestState, "state")
    name: str
    currency: str
    delivery_ubigeo: str
    closes_at: datetime = instant()
    award_until: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    decision_reason: str | None = None
    order_id: UUID | None = link("orders.id", default=None)


class QuoteRequestLine(Entity, table=True):
    """What is needed, for a plan line or by exception."""

    __tablename__ = "quote_request_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "num_nonnulls(farm_plan_line_id, plan_exception) = 1", name="planned_or_excepted"
        ),
    )
    ledger_subject: ClassVar = "quote_request"
    ledger_key: ClassVar = "quote_request_id"

    quote_request_id: UUID = link("quote_requests.id")
    farm_plan_line_id: UUID | None = link("farm_plan_lines.id", default=None)
    plan_exception: PlanException | None = enum_column(
        PlanException, "plan_exception", default=None, nullable=True
    )
    category: Category = enum_column(Category, "category")
    specification: str
    unit: Unit = enum_column(Unit, "unit")
    quantity: Decimal = kilos()


class QuoteRequestSupplier(Entity, table=True):
    """A supplier that was asked."""

    __tablename__ = "quote_request_suppliers"
    __table_args__ = (UniqueConstraint("quote_request_id", "supplier_id"),)
    ledger_subject: ClassVar = "quote_request"
    ledger_key: ClassVar = "quote_request_id"

    quote_request_id: UUID = link("quote_requests.id", index=False)
    supplier_id: UUID = link("organizations.id")


class Quote(Entity, table=True):
    """What a supplier would deliver it for. ``salt`` is what its seal was made with."""

    __tablename__ = "quotes"
    __table_args__ = (
        UniqueConstraint("quote_request_id", "supplier_id"),
        CheckConstraint("freight >= 0", name="freight_not_negative"),
    )
    ledger_subject: ClassVar = "quote"

    quote_request_id: UUID = link("quote_requests.id", index=False)
    supplier_id: UUID = link("organizations.id")
    state: QuoteState = enum_column(QuoteState, "state")
    freight: Decimal = money()
    lines_amount: Decimal = money()
    delivery_days: int
    payment_terms: str
    valid_until: date
    salt: str
    seal: str


class QuoteLine(Entity, table=True):
    """Packs of an item at a price, for a line of the request."""

    __tablename__ = "quote_lines"
    __table_args__ = (
        UniqueConstraint("quote_id", "quote_request_line_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )
    ledger_subject: ClassVar = "quote"
    ledger_key: ClassVar = "quote_id"

    quote_id: UUID = link("quotes.id", index=False)
    quote_request_line_id: UUID = link("quote_request_lines.id")
    item_id: UUID = link("catalogue_items.id")
    sku: str
    description: str
    pack_size: Decimal = kilos()
    quantity: Decimal = kilos()
    """Packs."""
    unit_price: Decimal = money()
    amount: Decimal = money()
