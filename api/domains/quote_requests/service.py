"""Actions on quote requests and quotes. The request is locked first, in all of them."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

from api.core.clock import PERU, now, today
from api.core.ids import new_id
from api.core.problems import NotAllowed, NotFound, RuleBroken
from api.domains.orders import service as orders
from api.domains.orders.repository import has_cluster, locked_offers, locked_plan_lines
from api.domains.orders.rules import Offered, Wish, amount_of
from api.domains.orders.service import Terms
from api.domains.orders.states import LIFECYCLE as ORDER_LIFECYCLE
from api.domains.orders.texts import fault as order_fault
from api.domains.quote_requests import repository, rules
from api.domains.quote_requests.rules import TIME_TO_AWARD, Asked, Bid
from api.domains.quote_requests.schemas import AwardIn, CancellationIn, QuoteIn, QuoteRequestIn
from api.domains.quote_requests.states import (
    LIFECYCLE,
    QUOTE_LIFECYCLE,
    QuoteRequestState,
    QuoteState,
)
from api.domains.quote_requests.texts import fault
from api.models.orders import Order
from api.models.quote_requests import (
    Quote,
    QuoteLine,
    QuoteRequest,
    QuoteRequestLine,
    QuoteRequestSupplier,
)
from api.transactions import Event, UnitOfWork

MOST_SUPPLIERS: Final = 50


async def ask(uow: UnitOfWork, wish: QuoteRequestIn) -> UUID:
    """Ask suppliers for quotes, each without knowing of the others."""
    planned = [line.farm_plan_line_id for line in wish.lines if line.farm_plan_line_id]
    plan_lines = await locked_plan_lines(uow, planned)
    asked = [(Asked(x.category, x.unit, x.quantity), x.farm_plan_line_id) for x in wish.lines]
    faults = [
        *rules.closing_faults(wish.closes_at, now()),
        *rules.plan_faults(asked, plan_lines),
    ]
    if not await has_cluster(uow, wish.cluster_id):
        faults.append(order_fault("/cluster_id", "cluster-unknown"))
    suppliers = await _suppliers(uow, wish)
    if not suppliers:
        faults.append(fault("/supplier_ids", "no-supplier"))
    known = await repository.verified_suppliers(uow, suppliers)
    faults += [
        fault(f"/supplier_ids/{index}", "supplier-unknown")
        for index, each in enumerate(suppliers)
        if each not in known or each == uow.actor.organization_id
    ]
    if faults:
        raise RuleBroken(errors=faults)
    return _open(uow, wish, suppliers)


async def _suppliers(uow: UnitOfWork, wish: QuoteRequestIn) -> list[UUID]:
    if wish.supplier_ids is not None:
        return list(dict.fromkeys(wish.supplier_ids))
    categories = {line.category.value for line in wish.lines}
    return await repository.offering(uow, categories, wish.delivery_ubigeo, MOST_SUPPLIERS)


def _open(uow: UnitOfWork, wish: QuoteRequestIn, suppliers: Sequence[UUID]) -> UUID:
    given = wish.model_dump(exclude={"lines", "supplier_ids"})
    request = QuoteRequest(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        state=QuoteRequestState.OPEN,
        award_until=wish.closes_at + TIME_TO_AWARD,
        **given,
    )
    uow.add(request)
    for line in wish.lines:
        values = {name: getattr(line, name) for name in type(line).model_fields}
        uow.add(QuoteRequestLine(id=new_id(), quote_request_id=request.id, **values))
    for supplier_id in suppliers:
        uow.add(
            QuoteRequestSupplier(id=new_id(), quote_request_id=request.id, supplier_id=supplier_id)
        )
    _tell(uow, request, "quote_request.opened", suppliers)
    return request.id


def _tell(uow: UnitOfWork, request: QuoteRequest, event: str, suppliers: Sequence[UUID]) -> None:
    """An event of its own for each: whoever reads one must not learn who else was asked."""
    data: dict[str, Any] = {"closes_at": request.closes_at.isoformat()}
    for supplier_id in suppliers:
        about = (("organization", supplier_id),)
        uow.record(Event(event, ("quote_request", request.id), data, about))


async def _load(uow: UnitOfWork, request_id: UUID, *, asking: bool) -> QuoteRequest:
    request = await repository.for_update(uow, request_id)
    if request is None:
        raise NotFound("quote request")
    if (request.organization_id == uow.actor.organization_id) != asking:
        raise (
            NotAllowed(es="lo hace quien pide cotizaciones", en="who asked for quotes does it")
            if asking
            else NotAllowed(es="lo hace un proveedor", en="a supplier does it")
        )
    return request


async def quote(uow: UnitOfWork, request_id: UUID, wish: QuoteIn) -> None:
    """Quote, or quote anew in the place of what one quoted before."""
    items = [line.item_id for line in wish.lines]
    request = await _load(uow, request_id, asking=False)
    LIFECYCLE.apply("quote", request.state)
    lines = await repository.lines_of(uow, request_id)
    offers = await locked_offers(uow, items, request.delivery_ubigeo)
    bids = [Bid(x.line_id, x.item_id, x.quantity, x.unit_price) for x in wish.lines]
    supplier_id = uow.actor.organization_id
    faults = rules.bid_faults(
        bids,
        {line.id: Asked(line.category, line.unit, line.quantity) for line in lines.values()},
        offers,
        supplier_id=supplier_id,
        currency=request.currency,
    )
    faults += rules.total_faults(bids, wish.freight)
    if wish.valid_until < request.closes_at.astimezone(PERU).date():
        faults.append(fault("/valid_until", "valid-too-short"))
    if faults:
        raise RuleBroken(errors=faults)
    await _write(uow, request, wish, bids, offers)
    await _refuse_late(uow, request)


async def _write(
    uow: UnitOfWork,
    request: QuoteRequest,
    wish: QuoteIn,
    bids: Sequence[Bid],
    offers: dict[UUID, Offered],
) -> None:
    found = await repository.own_quote(uow, request.id)
    salt = secrets.token_hex(16)
    values: dict[str, Any] = {
        **wish.model_dump(exclude={"lines"}),
        "lines_amount": sum((amount_of(b.packs, b.unit_price) for b in bids), Decimal(0)),
        "salt": salt,
        "seal": rules.seal_of(salt, wish.terms(request.currency)),
    }
    if found is None:
        whose: dict[str, Any] = {"supplier_id": uow.actor.organization_id}
        found = Quote(
            id=new_id(), state=QuoteState.SUBMITTED, quote_request_id=request.id, **whose, **values
        )
        uow.add(found)
    else:
        found.state = QUOTE_LIFECYCLE.apply("replace", found.state).target
        for name, value in values.items():
            setattr(found, name, value)
        await repository.clear_lines(uow, found.id)
    for bid in bids:
        uow.add(_line(found.id, bid, offers[bid.item_id]))
    _record(uow, found, "quote.submitted", seal=found.seal)


def _line(quote_id: UUID, bid: Bid, offered: Offered) -> QuoteLine:
    return QuoteLine(
        id=new_id(),
        quote_id=quote_id,
        quote_request_line_id=bid.line_id,
        item_id=bid.item_id,
        sku=offered.sku,
        description=offered.name,
        pack_size=offered.pack_size,
        quantity=bid.packs,
        unit_price=bid.unit_price,
        amount=amount_of(bid.packs, bid.unit_price),
    )


def _record(uow: UnitOfWork, quote: Quote, event: str, **data: str) -> None:
    """To the supplier's feed alone. The asking side is no party: it would learn that one quoted."""
    told = {"quote_request_id": str(quote.quote_request_id), **data}
    related = (("organization", quote.supplier_id),)
    uow.record(Event(event, ("quote", quote.id), told, related))


