"""Where a loan stands on a day, by its book: what was true then, whatever was entered since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from api.domains.credit_products.schedule import Schedule
from api.domains.loans.account import Component, LoanAccount, dues
from api.domains.loans.allocation import Allocated, allocate_repayments
from api.domains.loans.arrears import CreditType, SbsClass, sbs_class
from api.domains.loans.book import ZERO, Book, Moved, account_of, current_chapter, total
from api.domains.loans.early_repayment import settlement
from api.domains.loans.rules import position

CREDIT_TYPE: Final = CreditType.MICROEMPRESA
"""Producers' loans are micro or small business credit: the limits of both are the same."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a repayment has paid up to a day; ``advance`` waits for due dates to come. Together
    they are the repayment.
    """

    charges: Decimal = ZERO
    interest: Decimal = ZERO
    principal: Decimal = ZERO
    advance: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class NextDue:
    """The next due date after a day, and what must still be paid for it."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """A loan at the end of ``as_of``, amounts in its currency.

    ``payoff`` ends the loan that day: what is due, what has accrued and the balance, less what was
    paid in advance. ``schedule`` is the one in force.
    """

    as_of: date
    schedule: Schedule
    disbursed: Decimal
    repaid: Decimal
    paid: Parts
    due: dict[Component, Decimal]
    outstanding_principal: Decimal
    accrued_interest: Decimal
    payoff: Decimal
    next_due: NextDue | None
    days_in_arrears: int
    sbs_class: SbsClass | None
    parts: dict[str, Parts]

    @property
    def total_due(self) -> Decimal:
        """Everything that is due and not paid."""
        return sum(self.due.values(), start=ZERO)


def standing(book: Book, as_of: date) -> Standing:
    """Where the loan stands at the end of ``as_of``."""
    number = current_chapter(book, as_of)
    accounts = [account_of(book, each, as_of) for each in range(1, number + 1)]
    repaid = book.repaid(as_of)
    parts = _parts(repaid, (allocate_repayments(account, as_of) for account in accounts))
    closing = book.chapters[number].closing
    owing = accounts[-1] if accounts and not (closing and closing.on <= as_of) else None
    found = position(owing, as_of, CREDIT_TYPE) if owing else None
    return Standing(
        as_of=as_of,
        schedule=owing.schedule if owing else book.chapters[number].schedule,
        disbursed=total(book.disbursed(as_of)),
        repaid=total(repaid),
        paid=_sum(parts.values()),
        due=found.due if found else dict.fromkeys(Component, ZERO),
        outstanding_principal=found.outstanding_principal if found else ZERO,
        accrued_interest=found.accrued_interest if found else ZERO,
        payoff=settlement(owing, as_of).total if owing else ZERO,
        next_due=_next_due(owing, as_of, found.advance) if owing and found else None,
        days_in_arrears=found.days_in_arrears if found else 0,
        sbs_class=found.sbs_class if found else sbs_class(0, CREDIT_TYPE, as_of),
        parts=parts,
    )


def _next_due(account: LoanAccount, as_of: date, advance: Decimal) -> NextDue | None:
    """What the next due date asks for beyond the advance; None where none is to come."""
    ahead = [each for each in dues(account, account.schedule.end) if each.on > as_of]
    first = min((each.on for each in ahead), default=None)
    if first is None:
        return None
    asked = sum((each.amount for each in ahead if each.on == first), start=ZERO)
    return NextDue(first, max(asked - advance, ZERO))


def _parts(repaid: Iterable[Moved], allocated: Iterable[Allocated]) -> dict[str, Parts]:
    paid: dict[tuple[str, Component], Decimal] = {}
    for each in allocated:
        for part in each.allocations:
            key = (part.repayment, part.due.component)
            paid[key] = paid.get(key, ZERO) + part.amount
    return {moved.reference: _parts_of(moved, paid) for moved in repaid}


def _parts_of(moved: Moved, paid: dict[tuple[str, Component], Decimal]) -> Parts:
    by_component = {each: paid.get((moved.reference, each), ZERO) for each in Component}
    advance = moved.amount - sum(by_component.values(), start=ZERO)
    return Parts(**{each.value: amount for each, amount in by_component.items()}, advance=advance)


def _sum(parts: Iterable[Parts]) -> Parts:
    found = list(parts)
    return Parts(
        charges=sum((each.charges for each in found), start=ZERO),
        interest=sum((each.interest for each in found), start=ZERO),
        principal=sum((each.principal for each in found), start=ZERO),
        advance=sum((each.advance for each in found), start=ZERO),
    )
