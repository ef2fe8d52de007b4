"""The position of a loan on a day, and what a harvest delivery may retain for it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from api.core.money import Money, exact
from api.domains.loans.account import Component, LoanAccount, dues
from api.domains.loans.accrual import accrual
from api.domains.loans.allocation import ZERO, Allocation, allocate_repayments
from api.domains.loans.arrears import CreditType, SbsClass, days_in_arrears, sbs_class


class PositionNote(StrEnum):
    """What a reader of a position must know."""

    DISBURSED_OTHERWISE = "disbursed_otherwise"
    """Paid out otherwise than the schedule says: it must be rebuilt, figures are provisional."""
    OVERPAID = "overpaid"
    """Everything is paid and money is left: it goes back to the borrower."""
    NO_ARREARS_TABLE = "no_arrears_table"
    """No table of SBS classes is in force on the day."""


@dataclass(frozen=True, slots=True)
class LoanPosition:
    """A loan on ``as_of``, amounts in its currency.

    ``outstanding_principal`` counts late principal in. ``accrued_interest`` is of the running
    period, not due. ``advance`` waits for the next due dates. ``allocations`` say what each
    repayment paid: allocations + advance = repayments.
    """

    as_of: date
    disbursed: Decimal
    outstanding_principal: Decimal
    paid: dict[Component, Decimal]
    due: dict[Component, Decimal]
    advance: Decimal
    accrued_interest: Decimal
    days_in_arrears: int
    sbs_class: SbsClass | None
    settled: bool
    notes: tuple[PositionNote, ...]
    allocations: tuple[Allocation, ...]

    @property
    def total_due(self) -> Decimal:
        """Everything that is due and not paid."""
        return sum(self.due.values(), start=ZERO)


def position(account: LoanAccount, as_of: date, credit_type: CreditType) -> LoanPosition:
    """Where the loan stands at the end of ``as_of``."""
    allocated, accrued = allocate_repayments(account, as_of), accrual(account.schedule, as_of)
    difference = account.paid_out(as_of) - account.planned(as_of)
    days = days_in_arrears(allocated.unpaid, as_of)
    classed = sbs_class(days, credit_type, as_of)
    settled = as_of >= account.schedule.end and not allocated.unpaid
    found = {
        PositionNote.DISBURSED_OTHERWISE: bool(difference),
        PositionNote.OVERPAID: settled and bool(allocated.advance),
        PositionNote.NO_ARREARS_TABLE: classed is None,
    }
    owed = accrued.balance + allocated.owed(Component.PRINCIPAL) + difference
    return LoanPosition(
        as_of=as_of,
        disbursed=account.paid_out(as_of),
        outstanding_principal=max(owed, ZERO),
        paid={component: allocated.paid(component) for component in Component},
        due={component: allocated.owed(component) for component in Component},
        advance=allocated.advance,
        accrued_interest=accrued.interest,
        days_in_arrears=days,
        sbs_class=classed,
        settled=settled,
        notes=tuple(note for note, holds in found.items() if holds),
        allocations=allocated.allocations,
    )


def amount_due(account: LoanAccount, as_of: date, until: date) -> Money:
    """What a payment on ``as_of`` must bring so that nothing falls late up to ``until``.

    With ``until`` = ``as_of`` it is what is due on the day; a later day takes in instalments
    that fall due soon after a harvest. Advances are taken off.
    """
    allocated = allocate_repayments(account, as_of)
    open_now = sum((due.amount for due in allocated.unpaid), start=ZERO)
    soon = sum((due.amount for due in dues(account, until) if due.on > as_of), start=ZERO)
    needed = max(open_now + soon - allocated.advance, ZERO)
    return Money(needed, account.schedule.currency)


class RetentionBound(StrEnum):
    """What limited a retention."""

    NOTHING_DUE = "nothing_due"
    DUE = "due"
    AGREED_SHARE = "agreed_share"
    DELIVERY_VALUE = "delivery_value"


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept from a delivery's payment for the loan, and what limited it."""

    amount: Money
    bound: RetentionBound


def retention(delivery: Money, due: Money, agreed_share: Decimal | None = None) -> Retention:
    """Retain what is due, but no more than ``agreed_share`` (0 to 1) of the delivery's value.

    Without an agreed share the whole value may be retained. ``CurrencyMismatch`` where the two
    amounts differ in currency, ValueError for a share outside 0 to 1 or a negative amount.
    """
    share = Decimal(1) if agreed_share is None else exact(agreed_share)
    if not 0 <= share <= 1 or delivery.amount < 0 or due.amount < 0:
        raise ValueError("a share is between 0 and 1, and amounts are not negative")
    most = delivery.times(share)
    if not due:
        return Retention(due, RetentionBound.NOTHING_DUE)
    if due <= most:
        return Retention(due, RetentionBound.DUE)
    whole = agreed_share is None
    return Retention(most, RetentionBound.DELIVERY_VALUE if whole else RetentionBound.AGREED_SHARE)
