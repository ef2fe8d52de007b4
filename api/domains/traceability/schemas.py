"""Wire shapes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.core.wire import Code, Day, Hectares, Kilos, Money, Name, Shape, Share, Ubigeo, whole
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.deliveries.vocabulary import CocoaForm
from api.domains.loans.states import LoanState
from api.domains.lots.schemas import LotInputOut
from api.domains.lots.vocabulary import CustodyModel, LotProcess
from api.domains.plots.vocabulary import GeometryKind, LandUse
from api.domains.shipments.states import ShipmentState
from api.domains.visits.states import VisitState
from api.domains.visits.vocabulary import Practice

Version = Annotated[int, *whole(1, 1_000_000)]
_MANY = 100_000


class TracedLot(Shape):
    """The lot, or one that it was made of."""

    lot_id: UUID
    code: Code
    form: CocoaForm
    process: LotProcess
    custody: CustodyModel
    made_on: Day
    kg: Kilos
    inputs: Annotated[list[LotInputOut], Field(max_length=_MANY)]


class TracedDelivery(Shape):
    """A delivery that is in the lot. ``kg``: how much of it went in, as it was delivered, wet where
    it was dried since; ``share``: its part of the lot's kilos.
    """

    delivery_id: UUID
    producer_id: UUID
    delivered_on: Day
    form: CocoaForm
    kg: Kilos
    share: Share


class TracedPlot(Shape):
    """A plot and its part of the lot."""

    plot_id: UUID
    producer_id: UUID
    geometry_kind: GeometryKind
    geometry_version: Version
    area_ha: Hectares
    land_use: LandUse
    ubigeo: Ubigeo | None
    share: Share


class TracedProducer(Shape):
    """A producer and their part of the lot."""

    producer_id: UUID
    share: Share


class TracedInput(Shape):
    """An input or service received for a plan line of these plots or producers."""

    order_id: UUID
    order_line_id: UUID
    input_batch_id: UUID | None
    supplier_id: UUID
    farm_plan_line_id: UUID
    plot_id: UUID | None
    category: Category
    description: Name
    unit: Unit
    quantity: Annotated[Kilos, Field(description="Received, in the unit")]
    batch_number: Annotated[str, Field(max_length=64, pattern=r"^[^\x00-\x1f]*$")] | None
    expires_on: Day | None
    received_on: Day | None


class TracedVisit(Shape):
    """Assistance to these plots or producers before they delivered; what was found is not shown."""

    visit_id: UUID
    provider_id: UUID
    producer_id: UUID
    visited_on: Day
    practice: Practice
    state: VisitState
    plot_ids: Annotated[list[UUID], Field(max_length=50)]


class TracedLoan(Shape):
    """Credit that these producers took for their plans."""

    loan_id: UUID
    lender_id: UUID
    producer_id: UUID
    state: LoanState
    financed: Annotated[Money, Field(description="For this producer's plan lines")]
    disbursed: Money


class TracedShipment(Shape):
    """Where the lot went."""

    shipment_id: UUID
    buyer_id: UUID
    purchase_commitment_id: UUID | None
    kg: Kilos
    shipped_on: Day
    state: ShipmentState


class TraceOut(Shape):
    """Everything behind a lot. ``redacted`` names what the caller may not see."""

    lot: TracedLot
    lots: Annotated[list[TracedLot], Field(max_length=_MANY)]
    deliveries: Annotated[list[TracedDelivery], Field(max_length=_MANY)]
    plots: Annotated[list[TracedPlot], Field(max_length=_MANY)]
    producers: Annotated[list[TracedProducer], Field(max_length=_MANY)]
    inputs: Annotated[list[TracedInput], Field(max_length=_MANY)]
    assistance: Annotated[list[TracedVisit], Field(max_length=_MANY)]
    credit: Annotated[list[TracedLoan], Field(max_length=_MANY)]
    shipments: Annotated[list[TracedShipment], Field(max_length=_MANY)]
    redacted: Annotated[list[Literal["credit"]], Field(max_length=1)]


class LotOfBatch(Shape):
    """A lot with cocoa from plots that a batch was for, and where it went."""

    lot_id: UUID
    code: Code
    form: CocoaForm
    process: LotProcess
    custody: CustodyModel
    made_on: Day
    kg: Kilos
    shipments: Annotated[list[TracedShipment], Field(max_length=_MANY)]


class BatchTraceOut(Shape):
    """The lots of one's own that hold cocoa from a batch's plots, delivered since it arrived."""

    input_batch_id: UUID
    lots: Annotated[list[LotOfBatch], Field(max_length=_MANY)]
