"""The book of a loan: its schedules, one after the other, and all the money that moved.

The first chapter is what was agreed. What is really paid out begins the second, on the agreed due
dates, so that nobody pays interest on money not received; an early repayment closes a chapter and
the rest of the loan begins the next. A book is only added to: what was true on a day can be told
on any later day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from api.core.money import Money
from api.domains.credit_products.instalments import Instalment
from api.domains.credit_products.schedule import Schedule, build_schedule
from api.domains.credit_products.terms import Disbursement, ScheduleTerms
from api.domains.loans.account import LoanAccount, Movement
from api.domains.loans.vocabulary import LoanMovementKind

ZERO: Final = Decimal("0.00")


class Began(StrEnum):
    """What began a chapter."""

    AGREED = "agreed"
    PAID_OUT = "paid_out"
    REPAID_EARLY = "repaid_early"


@dataclass(frozen=True, slots=True)
class Closing:
    """What the last repayment of a chapter paid besides what was due: accrued interest and
    insurance, and principal before its time.
    """

    on: date
    interest: Decimal
    insurance: Decimal
    principal: Decimal


@dataclass(frozen=True, slots=True)
class Chapter:
    """A schedule from its first day to its closing."""

    since: date
    began: Began
    schedule: Schedule
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that moved, in the loan's currency; a repayment belongs to a chapter."""

    reference: str
    kind: LoanMovementKind
    on: date
    amount: Decimal
    chapter: int | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Chapters in order, the agreed one first, and movements in any order."""

    chapters: tuple[Chapter, ...]
    moved: tuple[Moved, ...] = ()

    @property
    def agreed(self) -> Chapter:
        """What was agreed before any money moved."""
        return self.chapters[0]

    @property
    def is_open(self) -> bool:
        """Whether money was paid out and something may still be owed."""
        return len(self.chapters) > 1 and self.chapters[-1].closing is None

    @property
    def last_move(self) -> date | None:
        """The latest day on which money moved."""
        return max((each.on for each in self.moved), default=None)

    def disbursed(self, until: date) -> list[Moved]:
        """What was paid out up to and on a day."""
        return self._moved(LoanMovementKind.DISBURSEMENT, until)

    def repaid(self, until: date) -> list[Moved]:
        """What was repaid up to and on a day."""
        return self._moved(LoanMovementKind.REPAYMENT, until)

    def _moved(self, kind: LoanMovementKind, until: date) -> list[Moved]:
        return [each for each in self.moved if each.kind is kind and each.on <= until]


def total(moved: Iterable[Moved]) -> Decimal:
    """The sum of movements."""
    return sum((each.amount for each in moved), start=ZERO)


def paid_out_terms(agreed: Schedule, paid_out: Sequence[Moved]) -> ScheduleTerms:
    """The agreed terms for what was really paid out: the same due dates, other amounts."""
    by_day: dict[date, Decimal] = {}
    for each in sorted(paid_out, key=lambda moved: moved.on):
        by_day[each.on] = by_day.get(each.on, ZERO) + each.amount
    return replace(
        agreed.terms,
        principal=total(paid_out),
        disbursements=tuple(Disbursement(on, amount) for on, amount in by_day.items()),
        dates=tuple(row.due_date for row in agreed.instalments),
    )


def schedule_on(book: Book, number: int, day: date) -> Schedule:
    """The schedule of a chapter as it was on a day, before later disbursements."""
    chapter = book.chapters[number]
    paid_out = book.disbursed(day)
    if chapter.began is not Began.PAID_OUT or len(paid_out) == len(book.disbursed(date.max)):
        return chapter.schedule
    return build_schedule(paid_out_terms(book.agreed.schedule, paid_out))


def account_of(book: Book, number: int, day: date) -> LoanAccount:
    """The account of a chapter with what moved in it up to and on ``day``.

    A closed chapter ends with one more row, on the day of its closing, which is what the last
    repayment paid before its time.
    """
    chapter, schedule = book.chapters[number], schedule_on(book, number, day)
    if chapter.closing and chapter.closing.on <= day:
        schedule = _closed(schedule, chapter.closing)
    paid_out = _movements(book.disbursed(day), schedule)
    if chapter.began is Began.REPAID_EARLY:
        carried = chapter.schedule.terms.disbursements[0].amount
        paid_out = (Movement("carried_forward", chapter.since, Money(carried, schedule.currency)),)
    repaid = [each for each in book.repaid(day) if each.chapter == number]
    return LoanAccount(schedule, paid_out, _movements(repaid, schedule))


def current_chapter(book: Book, day: date) -> int:
    """The chapter that a day belongs to; 0 before anything was paid out."""
    return max(n for n, each in enumerate(book.chapters) if n == 0 or each.since <= day)


def _movements(moved: Iterable[Moved], schedule: Schedule) -> tuple[Movement, ...]:
    return tuple(
        Movement(each.reference, each.on, Money(each.amount, schedule.currency)) for each in moved
    )


def _closed(schedule: Schedule, closing: Closing) -> Schedule:
    rows = [row for row in schedule.instalments if row.due_date <= closing.on]
    last = Instalment(
        number=len(rows) + 1,
        due_date=closing.on,
        days=0,
        opening=closing.principal,
        disbursed=ZERO,
        principal=closing.principal,
        interest=closing.interest,
        insurance=closing.insurance,
        commission=ZERO,
        total=closing.principal + closing.interest + closing.insurance,
        capitalised=ZERO,
        closing=ZERO,
    )
    return replace(schedule, instalments=(*rows, last))
