"""Loans for tests: a schedule, and what was paid."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from api.core.money import Money
from api.domains.credit_products.schedule import build_schedule
from api.domains.loans.account import (
    AllocationPolicy,
    AllocationScope,
    Component,
    LoanAccount,
    Movement,
)
from tests.domains.credit_products.builders import any_terms, loan

D = Decimal


def pen(amount: str | Decimal) -> Money:
    return Money(D(amount), "PEN")


def paid(*movements: tuple[date, str | Decimal]) -> tuple[Movement, ...]:
    """Repayments p1, p2, ... of amounts on days."""
    return tuple(
        Movement(f"p{number}", on, pen(amount))
        for number, (on, amount) in enumerate(movements, start=1)
    )


def running(*movements: tuple[date, str | Decimal], **terms: Any) -> LoanAccount:
    """A loan of 10,000 at 35 % in twelve instalments of 30 days, and what was repaid."""
    account = LoanAccount.as_agreed(build_schedule(loan(**terms)))
    return LoanAccount(account.schedule, account.disbursements, paid(*movements))


policies = st.builds(
    AllocationPolicy,
    st.permutations(list(Component)).map(tuple),
    st.sampled_from(AllocationScope),
)


@st.composite
def lived_loans(draw: st.DrawFn) -> LoanAccount:
    """Loans of every kind with repayments and reported charges on any day."""
    account = LoanAccount.as_agreed(build_schedule(draw(any_terms(most=8))))
    first = account.schedule.terms.start.toordinal()
    days = st.integers(first, account.schedule.end.toordinal() + 200).map(date.fromordinal)
    amounts = st.integers(1, 3_000_000).map(lambda n: D(n) / 100)
    moves = st.lists(st.tuples(days, amounts), max_size=6)
    return LoanAccount(
        account.schedule,
        account.disbursements,
        paid(*draw(moves)),
        tuple(
            Movement(f"c{number}", on, pen(amount))
            for number, (on, amount) in enumerate(draw(moves))
        ),
        draw(policies),
    )


def days_of(account: LoanAccount) -> st.SearchStrategy[date]:
    """Any day from before a loan to after it."""
    first = account.schedule.terms.start.toordinal()
    return st.integers(first - 5, account.schedule.end.toordinal() + 250).map(date.fromordinal)
