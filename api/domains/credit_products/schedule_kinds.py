"""Due dates of the three schedule kinds, and the periods between them."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

from api.core.money import EXACT
from api.domains.credit_products.rates import MONTH_DAYS
from api.domains.credit_products.terms import (
    Amortisation,
    Disbursement,
    ScheduleTerms,
    TermsFault,
    faults_of_terms,
)
from api.domains.credit_products.vocabulary import DesgravamenVariant, ScheduleKind

LAST_YEAR = 2500
"""Keeps hostile dates from running over the end of the calendar."""


@dataclass(frozen=True, slots=True)
class Period:
    """The time of one instalment: from ``start`` to ``due``, with what is paid out inside it.

    ``drawn`` holds disbursements on or after ``start`` and before ``due``; those of the first
    day of the loan are its opening balance instead.
    """

    number: int
    start: date
    due: date
    drawn: tuple[Disbursement, ...]

    @property
    def days(self) -> int:
        """Calendar days."""
        return (self.due - self.start).days


def add_months(day: date, months: int, day_of_month: int) -> date:
    """``day_of_month``, or the month's last day before it, ``months`` after the month of ``day``.

    ``add_months(date(2026, 1, 31), 1, 31)`` is 28 February 2026.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day_of_month, monthrange(year, month + 1)[1]))


def due_dates(terms: ScheduleTerms) -> tuple[date, ...]:
    """All due dates, in order.

    fixed_period: every ``period_days`` from the first disbursement, or from ``first_due`` on.
    fixed_date: ``due_day`` of the month ``every_months`` after the first disbursement, or of the
    month of ``first_due``, and so on. cash_flow, and wherever ``dates`` are given: these.
    """
    if terms.dates or terms.kind is ScheduleKind.CASH_FLOW:
        return terms.dates
    if terms.kind is ScheduleKind.FIXED_PERIOD:
        step = timedelta(days=terms.period_days)
        first = terms.first_due or terms.start + step
        return tuple(first + step * n for n in range(terms.instalments))
    every = terms.every_months
    first, offset = (terms.first_due, 0) if terms.first_due else (terms.start, every)
    day = terms.due_day or first.day
    return tuple(add_months(first, offset + every * n, day) for n in range(terms.instalments))


def periods(terms: ScheduleTerms) -> list[Period]:
    """One period per instalment."""
    edges = [terms.start, *due_dates(terms)]
    return [
        Period(
            number,
            start,
            due,
            tuple(each for each in terms.disbursements[1:] if start <= each.on < due),
        )
        for number, (start, due) in enumerate(pairwise(edges), start=1)
    ]


def reasons_not_buildable(terms: ScheduleTerms) -> list[TermsFault]:
    """Every fault of ``terms``; an empty list where ``build_schedule`` will succeed."""
    with localcontext(EXACT):
        faults = faults_of_terms(terms)
        if faults or _bad_period(terms):
            return faults or [TermsFault.PERIOD]
        dates = due_dates(terms)
        if _bad_dates(terms, dates):
            return [TermsFault.DATES]
        return [fault for fault, broken in DATED_CHECKS.items() if broken(terms, dates)]


def _bad_dates(terms: ScheduleTerms, dates: tuple[date, ...]) -> bool:
    if len(dates) != terms.instalments or dates[0] <= terms.start:
        return True
    return any(one >= two for one, two in pairwise(dates))


def _bad_period(terms: ScheduleTerms) -> bool:
    if terms.dates or terms.kind is ScheduleKind.CASH_FLOW:
        return False
    if (terms.first_due or terms.start).year > LAST_YEAR:
        return True
    if terms.kind is ScheduleKind.FIXED_PERIOD:
        return not 1 <= terms.period_days <= 366
    return not 1 <= (terms.due_day or 1) <= 31 or not 1 <= terms.every_months <= 12


def _bad_shares(terms: ScheduleTerms, dates: tuple[date, ...]) -> bool:
    shares = terms.shares
    if not shares:
        return False
    return len(shares) != len(dates) or min(shares) < 0 or shares[-1] <= 0


def _drawn_late(terms: ScheduleTerms, dates: tuple[date, ...]) -> bool:
    """Whether some principal would fall due before it is paid out."""
    last = terms.disbursements[-1].on
    if not terms.shares:
        bullet = terms.amortisation is Amortisation.BULLET
        return last >= dates[-1 if bullet else terms.grace_periods]
    if _bad_shares(terms, dates):
        return False
    whole, repaid = sum(terms.shares), Decimal(0)
    for share, due in zip(terms.shares, dates, strict=True):
        repaid += share
        drawn = sum(each.amount for each in terms.disbursements if each.on < due)
        if terms.principal * repaid > drawn * whole:
            return True
    return last >= dates[-1]


def _premium_swallows(terms: ScheduleTerms, dates: tuple[date, ...]) -> bool:
    """Whether a capitalised premium, grossed up, would exceed every amount (t x m >= 1)."""
    load = terms.desgravamen.rate * (dates[-1] - terms.start).days / MONTH_DAYS
    return terms.desgravamen.variant is DesgravamenVariant.CAPITALISED and load >= 1


DATED_CHECKS: dict[TermsFault, Callable[[ScheduleTerms, tuple[date, ...]], bool]] = {
    TermsFault.SHARES: _bad_shares,
    TermsFault.DISBURSEMENT_LATE: _drawn_late,
    TermsFault.DESGRAVAMEN: _premium_swallows,
}
