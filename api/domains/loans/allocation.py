"""What each repayment pays.

Only what is due is paid. What is left over waits as an advance and pays the next instalments on
their own due dates: interest is not reduced, which is what Peruvian rules call adelanto de cuotas
(Res. SBS 1801-2014, kept in Res. SBS 3274-2017). To reduce principal at once, and interest with
it, is an early repayment (pago anticipado): see ``early_repayment``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from api.domains.loans.account import (
    AllocationPolicy,
    AllocationScope,
    Component,
    Due,
    LoanAccount,
    Movement,
    dues,
)

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Allocation:
    """How much of a repayment paid a due, and when: a late payment on its own day, an advance
    on the day the due arose.
    """

    repayment: str
    on: date
    due: Due
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Allocated:
    """The allocations in order of time, what is still unpaid of what is due, and the advance.

    Money is conserved: allocations + advance = repayments up to the day.
    """

    allocations: tuple[Allocation, ...]
    unpaid: tuple[Due, ...]
    advance: Decimal

    def paid(self, component: Component) -> Decimal:
        """What all repayments paid of a component."""
        parts = (each.amount for each in self.allocations if each.due.component is component)
        return sum(parts, start=ZERO)

    def owed(self, component: Component) -> Decimal:
        """What is due of a component and not paid."""
        parts = (each.amount for each in self.unpaid if each.component is component)
        return sum(parts, start=ZERO)


@dataclass(slots=True)
class _Credit:
    repayment: str
    left: Decimal


def allocate_repayments(account: LoanAccount, as_of: date) -> Allocated:
    """Everything that was repaid up to and on ``as_of``, allocated in order of time."""
    arising = list(dues(account, as_of))
    paying = sorted(
        (each for each in account.repayments if each.on <= as_of), key=lambda each: each.on
    )
    open_dues: list[Due] = []
    credits_: list[_Credit] = []
    done: list[Allocation] = []
    for day in sorted({due.on for due in arising} | {each.on for each in paying}):
        open_dues += [due for due in arising if due.on == day]
        credits_ += _credits(paying, day)
        open_dues, paid = _settle(_by_policy(open_dues, account.policy), credits_, day)
        done += paid
        credits_ = [credit for credit in credits_ if credit.left]
    advance = sum((credit.left for credit in credits_), start=ZERO)
    return Allocated(tuple(done), tuple(open_dues), advance)


def _credits(paying: Iterable[Movement], day: date) -> list[_Credit]:
    return [_Credit(each.reference, each.amount.amount) for each in paying if each.on == day]


def _by_policy(open_dues: Iterable[Due], policy: AllocationPolicy) -> list[Due]:
    rank = policy.order.index
    if policy.scope is AllocationScope.ALL_DUE:
        return sorted(open_dues, key=lambda due: (rank(due.component), due.on))
    return sorted(open_dues, key=lambda due: (due.on, rank(due.component)))


def _settle(
    ordered: list[Due], credits_: list[_Credit], day: date
) -> tuple[list[Due], list[Allocation]]:
    """Pay dues in their order from credits in theirs; what of the dues stays open, and the rest."""
    still_open, paid = [], []
    for due in ordered:
        left = due.amount
        for credit in credits_:
            amount = min(left, credit.left)
            if amount:
                paid.append(Allocation(credit.repayment, day, due, amount))
                credit.left -= amount
                left -= amount
        if left:
            still_open.append(replace(due, amount=left))
    return still_open, paid