async def _refuse_late(uow: UnitOfWork, request: QuoteRequest) -> None:
    """The clock is asked when all is written, under the request's lock: what takes the lock after
    the deadline finds every quote there is.
    """
    await uow.session.flush()
    if now() >= request.closes_at:
        raise RuleBroken(errors=[fault("/closes_at", "quoting-closed")])


async def withdraw(uow: UnitOfWork, request_id: UUID) -> None:
    """Take one's quote back, while quotes are taken."""
    request = await _load(uow, request_id, asking=False)
    LIFECYCLE.apply("withdraw_quote", request.state)
    found = await repository.own_quote(uow, request_id)
    if found is None:
        raise NotFound("quote")
    found.state = QUOTE_LIFECYCLE.apply("withdraw", found.state).target
    _record(uow, found, "quote.withdrawn")
    await _refuse_late(uow, request)


async def award(uow: UnitOfWork, request_id: UUID, wish: AwardIn) -> None:
    """Take a quote: its order is made at its terms, accepted already, as the supplier is bound."""
    request = await _load(uow, request_id, asking=True)
    transition = LIFECYCLE.apply("award", request.state)
    quotes = await repository.quotes_of(uow, request_id)
    standing = {each.id: each for each in quotes if each.state is QuoteState.SUBMITTED}
    chosen = standing.get(wish.quote_id)
    until = chosen.valid_until if chosen else None
    faults = rules.award_faults(request.closes_at, now(), until, today())
    if faults or chosen is None:
        raise RuleBroken(errors=faults)
    request.order_id = await _order(uow, request, chosen)
    chosen.state = QUOTE_LIFECYCLE.apply("award", chosen.state).target
    _record(uow, chosen, "quote.awarded", order_id=str(request.order_id))
    _end(request, transition.target)
    _decline(uow, [each for each in standing.values() if each is not chosen])
    _tell(uow, request, transition.event, await repository.suppliers_of(uow, request_id))


