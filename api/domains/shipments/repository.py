"""Queries. A shipment is seen by seller and buyer."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from api.core.documents import Query, children, document, instant, text_of
from api.core.paging import Listing
from api.models.shipments import Shipment, ShipmentLot
from api.transactions import UnitOfWork

_s = Shipment.__table__.c  # type: ignore[attr-defined]
_sl = ShipmentLot.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_s.id,
    version=_s.version,
    created_at=instant(_s.created_at),
    updated_at=instant(_s.updated_at),
    organization_id=_s.organization_id,
    buyer_id=_s.buyer_id,
    purchase_commitment_id=_s.purchase_commitment_id,
    guide_number=_s.guide_number,
    shipped_on=_s.shipped_on,
    received_on=_s.received_on,
    kg=text_of(_s.kg),
    received_kg=text_of(_s.received_kg),
    state=_s.state,
    lots=children(
        document(lot_id=_sl.lot_id, kg=text_of(_sl.kg)),
        _sl.shipment_id == _s.id,
        order_by=_sl.id,
    ),
)
_party = or_(_s.organization_id == bindparam("actor"), _s.buyer_id == bindparam("actor"))

SHIPMENT: Final = Query(select(SHAPE, _s.version).where(_s.id == bindparam("shipment_id"), _party))
SHIPMENTS: Final = Listing(
    "shipments",
    select(SHAPE).where(_party),
    order=[_s.id],
    descending=True,
    filters={
        "state": _s.state == bindparam("state"),
        "purchase_commitment_id": _s.purchase_commitment_id == bindparam("purchase_commitment_id"),
    },
)


async def party_for_update(uow: UnitOfWork, shipment_id: UUID) -> Shipment | None:
    """A shipment of the actor, on whichever side, locked."""
    organization_id = uow.actor.organization_id
    return await uow.locked(
        Shipment,
        shipment_id,
        or_(_s.organization_id == organization_id, _s.buyer_id == organization_id),
    )
