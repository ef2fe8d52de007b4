"""Books of loans for tests: agreed, paid out and repaid in any way that is entered."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from api.domains.credit_products.schedule import build_schedule
from api.domains.credit_products.terms import Disbursement, ScheduleTerms
from api.domains.loans.book import Began, Book, Chapter, Moved
from api.domains.loans.posting import NotEntered, pay_out, repay
from api.domains.loans.remaining import EarlyRepaymentMode
from api.domains.loans.standing import standing
from api.domains.loans.vocabulary import LoanMovementKind
from tests.domains.credit_products.builders import START, any_terms, loan

D = Decimal


def agreed(terms: ScheduleTerms | None = None, **changes: Any) -> Book:
    """A book with nothing but the agreement: 10,000 at 35 % in twelve instalments of 30 days."""
    return Book((Chapter(START, Began.AGREED, build_schedule(terms or loan(**changes))),))


def out(reference: str, amount: str | Decimal, on: date) -> Moved:
    return Moved(reference, LoanMovementKind.DISBURSEMENT, on, D(amount))


def paid_out(amount: str = "10000", on: date = START, **changes: Any) -> Book:
    """A loan that was paid out, by default as agreed."""
    return pay_out(agreed(**changes), [out("d1", amount, on)], on)


@dataclass(frozen=True)
class Story:
    """The books that a loan had, one per movement that was entered, with the day of each."""

    principal: Decimal
    pages: tuple[tuple[date, Book], ...]

    @property
    def last(self) -> Book:
        return self.pages[-1][1]


@st.composite
def stories(draw: st.DrawFn, most: int = 6) -> Story:
    """Loans of every kind, paid out in parts and repaid late, on time, ahead and early."""
    terms = draw(any_terms(most=6))
    whole = (Disbursement(terms.start, terms.principal),)
    book = agreed(replace(terms, disbursements=whole))
    left, day = terms.principal, START
    pages = [(day, book)]
    for number in range(draw(st.integers(2, most))):
        day += timedelta(days=draw(st.integers(0, 60)) if number else 0)
        try:
            if number == 0 or (left and draw(st.integers(0, 3)) == 0):
                amount = D(draw(st.integers(1, int(left * 100)))) / 100
                book = pay_out(book, [out(f"m{number}", amount, day)], day)
                left -= amount
            elif book.is_open:
                owed = int(standing(book, day).payoff * 100)
                amount = D(draw(st.one_of(st.just(owed), st.integers(1, max(owed, 1))))) / 100
                early = draw(st.sampled_from([None, *EarlyRepaymentMode]))
                book = repay(book, f"m{number}", amount, day, early)
        except NotEntered:
            continue
        pages.append((day, book))
    return Story(terms.principal, tuple(pages))
