"""Wire shapes."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.core.wire import (
    Amount,
    Code,
    Currency,
    Day,
    Days,
    Instant,
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
    UnitPrice,
)
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.orders.schemas import Planned
from api.domains.orders.vocabulary import PlanException
from api.domains.quote_requests.states import QuoteRequestState, QuoteState


class QuoteRequestLineIn(Planned):
    """What is needed, for a line of an accepted farm plan or by a named exception."""

    category: Category = Field(examples=["fertilizer"])
    specification: Name = Field(examples=["Guano de isla, saco"])
    unit: Unit = Field(examples=["KGM"])
    quantity: PositiveKilos = Field(description="In the unit", examples=["600"])


class QuoteRequestIn(Shape):
    """What a cluster needs, from whom, and until when quotes are taken."""

    name: Name = Field(examples=["Fertilizante, campaña 2027"])
    cluster_id: UUID = Field(examples=["01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c12"])
    currency: Currency = Field(description="Of all quotes", examples=["PEN"])
    delivery_ubigeo: Ubigeo = Field(examples=["220101"])
    closes_at: Instant = Field(
        description="Until when quotes are taken and sealed; within 90 days",
        examples=["2026-12-15T17:00:00Z"],
    )
    supplier_ids: Annotated[list[UUID], Field(max_length=50)] | None = Field(
        default=None,
        description="Whom to ask; by default up to 50 that offer one of the categories there",
        examples=[None],
    )
    lines: Annotated[list[QuoteRequestLineIn], Field(min_length=1, max_length=50)]


class QuoteLineIn(Shape):
    """Packs of an item of one's own on offer, for a line of the request."""

    line_id: UUID = Field(examples=["01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c13"])
    item_id: UUID = Field(examples=["01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c11"])
    quantity: PositiveKilos = Field(description="Packs", examples=["12"])
    unit_price: PositiveAmount = Field(description="Per pack", examples=["98.50"])


class QuoteIn(Shape):
    """What one would deliver it for. Lines may be left out."""

    lines: Annotated[list[QuoteLineIn], Field(min_length=1, max_length=50)]
    freight: Amount = Field(description="For the delivery of it all", examples=["150.00"])
    delivery_days: Days = Field(description="From the award", examples=[10])
    payment_terms: Sentence = Field(examples=["50 % al pedido, 50 % contra entrega"])
    valid_until: Day = Field(
        description="Until when it can be awarded, the day of the deadline or later",
        examples=["2027-01-15"],
    )

    def terms(self, currency: str) -> dict[str, Any]:
        """What the seal is of."""
        lines = [
            {
                "line_id": str(line.line_id),
                "item_id": str(line.item_id),
                "quantity": f"{line.quantity:.3f}",
                "unit_price": f"{line.unit_price:.2f}",
            }
            for line in sorted(self.lines, key=lambda line: line.line_id)
        ]
        return {
            "currency": currency,
            "delivery_days": self.delivery_days,
            "freight": f"{self.freight:.2f}",
            "payment_terms": self.payment_terms,
            "valid_until": self.valid_until.isoformat(),
            "lines": lines,
        }


class AwardIn(Shape):
    """Whose quote is taken."""

    quote_id: UUID = Field(examples=["01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c14"])


class QuoteRequestLineOut(Shape):
    """What is needed. Plan lines the asking side alone sees."""

    id: UUID
    category: Category
    specification: Name
    unit: Unit
    quantity: PositiveKilos
    farm_plan_line_id: UUID | None
    plan_exception: PlanException | None


class QuoteLineOut(Shape):
    """A line of a quote. ``delivered_unit_price`` is per unit of the request's line (not per pack),
    with the line's part of the freight by its amount: what lines of quotes are compared by.
    """

    line_id: UUID
    item_id: UUID
    sku: Code
    description: Name
    pack_size: PositiveKilos
    quantity: Annotated[PositiveKilos, Field(description="Packs")]
    unit_price: Money
    amount: Money
    delivered_unit_price: UnitPrice | None


class QuoteOut(Resource):
    """A quote. ``total`` is lines and freight; ``unquoted_line_ids`` are the lines left out.

    ``seal`` stands in the ledger since the quote was sent: the SHA-256 of the canonical JSON
    (RFC 8785) of ``{"salt", "terms"}``, where ``terms`` has currency, delivery_days, freight,
    payment_terms, valid_until and lines (line_id, item_id, quantity, unit_price, by line_id), all
    amounts as strings as here.
    """

    supplier_id: UUID
    supplier: Name
    state: QuoteState
    total: Money
    freight: Money
    delivery_days: Days
    payment_terms: Sentence
    valid_until: Day
    salt: Annotated[str, Field(max_length=32, pattern=r"^[0-9a-f]{32}$")]
    seal: Sha256
    lines: Annotated[list[QuoteLineOut], Field(max_length=50)]
    unquoted_line_ids: Annotated[list[UUID], Field(max_length=50)]


class QuoteRequestSummary(Resource):
    """A request without its lines. The cluster the asking side alone sees, the order the
    winner, too.
    """

    organization_id: UUID
    cluster_id: UUID | None
    state: QuoteRequestState
    name: Name
    currency: Currency
    delivery_ubigeo: Ubigeo
    closes_at: Instant
    award_until: Instant
    ended_at: Instant | None
    reason: Sentence | None
    order_id: UUID | None


class QuoteRequestOut(QuoteRequestSummary):
    """A request. Who else was asked, the asking side alone sees.

    ``quotes``: a supplier finds its own, always, and no other, ever. The asking side finds all that
    stood at the deadline, the cheapest in total first, from then on; before it, none, and not how
    many there are; and none of a request that was cancelled before its deadline.
    """

    lines: Annotated[list[QuoteRequestLineOut], Field(max_length=50)]
    supplier_ids: Annotated[list[UUID], Field(max_length=50)] | None
    quotes: Annotated[list[QuoteOut], Field(max_length=50)]


class QuoteRequestSearch(PageParameters):
    """Filters of the list."""

    state: Annotated[QuoteRequestState | None, Field(description="In this state")] = None
    cluster_id: Annotated[UUID | None, Field(description="For this cluster, of one's own")] = None


class CancellationIn(Shape):
    """Why. Told to everybody who was asked."""

    reason: Sentence = Field(examples=["La compra se hará en enero"])
