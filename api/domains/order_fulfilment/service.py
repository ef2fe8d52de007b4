"""Actions on orders: sending and receiving."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import FieldError, RuleBroken, StateConflict
from api.domains.catalogues.rules import registration_fault
from api.domains.input_batches import service as input_batches
from api.domains.input_batches.service import Arrived
from api.domains.order_fulfilment import repository
from api.domains.order_fulfilment.schemas import DispatchIn, InvoiceIn, ReceiptIn, ReceivedLine
from api.domains.order_lines.repository import lines_of
from api.domains.orders import fulfilment
from api.domains.orders.fulfilment import Arrival, Held
from api.domains.orders.repository import side_for_update
from api.domains.orders.service import BUYER, SUPPLIER, follow, load, refuse_future
from api.domains.orders.states import INVOICED, LIFECYCLE, UNSENT, OrderState
from api.domains.orders.texts import fault
from api.models.orders import OrderDispatch, OrderLine, OrderReceipt
from api.transactions import UnitOfWork


async def dispatch(uow: UnitOfWork, order_id: UUID, wish: DispatchIn) -> None:
    """Send all or part of what is left; the state says which."""
    order = await load(uow, order_id, SUPPLIER)
    LIFECYCLE.apply("dispatch", order.state)
    lines = await lines_of(uow, order_id)
    held, sent = _held(lines), [(line.line_id, line.quantity) for line in wish.lines]
    refuse_future(wish.dispatched_on, "/dispatched_on")
    faults = fulfilment.dispatch_faults(held, sent) + await _blocked(uow, lines, held, sent)
    if faults:
        raise RuleBroken(errors=faults)
    action = "dispatch" if fulfilment.is_complete(held, sent) else "dispatch_part"
    transition = LIFECYCLE.apply(action, order.state)
    quantities = dict(sent)
    for line in lines:
        line.dispatched_quantity += quantities.get(line.id, 0)
    order.invoice_number = wish.invoice_number or order.invoice_number
    shown: list[Any] = [{"line_id": str(i), "quantity": f"{q:.3f}"} for i, q in sent]
    uow.add(
        OrderDispatch(
            id=new_id(),
            order_id=order_id,
            guide_number=wish.guide_number,
            dispatched_on=wish.dispatched_on,
            lines=shown,
        )
    )
    data = {
        "guide_number": wish.guide_number,
        "dispatched_on": wish.dispatched_on.isoformat(),
        "lines": shown,
    }
    follow(uow, order, transition.target, transition.event, data)


async def _blocked(
    uow: UnitOfWork,
    lines: Sequence[OrderLine],
    held: Mapping[UUID, Held],
    sent: Sequence[tuple[UUID, Any]],
) -> list[FieldError]:
    """Why SENASA's word keeps lines from being sent, as it stands today."""
    items = {line.id: line.item_id for line in lines}
    told = {line.id: line.blocked_by for line in lines}
    codes = await _codes(uow, [items[line_id] for line_id, _ in sent if line_id in held], today())
    return [
        fault(f"/lines/{index}/line_id", code)
        for index, (line_id, _) in enumerate(sent)
        if line_id in held and (code := told[line_id] or codes[items[line_id]])
    ]


async def _codes(uow: UnitOfWork, item_ids: Sequence[UUID], day: date) -> dict[UUID, str | None]:
    standings = await repository.registrations(uow, item_ids)
    faults = {item_id: registration_fault(each, day) for item_id, each in standings.items()}
    return {item_id: found.code if found else None for item_id, found in faults.items()}


async def follow_registration(uow: UnitOfWork, item_id: UUID) -> None:
    """Follow SENASA's word on an item of the actor's: what is still to be sent under the same
    registration is blocked, or free again, and both sides of each order are told.
    """
    code = (await _codes(uow, [item_id], today()))[item_id]
    codes = dict.fromkeys(await repository.same_registration(uow, item_id), code)
    for order_id in await repository.unsent_orders(uow, list(codes)):
        await _mark(uow, order_id, codes)


async def newly_expired(uow: UnitOfWork) -> list[UUID]:
    """Orders with packs still to be sent whose registration has expired since they were placed."""
    return await repository.newly_expired(uow, today())


