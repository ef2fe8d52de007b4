"""Day counts of other systems, to read their golden schedules: nominal rates, no TEA."""

from calendar import isleap
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from api.domains.credit_products.instalments import RateBetween


def fixed_year(nominal: Decimal, days: int) -> RateBetween:
    """Actual days over a year of ``days``."""
    return lambda start, end: nominal * (end - start).days / days


def thirty_360(nominal: Decimal) -> RateBetween:
    """Every month is a twelfth of the year."""
    return lambda start, end: (
        nominal * (360 * (end.year - start.year) + 30 * (end.month - start.month)) / 360
        + nominal * (end.day - start.day) / 360
    )


def actual_actual(nominal: Decimal) -> RateBetween:
    """Actual days over the length of the year in which each ends, as fineract counts them."""

    def rate(start: date, end: date) -> Decimal:
        ends = [start + timedelta(days=n + 1) for n in range((end - start).days)]
        return sum((nominal / (366 if isleap(day.year) else 365) for day in ends), start=Decimal(0))

    return rate


def per_period(rate: Decimal) -> RateBetween:
    """The same rate for every period, whatever its days."""
    return lambda start, end: rate


FINERACT: dict[str, Callable[[Decimal], RateBetween]] = {
    "DAYS_360/DAYS_30": thirty_360,
    "DAYS_360/INVALID": lambda nominal: fixed_year(nominal, 360),
    "DAYS_364/ACTUAL": lambda nominal: fixed_year(nominal, 364),
    "365/ACTUAL": lambda nominal: fixed_year(nominal, 365),
    "ACTUAL/ACTUAL": actual_actual,
}
"""By days in year / days in month."""
