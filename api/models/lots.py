"""Lots: kilos that travel together, and where each of them came from."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint

from api.domains.deliveries.vocabulary import CocoaForm
from api.domains.lots.states import LotState
from api.domains.lots.vocabulary import CustodyModel, LotProcess
from api.models.base import Entity, enum_column, kilos, link


class Lot(Entity, table=True):
    """A lot of wet or dry cocoa."""

    __tablename__ = "lots"
    __table_args__ = (
        UniqueConstraint("organization_id", "code"),
        CheckConstraint("kg > 0", name="kg_positive"),
        CheckConstraint("unused_kg BETWEEN 0 AND kg", name="no_kilo_twice"),
    )
    ledger_subject: ClassVar = "lot"

    organization_id: UUID = link("organizations.id")
    code: str
    form: CocoaForm = enum_column(CocoaForm, "form")
    process: LotProcess = enum_column(LotProcess, "process")
    custody: CustodyModel = enum_column(CustodyModel, "custody")
    made_on: date
    kg: Decimal = kilos()
    unused_kg: Decimal = kilos()
    state: LotState = enum_column(LotState, "state")


class LotInput(Entity, table=True):
    """Kilos that a delivery or another lot gave to a lot."""

    __tablename__ = "lot_inputs"
    __table_args__ = (
        CheckConstraint("num_nonnulls(delivery_id, source_lot_id) = 1", name="one_source"),
        CheckConstraint("kg > 0", name="kg_positive"),
        CheckConstraint("source_lot_id <> lot_id", name="not_its_own_source"),
    )
    ledger_subject: ClassVar = "lot"
    ledger_key: ClassVar = "lot_id"

    lot_id: UUID = link("lots.id")
    delivery_id: UUID | None = link("deliveries.id", default=None)
    source_lot_id: UUID | None = link("lots.id", default=None)
    kg: Decimal = kilos()