async def block_expired(uow: UnitOfWork, order_id: UUID) -> None:
    """Say of an order's lines that their registration has expired."""
    codes = await _codes(uow, await repository.items_of(uow, order_id), today())
    await _mark(uow, order_id, {item_id: code for item_id, code in codes.items() if code})


async def _mark(uow: UnitOfWork, order_id: UUID, codes: Mapping[UUID, str | None]) -> None:
    order = await side_for_update(uow, order_id)
    if order is None or order.state not in UNSENT:
        return  # It went on while this waited.
    changed = []
    for line in await lines_of(uow, order_id):
        left = line.quantity - line.cancelled_quantity - line.dispatched_quantity
        if line.item_id in codes and left and line.blocked_by != codes[line.item_id]:
            line.blocked_by = codes[line.item_id]
            changed.append(line)
    for event in ("order.lines_blocked", "order.lines_unblocked"):
        shown: list[Any] = [
            {"line_id": str(line.id), "blocked_by": line.blocked_by}
            for line in changed
            if (line.blocked_by is not None) == (event == "order.lines_blocked")
        ]
        if shown:
            follow(uow, order, order.state, event, {"lines": shown})


async def invoice(uow: UnitOfWork, order_id: UUID, wish: InvoiceIn) -> None:
    """The supplier names its invoice, or another one in its place."""
    order = await load(uow, order_id, SUPPLIER)
    if order.state not in INVOICED:
        raise StateConflict("invoice", order.state, LIFECYCLE.allowed(order.state))
    order.invoice_number = wish.invoice_number
    follow(uow, order, order.state, "order.invoiced", {"invoice_number": wish.invoice_number})


async def receive(uow: UnitOfWork, order_id: UUID, wish: ReceiptIn) -> None:
    """Say line by line what arrived: of a part that was sent, or at last, when the rest is
    shortage. Inputs are kept by batch, tied to the plots that they are for.
    """
    order = await load(uow, order_id, BUYER)
    last = order.state is not OrderState.PARTIALLY_DISPATCHED
    transition = LIFECYCLE.apply("receive" if last else "receive_part", order.state)
    day = wish.received_on or today()
    refuse_future(day, "/received_on")
    await _refuse_before_dispatch(uow, order_id, day)
    lines = await lines_of(uow, order_id)
    arrivals = [
        Arrival(line.line_id, line.received_quantity, line.damaged_quantity) for line in wish.lines
    ]
    if faults := fulfilment.receipt_faults(_held(lines), arrivals, last=last):
        raise RuleBroken(errors=faults)
    by_id = {line.id: line for line in lines}
    for found in wish.lines:
        line = by_id[found.line_id]
        line.received_quantity += found.received_quantity
        line.damaged_quantity += found.damaged_quantity
        line.batch_number = found.batch_number or line.batch_number
    shown: list[Any] = [_shown(line) for line in wish.lines]
    receipt = OrderReceipt(id=new_id(), order_id=order_id, received_on=day, lines=shown)
    uow.add(receipt)
    arrived = [
        Arrived(by_id[x.line_id], x.received_quantity, x.batch_number, x.expires_on)
        for x in wish.lines
    ]
    related = await input_batches.keep(uow, order, arrived, day)
    data = {"received_on": day.isoformat(), "lines": shown}
    follow(uow, order, transition.target, transition.event, data, related)


async def _refuse_before_dispatch(uow: UnitOfWork, order_id: UUID, day: date) -> None:
    """An input counts as used from the day of its receipt on: never before it was sent."""
    sent = await repository.first_dispatch(uow, order_id)
    if sent is not None and day < sent:
        raise RuleBroken(errors=[fault("/received_on", "before-dispatch")])


def _shown(line: ReceivedLine) -> dict[str, Any]:
    return {
        "line_id": str(line.line_id),
        "received_quantity": f"{line.received_quantity:.3f}",
        "damaged_quantity": f"{line.damaged_quantity:.3f}",
        "batch_number": line.batch_number,
        "expires_on": line.expires_on.isoformat() if line.expires_on else None,
        "photo_hashes": list(line.photo_hashes),
    }


def _held(lines: list[OrderLine]) -> dict[UUID, Held]:
    return {
        line.id: Held(
            line.quantity - line.cancelled_quantity,
            line.dispatched_quantity,
            line.received_quantity + line.damaged_quantity,
        )
        for line in lines
    }
