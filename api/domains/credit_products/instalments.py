"""The rows of a schedule, one after the other, every figure in whole céntimos.

Interest is rounded per row, half up; the last row repays whatever is left, so that principal is
conserved whatever the roundings before it did. Formulas (formula sheets of Peruvian cajas):
equal instalment C = K / sum of 1 / growth to each due date, which is K·i·(1+i)^n / ((1+i)^n - 1)
for equal periods and K / sum (1+TED)^-d for fixed dates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from api.core.money import CENT, quantize_money, round_down_to
from api.domains.credit_products.desgravamen import financed, levelled, premium
from api.domains.credit_products.schedule_kinds import Period
from api.domains.credit_products.terms import Amortisation, CommissionMoment, ScheduleTerms
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind

ZERO = Decimal("0.00")
RateBetween = Callable[[date, date], Decimal]
"""The rate of the time between two days; (1+TEA)^(days/360) - 1 unless something else is given."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row. All that falls due on ``due_date`` is ``total``, the sum of its four parts.

    closing = opening + disbursed + capitalised - principal; ``capitalised`` is interest and
    insurance that is lent instead of paid (total grace, capitalised premium).
    """

    number: int
    due_date: date
    days: int
    opening: Decimal
    disbursed: Decimal
    principal: Decimal
    interest: Decimal
    insurance: Decimal
    commission: Decimal
    total: Decimal
    capitalised: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """What the rest of a loan keeps of its old schedule; see early repayment.

    ``level``: the old instalment of capital and interest; ``portions``: the old principal per
    row after grace. Caps: the most that the first row may charge, because part of it was just
    paid, and the most that a levelled premium may come to in all.
    """

    level: Decimal | None = None
    portions: tuple[Decimal, ...] | None = None
    interest_cap: Decimal | None = None
    insurance_cap: Decimal | None = None
    premium_cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the rows follow from."""

    terms: ScheduleTerms
    periods: Sequence[Period]
    rate_between: RateBetween
    rounding: Decimal
    held: Held | None = None
    level: Decimal | None = None
    portions: tuple[Decimal, ...] = ()
    premiums: tuple[Decimal, ...] | None = None

    @property
    def grace(self) -> int:
        """How many of the first rows repay nothing."""
        return self.terms.grace_periods

    @property
    def end(self) -> date:
        """The last due date."""
        return self.periods[-1].due

    def lent(self, period: Period) -> list[tuple[date, Decimal]]:
        """What is added to the balance inside ``period``, capitalised premiums included."""
        return [
            (each.on, each.amount + financed(self.terms, each, self.end)) for each in period.drawn
        ]


def opening_balance(plan: Plan) -> Decimal:
    """What is owed on the first day: the first disbursement and the premium lent with it."""
    first = plan.terms.disbursements[0]
    return first.amount + financed(plan.terms, first, plan.end)


def rows(plan: Plan) -> tuple[list[Instalment], Plan]:
    """The rows, and the plan with the instalment or the portions of principal that they follow."""
    if plan.terms.desgravamen.variant is DesgravamenVariant.BALANCE_LEVELLED:
        plain, _ = _walk(replace(plan, rounding=CENT))
        total_grace = plan.grace if plan.terms.grace is GraceKind.TOTAL else 0
        cap = plan.held.premium_cap if plan.held else None
        even = levelled([row.insurance for row in plain[total_grace:]], cap)
        plan = replace(plan, premiums=(*([ZERO] * total_grace), *even))
    return _walk(plan)


def _walk(plan: Plan) -> tuple[list[Instalment], Plan]:
    balance, done = opening_balance(plan), list[Instalment]()
    for index in range(len(plan.periods)):
        if index == plan.grace:
            plan = _with_target(plan, balance)
        row = _row(plan, index, balance)
        done.append(row)
        balance = row.closing
        if _ended(plan, index, balance):
            break
    return done, plan


def _ended(plan: Plan, index: int, balance: Decimal) -> bool:
    """Whether the rest of a loan is over before its dates are: nothing owed, nothing to come."""
    if plan.held is None or balance:
        return False
    return not any(period.drawn for period in plan.periods[index + 1 :])


