"""What may be answered to an order. Pure: lines, offers and answers in, reasons out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from api.core.problems import FieldError
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.orders.rules import Offered, Priced, Wish, amount_of, appraise
from api.domains.orders.texts import fault
from api.domains.orders.vocabulary import PlanException


@dataclass(frozen=True, slots=True)
class Proposal:
    """Packs of an item instead of a line's; ``unit_price`` None: that of the offer."""

    line_id: UUID
    item_id: UUID
    quantity: Decimal
    unit_price: Decimal | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a substitute has to keep to: the line's category and unit, the order's other terms."""

    supplier_id: UUID
    currency: str
    kinds: Mapping[UUID, tuple[Category, Unit]]
    """By line."""


def late_faults(until: datetime | None, at: datetime) -> list[FieldError]:
    """Why an answer comes too late; none: it does not."""
    return [fault("/answer_until", "answer-overdue")] if until is not None and at > until else []


def line_faults(known: Collection[UUID], named: Sequence[UUID], missing: str) -> list[FieldError]:
    """Why answers do not fit the lines that can be answered; ``missing``: the code for a line that
    cannot.
    """
    faults = []
    for index, line_id in enumerate(named):
        pointer = f"/lines/{index}/line_id"
        if line_id not in known:
            faults.append(fault(pointer, missing))
        elif line_id in named[:index]:
            faults.append(fault(pointer, "line-repeated"))
    return faults


def price_proposals(
    proposals: Mapping[int, Proposal], offers: Mapping[UUID, Offered], terms: Terms, day: date
) -> tuple[list[Priced], list[FieldError]]:
    """Each proposal (by its place among the answers) at its price, or why it cannot be made.

    An item must be on offer as for an order, of the line's category and unit, and not dearer than
    its offer. Whether the plan line has room for it is the buyer's to know, and is asked then.
    """
    wishes = [
        Wish(each.item_id, each.quantity, None, PlanException.REPLACEMENT)
        for each in proposals.values()
    ]
    result = appraise(wishes, offers, {}, supplier_id=terms.supplier_id, day=day)
    places = list(proposals)
    faults = [_moved(each, places) for each in result.faults]
    if faults:
        return [], faults
    priced = []
    for (index, proposal), line in zip(proposals.items(), result.lines, strict=True):
        pointer = f"/lines/{index}/substitute"
        if line.offered.currency != terms.currency:
            faults.append(fault(f"{pointer}/item_id", "currency-differs"))
        if (line.offered.category, line.offered.unit) != terms.kinds[proposal.line_id]:
            faults.append(fault(f"{pointer}/item_id", "not-another-category"))
        price = line.unit_price if proposal.unit_price is None else proposal.unit_price
        if price > line.unit_price:
            faults.append(fault(f"{pointer}/unit_price", "dearer-than-offered"))
        priced.append(at_price(line, price))
    return priced, faults


def at_price(line: Priced, unit_price: Decimal) -> Priced:
    """A line at another price than its offer's."""
    return replace(line, unit_price=unit_price, amount=amount_of(line.wish.quantity, unit_price))


def _moved(found: FieldError, places: Sequence[int]) -> FieldError:
    """A fault of the n-th proposal points at the answer that makes it."""
    _, lines, *rest = found.pointer.split("/")
    if not rest:
        return found
    place, *members = rest
    return replace(
        found, pointer="/".join(["", lines, str(places[int(place)]), "substitute", *members])
    )
