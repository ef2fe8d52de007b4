"""Queries. A lot is seen by its organisation, and by the buyer to whom it was shipped."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, literal, or_, select

from api.core.documents import Query, children, document, instant, text_of
from api.core.paging import Listing
from api.models.deliveries import Delivery
from api.models.lots import Lot, LotInput
from api.models.shipments import Shipment, ShipmentLot
from api.transactions import UnitOfWork

_l = Lot.__table__.c  # type: ignore[attr-defined]
_i = LotInput.__table__.c  # type: ignore[attr-defined]
_d = Delivery.__table__.c  # type: ignore[attr-defined]
_s = Shipment.__table__.c  # type: ignore[attr-defined]
_sl = ShipmentLot.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_l.id,
    version=_l.version,
    created_at=instant(_l.created_at),
    updated_at=instant(_l.updated_at),
    organization_id=_l.organization_id,
    code=_l.code,
    form=_l.form,
    process=_l.process,
    custody=_l.custody,
    made_on=_l.made_on,
    kg=text_of(_l.kg),
    unused_kg=text_of(_l.unused_kg),
    state=_l.state,
    inputs=children(
        document(delivery_id=_i.delivery_id, source_lot_id=_i.source_lot_id, kg=text_of(_i.kg)),
        _i.lot_id == _l.id,
        order_by=_i.id,
    ),
)
_shipped_to_actor = (
    select(literal(1))
    .join_from(_sl.id.table, _s.id.table, _s.id == _sl.shipment_id)
    .where(_sl.lot_id == _l.id, _s.buyer_id == bindparam("actor"))
    .exists()
)
VISIBLE: Final = or_(_l.organization_id == bindparam("actor"), _shipped_to_actor)

LOT: Final = Query(select(SHAPE, _l.version).where(_l.id == bindparam("lot_id"), VISIBLE))
LOTS: Final = Listing(
    "lots",
    select(SHAPE).where(VISIBLE),
    order=[_l.id],
    descending=True,
    filters={
        "form": _l.form == bindparam("form"),
        "state": _l.state == bindparam("state"),
        "code": _l.code == bindparam("code"),
    },
)


def ancestry(lot_id: Any) -> Any:
    """A lot and all the lots it was made of, as a recursive CTE with one column ``lot_id``."""
    start = select(_l.id.label("lot_id")).where(_l.id == lot_id).cte("ancestry", recursive=True)
    before = select(_i.source_lot_id).where(
        _i.lot_id == start.c.lot_id, _i.source_lot_id.is_not(None)
    )
    return start.union(before)


async def own_for_update(uow: UnitOfWork, lot_ids: Sequence[UUID]) -> dict[UUID, Lot]:
    """Lots of the actor's organisation, locked in one order."""
    statement = (
        select(Lot)
        .where(_l.id.in_(lot_ids), _l.organization_id == uow.actor.organization_id)
        .order_by(_l.id)
        .with_for_update(of=Lot)
    )
    return {row[0].id: row[0] for row in await uow.rows(statement)}


async def producers_of(uow: UnitOfWork, lot_id: UUID) -> frozenset[UUID]:
    """Whose cocoa a lot holds."""
    lots = ancestry(lot_id)
    statement = (
        select(_d.producer_id)
        .join_from(_i.id.table, _d.id.table, _d.id == _i.delivery_id)
        .where(_i.lot_id.in_(select(lots.c.lot_id)))
        .distinct()
    )
    return frozenset(row[0] for row in await uow.rows(statement))
