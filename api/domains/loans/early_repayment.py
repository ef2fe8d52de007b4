"""Early repayment (pago anticipado): principal paid before it is due, interest falling with it.

It may never be refused, charged or penalised (Ley 29571, art. 86; Indecopi 2924-2018/SPC), and
the borrower chooses a lower instalment or a shorter term. What is due is paid first, then the
interest and insurance that accrued to the day, then principal.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum

from api.core.money import EXACT, CurrencyMismatch, Money
from api.domains.credit_products.instalments import ZERO, Held
from api.domains.credit_products.schedule import Schedule
from api.domains.credit_products.vocabulary import DesgravamenVariant
from api.domains.loans.account import Component, LoanAccount, Movement
from api.domains.loans.accrual import Accrual, accrual
from api.domains.loans.allocation import allocate_repayments
from api.domains.loans.remaining import EarlyRepaymentMode, Rest, ahead, pending, rest_of_loan


class NotEarly(StrEnum):
    """Why an amount repays nothing early: it is an ordinary repayment then, or none."""

    NOTHING_LEFT_FOR_PRINCIPAL = "nothing_left_for_principal"
    NOT_RUNNING = "loan_not_running"
    DISBURSED_OTHERWISE = "disbursed_otherwise"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What pays a loan off on a day: what is due, what has accrued, the balance, less advances."""

    due: Decimal
    interest: Decimal
    insurance: Decimal
    principal: Decimal
    advance: Decimal

    @property
    def before_principal(self) -> Decimal:
        """What is paid before any principal that is not due; negative where advances exceed it."""
        return self.due + self.interest + self.insurance - self.advance

    @property
    def total(self) -> Decimal:
        """To be paid; zero where advances cover it."""
        return max(self.before_principal + self.principal, ZERO)


@dataclass(frozen=True, slots=True)
class EarlyRepayment:
    """What the amount paid, and what is left.

    ``account`` is the rest of the loan under its new schedule; None where it is paid off, and
    where ``reason`` says why nothing was done. ``returned`` goes back to the borrower. ``saved``
    is how much less is paid from that day on, this payment counted in.
    """

    reason: NotEarly | None = None
    due: Decimal = ZERO
    interest: Decimal = ZERO
    insurance: Decimal = ZERO
    principal: Decimal = ZERO
    returned: Decimal = ZERO
    saved: Decimal = ZERO
    account: LoanAccount | None = None


def settlement(account: LoanAccount, on: date) -> Settlement:
    """What would pay the loan off on ``on``."""
    with localcontext(EXACT):
        allocated, accrued = allocate_repayments(account, on), accrual(account.schedule, on)
        return Settlement(
            due=sum((allocated.owed(component) for component in Component), start=ZERO),
            interest=accrued.interest,
            insurance=_insurance_now(account.schedule, accrued),
            principal=accrued.balance,
            advance=allocated.advance,
        )


def early_repayment(
    account: LoanAccount, amount: Money, on: date, mode: EarlyRepaymentMode
) -> EarlyRepayment:
    """Repay ``amount`` early on ``on``, advances included; never refused but for a ``reason``.

    What is paid from here on, this payment included, is never more than it would have been.
    ``CurrencyMismatch`` and ValueError as for any movement of the loan.
    """
    if amount.currency != account.schedule.currency:
        raise CurrencyMismatch("the repayment is not in the currency of the loan")
    if amount.amount <= 0:
        raise ValueError("a repayment must be positive")
    with localcontext(EXACT):
        owed, accrued = settlement(account, on), accrual(account.schedule, on)
        to_principal = amount.amount - owed.before_principal
        reason = _refusal(account, accrued, to_principal)
        if reason:
            return EarlyRepayment(reason)
        principal = min(to_principal, owed.principal)
        rest = _rest(account.schedule, accrued, owed, principal)
        new = rest_of_loan(rest, mode) if rest.balance else None
        undrawn = sum((each.amount for each in pending(account.schedule, on)), start=ZERO)
        return EarlyRepayment(
            due=owed.due,
            interest=owed.interest,
            insurance=owed.insurance,
            principal=principal,
            returned=to_principal - principal,
            saved=rest.limit - (new.totals.total if new else undrawn),
            account=_successor(account, new, on) if new else None,
        )


def _refusal(account: LoanAccount, accrued: Accrual, to_principal: Decimal) -> NotEarly | None:
    if accrued.row is None:
        return NotEarly.NOT_RUNNING
    if account.paid_out(accrued.on) != account.planned(accrued.on):
        return NotEarly.DISBURSED_OTHERWISE
    return None if to_principal > 0 else NotEarly.NOTHING_LEFT_FOR_PRINCIPAL


def _rest(schedule: Schedule, accrued: Accrual, owed: Settlement, principal: Decimal) -> Rest:
    rows = ahead(schedule, accrued.on)
    insurance = sum((row.insurance for row in rows), start=ZERO)
    still = sum((row.total for row in rows), start=ZERO)
    return Rest(
        schedule=schedule,
        on=accrued.on,
        balance=owed.principal - principal,
        limit=still - owed.interest - owed.insurance - principal,
        held=Held(
            interest_cap=accrued.interest_left,
            insurance_cap=accrued.insurance_left,
            premium_cap=insurance - owed.insurance,
        ),
    )


def _insurance_now(schedule: Schedule, accrued: Accrual) -> Decimal:
    """Accrued insurance; of a levelled premium no more than is still to be charged."""
    if schedule.terms.desgravamen.variant is not DesgravamenVariant.BALANCE_LEVELLED:
        return accrued.insurance
    left = sum((row.insurance for row in ahead(schedule, accrued.on)), start=ZERO)
    return min(accrued.insurance, left)


def _successor(account: LoanAccount, schedule: Schedule, on: date) -> LoanAccount:
    """The rest of the loan as an account of its own, its balance carried forward."""
    carried = schedule.terms.disbursements[0].amount
    return LoanAccount(
        schedule=schedule,
        disbursements=(Movement("carried_forward", on, Money(carried, schedule.currency)),),
        charges=tuple(charge for charge in account.charges if charge.on > on),
        policy=account.policy,
    )
