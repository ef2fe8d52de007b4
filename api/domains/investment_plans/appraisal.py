"""VAN, TIR, modified TIR, payback and the need for finance, of flows at equal intervals.

The first flow is today's: it is not discounted. What does not exist is None with its reason,
never 0. Definitions as in FAO RuralInvest, module 3 (project level).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from enum import StrEnum
from itertools import accumulate

from api.core.irr import RateOfReturn, rate_of_return
from api.core.money import EXACT, exact, quantize

MONTHS = 12
HUNDREDTH = Decimal("0.01")
ZERO = Decimal("0.00")


def van(flows: Sequence[Decimal], rate: Decimal) -> Decimal:
    """Net present value at ``rate`` per interval, not rounded; ValueError for a rate <= -1."""
    with localcontext(EXACT):
        growth = 1 + exact(rate)
        if growth <= 0:
            raise ValueError("a discount rate is above -1")
        value = Decimal(0)
        for flow in reversed(flows):
            value = value / growth + exact(flow)
        return value


def tir(flows: Sequence[Decimal], intervals: int = MONTHS) -> RateOfReturn:
    """The rate per ``intervals`` (12: a year of monthly flows) at which the VAN is zero."""
    return rate_of_return(list(enumerate(flows)), intervals)


def tirm(
    flows: Sequence[Decimal], finance: Decimal, reinvest: Decimal, intervals: int = 1
) -> RateOfReturn:
    """Modified TIR: outflows financed at one rate per interval, inflows reinvested at another.

    A single rate per ``intervals`` even where the TIR is not; none without money both ways.
    """
    with localcontext(EXACT):
        out = van([min(exact(flow), Decimal(0)) for flow in flows], finance)
        back = van([max(exact(flow), Decimal(0)) for flow in flows], reinvest)
        end = len(flows) - 1
        return rate_of_return([(0, out), (end, back * (1 + reinvest) ** end)], intervals)


class NoPayback(StrEnum):
    """Why there is no time of payback."""

    NEVER_BEHIND = "never_behind"
    NOT_RECOVERED = "not_recovered"


@dataclass(frozen=True, slots=True)
class Payback:
    """``intervals`` to two decimals, rounded up, or None with the reason."""

    intervals: Decimal | None
    reason: NoPayback | None


def payback(flows: Sequence[Decimal]) -> Payback:
    """The time from which the running total never falls below zero again, interpolated.

    A later campaign that needs money again starts the wait anew: the last crossing counts.
    Undiscounted. The flow of interval k is taken to come in evenly between k - 1 and k.
    """
    with localcontext(EXACT):
        totals = list(accumulate(flows))
        behind = [index for index, total in enumerate(totals) if total < 0]
        if not behind:
            return Payback(None, NoPayback.NEVER_BEHIND)
        last = behind[-1]
        if last == len(totals) - 1:
            return Payback(None, NoPayback.NOT_RECOVERED)
        share = -totals[last] / flows[last + 1]
        return Payback(quantize(last + share, HUNDREDTH, ROUND_CEILING), None)


@dataclass(frozen=True, slots=True)
class FinanceNeed:
    """The most money that must come from outside, and the interval in which it is reached."""

    amount: Decimal
    interval: int | None


def finance_need(flows: Sequence[Decimal], own: Decimal = ZERO) -> FinanceNeed:
    """How far the running total of ``flows`` and ``own`` money falls below zero; 0 if never."""
    with localcontext(EXACT):
        totals = [exact(own) + total for total in accumulate(flows)]
    lowest = min(totals, default=ZERO)
    if lowest >= 0:
        return FinanceNeed(ZERO, None)
    return FinanceNeed(-lowest, totals.index(lowest))