async def _order(uow: UnitOfWork, request: QuoteRequest, chosen: Quote) -> UUID:
    lines = await repository.lines_of(uow, request.id)
    bids = await repository.lines_of_quote(uow, chosen.id)
    wishes = []
    for bid in bids:
        line = lines[bid.quote_request_line_id]
        wishes.append(Wish(bid.item_id, bid.quantity, line.farm_plan_line_id, line.plan_exception))
    prices = [bid.unit_price for bid in bids]
    terms = Terms(chosen.supplier_id, request.delivery_ubigeo, request.cluster_id)
    agree = partial(rules.at_quoted, prices=prices, freight=chosen.freight)
    order_id, _ = await orders.place_on_terms(uow, terms, wishes, agree=agree)
    await _accept(uow, order_id)
    return order_id


async def _accept(uow: UnitOfWork, order_id: UUID) -> None:
    """The supplier has said yes before: by its quote."""
    order = await uow.locked(Order, order_id)
    if order is None:
        raise NotFound("order")
    transition = ORDER_LIFECYCLE.apply("accept", order.state)
    orders.follow(uow, order, transition.target, transition.event)


def _end(request: QuoteRequest, state: QuoteRequestState) -> None:
    request.state, request.ended_at = state, now()


def _decline(uow: UnitOfWork, quotes: Sequence[Quote]) -> None:
    """Tell who lost, and nothing of who won."""
    for each in quotes:
        transition = QUOTE_LIFECYCLE.apply("decline", each.state)
        each.state = transition.target
        _record(uow, each, transition.event)


async def cancel(uow: UnitOfWork, request_id: UUID, wish: CancellationIn) -> None:
    """Give up; before the deadline, no quote is ever opened."""
    request = await _load(uow, request_id, asking=True)
    request.decision_reason = wish.reason
    await _fail(uow, request, "cancel")


async def _fail(uow: UnitOfWork, request: QuoteRequest, action: str) -> None:
    transition = LIFECYCLE.apply(action, request.state)
    _end(request, transition.target)
    # Sealed ones end without a word: entries of the asking side would tell it who had quoted.
    if rules.is_opened(request.closes_at, request.ended_at):
        quotes = await repository.quotes_of(uow, request.id)
        _decline(uow, [each for each in quotes if each.state is QuoteState.SUBMITTED])
    # The asking side is told, too, where the platform does it.
    told = [*await repository.suppliers_of(uow, request.id), request.organization_id]
    _tell(uow, request, transition.event, told)


async def overdue(uow: UnitOfWork, at: datetime, limit: int) -> list[UUID]:
    """Requests that nobody awarded in time."""
    return await repository.overdue(uow, at, limit)


async def lapse(uow: UnitOfWork, request_id: UUID) -> None:
    """End a request that nobody awarded in time."""
    request = await repository.any_for_update(uow, request_id)
    # It may have been awarded or cancelled meanwhile.
    if request and request.state is QuoteRequestState.OPEN and now() > request.award_until:
        await _fail(uow, request, "lapse")
