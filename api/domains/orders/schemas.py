"""Wire shapes."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from api.core.wire import (
    Code,
    Day,
    Instant,
    Kilos,
    Money,
    Name,
    PageParameters,
    PositiveAmount,
    PositiveKilos,
    Resource,
    Sentence,
    Sha256,
    Shape,
    Ubigeo,
)
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.orders.states import OrderState
from api.domains.orders.vocabulary import (
    LineState,
    PaymentSource,
    PlanException,
    SubstituteState,
)

GuideNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{4}-\d{1,8}$", max_length=13)]
"""Guía de remisión: series and number, ``T001-00001234``."""
InvoiceNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{4}-\d{1,8}$", max_length=13)]
"""Factura or boleta: series and number, ``F001-00001234``."""


class OrderLineIn(Shape):
    """Packs of an item, for a line of an accepted farm plan or by a named exception."""

    item_id: UUID = Field(examples=["01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c11"])
    quantity: PositiveKilos = Field(description="Packs", examples=["3"])
    farm_plan_line_id: UUID | None = Field(default=None, examples=[None])
    plan_exception: PlanException | None = Field(default=None, examples=["emergency"])

    @model_validator(mode="after")
    def _planned_or_excepted(self) -> Self:
        if (self.farm_plan_line_id is None) == (self.plan_exception is None):
            raise ValueError("name either the farm plan's line or the exception")
        return self


class OrderIn(Shape):
    """An order to one supplier."""

    supplier_id: UUID = Field(examples=["01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c12"])
    cluster_id: UUID | None = Field(default=None, examples=[None])
    delivery_ubigeo: Ubigeo = Field(examples=["220101"])
    answer_until: Instant | None = Field(
        default=None,
        description="By when the supplier is to answer; left out, the platform's own time applies",
        examples=[None],
    )
    lines: Annotated[list[OrderLineIn], Field(min_length=1, max_length=100)]


class OrderLineOut(Shape):
    """A line: as agreed, and what became of it. Packs, prices per pack.

    ``amount`` is what the packs cost that are not cancelled: the lines add up to the total. While
    ``blocked_by`` says why, SENASA's word keeps the line from being sent.

    Which plan line it serves, the buying side alone sees.
    """

    id: UUID
    item_id: UUID
    farm_plan_line_id: UUID | None
    plan_exception: PlanException | None
    sku: Code
    description: Name
    category: Category
    unit: Unit
    pack_size: PositiveKilos
    quantity: PositiveKilos
    cancelled_quantity: Kilos
    unit_price: Money
    amount: Money
    stocked: bool
    state: LineState
    reason: Sentence | None
    replaces_line_id: UUID | None
    blocked_by: Code | None
    dispatched_quantity: Kilos
    received_quantity: Kilos
    damaged_quantity: Kilos
    batch_number: Code | None


class SubstituteOut(Shape):
    """What the supplier proposes, or proposed, instead of a line, of its category and unit."""

    id: UUID
    line_id: UUID
    item_id: UUID
    sku: Code
    description: Name
    pack_size: PositiveKilos
    quantity: PositiveKilos
    unit_price: Money
    amount: Money
    state: SubstituteState


class DispatchedLine(Shape):
    """Packs of a line on the road."""

    line_id: UUID
    quantity: PositiveKilos = Field(examples=["2"])


class DispatchOut(Shape):
    """Goods on the road, under a guía de remisión."""

    id: UUID
    guide_number: GuideNumber
    dispatched_on: Day
    lines: Annotated[list[DispatchedLine], Field(max_length=100)]


class ReceiptLineOut(Shape):
    """What arrived of a line with a receipt."""

    line_id: UUID
    received_quantity: Kilos
    damaged_quantity: Kilos
    batch_number: Code | None
    expires_on: Day | None
    photo_hashes: Annotated[list[Sha256], Field(max_length=10)]


class ReceiptOut(Shape):
    """What arrived at once, as the buyer says."""

    id: UUID
    received_on: Day
    lines: Annotated[list[ReceiptLineOut], Field(max_length=200)]


class PaymentOut(Shape):
    """Money for the order, from one source."""

    id: UUID
    source: PaymentSource
    loan_id: UUID | None
    amount: Money
    paid_on: Day
    reference: Code | None


class OrderSummary(Resource):
    """An order without its lines. The cluster, the buying side alone sees.

    ``answer_until`` is null where nobody waits for an answer.
    """

    organization_id: UUID
    supplier_id: UUID
    cluster_id: UUID | None
    state: OrderState
    total: Money
    paid_amount: Money
    placed_at: Instant
    answer_until: Instant | None
    delivery_ubigeo: Ubigeo
    invoice_number: InvoiceNumber | None
    reason: Sentence | None


class OrderOut(OrderSummary):
    """An order, whole."""

    lines: Annotated[list[OrderLineOut], Field(max_length=200)]
    substitutes: Annotated[list[SubstituteOut], Field(max_length=100)]
    dispatches: Annotated[list[DispatchOut], Field(max_length=1000)]
    receipts: Annotated[list[ReceiptOut], Field(max_length=1000)]
    payments: Annotated[list[PaymentOut], Field(max_length=1000)]


class OrderSearch(PageParameters):
    """Filters of the list."""

    side: Annotated[
        Literal["buyer", "supplier"] | None, Field(description="Where one stands in it")
    ] = None
    state: Annotated[OrderState | None, Field(description="In this state")] = None
    cluster_id: Annotated[UUID | None, Field(description="Placed for this cluster")] = None

    def filters(self) -> dict[str, Any]:
        """The filters in use; the side is a switch."""
        found = super().filters()
        side = found.pop("side", None)
        return {**found, side: True} if side else found


class ReasonIn(Shape):
    """Why. Kept with the order for both sides to read."""

    reason: Sentence = Field(examples=["Sin existencias hasta enero"])


class DispatchIn(Shape):
    """All or part of what is left to send."""

    guide_number: GuideNumber = Field(examples=["T001-00001234"])
    dispatched_on: Day = Field(examples=["2026-11-23"])
    invoice_number: InvoiceNumber | None = Field(default=None, examples=["F001-00001234"])
    lines: Annotated[list[DispatchedLine], Field(min_length=1, max_length=100)]


class ReceivedLine(Shape):
    """What arrived of a line, in packs: in order, and damaged. What is missing is the shortage."""

    line_id: UUID
    received_quantity: Kilos = Field(examples=["2"])
    damaged_quantity: Kilos = Field(default=Decimal(0), examples=["0"])
    batch_number: Code | None = Field(default=None, examples=["L-2026-118"])
    expires_on: Day | None = Field(
        default=None, description="As printed on the batch", examples=["2028-06-30"]
    )
    photo_hashes: Annotated[list[Sha256], Field(max_length=10)] = Field(
        default=[], description="SHA-256 of the photographs of what arrived", examples=[[]]
    )


class ReceiptIn(Shape):
    """What arrived. Once all is dispatched, every line of which packs are on the road, once."""

    received_on: Day | None = Field(
        default=None, description="Default today", examples=["2026-11-23"]
    )
    lines: Annotated[list[ReceivedLine], Field(min_length=1, max_length=100)]


class PaymentIn(Shape):
    """Money handed over outside the platform. Loans and vouchers are paid by their own rooms."""

    source: Literal["cash", "transfer", "wallet"] = Field(examples=["transfer"])
    amount: PositiveAmount = Field(description="In the order's currency", examples=["120.00"])
    paid_on: Day = Field(examples=["2026-11-23"])
    reference: Code | None = Field(default=None, examples=["OP-778812"])
