"""The schedule of the rest of a loan once part of its principal was repaid early.

Rounding must never cost the borrower anything: candidates are tried in turn, and the first under
which no more is paid than under the old schedule is taken. The last one repays the old portions
of principal until nothing is owed, so that no balance, no interest and no premium can be higher
than before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from api.core.money import CENT
from api.domains.credit_products.desgravamen import insured_at
from api.domains.credit_products.instalments import ZERO, Held, Instalment
from api.domains.credit_products.schedule import Schedule, rebuild_schedule
from api.domains.credit_products.terms import (
    Commission,
    CommissionMoment,
    Desgravamen,
    Disbursement,
    ScheduleTerms,
)
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind

NUDGES: Final = (1, 2)
"""Rounding steps by which a lower instalment may be raised again."""


class EarlyRepaymentMode(StrEnum):
    """What the borrower chooses: the same dates and less each time, or the same for less time."""

    LOWER_INSTALMENT = "lower_instalment"
    SHORTER_TERM = "shorter_term"


@dataclass(frozen=True, slots=True)
class Rest:
    """The old schedule, the day, the balance that is left, and what the rest may still charge.

    ``limit`` is what the old schedule would have asked for after that day, less what was paid.
    """

    schedule: Schedule
    on: date
    balance: Decimal
    limit: Decimal
    held: Held

    @property
    def ahead(self) -> tuple[Instalment, ...]:
        """The rows of the old schedule that fall due after the day."""
        return ahead(self.schedule, self.on)


def ahead(schedule: Schedule, on: date) -> tuple[Instalment, ...]:
    """The rows that fall due after ``on``."""
    return tuple(row for row in schedule.instalments if row.due_date > on)


def pending(schedule: Schedule, on: date) -> tuple[Disbursement, ...]:
    """The disbursements that are planned after ``on``."""
    return tuple(each for each in schedule.terms.disbursements if each.on > on)


def rest_of_loan(rest: Rest, mode: EarlyRepaymentMode) -> Schedule:
    """The new schedule: the first candidate that keeps to ``rest.limit``, or else the last."""
    candidates = _candidates(rest, mode)
    schedule = next(candidates)
    while schedule.totals.total > rest.limit:
        following = next(candidates, None)
        if following is None:
            break
        schedule = following
    return schedule


def _candidates(rest: Rest, mode: EarlyRepaymentMode) -> Iterator[Schedule]:
    terms, held, old = remaining_terms(rest), rest.held, rest.schedule
    portions = tuple(row.principal for row in rest.ahead[terms.grace_periods :])
    if mode is EarlyRepaymentMode.LOWER_INSTALMENT:
        lower = rebuild_schedule(terms, held)
        yield lower
        if lower.level is not None:
            for steps in NUDGES:
                nudged = replace(held, level=lower.level + steps * terms.rounding)
                yield rebuild_schedule(terms, nudged)
    elif old.level is not None:
        yield rebuild_schedule(terms, replace(held, level=old.level))
    else:
        yield rebuild_schedule(terms, replace(held, portions=portions))
    yield rebuild_schedule(replace(terms, rounding=CENT), replace(held, portions=portions))


def remaining_terms(rest: Rest) -> ScheduleTerms:
    """The old terms for the balance that is left, on the dates that are left."""
    terms, rows = rest.schedule.terms, rest.ahead
    passed = rows[0].number - 1
    later = pending(rest.schedule, rest.on)
    grace = max(terms.grace_periods - passed, 0)
    return replace(
        terms,
        principal=rest.balance + sum((each.amount for each in later), start=ZERO),
        disbursements=(Disbursement(rest.on, rest.balance), *later),
        instalments=len(rows),
        dates=tuple(row.due_date for row in rows),
        shares=terms.shares[passed : passed + len(rows)],
        grace=terms.grace if grace else GraceKind.NONE,
        grace_periods=grace,
        desgravamen=_desgravamen(terms, rest.on),
        commissions=_commissions(terms),
    )


def _desgravamen(terms: ScheduleTerms, on: date) -> Desgravamen:
    """A flat premium stays on the initial capital; a capitalised one was lent already."""
    variant = terms.desgravamen.variant
    if variant is DesgravamenVariant.INITIAL_FLAT:
        return replace(terms.desgravamen, insured=insured_at(terms, on + timedelta(days=1)))
    if variant is DesgravamenVariant.CAPITALISED:
        return replace(terms.desgravamen, insured=ZERO)
    return terms.desgravamen


def _commissions(terms: ScheduleTerms) -> tuple[Commission, ...]:
    """With each instalment what was charged before, whatever principal is left."""
    each = terms.commission(CommissionMoment.INSTALMENT)
    return (Commission("per_instalment", CommissionMoment.INSTALMENT, each),) if each else ()
