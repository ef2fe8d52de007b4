"""Shipments of lots to a buyer."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint

from api.domains.shipments.states import ShipmentState
from api.models.base import Entity, enum_column, kilos, link


class Shipment(Entity, table=True):
    """Kilos that leave for a buyer, against a commitment where there is one."""

    __tablename__ = "shipments"
    ledger_subject: ClassVar = "shipment"

    organization_id: UUID = link("organizations.id")
    buyer_id: UUID = link("organizations.id")
    purchase_commitment_id: UUID | None = link("purchase_commitments.id", default=None)
    guide_number: str
    shipped_on: date
    received_on: date | None = None
    kg: Decimal = kilos()
    received_kg: Decimal | None = kilos(default=None, nullable=True)
    state: ShipmentState = enum_column(ShipmentState, "state")


class ShipmentLot(Entity, table=True):
    """Kilos of a lot in a shipment."""

    __tablename__ = "shipment_lots"
    __table_args__ = (
        UniqueConstraint("shipment_id", "lot_id"),
        CheckConstraint("kg > 0", name="kg_positive"),
    )
    ledger_subject: ClassVar = "shipment"
    ledger_key: ClassVar = "shipment_id"

    shipment_id: UUID = link("shipments.id", index=False)
    lot_id: UUID = link("lots.id")
    kg: Decimal = kilos()
