"""How a pool's total becomes whole packs and exact amounts. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Final
from uuid import UUID

from api.core.money import allocate
from api.core.problems import FieldError
from api.domains.demand_pools.texts import fault
from api.domains.orders.rules import Priced, amount_of

LONGEST: Final = timedelta(days=180)
"""How long a pool may stay open."""
_GRAM: Final = Decimal("0.001")
"""The finest part of a pack."""


def opening_faults(
    minimum: Decimal, maximum: Decimal, closes_at: datetime, at: datetime
) -> list[FieldError]:
    """Why a pool cannot be opened so; none: it can."""
    faults = []
    if maximum < minimum:
        faults.append(fault("/maximum", "maximum-below-minimum"))
    if not at < closes_at <= at + LONGEST:
        faults.append(fault("/closes_at", "closes-out-of-range"))
    return faults


def whole_packs(pledged: Decimal) -> Decimal:
    """The packs that are ordered: suppliers sell whole ones, and nobody gets more than pledged."""
    return pledged.to_integral_value(ROUND_FLOOR)


def allotted(pledges: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    """Each pledge's part of the whole packs, by id, in thousandths of a pack.

    The parts add up to the whole packs exactly. Rule: in proportion to the pledge, rounded down;
    the thousandths that are left go to the largest remainders, on a tie to the lower id. No part
    is larger than its pledge. Pledges that get nothing are left out.
    """
    packs = whole_packs(sum(pledges.values(), Decimal(0)))
    if not packs:
        return {}
    ids = sorted(pledges)
    parts = allocate(packs, [pledges[each] for each in ids], _GRAM)
    return {each: part for each, part in zip(ids, parts, strict=True) if part}


def shared(amount: Decimal, packs: Sequence[Decimal]) -> list[Decimal]:
    """What the order's packs cost, shared by packs to the céntimo: the shares add up to it.

    Rule: largest remainder, on a tie the earlier.
    """
    return allocate(amount, packs)


def at_one_price(lines: list[Priced]) -> list[Priced]:
    """Lines of one item at what all packs cost together, shared over them to the céntimo."""
    packs = [line.wish.quantity for line in lines]
    total = amount_of(sum(packs, start=Decimal(0)), lines[0].unit_price)
    shares = shared(total, packs)
    return [replace(line, amount=share) for line, share in zip(lines, shares, strict=True)]


def of_pledge(found: FieldError, pledge_ids: Sequence[UUID]) -> FieldError:
    """A fault of an order's line as one of the pledge that it came of."""
    _, kind, *rest = found.pointer.split("/")
    if kind != "lines" or not rest:
        return found
    index, *member = rest
    pointer = "/".join(["", "pledges", str(pledge_ids[int(index)]), *member])
    return replace(found, pointer=pointer)


def of_own_plan_line(faults: Iterable[FieldError]) -> dict[UUID, str]:
    """Of faults of pledges, those that lie with the pledge's own plan line: why, by pledge. What is
    in the way of all (offer, stock) is none of them.
    """
    places = ((each.pointer.split("/"), each.code) for each in faults)
    return {
        UUID(place[2]): code
        for place, code in places
        if place[1] == "pledges" and place[3:] == ["farm_plan_line_id"]
    }
