"""What has accrued on a day between two due dates, by the schedule.

Interest runs on the scheduled balance. What late principal costs on top is the lender's to
charge: it arrives as a reported charge.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from api.core.money import EXACT, quantize_money
from api.domains.credit_products.desgravamen import financed, premium, premium_to
from api.domains.credit_products.instalments import Instalment
from api.domains.credit_products.rates import period_rate
from api.domains.credit_products.schedule import Schedule
from api.domains.credit_products.schedule_kinds import Period, periods
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Accrual:
    """On ``on``: the scheduled balance, and what accrued since the last due date.

    ``row`` is the running instalment, None before the first disbursement and after the end.
    ``insurance`` of a levelled premium is what was earned since the beginning less what was
    charged. ``interest_left`` and ``insurance_left`` are the most that the period may still add.
    """

    on: date
    row: Instalment | None
    balance: Decimal = ZERO
    interest: Decimal = ZERO
    insurance: Decimal = ZERO
    interest_left: Decimal = ZERO
    insurance_left: Decimal = ZERO


def accrual(schedule: Schedule, on: date) -> Accrual:
    """What has accrued by the end of ``on``; an instalment due on ``on`` is due, not accrued."""
    with localcontext(EXACT):
        pairs = zip(schedule.instalments, periods(schedule.terms), strict=False)
        running = next((pair for pair in pairs if pair[1].start <= on < pair[1].due), None)
        if running is None:
            return Accrual(on, None)
        row, period = running
        whole_interest, whole_insurance = _whole(schedule, row, period)
        interest, interest_left = _split(_interest(schedule, row, period, on), whole_interest)
        insurance, insurance_left = _split(
            quantize_money(premium_to(schedule.terms, row.opening, period, on)), whole_insurance
        )
        lent = _lent(schedule, period, on)
        return Accrual(
            on=on,
            row=row,
            balance=row.opening + sum((amount for _, amount in lent), start=ZERO),
            interest=interest,
            insurance=max(insurance + _earned_before(schedule, row), ZERO),
            interest_left=interest_left,
            insurance_left=insurance_left,
        )


def _split(so_far: Decimal, whole: Decimal) -> tuple[Decimal, Decimal]:
    """What accrued and what is left to come, together no more than the whole."""
    accrued = min(so_far, whole)
    return accrued, whole - accrued


def _whole(schedule: Schedule, row: Instalment, period: Period) -> tuple[Decimal, Decimal]:
    """Interest and insurance of the whole period: what the row charges, or capitalises.

    A row of a rebuilt schedule may charge a céntimo less than the formula gives. A levelled
    premium is earned by the formula and charged otherwise.
    """
    interest = _interest(schedule, row, period, period.due)
    insurance = premium(schedule.terms, row.opening, period)
    if _pays(schedule, row):
        levelled = _levelled(schedule)
        return min(interest, row.interest), insurance if levelled else min(insurance, row.insurance)
    lent = sum((amount for _, amount in _lent(schedule, period, period.due)), start=ZERO)
    grown = row.capitalised + row.disbursed - lent
    interest = min(interest, grown)
    return interest, min(insurance, grown - interest)


def _interest(schedule: Schedule, row: Instalment, period: Period, day: date) -> Decimal:
    tea = schedule.terms.tea
    accrued = row.opening * period_rate(tea, (day - period.start).days) + sum(
        amount * period_rate(tea, (day - on).days) for on, amount in _lent(schedule, period, day)
    )
    return quantize_money(accrued)


def _lent(schedule: Schedule, period: Period, day: date) -> list[tuple[date, Decimal]]:
    """Disbursements inside the period up to ``day``, with the premiums lent with them."""
    end = periods(schedule.terms)[-1].due
    return [
        (each.on, each.amount + financed(schedule.terms, each, end))
        for each in period.drawn
        if each.on <= day
    ]


def _levelled(schedule: Schedule) -> bool:
    return schedule.terms.desgravamen.variant is DesgravamenVariant.BALANCE_LEVELLED


def _pays(schedule: Schedule, row: Instalment) -> bool:
    """Whether the row pays its interest: not in total grace."""
    terms = schedule.terms
    return terms.grace is not GraceKind.TOTAL or row.number > terms.grace_periods


def _earned_before(schedule: Schedule, running: Instalment) -> Decimal:
    """Levelled premium: earned on the balances of earlier rows, less what these charged."""
    if not _levelled(schedule):
        return ZERO
    earlier = zip(schedule.instalments[: running.number - 1], periods(schedule.terms), strict=False)
    return sum(
        (
            premium(schedule.terms, row.opening, period) - row.insurance
            for row, period in earlier
            if _pays(schedule, row)
        ),
        start=ZERO,
    )
