"""How much of the coming harvest somebody has promised to take. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from api.core.money import EXACT, quantize, quantize_kg
from api.domains.investment_plans.cash_flow import month_number
from api.domains.readiness_reports.facts import MonthFact

SHARE_STEP = Decimal("0.0001")
MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Window:
    """The days, both included, in which a buyer takes cocoa, and how many dry kg of it at most."""

    first: date
    last: date
    kg: Decimal


def expected_kg(yields: Mapping[int, Decimal], area_ha: Decimal, as_of: date) -> Decimal | None:
    """Dry kg of the twelve months from ``as_of`` on, by a plan's kg/ha of each year, a twelfth of
    it for each month; None where the plan expects nothing in them.
    """
    with localcontext(EXACT):
        years = [(month_number(as_of) + n) // 12 for n in range(MONTHS_AHEAD)]
        per_ha = sum((yields.get(year, Decimal(0)) for year in years), start=Decimal(0))
        return quantize_kg(per_ha * area_ha / MONTHS_AHEAD) or None


def season_covered(
    months: Iterable[MonthFact],
    windows: Sequence[Window],
    as_of: date,
    expected: Decimal | None = None,
) -> Decimal | None:
    """Share (0-1, to four places, towards zero) of the cocoa income of the twelve months from
    ``as_of`` on that falls into the windows, by days of each month; None without such income.

    Of the ``expected`` kg no window covers more than its buyer takes. Where a plan does not say
    how many there will be, the days alone count.
    """
    start = month_number(as_of)
    coming = [each for each in months if 0 <= month_number(each.month) - start < MONTHS_AHEAD]
    with localcontext(EXACT):
        whole = sum((each.cocoa_income for each in coming), start=Decimal(0))
        if not whole:
            return None

        def share(of: Sequence[Window]) -> Decimal:
            taken = (each.cocoa_income * _covered(each.month, of) for each in coming)
            return sum(taken, start=Decimal(0)) / whole

        covered = share(windows)
        if expected:
            kilos = (min(each.kg, expected * share([each])) for each in windows)
            covered = min(covered, sum(kilos, start=Decimal(0)) / expected)
        return quantize(covered, SHARE_STEP, "ROUND_DOWN")


def _covered(month: date, windows: Sequence[Window]) -> Decimal:
    """The share of a month's days that lie in any of the windows."""
    length = monthrange(month.year, month.month)[1]
    days = (month + timedelta(days=number) for number in range(length))
    inside = sum(any(w.first <= day <= w.last for w in windows) for day in days)
    return Decimal(inside) / length
