"""Actions on shipments."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotAllowed, NotFound, RuleBroken
from api.domains.deliveries.vocabulary import CocoaForm
from api.domains.lots import repository as lots
from api.domains.lots.rules import Source, reasons_against_day
from api.domains.lots.service import draw
from api.domains.organizations import repository as organizations
from api.domains.purchase_commitments import service as commitments
from api.domains.shipments import repository
from api.domains.shipments.schemas import ReceiptIn, ShipmentIn
from api.domains.shipments.states import LIFECYCLE
from api.models.lots import Lot
from api.models.shipments import Shipment, ShipmentLot
from api.policies import Role
from api.transactions import Event, UnitOfWork


async def dispatch(uow: UnitOfWork, wish: ShipmentIn) -> UUID:
    """Kilos of dry lots leave for a buyer."""
    if await organizations.verified(uow, wish.buyer_id, Role.BUYER) is None:
        raise NotFound("buyer")
    ids = [part.lot_id for part in wish.lots]
    if len(set(ids)) != len(ids):
        raise InvalidPayload(errors=[_fault("/lots", "lot-twice", "un lote aparece dos veces")])
    found = await lots.own_for_update(uow, ids)
    _check(wish, found)
    kg = sum((part.kg for part in wish.lots), Decimal(0))
    shipment = Shipment(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        kg=kg,
        state=LIFECYCLE.initial,
        **wish.model_dump(exclude={"lots"}),
    )
    uow.add(shipment)
    for part in wish.lots:
        draw(found[part.lot_id], part.kg)
        uow.add(ShipmentLot(shipment_id=shipment.id, lot_id=part.lot_id, kg=part.kg))
    if wish.purchase_commitment_id:
        await _count_towards(uow, wish, wish.purchase_commitment_id, shipment)
    uow.record(
        Event(
            "shipment.dispatched",
            ("shipment", shipment.id),
            {
                "kg": str(kg),
                "guide_number": wish.guide_number,
                "shipped_on": wish.shipped_on.isoformat(),
                "lots": [{"lot_id": str(p.lot_id), "kg": str(p.kg)} for p in wish.lots],
            },
            related=(("organization", wish.buyer_id), *(("lot", lot_id) for lot_id in ids)),
        )
    )
    return shipment.id


async def _count_towards(
    uow: UnitOfWork, wish: ShipmentIn, commitment_id: UUID, shipment: Shipment
) -> None:
    """Count the kilos towards a commitment of this buyer with this organisation, and no other."""
    load = commitments.Load(wish.buyer_id, shipment.kg, wish.shipped_on)
    commitment = await commitments.ship(uow, commitment_id, load, ("shipment", shipment.id))
    if commitment.shipped_kg >= commitment.kg_dry:
        await commitments.fulfil(uow, commitment_id, ("shipment", shipment.id))


async def receive(uow: UnitOfWork, shipment_id: UUID, wish: ReceiptIn) -> None:
    """The buyer says what arrived."""
    shipment = await repository.party_for_update(uow, shipment_id)
    if shipment is None:
        raise NotFound("shipment")
    if shipment.buyer_id != uow.actor.organization_id:
        raise NotAllowed(es="solo el comprador recibe", en="only the buyer receives")
    transition = LIFECYCLE.apply("receive", shipment.state)
    if wish.received_on > today():
        raise InvalidPayload(errors=[_fault("/received_on", "in-the-future", "la fecha es futura")])
    if wish.received_on < shipment.shipped_on:
        raise InvalidPayload(
            errors=[_fault("/received_on", "before-shipping", "anterior al envío")]
        )
    if wish.received_kg > shipment.kg:
        raise InvalidPayload(
            errors=[_fault("/received_kg", "more-than-shipped", "más de lo enviado")]
        )
    shipment.state = transition.target
    shipment.received_on = wish.received_on
    shipment.received_kg = wish.received_kg
    uow.record(
        Event(
            transition.event,
            ("shipment", shipment_id),
            {"received_kg": str(wish.received_kg), "received_on": wish.received_on.isoformat()},
            related=(("organization", shipment.organization_id),),
        )
    )


_ENGLISH = {
    "lot-twice": "a lot appears twice",
    "before-shipping": "before it was shipped",
    "more-than-shipped": "more than was shipped",
    "not-dry": "only dry cocoa is shipped",
    "in-the-future": "the day is to come",
}


def _fault(pointer: str, code: str, es: str) -> FieldError:
    return FieldError(pointer, code, {"es": es, "en": _ENGLISH[code]})


def _check(wish: ShipmentIn, found: Mapping[UUID, Lot]) -> None:
    errors = []
    for index, part in enumerate(wish.lots):
        lot = found.get(part.lot_id)
        if lot is None:
            raise NotFound("lot")
        if lot.form is not CocoaForm.DRY:
            errors.append(_fault(f"/lots/{index}", "not-dry", "solo se envía cacao seco"))
        if part.kg > lot.unused_kg:
            left = {
                "es": f"quedan {lot.unused_kg} kg",
                "en": f"{lot.unused_kg} kg are left",
            }
            errors.append(FieldError(f"/lots/{index}/kg", "not-enough-kilos", left))
    sources = [
        Source(lot.unused_kg, str(lot.form), frozenset(), lot.made_on) for lot in found.values()
    ]
    errors += [
        FieldError(r.pointer, r.code, {"es": r.es, "en": r.en})
        for r in reasons_against_day(wish.shipped_on, today(), sources, "/shipped_on")
    ]
    if errors:
        raise RuleBroken(errors=errors)
