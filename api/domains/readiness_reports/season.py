"""How much of the coming harvest somebody has promised to take. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from api.core.money import EXACT, quantize
from api.domains.investment_plans.cash_flow import month_number
from api.domains.readiness_reports.facts import MonthFact

SHARE_STEP = Decimal("0.0001")
MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Window:
    """The days, both included, in which a buyer takes cocoa."""

    first: date
    last: date


def season_covered(
    months: Iterable[MonthFact], windows: Sequence[Window], as_of: date
) -> Decimal | None:
    """Share (0-1, to four places, towards zero) of the cocoa income of the twelve months from
    ``as_of`` on that falls into the windows, by days of each month; None without such income.
    """
    start = month_number(as_of)
    coming = [each for each in months if 0 <= month_number(each.month) - start < MONTHS_AHEAD]
    with localcontext(EXACT):
        whole = sum((each.cocoa_income for each in coming), start=Decimal(0))
        if not whole:
            return None
        taken = sum(each.cocoa_income * _covered(each.month, windows) for each in coming)
        return quantize(taken / whole, SHARE_STEP, "ROUND_DOWN")


def _covered(month: date, windows: Sequence[Window]) -> Decimal:
    """The share of a month's days that lie in any of the windows."""
    length = monthrange(month.year, month.month)[1]
    days = (month + timedelta(days=number) for number in range(length))
    inside = sum(any(w.first <= day <= w.last for w in windows) for day in days)
    return Decimal(inside) / length
