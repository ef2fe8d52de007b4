"""Giving and reading contacts."""

from typing import Final
from uuid import UUID

import orjson

from api.core.ids import new_id
from api.core.problems import NotFound, RuleBroken, StateConflict
from api.domains.consents.problems import ConsentRequired
from api.domains.consents.service import consented
from api.domains.consents.vocabulary import Purpose
from api.domains.delivery_contacts import repository
from api.domains.orders.schemas import DeliveryContactIn
from api.domains.orders.service import BUYER, follow, load
from api.domains.orders.states import IN_HAND, LIFECYCLE, WAITING
from api.domains.orders.texts import fault
from api.domains.producers.repository import ACTIVE
from api.models.orders import DeliveryContact
from api.reads import Document, Reader
from api.transactions import UnitOfWork

PURPOSE: Final = Purpose.SERVICE_DELIVERY


async def give(uow: UnitOfWork, order_id: UUID, wish: DeliveryContactIn) -> None:
    """The buyer says to whom an order is delivered, or says it anew. The event says only that."""
    order = await load(uow, order_id, BUYER)
    if order.state not in IN_HAND | WAITING:
        allowed = LIFECYCLE.allowed(order.state)
        raise StateConflict("give_delivery_contact", order.state, allowed)
    if wish.producer_id and not await uow.fetch(ACTIVE, producer_id=wish.producer_id):
        raise RuleBroken(errors=[fault("/producer_id", "producer-unknown")])
    values = wish.model_dump()
    contact = await repository.of_order(uow, order_id)
    if contact is None:
        uow.add(DeliveryContact(id=new_id(), order_id=order_id, **values))
    else:
        for name, value in values.items():
            setattr(contact, name, value)
    follow(uow, order, order.state, "order.delivery_contact_given")


async def read(reader: Reader, order_id: UUID) -> Document:
    """The contact of an order. To the supplier, one that names a producer is disclosed by the
    producer's consent, without which it is refused (403).
    """
    found = await reader.rows(repository.CONTACT, order_id=order_id)
    if not found:
        raise NotFound("delivery contact")
    [(body, buyer_id, producer_id)] = found
    disclosure = None
    if producer_id is not None and buyer_id != reader.actor.organization_id:
        consents = await consented(reader, [producer_id], PURPOSE)
        if producer_id not in consents:
            raise ConsentRequired(extensions={"purposes": []})
        disclosure = {"purpose": PURPOSE, "consent_id": str(consents[producer_id])}
    return Document(orjson.dumps({**orjson.loads(body), "disclosure": disclosure}), 0)


async def forget_ended(uow: UnitOfWork) -> int:
    """Delete the contacts of orders that are over: nothing more is delivered."""
    return await repository.forget_ended(uow)
