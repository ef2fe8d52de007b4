"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import Code, Day, Kilos, PageParameters, PositiveKilos, Resource, Shape
from api.domains.shipments.states import ShipmentState


class ShipmentLotIn(Shape):
    """Kilos of a lot."""

    lot_id: UUID
    kg: PositiveKilos = Field(examples=["117.000"])


class ShipmentIn(Shape):
    """Lots that leave for a buyer."""

    buyer_id: UUID
    purchase_commitment_id: UUID | None = None
    guide_number: Code = Field(examples=["T001-00042"])
    shipped_on: Day = Field(examples=["2026-11-28"])
    lots: Annotated[list[ShipmentLotIn], Field(min_length=1, max_length=500)]


class ReceiptIn(Shape):
    """What arrived."""

    received_on: Day = Field(examples=["2026-11-30"])
    received_kg: Kilos = Field(examples=["116.500"])


class ShipmentOut(Resource):
    """A shipment."""

    organization_id: UUID
    buyer_id: UUID
    purchase_commitment_id: UUID | None
    guide_number: Code
    shipped_on: Day
    received_on: Day | None
    kg: Kilos
    received_kg: Kilos | None
    state: ShipmentState
    lots: Annotated[list[ShipmentLotIn], Field(max_length=500)]


class ShipmentSearch(PageParameters):
    """Filters of the list."""

    state: Annotated[ShipmentState | None, Field(description="In this state")] = None
    purchase_commitment_id: Annotated[
        UUID | None, Field(description="Against this purchase commitment")
    ] = None
