"""The schedule (cronograma) of a loan, exact to the céntimo, with its TCEA.

``build_schedule(terms)`` is deterministic: store the terms and the same schedule comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from api.core.irr import NoRate
from api.core.money import EXACT, Currency
from api.domains.credit_products.instalments import (
    ZERO,
    Held,
    Instalment,
    Plan,
    RateBetween,
    opening_balance,
    rows,
)
from api.domains.credit_products.rates import period_rate
from api.domains.credit_products.schedule_kinds import periods, reasons_not_buildable
from api.domains.credit_products.tcea import tcea
from api.domains.credit_products.terms import (
    CommissionMoment,
    ScheduleTerms,
    TermsFault,
    TermsNotBuildable,
)


@dataclass(frozen=True, slots=True)
class ScheduleTotals:
    """Sums over the rows; ``capitalised`` also holds a premium lent on the first day.

    principal = what is paid out + capitalised; total = what the borrower pays by instalments.
    """

    principal: Decimal
    interest: Decimal
    insurance: Decimal
    commission: Decimal
    capitalised: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule and what it costs.

    ``upfront`` is commission taken at the first disbursement. ``tcea`` is a rate to six places,
    or None with ``tcea_reason``. ``level`` is the equal instalment of capital and interest before
    rounding, where there is one. Amounts are in ``terms.currency``.
    """

    terms: ScheduleTerms
    instalments: tuple[Instalment, ...]
    totals: ScheduleTotals
    upfront: Decimal
    tcea: Decimal | None
    tcea_reason: NoRate | None
    level: Decimal | None

    @property
    def currency(self) -> Currency:
        """The currency of every amount."""
        return self.terms.currency

    @property
    def cost(self) -> Decimal:
        """What the loan costs in all: paid by the borrower less paid out."""
        return self.totals.total + self.upfront - self.terms.principal

    @property
    def end(self) -> date:
        """The last due date."""
        return self.instalments[-1].due_date


def build_schedule(terms: ScheduleTerms, rate_between: RateBetween | None = None) -> Schedule:
    """The schedule of ``terms``.

    ``rate_between`` replaces the effective rate of the TEA by another day count, for schedules
    of lenders whose systems count otherwise; it gives the rate of the time between two days.
    Raises ``TermsNotBuildable`` with every fault; TypeError for floats.
    """
    return _build(terms, rate_between or _effective(terms), None)


def rebuild_schedule(
    terms: ScheduleTerms, held: Held, rate_between: RateBetween | None = None
) -> Schedule:
    """The schedule of the rest of a loan, which keeps ``held`` of the old one.

    It ends as soon as nothing is owed. Raises like ``build_schedule``, but lets principal fall
    due before the last disbursement: a row never repays more than is owed.
    """
    return _build(terms, rate_between or _effective(terms), held)


def _effective(terms: ScheduleTerms) -> RateBetween:
    return lambda start, end: period_rate(terms.tea, (end - start).days)


def _build(terms: ScheduleTerms, rate_between: RateBetween, held: Held | None) -> Schedule:
    faults = reasons_not_buildable(terms)
    if faults and not (held and faults == [TermsFault.DISBURSEMENT_LATE]):
        raise TermsNotBuildable(faults)
    with localcontext(EXACT):
        plan = Plan(terms, periods(terms), rate_between, terms.rounding, held)
        instalments, plan = rows(plan)
        upfront = terms.commission(CommissionMoment.DISBURSEMENT)
        received = [(each.on, each.amount) for each in terms.disbursements]
        paid = [(row.due_date, row.total) for row in instalments]
        cost = tcea(received, [(terms.start, upfront), *paid]).rounded()
        lent_at_once = opening_balance(plan) - terms.disbursements[0].amount
        return Schedule(
            terms=terms,
            instalments=tuple(instalments),
            totals=_totals(instalments, lent_at_once),
            upfront=upfront,
            tcea=cost.rate,
            tcea_reason=cost.reason,
            level=plan.level,
        )


def _totals(instalments: Sequence[Instalment], lent_at_once: Decimal) -> ScheduleTotals:
    return ScheduleTotals(
        principal=sum((row.principal for row in instalments), start=ZERO),
        interest=sum((row.interest for row in instalments), start=ZERO),
        insurance=sum((row.insurance for row in instalments), start=ZERO),
        commission=sum((row.commission for row in instalments), start=ZERO),
        capitalised=sum((row.capitalised for row in instalments), start=lent_at_once),
        total=sum((row.total for row in instalments), start=ZERO),
    )
