"""Conversions of interest rates: TEA, TEM, TED, periods of days, nominal and effective.

A TEA refers to a year of 360 days, and interest compounds by calendar day: interest over t days
is S x ((1+TED)^t - 1). Source: formula sheets of Peruvian cajas (CMAC Cusco, June 2021; Créditos
Agropecuarios, 15-07-2019), published under Res. SBS 3274-2017.

Rates are Decimals (``0.35`` is 35 %), never floats (TypeError); results carry 40 digits and are
not rounded: ``quantize_rate`` does that where a rate is stored or shown.
"""

from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Final

from api.core.money import EXACT, exact

YEAR_DAYS: Final = 360
MONTH_DAYS: Final = 30
ONE: Final = Decimal(1)


def _checked(rate: Decimal) -> Decimal:
    if exact(rate) < 0:
        raise ValueError("a rate cannot be negative")
    return rate


@lru_cache(maxsize=1024)
def _daily_factor(tea: Decimal) -> Decimal:
    with localcontext(EXACT):
        return (ONE + tea) ** (ONE / YEAR_DAYS)


def compound(tea: Decimal, days: int) -> Decimal:
    """(1+TEA)^(days/360): what one sol becomes in ``days`` calendar days (negative: was)."""
    with localcontext(EXACT):
        years, rest = divmod(days, YEAR_DAYS)
        return (ONE + _checked(tea)) ** years * _daily_factor(tea) ** rest


def period_rate(tea: Decimal, days: int) -> Decimal:
    """(1+TEA)^(days/360) - 1, the rate of a period of calendar days."""
    return EXACT.subtract(compound(tea, days), ONE)


def monthly_rate(tea: Decimal) -> Decimal:
    """TEM = (1+TEA)^(1/12) - 1, a month being 30 of 360 days."""
    return period_rate(tea, MONTH_DAYS)


def daily_rate(tea: Decimal) -> Decimal:
    """TED = (1+TEA)^(1/360) - 1."""
    return period_rate(tea, 1)


def annual_rate(rate: Decimal, days: int = MONTH_DAYS) -> Decimal:
    """The TEA that yields ``rate`` in ``days``: (1+rate)^(360/days) - 1."""
    with localcontext(EXACT):
        return (ONE + _checked(rate)) ** (Decimal(YEAR_DAYS) / days) - ONE


def effective_from_nominal(nominal: Decimal, periods: int) -> Decimal:
    """TEA of a nominal annual rate that is capitalised ``periods`` times a year."""
    with localcontext(EXACT):
        return (ONE + _checked(nominal) / periods) ** periods - ONE


def nominal_from_effective(tea: Decimal, periods: int) -> Decimal:
    """Nominal annual rate, capitalised ``periods`` times a year, of a TEA."""
    with localcontext(EXACT):
        return ((ONE + _checked(tea)) ** (ONE / periods) - ONE) * periods


def proportional_rate(tea: Decimal, days: int = MONTH_DAYS, year: int = 365) -> Decimal:
    """TNA that a bank prints: TNA/``year`` x ``days`` equals the period's effective rate.

    Source: BCP, cálculo de la TNA, where i = TNA/365 x days for ``days`` = 30.
    """
    return EXACT.divide(EXACT.multiply(period_rate(tea, days), year), days)
