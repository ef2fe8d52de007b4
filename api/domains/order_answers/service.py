"""Actions on orders that are answered, given up, or answered by nobody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import FieldError, RuleBroken
from api.domains.order_answers import repository, rules
from api.domains.order_answers.rules import Proposal, Terms
from api.domains.order_answers.schemas import AcceptanceIn, ProposalsAnswerIn
from api.domains.order_answers.vocabulary import LineAnswer
from api.domains.order_cancellations.repository import locked_goods, open_substitutes
from api.domains.order_cancellations.service import cancel_lines, end
from api.domains.order_lines.repository import lines_of, standing
from api.domains.orders.repository import (
    locked_offers,
    locked_plan_lines,
    side_for_update,
)
from api.domains.orders.rules import Offered, Priced, Wish, appraise, deadline_faults
from api.domains.orders.service import (
    BUYER,
    SUPPLIER,
    answer_deadline,
    follow,
    load,
    record_plans,
    shown_line,
)
from api.domains.orders.states import LIFECYCLE, WAITING
from api.domains.orders.texts import fault
from api.domains.orders.vocabulary import LineState, SubstituteState
from api.models.orders import Order, OrderLine, OrderSubstitute
from api.transactions import UnitOfWork


async def accept(uow: UnitOfWork, order_id: UUID, wish: AcceptanceIn) -> None:
    """The supplier takes the order on, whole or but for lines that it declines or would replace."""
    proposals = _proposals(wish)
    items = [each.item_id for each in proposals.values()]
    plans = await locked_goods(uow, order_id, items)
    order = await load(uow, order_id, SUPPLIER)
    transition = LIFECYCLE.apply("propose" if proposals else "accept", order.state)
    lines = await lines_of(uow, order_id)
    faults = [
        *rules.late_faults(order.answer_until, now()),
        *deadline_faults(wish.answer_until, now()),
        *rules.line_faults(
            [line.id for line in lines], [each.line_id for each in wish.lines], "line-unknown"
        ),
    ]
    declined = {each.line_id for each in wish.lines if each.answer is LineAnswer.DECLINE}
    if len(declined) == len(lines):
        faults.append(fault("/lines", "nothing-accepted"))
    if faults:
        raise RuleBroken(errors=faults)
    reasons = {each.line_id: each.reason for each in wish.lines}
    for line in lines:
        line.decision_reason = reasons.get(line.id)
    await cancel_lines(
        uow, order, [x for x in lines if x.id in declined], plans, LineState.DECLINED
    )
    await _propose(uow, order, lines, proposals)
    order.answered_at = now()
    order.answer_until = (wish.answer_until or answer_deadline()) if proposals else None
    answers = [{"line_id": str(each.line_id), "answer": each.answer.value} for each in wish.lines]
    data = {"total": f"{order.total:.2f}", "lines": answers} if answers else {}
    follow(uow, order, transition.target, transition.event, data)


def _proposals(wish: AcceptanceIn) -> dict[int, Proposal]:
    """By their places among the answers."""
    return {
        index: Proposal(each.line_id, found.item_id, found.quantity, found.unit_price)
        for index, each in enumerate(wish.lines)
        if (found := each.substitute) is not None
    }


async def _propose(
    uow: UnitOfWork, order: Order, lines: Sequence[OrderLine], proposals: Mapping[int, Proposal]
) -> None:
    """Write proposals down; their lines keep what they reserved until the buyer answers."""
    if not proposals:
        return
    by_line = {each.line_id: each for each in proposals.values()}
    items = [each.item_id for each in by_line.values()]
    offers = await locked_offers(uow, items, order.delivery_ubigeo)
    waiting = [line for line in lines if line.id in by_line]
    await _count_held(uow, offers, waiting)
    kinds = {line.id: (line.category, line.unit) for line in waiting}
    terms = Terms(order.supplier_id, order.currency, kinds)
    priced, faults = rules.price_proposals(proposals, offers, terms, today())
    if faults:
        raise RuleBroken(errors=faults)
    for line in waiting:
        line.state = LineState.PROPOSED
    for proposal, line_of_offer in zip(proposals.values(), priced, strict=True):
        uow.add(_substitute(order, proposal.line_id, line_of_offer))


async def _count_held(
    uow: UnitOfWork, offers: dict[UUID, Offered], waiting: Sequence[OrderLine]
) -> None:
    """Fewer packs of the same item, or of its next revision: those that the lines hold are on the
    same shelf and are there for them.
    """
    shelves = await repository.shelves(uow, [*offers, *(line.item_id for line in waiting)])
    for item_id, offered in offers.items():
        held = sum(x.quantity for x in waiting if shelves[x.item_id] == shelves[item_id])
        if offered.available is not None:
            offers[item_id] = replace(offered, available=offered.available + held)


def _substitute(order: Order, line_id: UUID, priced: Priced) -> OrderSubstitute:
    return OrderSubstitute(
        id=new_id(),
        order_id=order.id,
        order_line_id=line_id,
        item_id=priced.wish.item_id,
        sku=priced.offered.sku,
        description=priced.offered.name,
        pack_size=priced.offered.pack_size,
        quantity=priced.wish.quantity,
        unit_price=priced.unit_price,
        amount=priced.amount,
        state=SubstituteState.PROPOSED,
    )


async def answer(uow: UnitOfWork, order_id: UUID, wish: ProposalsAnswerIn) -> None:
    """The buyer takes or declines each substitute; with no line left, the order is cancelled."""
    items = await repository.proposed_items(uow, order_id)
    plans = await locked_goods(uow, order_id, items)
    order = await load(uow, order_id, BUYER)
    LIFECYCLE.apply("answer", order.state)
    substitutes = await open_substitutes(uow, order_id)
    faults = [
        *rules.late_faults(order.answer_until, now()),
        *rules.line_faults(substitutes, [each.line_id for each in wish.lines], "not-proposed"),
    ]
    if substitutes.keys() - {each.line_id for each in wish.lines}:
        faults.append(fault("/lines", "line-unanswered"))
    if faults:
        raise RuleBroken(errors=faults)
    taken = {each.line_id: each.answer == "accept" for each in wish.lines}
    lines = await lines_of(uow, order_id)
    states = {line_id: _OUTCOMES[yes] for line_id, yes in taken.items()}
    await _resolve(uow, order, lines, substitutes, states, plans)
    chosen = [line for line in lines if taken.get(line.id)]
    added = await _take(uow, order, chosen, substitutes, list(taken))
    left = added or standing(lines)
    transition = LIFECYCLE.apply("answer" if left else "cancel", order.state)
    data: dict[str, Any] = {"total": f"{order.total:.2f}", "lines": added}
    follow(uow, order, transition.target, transition.event, data)


_OUTCOMES = {
    True: (LineState.SUBSTITUTED, SubstituteState.ACCEPTED),
    False: (LineState.DECLINED, SubstituteState.DECLINED),
}
_Outcome = tuple[LineState, SubstituteState]


async def _resolve(
    uow: UnitOfWork,
    order: Order,
    lines: Sequence[OrderLine],
    substitutes: Mapping[UUID, OrderSubstitute],
    states: Mapping[UUID, _Outcome],
    plans: Mapping[UUID, UUID],
) -> None:
    """The lines with proposals give back what they reserved; lines and proposals are done with."""
    ended = [line for line in lines if line.id in states]
    await cancel_lines(uow, order, ended, plans)
    for line in ended:
        line.state, substitutes[line.id].state = states[line.id]


async def _take(
    uow: UnitOfWork,
    order: Order,
    lines: Sequence[OrderLine],
    substitutes: Mapping[UUID, OrderSubstitute],
    places: Sequence[UUID],
) -> list[dict[str, str | None]]:
    """Substitutes become lines under the rules of any order, at the price that was proposed."""
    if not lines:
        return []
    chosen = [substitutes[line.id] for line in lines]
    wishes = [
        Wish(new.item_id, new.quantity, line.farm_plan_line_id, line.plan_exception)
        for line, new in zip(lines, chosen, strict=True)
    ]
    planned = [line.farm_plan_line_id for line in lines if line.farm_plan_line_id]
    plan_lines = await locked_plan_lines(uow, planned)
    offers = await locked_offers(uow, [new.item_id for new in chosen], order.delivery_ubigeo)
    result = appraise(wishes, offers, plan_lines, supplier_id=order.supplier_id, day=today())
    if result.faults:
        raise RuleBroken(errors=_of_answers(result.faults, lines, places))
    added = [
        (new_id(), rules.at_price(priced, new.unit_price))
        for priced, new in zip(result.lines, chosen, strict=True)
    ]
    replaced = {line_id: line.id for (line_id, _), line in zip(added, lines, strict=True)}
    plan_ids = sorted({each.farm_plan_id for each in plan_lines.values()})
    await repository.extend(uow, order.id, added, plan_ids, replaced)
    order.total += sum((line.amount for _, line in added), Decimal(0))
    record_plans(uow, order.id, added, plan_ids)
    return [shown_line(line_id, line) for line_id, line in added]


def _of_answers(
    faults: Iterable[FieldError], lines: Sequence[OrderLine], places: Sequence[UUID]
) -> list[FieldError]:
    """Faults of the n-th substitute taken, pointing at the answer that takes it."""
    found = []
    for each in faults:
        place = each.pointer.split("/")[2:3]
        index = places.index(lines[int(place[0])].id) if place else None
        found.append(each if index is None else replace(each, pointer=f"/lines/{index}"))
    return found


async def overdue(uow: UnitOfWork, at: datetime, limit: int) -> list[UUID]:
    """Orders whose time to answer is over."""
    return await repository.overdue(uow, at, limit)


async def expire(uow: UnitOfWork, order_id: UUID) -> None:
    """End what nobody answered in time. Of a proposal, what both sides agreed on stands: the lines
    that it was to replace are declined; an order without any other line expires.
    """
    plans = await locked_goods(uow, order_id)
    order = await side_for_update(uow, order_id)
    if (
        order is None
        or order.state not in WAITING
        or not rules.late_faults(order.answer_until, now())
    ):
        return  # Answered meanwhile.
    lines = await lines_of(uow, order_id)
    substitutes = await open_substitutes(uow, order_id)
    kept = [line for line in standing(lines) if line.id not in substitutes]
    if substitutes and kept:
        states = dict.fromkeys(substitutes, (LineState.DECLINED, SubstituteState.LAPSED))
        await _resolve(uow, order, lines, substitutes, states, plans)
        transition = LIFECYCLE.apply("lapse", order.state)
    else:
        await end(uow, order, lines, plans)
        transition = LIFECYCLE.apply("expire", order.state)
    data = {"total": f"{order.total:.2f}"}
    follow(uow, order, transition.target, transition.event, data)
