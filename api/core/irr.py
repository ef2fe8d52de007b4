"""Rates of return of dated flows, found safely: which rates there are, not merely one of them.

With v the discount factor of one time unit, a rate of return is a positive root of
f(v) = sum of amount x v^time. Descartes' rule bounds the number of roots by the sign changes of
the amounts. Multiplying f by v^-p, with p between two amounts of opposite sign, and deriving
takes exactly one change away (Laguerre's proof of that rule), so the roots of the derived flows
cut the line into pieces on which v^-p x f is monotone: each piece holds one root or none, and
bisection guards every Newton step. Nothing depends on a first guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Final

from api.core.money import EXACT, exact, quantize_rate

Flow = tuple[int, Decimal]
"""(time in whole units, amount): days, months or years; money out is negative."""

NOTHING: Final = Decimal("1E-26")
"""A sum this small beside its terms is zero: far above the rounding of 40 digits."""
CLOSE: Final = Decimal("1E-30")
MAX_STEPS: Final = 400
TOTALS: Final = 8


class NoRate(StrEnum):
    """Why there is no single rate."""

    NO_SIGN_CHANGE = "no_sign_change"
    NO_RATE = "no_rate"
    MULTIPLE_RATES = "multiple_rates"
    OUT_OF_RANGE = "out_of_range"
    """There is one, but of 100,000 % and more: a handful of céntimos against next to nothing."""


@dataclass(frozen=True, slots=True)
class RateOfReturn:
    """``rate`` per ``periods`` time units, or None with the ``reason``; ``candidates``: all seen.

    A rate of zero or more is preferred: negative ones are looked for only where there is none,
    because against a cost of money that is never negative they decide nothing.
    """

    rate: Decimal | None
    reason: NoRate | None
    candidates: tuple[Decimal, ...] = ()

    def rounded(self) -> "RateOfReturn":
        """The rate to six places, as it is stored; ``out_of_range`` where it cannot be."""
        if self.rate is None:
            return self
        try:
            return replace(self, rate=quantize_rate(self.rate))
        except ValueError:
            return replace(self, rate=None, reason=NoRate.OUT_OF_RANGE)


def rate_of_return(flows: Sequence[Flow], periods: int = 1) -> RateOfReturn:
    """The rate per ``periods`` units at which ``flows`` are worth nothing.

    ``periods=12`` on months gives the effective annual rate, ``periods=360`` on days the rate of
    a year of 360 days. Flows may come in any order; those of one time are added up first.
    Never raises for finite amounts: no rate, or several, is an answer with a reason.
    """
    with localcontext(EXACT):
        terms = _merged(flows)
        if not _changes([amount for _, amount in terms]):
            return RateOfReturn(None, NoRate.NO_SIGN_CHANGE)
        at_one = [] if sum(amount for _, amount in terms) else [Decimal(1)]
        factors = _roots(terms) + at_one or [1 / root for root in _roots(_reversed(terms))]
        rates = tuple(sorted(factor**-periods - 1 for factor in factors))
    if len(rates) == 1:
        return RateOfReturn(rates[0], None, rates)
    return RateOfReturn(None, NoRate.MULTIPLE_RATES if rates else NoRate.NO_RATE, rates)


def _merged(flows: Sequence[Flow]) -> list[Flow]:
    """Flows by time, one per time, none of them zero, the first at time 0."""
    sums: dict[int, Decimal] = {}
    for time, amount in flows:
        sums[time] = sums.get(time, Decimal(0)) + exact(amount)
    kept = sorted((time, amount) for time, amount in sums.items() if amount)
    return [(time - kept[0][0], amount) for time, amount in kept]


def _reversed(terms: list[Flow]) -> list[Flow]:
    """The flows in a mirror: their roots in (0, 1) are the inverses of the roots above 1."""
    end = terms[-1][0]
    return [(end - time, amount) for time, amount in reversed(terms)]


def _changes(amounts: Sequence[Decimal]) -> list[int]:
    """Positions of the amounts whose successor, zeros left out, has the other sign."""
    kept = [(i, amount > 0) for i, amount in enumerate(amounts) if amount]
    return [i for (i, one), (_, two) in pairwise(kept) if one != two]


def _at_most(terms: list[Flow]) -> int:
    """A bound on the number of roots in (0, 1), from running totals of running totals.

    Norstrom (1972) for the first totals, de Faro (1978) for totals repeated, the last value of
    each earlier series appended. The uneven months of a farm mostly give 1 at once.
    """
    series = [Decimal(0)] * (terms[-1][0] + 1)
    for time, amount in terms:
        series[time] = amount
    bound, tail = len(terms), list[Decimal]()
    for _ in range(TOTALS):
        series = list(accumulate(series))
        bound = min(bound, len(_changes([*series, *tail])))
        tail.insert(0, series[-1])
        if bound <= 1:
            break
    return bound


def _roots(terms: list[Flow]) -> list[Decimal]:
    """Roots strictly between 0 and 1, the rates above zero, of amounts that change sign."""
    changes = _changes([amount for _, amount in terms])
    unique = len(changes) == 1 or (_sign(terms, Decimal(1)) and _at_most(terms) <= 1)
    cuts = [] if unique else _roots(_derived(terms, changes))
    touching = [cut for cut in cuts if not _sign(terms, cut)]
    found = [
        _solve(terms, left, right)
        for left, right in pairwise([Decimal(0), *cuts, Decimal(1)])
        if _sign(terms, left) * _sign(terms, right) < 0
    ]
    return sorted(found + touching)


def _derived(terms: list[Flow], changes: list[int]) -> list[Flow]:
    """Flows of the derivative of v^-p x f, p halfway between the two at the middle change."""
    middle = changes[len(changes) // 2]
    pivot = terms[middle][0] + terms[middle + 1][0]
    return _merged([(time, amount * (2 * time - pivot)) for time, amount in terms])


def _sign(terms: list[Flow], factor: Decimal) -> int:
    """-1, 0 or 1: the sign of f at ``factor``, and for 0 the sign just above."""
    value, _, size = _evaluate(terms, factor) if factor else (terms[0][1], 0, abs(terms[0][1]))
    return 0 if abs(value) <= size * NOTHING else 1 if value > 0 else -1


def _evaluate(terms: list[Flow], factor: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """f, v x f' and the sum of the absolute terms, by Horner's scheme over the gaps in time."""
    powers: dict[int, Decimal] = {}
    value = slope = size = Decimal(0)
    later = terms[-1][0]
    for time, amount in reversed(terms):
        gap = later - time
        if gap not in powers:
            powers[gap] = factor**gap
        power = powers[gap]
        value = value * power + amount
        slope = slope * power + amount * time
        size = size * power + abs(amount)
        later = time
    return value, slope, size


def _solve(terms: list[Flow], left: Decimal, right: Decimal) -> Decimal:
    """The only root between ``left`` and ``right``, where f has opposite signs."""
    falling = _sign(terms, left) > 0
    factor = (left + right) / 2
    for _ in range(MAX_STEPS):
        value, slope, _size = _evaluate(terms, factor)
        if not value:
            break
        left, right = (factor, right) if (value > 0) == falling else (left, factor)
        step = factor - value * factor / slope if slope else left
        previous, factor = factor, step if left < step < right else (left + right) / 2
        if abs(factor - previous) <= factor * CLOSE:
            break
    return factor
