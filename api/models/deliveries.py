"""Cocoa as producers deliver it."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from api.domains.deliveries.vocabulary import CocoaForm, DeliveryDocument
from api.models.base import Entity, decimal, enum_column, instant, kilos, link, money


class CollectionCentre(Entity, table=True):
    """Where cocoa is weighed and bought (acopio)."""

    __tablename__ = "collection_centres"
    ledger_subject: ClassVar = "collection_centre"

    organization_id: UUID = link("organizations.id")
    name: str
    ubigeo: str


class Delivery(Entity, table=True):
    """Kilos of one producer: weighed, priced, partly retained for a loan, paid."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(
            "net_kg > 0 AND net_kg = gross_kg - tare_kg", name="net_is_gross_less_tare"
        ),
        CheckConstraint("unused_kg BETWEEN 0 AND net_kg", name="no_kilo_twice"),
        Index("ix_deliveries_document", "organization_id", "document_number"),
        CheckConstraint("retained_amount BETWEEN 0 AND amount", name="retention_in_bounds"),
    )
    ledger_subject: ClassVar = "delivery"

    organization_id: UUID = link("organizations.id")
    collection_centre_id: UUID = link("collection_centres.id")
    producer_id: UUID = link("producers.id")
    delivered_on: date
    captured_at: datetime | None = instant(default=None)
    form: CocoaForm = enum_column(CocoaForm, "form")
    gross_kg: Decimal = kilos()
    tare_kg: Decimal = kilos()
    net_kg: Decimal = kilos()
    unused_kg: Decimal = kilos()
    """What no lot has taken yet."""
    moisture: Decimal | None = decimal(5, 4, default=None, nullable=True)
    grade: str | None = None
    currency: str
    price_per_kg: Decimal = decimal(14, 4)
    premium_per_kg: Decimal = decimal(14, 4, default=Decimal(0))
    amount: Decimal = money()
    retained_amount: Decimal = money(default=Decimal(0))
    loan_id: UUID | None = link("loans.id", default=None)
    document_kind: DeliveryDocument = enum_column(DeliveryDocument, "document_kind")
    document_number: str


class DeliveryPlot(Entity, table=True):
    """How many of a delivery's kilos came from a plot."""

    __tablename__ = "delivery_plots"
    __table_args__ = (
        UniqueConstraint("delivery_id", "plot_id"),
        CheckConstraint("kg > 0", name="kg_positive"),
    )
    ledger_subject: ClassVar = "delivery"
    ledger_key: ClassVar = "delivery_id"

    delivery_id: UUID = link("deliveries.id", index=False)
    plot_id: UUID = link("plots.id")
    geometry_version: int
    kg: Decimal = kilos()
