"""``/v1/orders``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.delivery_contacts import service as contacts
from api.domains.delivery_contacts.schemas import DeliveryContactOut
from api.domains.order_answers import service as answers
from api.domains.order_answers.schemas import AcceptanceIn, ProposalsAnswerIn
from api.domains.order_cancellations import service as cancellations
from api.domains.order_disputes import service as disputes
from api.domains.order_disputes.schemas import DisputeIn, SettlementIn, SettlementOfferIn
from api.domains.order_fulfilment import service as fulfilment
from api.domains.order_fulfilment.schemas import DispatchIn, InvoiceIn, ReceiptIn
from api.domains.order_payments import service as payments
from api.domains.orders import repository, service
from api.domains.orders.schemas import (
    DeliveryContactIn,
    OrderIn,
    OrderOut,
    OrderSearch,
    OrderSummary,
    PaymentIn,
    ReasonIn,
)
from api.domains.orders.service import BUYER, SUPPLIER
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, shown, where
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires
from api.routers.disclosures import traced
from api.routers.guarded import room

router = room("/v1/orders", "orders")

OrderId = Annotated[UUID, Path(description="Id of the order")]
CanRead = Annotated[Actor, Depends(Requires(Permission.ORDERS_READ))]
CanPlace = Annotated[Actor, Depends(Requires(Permission.ORDERS_PLACE))]
CanFulfil = Annotated[Actor, Depends(Requires(Permission.ORDERS_FULFIL))]


@router.post("", status_code=201, response_model=OrderOut)
async def place_order(wish: OrderIn, uow: KeyedUnitOfWorkDep, _: CanPlace) -> Response:
    """Order packs from one supplier. Each line names the line of an accepted farm plan that it
    serves, or the exception by which it does without. Prices are those of today, by quantity;
    stock is reserved at once. Where a line cannot be served nothing is ordered, and every reason
    is named with what is left.
    """
    order_id = await service.place(uow, wish)
    if wish.delivery_contact:
        await contacts.give(uow, order_id, wish.delivery_contact)
    return await created(uow, repository.ORDER, where("orders", order_id), order_id=order_id)


@router.get("", response_model=PageOf[OrderSummary])
async def list_orders(
    request: Request, search: Annotated[OrderSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """The orders that one placed or is to fulfil, the newest first; or by deadline those that
    wait for an answer: with `side=supplier&state=placed`, what a supplier is to answer.
    """
    urgent = search.sort == "deadline"
    orders = repository.ORDERS_BY_DEADLINE if urgent else repository.ORDERS
    return await listed(request, reader, orders, search)


@router.get("/{order_id}", response_model=OrderOut)
async def get_order(request: Request, order_id: OrderId, reader: ReaderDep, _: CanRead) -> Response:
    """One order with its lines, dispatches and payments, for both sides and for a lender whose
    loan paid it.
    """
    return await fetched(request, reader, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/accept", response_model=OrderOut)
async def accept_order(
    order_id: OrderId, uow: KeyedUnitOfWorkDep, _: CanFulfil, wish: AcceptanceIn | None = None
) -> Response:
    """The supplier takes the order on: in full, or line by line. Stock and plan lines of lines that
    it declines are free again. Where it proposes a substitute, an item of its own on offer at the
    offer's price or less, the buyer is to answer before the order is accepted.
    """
    await answers.accept(uow, order_id, wish or AcceptanceIn())
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/answer-substitutes", response_model=OrderOut)
async def answer_substitutes(
    order_id: OrderId, wish: ProposalsAnswerIn, uow: KeyedUnitOfWorkDep, _: CanPlace
) -> Response:
    """The buyer takes or declines every substitute that was proposed. One that is taken becomes a
    line of the order and reserves its own stock, for the same plan line, of which enough must be
    left. Without any line left the order is cancelled.
    """
    await answers.answer(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/reject", response_model=OrderOut)
async def reject_order(
    order_id: OrderId, wish: ReasonIn, uow: KeyedUnitOfWorkDep, _: CanFulfil
) -> Response:
    """The supplier declines; stock and plan lines are free again."""
    await cancellations.give_up(uow, order_id, "reject", SUPPLIER, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/cancel", response_model=OrderOut)
async def cancel_order(
    order_id: OrderId, uow: KeyedUnitOfWorkDep, _: CanPlace, wish: ReasonIn | None = None
) -> Response:
    """The buyer gives up: before anything was paid or dispatched the order, once a part is on the
    road the rest of it. Stock and plan lines are free again.
    """
    await cancellations.give_up(uow, order_id, "cancel", BUYER, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/dispatch", response_model=OrderOut)
async def dispatch_order(
    order_id: OrderId, wish: DispatchIn, uow: KeyedUnitOfWorkDep, _: CanFulfil
) -> Response:
    """The supplier sends packs under a guía de remisión: all that is left, or a part."""
    await fulfilment.dispatch(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/invoice", response_model=OrderOut)
async def invoice_order(
    order_id: OrderId, wish: InvoiceIn, uow: KeyedUnitOfWorkDep, _: CanFulfil
) -> Response:
    """The supplier names its factura or boleta, once it has accepted; a later one takes the place
    of the one before, and the ledger keeps both.
    """
    await fulfilment.invoice(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/receive", response_model=OrderOut)
async def receive_order(
    order_id: OrderId, wish: ReceiptIn, uow: KeyedUnitOfWorkDep, _: CanPlace
) -> Response:
    """The buyer says of every line what arrived, what is damaged, and its batch number."""
    await fulfilment.receive(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/dispute", response_model=OrderOut)
async def dispute_order(
    order_id: OrderId, wish: DisputeIn, uow: KeyedUnitOfWorkDep, _: CanPlace
) -> Response:
    """The buyer contests what was sent or received."""
    await disputes.dispute(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/offer-settlement", response_model=OrderOut)
async def offer_settlement(
    order_id: OrderId, wish: SettlementOfferIn, uow: KeyedUnitOfWorkDep, _: CanFulfil
) -> Response:
    """The supplier offers how to end a dispute: a credit note, a replacement of what is missing or
    damaged, or nothing. A later offer takes the place of an earlier one.
    """
    await disputes.offer(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/settle", response_model=OrderOut)
async def settle_order(
    order_id: OrderId, wish: SettlementIn, uow: KeyedUnitOfWorkDep, _: CanPlace
) -> Response:
    """The buyer ends a dispute by taking what the supplier offers, named once more, or by asking
    for `nothing`. A credit note is taken off what the order costs; what was paid beyond is
    `refund_due`. A replacement is on the road and is received anew.
    """
    await disputes.settle(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/close", response_model=OrderOut)
async def close_order(order_id: OrderId, uow: KeyedUnitOfWorkDep, _: CanPlace) -> Response:
    """Nothing more is to come; not while the supplier owes a refund."""
    await service.close(uow, order_id)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/refunds", response_model=OrderOut)
async def refund_order(
    order_id: OrderId, wish: PaymentIn, uow: KeyedUnitOfWorkDep, _: CanPlace
) -> Response:
    """Record money that came back from the supplier; never more than was paid."""
    await payments.refund(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/payments", response_model=OrderOut)
async def pay_order(
    order_id: OrderId, wish: PaymentIn, uow: KeyedUnitOfWorkDep, _: CanPlace
) -> Response:
    """Record money that the supplier was paid; never more than the order's total."""
    await payments.pay(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.post("/{order_id}/delivery-contact", response_model=OrderOut)
async def give_delivery_contact(
    order_id: OrderId, wish: DeliveryContactIn, uow: KeyedUnitOfWorkDep, _: CanPlace
) -> Response:
    """Say to whom and where an order is delivered, or say it anew. It is deleted when the order is
    over. The answer is the order: whatever keeps answers keeps no contact.
    """
    await contacts.give(uow, order_id, wish)
    return await changed(uow, repository.ORDER, order_id=order_id)


@router.get("/{order_id}/delivery-contact", response_model=DeliveryContactOut)
async def get_delivery_contact(
    request: Request, order_id: OrderId, reader: ReaderDep, _: CanRead
) -> Response:
    """To whom and where an order is delivered: for the buyer, and for the supplier from acceptance
    until the order is over. A contact that names a producer needs that producer's consent
    (`service_delivery`), and each read of it by the supplier is in the producer's access log.
    """
    response = shown(await contacts.read(reader, order_id), personal=True)
    purpose, operation = contacts.PURPOSE, "get_delivery_contact"
    return await traced(request, reader, response, purpose, operation, producer="producer_id")
