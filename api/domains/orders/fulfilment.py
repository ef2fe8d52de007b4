"""What may be dispatched, received and paid. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from api.core.problems import FieldError
from api.domains.orders.texts import fault


@dataclass(frozen=True, slots=True)
class Held:
    """Packs of a line: ordered and not cancelled, dispatched, and arrived, whole or damaged."""

    ordered: Decimal
    dispatched: Decimal
    arrived: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        """What is not on the road yet."""
        return self.ordered - self.dispatched

    @property
    def on_the_road(self) -> Decimal:
        """What was sent and has not arrived."""
        return self.dispatched - self.arrived


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of a line, in packs."""

    line_id: UUID
    received: Decimal
    damaged: Decimal


def dispatch_faults(
    lines: Mapping[UUID, Held], sent: Sequence[tuple[UUID, Decimal]]
) -> list[FieldError]:
    """Why packs (line, quantity) cannot be sent; none: they can."""
    faults = _line_faults(lines, [line_id for line_id, _ in sent])
    for index, (line_id, quantity) in enumerate(sent):
        if line_id in lines and quantity > lines[line_id].left:
            pointer = f"/lines/{index}/quantity"
            faults.append(fault(pointer, "more-than-ordered", left=lines[line_id].left))
    return faults


def is_complete(lines: Mapping[UUID, Held], sent: Sequence[tuple[UUID, Decimal]]) -> bool:
    """Whether nothing is left to dispatch once these packs are on the road."""
    now = dict(sent)
    return all(held.left == now.get(line_id, 0) for line_id, held in lines.items())


def receipt_faults(
    lines: Mapping[UUID, Held], arrivals: Sequence[Arrival], *, last: bool = True
) -> list[FieldError]:
    """Why a receipt cannot be right. The last one tells of every line of which packs are on the
    road still: what is missing then is the shortage.
    """
    named = [arrival.line_id for arrival in arrivals]
    faults = _line_faults(lines, named)
    waited_for = {line_id for line_id, held in lines.items() if held.on_the_road}
    if last and waited_for - set(named):
        faults.append(fault("/lines", "line-missing"))
    for index, arrival in enumerate(arrivals):
        held = lines.get(arrival.line_id)
        if held is not None and arrival.received + arrival.damaged > held.on_the_road:
            pointer = f"/lines/{index}/received_quantity"
            faults.append(fault(pointer, "more-than-dispatched", left=held.on_the_road))
    return faults


def _line_faults(lines: Mapping[UUID, Held], named: Sequence[UUID]) -> list[FieldError]:
    faults = []
    seen: set[UUID] = set()
    for index, line_id in enumerate(named):
        pointer = f"/lines/{index}/line_id"
        if line_id not in lines:
            faults.append(fault(pointer, "line-unknown"))
        elif line_id in seen:
            faults.append(fault(pointer, "line-repeated"))
        seen.add(line_id)
    return faults


def payment_faults(due: Decimal, paid: Decimal, amount: Decimal) -> list[FieldError]:
    """Why a payment is too much; none: it is not. ``due``: the total less what was credited."""
    if paid + amount > due:
        return [fault("/amount", "overpaid", left=max(due - paid, Decimal("0.00")))]
    return []


def refund_faults(paid: Decimal, amount: Decimal) -> list[FieldError]:
    """Why a refund is too much; none: it is not."""
    return [fault("/amount", "refunded-beyond", left=paid)] if amount > paid else []


def credit_faults(total: Decimal, credited: Decimal, amount: Decimal) -> list[FieldError]:
    """Why a credit note is too much; none: it is not."""
    left = total - credited
    return [fault("/amount", "credit-beyond", left=left)] if amount > left else []
