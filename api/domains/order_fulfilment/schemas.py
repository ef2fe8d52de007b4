"""Wire shapes."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import Code, Day, Kilos, Sha256, Shape
from api.domains.orders.schemas import DispatchedLine, GuideNumber, InvoiceNumber


class DispatchIn(Shape):
    """All or part of what is left to send."""

    guide_number: GuideNumber = Field(examples=["T001-00001234"])
    dispatched_on: Day = Field(examples=["2026-11-23"])
    invoice_number: InvoiceNumber | None = Field(default=None, examples=["F001-00001234"])
    lines: Annotated[list[DispatchedLine], Field(min_length=1, max_length=1000)]


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
    lines: Annotated[list[ReceivedLine], Field(min_length=1, max_length=1000)]


class InvoiceIn(Shape):
    """The factura or boleta of the order."""

    invoice_number: InvoiceNumber = Field(examples=["F001-00001234"])