def _with_target(plan: Plan, balance: Decimal) -> Plan:
    """The plan once grace is over: the level instalment, or the principal of each row."""
    held, terms, ahead = plan.held or Held(), plan.terms, plan.periods[plan.grace :]
    if held.portions is not None:
        return replace(plan, portions=held.portions)
    if held.level is not None:
        return replace(plan, level=held.level)
    base = balance + sum(amount for period in ahead for _, amount in plan.lent(period))
    if terms.shares:
        return replace(plan, portions=_by_shares(base, terms.shares[plan.grace :]))
    if terms.amortisation is Amortisation.EQUAL_INSTALMENT:
        return replace(plan, level=_level(plan, balance, ahead))
    bullet = terms.amortisation is Amortisation.BULLET
    each = ZERO if bullet else quantize_money(base / len(ahead))
    return replace(plan, portions=(each,) * len(ahead))


def _by_shares(base: Decimal, shares: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Principal by weights, rounded on the running sum: no row is more than a céntimo off."""
    whole, part, before, portions = sum(shares), Decimal(0), ZERO, []
    for share in shares:
        part += share
        until = quantize_money(base * part / whole)
        portions.append(until - before)
        before = until
    return tuple(portions)


def _level(plan: Plan, balance: Decimal, ahead: Sequence[Period]) -> Decimal:
    """The equal instalment of capital and interest, not rounded."""
    value, discount, discounts = balance, Decimal(1), Decimal(0)
    for period in ahead:
        discount /= 1 + plan.rate_between(period.start, period.due)
        discounts += discount
        value += discount * sum(
            amount * (1 + plan.rate_between(on, period.due)) for on, amount in plan.lent(period)
        )
    return value / discounts


def _interest(plan: Plan, period: Period, opening: Decimal) -> Decimal:
    charged = opening * plan.rate_between(period.start, period.due) + sum(
        amount * plan.rate_between(on, period.due) for on, amount in plan.lent(period)
    )
    return quantize_money(charged)


def _row(plan: Plan, index: int, opening: Decimal) -> Instalment:
    period, terms = plan.periods[index], plan.terms
    interest, insurance = _interest(plan, period, opening), premium(terms, opening, period)
    if plan.held and not index:
        interest, insurance = _capped(plan.held, interest, insurance)
    disbursed = sum((each.amount for each in period.drawn), start=ZERO)
    capitalised = sum((amount for _, amount in plan.lent(period)), start=ZERO) - disbursed
    if terms.grace is GraceKind.TOTAL and index < plan.grace:
        capitalised += interest + insurance
        interest = insurance = commission = principal = ZERO
    else:
        left = plan.premiums[index:] if plan.premiums is not None else (insurance,)
        insurance = left[0] if left else ZERO
        commission = terms.commission(CommissionMoment.INSTALMENT)
        available = opening + disbursed + capitalised
        costs = interest + insurance + commission
        principal = _principal(plan, index, available, interest, costs)
        if _ended(plan, index, available - principal):
            insurance = sum(left, start=ZERO)
    return Instalment(
        number=period.number,
        due_date=period.due,
        days=period.days,
        opening=opening,
        disbursed=disbursed,
        principal=principal,
        interest=interest,
        insurance=insurance,
        commission=commission,
        total=principal + interest + insurance + commission,
        capitalised=capitalised,
        closing=opening + disbursed + capitalised - principal,
    )


def _capped(held: Held, interest: Decimal, insurance: Decimal) -> tuple[Decimal, Decimal]:
    if held.interest_cap is not None:
        interest = min(interest, held.interest_cap)
    if held.insurance_cap is not None:
        insurance = min(insurance, held.insurance_cap)
    return interest, insurance


def _principal(
    plan: Plan, index: int, available: Decimal, interest: Decimal, costs: Decimal
) -> Decimal:
    """What the row repays: rounding the total moves principal, never interest or insurance."""
    if index < plan.grace:
        return ZERO
    if index == len(plan.periods) - 1:
        return available
    wanted = plan.portions[index - plan.grace] if plan.level is None else plan.level - interest
    exact_total, step = wanted + costs, plan.rounding
    total = quantize_money(exact_total) if step == CENT else round_down_to(exact_total, step)
    return min(max(total - costs, ZERO), available)
