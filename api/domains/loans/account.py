"""What a loan is made of: the agreed schedule, and what happened since."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from api.core.money import CurrencyMismatch, Money
from api.domains.credit_products.schedule import Schedule


class Component(StrEnum):
    """What a payment pays. Charges: insurance, commissions and charges that the lender reports."""

    CHARGES = "charges"
    INTEREST = "interest"
    PRINCIPAL = "principal"


class AllocationScope(StrEnum):
    """all_due: one component of everything due, oldest first, then the next component.
    oldest_instalment: everything of the oldest instalment, then of the next.
    """

    ALL_DUE = "all_due"
    OLDEST_INSTALMENT = "oldest_instalment"


DEFAULT_ORDER: Final = (Component.CHARGES, Component.INTEREST, Component.PRINCIPAL)
CIVIL_CODE_ORDER: Final = (Component.INTEREST, Component.CHARGES, Component.PRINCIPAL)
"""Código Civil, art. 1257: interest, then expenses, then capital, unless the creditor agrees."""


@dataclass(frozen=True, slots=True)
class AllocationPolicy:
    """In which order a repayment pays; ValueError unless ``order`` names each component once."""

    order: tuple[Component, ...] = DEFAULT_ORDER
    scope: AllocationScope = AllocationScope.ALL_DUE

    def __post_init__(self) -> None:
        if sorted(self.order) != sorted(Component):
            raise ValueError("the order must name every component once")


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moved, or a charge that arose, on a day; ``reference`` names the record."""

    reference: str
    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class LoanAccount:
    """A loan under one schedule.

    A schedule that was replaced (early repayment, rescheduling) starts a new account: movements
    before its first day belong to the old one. ``charges`` are what the lender's core system
    adds, arrears interest for one: this platform computes none. ``CurrencyMismatch`` where a
    movement is in another currency than the schedule, ValueError where it is not positive.
    """

    schedule: Schedule
    disbursements: tuple[Movement, ...] = ()
    repayments: tuple[Movement, ...] = ()
    charges: tuple[Movement, ...] = ()
    policy: AllocationPolicy = field(default_factory=AllocationPolicy)

    def __post_init__(self) -> None:
        for movement in (*self.disbursements, *self.repayments, *self.charges):
            if movement.amount.currency != self.schedule.currency:
                raise CurrencyMismatch("a movement is not in the currency of the loan")
            if movement.amount.amount <= 0:
                raise ValueError("a movement must be positive")

    @classmethod
    def as_agreed(cls, schedule: Schedule) -> "LoanAccount":
        """A loan that was paid out exactly as scheduled, with nothing repaid yet."""
        paid_out = (
            Movement("scheduled", each.on, Money(each.amount, schedule.currency))
            for each in schedule.terms.disbursements
        )
        return cls(schedule, tuple(paid_out))

    def paid_out(self, as_of: date) -> Decimal:
        """What was really disbursed up to and on ``as_of``."""
        amounts = (each.amount.amount for each in self.disbursements if each.on <= as_of)
        return sum(amounts, start=Decimal("0.00"))

    def planned(self, as_of: date) -> Decimal:
        """What the schedule says was disbursed up to and on ``as_of``."""
        planned = self.schedule.terms.disbursements
        return sum((each.amount for each in planned if each.on <= as_of), start=Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Due:
    """One component of one instalment (None: of a reported charge) that falls due on a day."""

    on: date
    instalment: int | None
    component: Component
    amount: Decimal


def dues(account: LoanAccount, until: date) -> Iterator[Due]:
    """Everything that falls due up to and on ``until``, by day; nothing of amount zero."""
    rows = [row for row in account.schedule.instalments if row.due_date <= until]
    scheduled = [
        Due(row.due_date, row.number, component, amount)
        for row in rows
        for component, amount in (
            (Component.CHARGES, row.insurance + row.commission),
            (Component.INTEREST, row.interest),
            (Component.PRINCIPAL, row.principal),
        )
        if amount
    ]
    reported = [
        Due(charge.on, None, Component.CHARGES, charge.amount.amount)
        for charge in account.charges
        if charge.on <= until
    ]
    yield from sorted(scheduled + reported, key=lambda due: due.on)
