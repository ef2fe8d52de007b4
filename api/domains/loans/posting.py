"""What a disbursement or a repayment does to the book of a loan, or why it cannot be entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from api.core.money import Money, allocate
from api.domains.credit_products.schedule import Schedule, build_schedule
from api.domains.credit_products.terms import TermsNotBuildable
from api.domains.loans.account import LoanAccount
from api.domains.loans.book import (
    ZERO,
    Began,
    Book,
    Chapter,
    Closing,
    Moved,
    account_of,
    paid_out_terms,
)
from api.domains.loans.early_repayment import early_repayment, settlement
from api.domains.loans.remaining import EarlyRepaymentMode
from api.domains.loans.vocabulary import LoanMovementKind

K = TypeVar("K")


class Refusal(StrEnum):
    """Why a movement cannot be entered."""

    BEFORE_AGREEMENT = "before_agreement"
    BEFORE_CHAPTER = "before_chapter"
    AFTER_REPAYMENT_BEGAN = "after_repayment_began"
    REPAID_EARLY_BEFORE = "repaid_early_before"
    BEYOND_OWED = "beyond_owed"
    MOVED_SINCE = "moved_since"


class NotEntered(ValueError):
    """A movement was refused; ``owed`` says how much could have been repaid, where that is why."""

    def __init__(self, refusal: Refusal, owed: Decimal | None = None) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.owed = owed


@dataclass(frozen=True, slots=True)
class Payable:
    """A plan line that an order serves, in céntimos of one currency: what the order costs for it,
    what loans have paid of that, and what the application still has for the line.
    """

    ordered: Decimal
    paid: Decimal
    left: Decimal

    @property
    def room(self) -> Decimal:
        """The most that may still be paid."""
        return max(min(self.ordered - self.paid, self.left), ZERO)


def share_out(amount: Decimal, payables: Mapping[K, Payable]) -> dict[K, Decimal] | None:
    """Share a payment over plan lines by what each may still take, losing no céntimo.

    None where it is more than all of them may take; lines that get nothing are left out.
    """
    rooms = [each.room for each in payables.values()]
    if amount > sum(rooms, start=ZERO):
        return None
    parts = zip(payables, allocate(amount, rooms), strict=True)
    return {key: part for key, part in parts if part}


def pay_out(book: Book, new: Sequence[Moved], today: date) -> Book:
    """The book after a disbursement, under a schedule for all that was paid out until then.

    ``NotEntered`` where it lies before the agreement, after an early repayment (what is left to
    pay out needs a new loan), or would change what fell due by ``today``.
    """
    if len(book.chapters) > 2 or (len(book.chapters) == 2 and not book.is_open):
        raise NotEntered(Refusal.REPAID_EARLY_BEFORE)
    if any(each.on < book.agreed.since for each in new):
        raise NotEntered(Refusal.BEFORE_AGREEMENT)
    moved = (*book.moved, *new)
    paid_out = Book(book.chapters, moved).disbursed(date.max)
    try:
        schedule = build_schedule(paid_out_terms(book.agreed.schedule, paid_out))
    except TermsNotBuildable:
        raise NotEntered(Refusal.AFTER_REPAYMENT_BEGAN) from None
    if len(book.chapters) == 2 and _fallen_due(schedule, today) != _fallen_due(
        book.chapters[1].schedule, today
    ):
        raise NotEntered(Refusal.AFTER_REPAYMENT_BEGAN)
    chapter = Chapter(schedule.terms.start, Began.PAID_OUT, schedule)
    return Book((book.agreed, chapter), moved)


def repay(
    book: Book, reference: str, amount: Decimal, on: date, early: EarlyRepaymentMode | None = None
) -> Book:
    """The book after a repayment; it is settled where nothing is owed any more.

    What is due is paid. What is more waits as an advance for the next due dates, unless ``early``
    says that it shall reduce principal at once; a payment of all that is owed on its day ends the
    loan. ``NotEntered`` for more than is owed, for a day before the chapter, and for an early
    repayment on a day after which money moved already.
    """
    number = len(book.chapters) - 1
    chapter = book.chapters[number]
    if on < chapter.since:
        raise NotEntered(Refusal.BEFORE_CHAPTER)
    day = max(on, book.last_move or on)
    before = account_of(book, number, day)
    owed = settlement(before, day).total
    if amount > owed:
        raise NotEntered(Refusal.BEYOND_OWED, owed)
    entered = replace(book, moved=(*book.moved, _repayment(reference, on, amount, number)))
    if early is not None:
        if day > on:
            raise NotEntered(Refusal.MOVED_SINCE)
        return _repaid_early(entered, before, amount, on, early)
    return _settled(entered, day)


def _repaid_early(
    book: Book, before: LoanAccount, amount: Decimal, on: date, mode: EarlyRepaymentMode
) -> Book:
    done = early_repayment(before, Money(amount, before.schedule.currency), on, mode)
    if done.reason is not None:
        return _settled(book, on)
    closing = Closing(on, done.interest, done.insurance, done.principal)
    closed = _close(book, closing)
    if done.account is None:
        return closed
    rest = Chapter(on, Began.REPAID_EARLY, done.account.schedule)
    return replace(closed, chapters=(*closed.chapters, rest))


def _settled(book: Book, day: date) -> Book:
    left = settlement(account_of(book, len(book.chapters) - 1, day), day)
    if left.total:
        return book
    return _close(book, Closing(day, left.interest, left.insurance, left.principal))


def _close(book: Book, closing: Closing) -> Book:
    *before, last = book.chapters
    return replace(book, chapters=(*before, replace(last, closing=closing)))


def _repayment(reference: str, on: date, amount: Decimal, number: int) -> Moved:
    return Moved(reference, LoanMovementKind.REPAYMENT, on, amount, number)


def _fallen_due(schedule: Schedule, today: date) -> list[tuple[object, ...]]:
    return [
        (row.due_date, row.principal, row.interest, row.insurance, row.commission)
        for row in schedule.instalments
        if row.due_date <= today
    ]
