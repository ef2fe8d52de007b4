"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import (
    Code,
    Currency,
    Day,
    Instant,
    Kilos,
    Money,
    Name,
    PageParameters,
    PositiveKilos,
    PositiveMoney,
    Resource,
    Shape,
    Share,
    UnitPrice,
    whole,
)
from api.domains.deliveries.vocabulary import CocoaForm, DeliveryDocument


class PlotKilos(Shape):
    """Kilos from one plot."""

    plot_id: UUID
    kg: PositiveKilos = Field(examples=["100.000"])


class RetentionIn(Shape):
    """Part of the price that goes to a loan instead of the producer's hand."""

    loan_id: UUID
    amount: PositiveMoney = Field(examples=[{"amount": "120.00", "currency": "PEN"}])


class DeliveryIn(Shape):
    """Cocoa as weighed. A field app may choose the id and say when it was captured."""

    id: UUID | None = None
    collection_centre_id: UUID
    producer_id: UUID
    delivered_on: Day = Field(examples=["2026-11-20"])
    captured_at: Instant | None = Field(default=None, examples=["2026-11-20T15:04:05-05:00"])
    form: CocoaForm
    gross_kg: PositiveKilos = Field(examples=["102.500"])
    tare_kg: Kilos = Field(examples=["2.500"])
    moisture: Share | None = Field(default=None, examples=["0.0700"])
    grade: Name | None = None
    currency: Currency
    price_per_kg: UnitPrice = Field(examples=["16.5000"])
    premium_per_kg: UnitPrice = Field(examples=["0.5000"])
    plots: Annotated[list[PlotKilos], Field(min_length=1, max_length=50)]
    retention: RetentionIn | None = None
    document_kind: DeliveryDocument
    document_number: Code = Field(examples=["E001-1234"])


class DeliveryPlotOut(Shape):
    """Kilos from one plot, and the geometry it had."""

    plot_id: UUID
    geometry_version: Annotated[int, *whole(1, 1_000_000)]
    kg: Kilos


class DeliveryOut(Resource):
    """A delivery."""

    organization_id: UUID
    collection_centre_id: UUID
    producer_id: UUID
    delivered_on: Day
    captured_at: Instant | None
    form: CocoaForm
    gross_kg: Kilos
    tare_kg: Kilos
    net_kg: Kilos
    unused_kg: Kilos
    moisture: Share | None
    grade: Name | None
    price_per_kg: UnitPrice
    premium_per_kg: UnitPrice
    amount: Money
    retained: Money
    paid: Money
    loan_id: UUID | None
    document_kind: DeliveryDocument
    document_number: Code
    plots: Annotated[list[DeliveryPlotOut], Field(max_length=50)]


class DeliverySearch(PageParameters):
    """Filters of the list."""

    producer_id: Annotated[UUID | None, Field(description="Of this producer")] = None
    collection_centre_id: Annotated[UUID | None, Field(description="At this centre")] = None
    form: Annotated[CocoaForm | None, Field(description="Wet or dry")] = None
    unused: Annotated[
        bool | None, Field(description="true: only those with kilos that no lot has taken")
    ] = None
