"""What may be asked, quoted and awarded, and what a quote's seal is. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from api.core.canonical import canonical
from api.core.problems import FieldError
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.orders.rules import MOST, Offered, Planned, Priced, amount_of, units_of
from api.domains.orders.texts import fault as order_fault
from api.domains.quote_requests.texts import fault

LONGEST_WAIT: Final = timedelta(days=90)
"""How long quotes may be waited for."""
TIME_TO_AWARD: Final = timedelta(days=30)
"""From the deadline until a request lapses."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a request: so much of a category, in a unit."""

    category: Category
    unit: Unit
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Bid:
    """A line of a quote: packs of an item, for a line of the request."""

    line_id: UUID
    item_id: UUID
    packs: Decimal
    unit_price: Decimal


def closing_faults(closes_at: datetime, at: datetime) -> list[FieldError]:
    """Why quotes cannot be asked for until then."""
    if at < closes_at <= at + LONGEST_WAIT:
        return []
    return [fault("/closes_at", "closes-out-of-range")]


def plan_faults(
    asked: Sequence[tuple[Asked, UUID | None]], plan_lines: Mapping[UUID, Planned]
) -> list[FieldError]:
    """Why lines do not fit the plan lines that they are for; these share what is left of one."""
    faults = []
    left = {line_id: planned.left for line_id, planned in plan_lines.items()}
    for index, (line, plan_line_id) in enumerate(asked):
        if plan_line_id is None:
            continue
        pointer = f"/lines/{index}/farm_plan_line_id"
        planned = plan_lines.get(plan_line_id)
        if planned is None:
            faults.append(order_fault(pointer, "plan-line-unknown"))
        elif planned.category is not line.category:
            faults.append(order_fault(pointer, "category-differs"))
        elif planned.unit is not line.unit:
            faults.append(order_fault(pointer, "unit-differs"))
        elif line.quantity > left[plan_line_id]:
            found = order_fault(pointer, "plan-line-exhausted", left=left[plan_line_id])
            faults.append(found)
        else:
            left[plan_line_id] -= line.quantity
    return faults


def bid_faults(
    bids: Sequence[Bid],
    asked: Mapping[UUID, Asked],
    offers: Mapping[UUID, Offered],
    *,
    supplier_id: UUID,
    currency: str,
) -> list[FieldError]:
    """Why lines cannot be quoted like that. Stock is looked at when the quote is awarded."""
    faults, seen = [], set()
    for index, bid in enumerate(bids):
        place = f"/lines/{index}"
        line, offered = asked.get(bid.line_id), offers.get(bid.item_id)
        if line is None or bid.line_id in seen:
            code = "line-unknown" if line is None else "line-repeated"
            faults.append(fault(f"{place}/line_id", code))
            continue
        seen.add(bid.line_id)
        if offered is None:
            faults.append(order_fault(f"{place}/item_id", "not-on-offer"))
        elif refusal := _refusal(offered, line, supplier_id, currency):
            faults.append(order_fault(f"{place}/item_id", refusal))
        elif units_of(bid.packs, offered.pack_size) > line.quantity:
            faults.append(fault(f"{place}/quantity", "beyond-asked", left=line.quantity))
        if not 0 < amount_of(bid.packs, bid.unit_price) < MOST:
            faults.append(fault(f"{place}/unit_price", "amount-too-small"))
    return faults


def _refusal(offered: Offered, line: Asked, supplier_id: UUID, currency: str) -> str | None:
    if offered.supplier_id != supplier_id:
        return "other-supplier"
    if not offered.delivered:
        return "not-delivered-there"
    if offered.currency != currency:
        return "currency-differs"
    if offered.category is not line.category:
        return "category-differs"
    return "unit-differs" if offered.unit is not line.unit else None


def at_quoted(lines: Sequence[Priced], prices: Sequence[Decimal], freight: Decimal) -> list[Priced]:
    """Lines of an order at what was quoted for them; the freight, once for all, on each."""
    return [
        replace(
            line,
            offered=replace(line.offered, freight=freight),
            unit_price=price,
            amount=amount_of(line.wish.quantity, price),
        )
        for line, price in zip(lines, prices, strict=True)
    ]


def total_faults(bids: Sequence[Bid], freight: Decimal) -> list[FieldError]:
    """Why a quote cannot become an order."""
    total = sum((amount_of(bid.packs, bid.unit_price) for bid in bids), freight)
    return [order_fault("/lines", "amount-too-large")] if total >= MOST else []


def seal_of(salt: str, terms: Mapping[str, Any]) -> str:
    """SHA-256 of salt and terms as canonical JSON: in the ledger from the quote on, to be checked
    once the quote is shown. Without the salt nobody can try prices until one fits.
    """
    return hashlib.sha256(canonical({"salt": salt, "terms": dict(terms)})).hexdigest()


def is_opened(closes_at: datetime, ended_at: datetime | None) -> bool:
    """Whether the quotes of a request that has ended may be seen: not if it ended too soon."""
    return ended_at is None or ended_at >= closes_at


def award_faults(
    closes_at: datetime, at: datetime, valid_until: date | None, day: date
) -> list[FieldError]:
    """Why a quote (None: there is no such one) cannot be awarded now."""
    if at < closes_at:
        return [fault("/closes_at", "sealed")]
    if valid_until is None:
        return [fault("/quote_id", "quote-unknown")]
    return [fault("/quote_id", "quote-expired")] if day > valid_until else []
