"""Wire shapes."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from api.core.invalid import one_of
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
    DisputeReason,
    DisputeState,
    LineState,
    PaymentSource,
    PlanException,
    SettlementOutcome,
    SubstituteState,
)
from api.domains.producers.schemas import PhoneIn

_NUMBER = r"-0{0,7}[1-9]\d{0,7}$"
GuideNumber = Annotated[
    str,
    StringConstraints(pattern=r"^([TV][A-Z0-9]{3}|EG0[1-7]|\d{4})" + _NUMBER, max_length=13),
]
"""Guía de remisión: series and number, ``T001-00001234``. SUNAT's series: T… of the sender, V… of
the carrier, EG… of its own portal, four digits on paper.
"""
InvoiceNumber = Annotated[
    str,
    StringConstraints(pattern=r"^([FB][A-Z0-9]{3}|E001|EB01|\d{4})" + _NUMBER, max_length=13),
]
"""``F001-00001234``. SUNAT's series: F… and B…; E001, EB01 of its portal; four digits on paper."""


class Planned(Shape):
    """What is bought for a line of an accepted farm plan, or by a named exception."""

    farm_plan_line_id: UUID | None = Field(default=None, examples=[None])
    plan_exception: PlanException | None = Field(default=None, examples=["emergency"])

    @model_validator(mode="after")
    def _planned_or_excepted(self) -> Self:
        if (self.farm_plan_line_id is None) == (self.plan_exception is None):
            raise one_of("farm_plan_line_id", "plan_exception")
        return self


class OrderLineIn(Planned):
    """Packs of an item, for a line of an accepted farm plan or by a named exception."""

    item_id: UUID = Field(examples=["01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c11"])
    quantity: PositiveKilos = Field(description="Packs", examples=["3"])


class DeliveryContactIn(Shape):
    """To whom and where an order is delivered. ``producer_id``: where it is one of one's producers,
    so that their data are treated as theirs.
    """

    name: Name = Field(examples=["Almacén de la cooperativa"])
    phone: PhoneIn | None = Field(default=None, examples=["+51 987 654 321"])
    address: Sentence = Field(examples=["Jr. Grau 120, Juanjuí"])
    producer_id: UUID | None = Field(default=None, examples=[None])


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
    delivery_contact: DeliveryContactIn | None = Field(
        default=None,
        description="Kept apart: the supplier reads it from acceptance until the order is over",
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
    lines: Annotated[list[DispatchedLine], Field(max_length=1000)]


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
    lines: Annotated[list[ReceiptLineOut], Field(max_length=1000)]


class PaymentOut(Shape):
    """Money for the order, from one source."""

    id: UUID
    source: PaymentSource
    loan_id: Annotated[UUID | None, Field(description="Shown to the buyer and the lender")]
    line_id: Annotated[UUID | None, Field(description="The line of a pooled order that it pays")]
    amount: Money
    paid_on: Day
    reference: Code | None


class RefundOut(Shape):
    """Money that came back to the buyer."""

    id: UUID
    source: PaymentSource
    line_id: UUID | None
    amount: Money
    paid_on: Day
    reference: Code | None


class DisputeOut(Shape):
    """What the buyer contests; what the supplier offers, or what both agreed on."""

    id: UUID
    reason: DisputeReason
    statement: Sentence | None
    state: DisputeState
    outcome: SettlementOutcome | None
    amount: Money | None
    note: Sentence | None
    settled_at: Instant | None


class OrderSummary(Resource):
    """An order without its lines. The cluster, the buying side alone sees.

    ``total`` is the sum of the lines and the ``freight``, which stays as it was when the order was
    placed.
    ``answer_until`` is null where nobody waits for an answer. ``paid_amount`` is what was paid less
    what came back; ``credited_amount`` is taken off the total by credit notes; ``refund_due`` is
    what was paid beyond the rest.
    """

    organization_id: UUID
    supplier_id: UUID
    cluster_id: UUID | None
    state: OrderState
    freight: Money
    total: Money
    paid_amount: Money
    credited_amount: Money
    refund_due: Money
    placed_at: Instant
    answer_until: Instant | None
    delivery_ubigeo: Ubigeo
    demand_pool_id: Annotated[UUID | None, Field(description="The pool that it came of")]
    invoice_number: InvoiceNumber | None
    reason: Sentence | None


class OrderOut(OrderSummary):
    """An order, whole."""

    lines: Annotated[list[OrderLineOut], Field(max_length=1000)]
    substitutes: Annotated[list[SubstituteOut], Field(max_length=100)]
    dispatches: Annotated[list[DispatchOut], Field(max_length=1000)]
    receipts: Annotated[list[ReceiptOut], Field(max_length=1000)]
    payments: Annotated[list[PaymentOut], Field(max_length=1000)]
    refunds: Annotated[list[RefundOut], Field(max_length=1000)]
    disputes: Annotated[list[DisputeOut], Field(max_length=100)]


class OrderSearch(PageParameters):
    """Filters of the list."""

    side: Annotated[
        Literal["buyer", "supplier"] | None, Field(description="Where one stands in it")
    ] = None
    state: Annotated[OrderState | None, Field(description="In this state")] = None
    cluster_id: Annotated[UUID | None, Field(description="Placed for this cluster")] = None
    sort: Annotated[
        Literal["newest", "deadline"],
        Field(description="`deadline`: only what waits for an answer, the most urgent first"),
    ] = "newest"

    def filters(self) -> dict[str, Any]:
        """The filters in use; the side is a switch."""
        found = super().filters()
        del found["sort"]
        side = found.pop("side", None)
        return {**found, side: True} if side else found


class ReasonIn(Shape):
    """Why. Kept with the order for both sides to read."""

    reason: Sentence = Field(examples=["Sin existencias hasta enero"])


class PaymentIn(Shape):
    """Money handed over outside the platform. Loans and vouchers are paid by their own rooms."""

    source: Literal["cash", "transfer", "wallet"] = Field(examples=["transfer"])
    line_id: UUID | None = Field(
        default=None,
        description="Required for a pooled order: whose line it is for",
        examples=[None],
    )
    amount: PositiveAmount = Field(description="In the order's currency", examples=["120.00"])
    paid_on: Day = Field(examples=["2026-11-23"])
    reference: Code | None = Field(default=None, examples=["OP-778812"])
