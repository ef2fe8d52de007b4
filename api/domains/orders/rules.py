"""What may be ordered, at which price. Pure: offers, plan lines and a day in, reasons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from api.core.money import quantize_kg, quantize_money
from api.core.problems import FieldError
from api.domains.catalogues.rules import unit_price
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.orders.texts import fault
from api.domains.orders.vocabulary import PlanException

MOST: Final = Decimal(10) ** 12
"""Amounts are numeric(14, 2)."""
_NOTHING: Final = Decimal("0.00")
LONGEST_WAIT: Final = timedelta(days=90)
"""How long one side may wait for the other's answer."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A line as the buyer asks for it: packs of an item, for a plan line or by exception."""

    item_id: UUID
    quantity: Decimal
    farm_plan_line_id: UUID | None
    plan_exception: PlanException | None


@dataclass(frozen=True, slots=True)
class Offered:
    """An item on offer; ``available`` packs, None where it is made to order. ``freight`` is what
    one delivery costs there, None where it is in the price.
    """

    supplier_id: UUID
    sku: str
    name: str
    category: Category
    unit: Unit
    pack_size: Decimal
    currency: str
    price: Decimal
    price_tiers: Sequence[tuple[Decimal, Decimal]]
    valid_from: date
    valid_until: date
    delivered: bool
    available: Decimal | None
    freight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A line of an accepted plan: what it needs, and how much of it is not ordered yet."""

    farm_plan_id: UUID
    category: Category | None
    unit: Unit
    left: Decimal


@dataclass(frozen=True, slots=True)
class Priced:
    """A line that can be ordered. ``units``: packs times pack size, in the item's unit."""

    wish: Wish
    offered: Offered
    units: Decimal
    unit_price: Decimal
    amount: Decimal


@dataclass(slots=True)
class Appraisal:
    """The outcome: lines and no faults, or faults."""

    lines: list[Priced] = field(default_factory=list)
    faults: list[FieldError] = field(default_factory=list)

    @property
    def freight(self) -> Decimal:
        """An order is one delivery: the dearest of its items' freights, once."""
        return max((line.offered.freight or _NOTHING for line in self.lines), default=_NOTHING)

    @property
    def total(self) -> Decimal:
        """The sum of the lines' amounts, and the freight."""
        return sum((line.amount for line in self.lines), self.freight)


def units_of(quantity: Decimal, pack_size: Decimal) -> Decimal:
    """Packs in the item's unit, to three decimals."""
    return quantize_kg(quantity * pack_size)


def amount_of(packs: Decimal, unit_price: Decimal) -> Decimal:
    """What packs cost, to the céntimo."""
    return quantize_money(packs * unit_price)


def deadline_faults(until: datetime | None, at: datetime) -> list[FieldError]:
    """Why an answer cannot be asked for by then; none: it can, or nobody asks."""
    if until is None or at < until <= at + LONGEST_WAIT:
        return []
    return [fault("/answer_until", "answer-until-out-of-range")]


def price_faults(lines: Sequence[Priced]) -> list[FieldError]:
    """Lines of which so little is ordered that it would cost nothing, though the item does."""
    return [
        fault(f"/lines/{index}/quantity", "amount-too-small")
        for index, line in enumerate(lines)
        if line.unit_price and not line.amount
    ]


def appraise(
    wishes: Sequence[Wish],
    offers: Mapping[UUID, Offered],
    plan_lines: Mapping[UUID, Planned],
    *,
    supplier_id: UUID,
    day: date,
) -> Appraisal:
    """Price every line, or say of every line why it cannot be ordered.

    Lines of the same item share its stock and reach its price tiers together; lines for the same
    plan line share what is left of it. Amounts are rounded to the céntimo line by line.
    """
    result = Appraisal()
    stock = {item_id: offered.available for item_id, offered in offers.items()}
    plan = {line_id: planned.left for line_id, planned in plan_lines.items()}
    packs: dict[UUID, Decimal] = {}
    for wish in wishes:
        packs[wish.item_id] = packs.get(wish.item_id, Decimal(0)) + wish.quantity
    currency = next((offers[w.item_id].currency for w in wishes if w.item_id in offers), "")
    for index, wish in enumerate(wishes):
        place = f"/lines/{index}"
        offered = offers.get(wish.item_id)
        if offered is None:
            result.faults.append(fault(f"{place}/item_id", "not-on-offer"))
            continue
        if code := _refusal(offered, supplier_id, currency, day):
            result.faults.append(fault(f"{place}/item_id", code))
            continue
        units = units_of(wish.quantity, offered.pack_size)
        found = _drawn(place, wish, units, offered, plan_lines, stock, plan)
        price = unit_price(offered.price, offered.price_tiers, packs[wish.item_id])
        amount = amount_of(wish.quantity, price)
        result.faults += found
        result.lines.append(Priced(wish, offered, units, price, amount))
    if result.total >= MOST:
        result.faults.append(fault("/lines", "amount-too-large"))
    return result


def _refusal(offered: Offered, supplier_id: UUID, currency: str, day: date) -> str | None:
    """Why an item on offer cannot stand in this order, whatever the quantity."""
    if offered.supplier_id != supplier_id:
        return "other-supplier"
    if not offered.valid_from <= day <= offered.valid_until:
        return "offer-not-valid"
    if not offered.delivered:
        return "not-delivered-there"
    return "currency-differs" if offered.currency != currency else None


def _drawn(
    place: str,
    wish: Wish,
    units: Decimal,
    offered: Offered,
    plan_lines: Mapping[UUID, Planned],
    stock: dict[UUID, Decimal | None],
    plan: dict[UUID, Decimal],
) -> list[FieldError]:
    """Take a line from stock and plan line; why not, and what is left, where it is too much."""
    faults = []
    left = stock[wish.item_id]
    if left is not None:
        if wish.quantity > left:
            faults.append(fault(f"{place}/item_id", "not-enough-stock", left=left))
        else:
            stock[wish.item_id] = left - wish.quantity
    line_id = wish.farm_plan_line_id
    if line_id is None:
        return faults
    pointer = f"{place}/farm_plan_line_id"
    planned = plan_lines.get(line_id)
    if planned is None:
        return [*faults, fault(pointer, "plan-line-unknown")]
    if planned.category is not offered.category:
        faults.append(fault(pointer, "category-differs"))
    elif planned.unit is not offered.unit:
        faults.append(fault(pointer, "unit-differs"))
    elif units > plan[line_id]:
        faults.append(fault(pointer, "plan-line-exhausted", left=plan[line_id]))
    else:
        plan[line_id] -= units
    return faults
