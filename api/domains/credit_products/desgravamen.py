"""Seguro de desgravamen: credit life insurance, in the four variants seen in Peru.

balance           premium = rate x balance x days / 30, with every instalment
balance_levelled  the same premiums in all, spread evenly over the instalments that are paid
initial_flat      premium = rate x amount first paid out x days / 30, with every instalment
capitalised       one premium, lent with the principal: P x t x m / (1 - t x m), m in 30 days

The rate is per 30 days, and premiums follow the days of each period. Sources: hojas resumen of
Peruvian entities; Agrobanco REG-012-06 (2022) for the flat one; ESAN for the capitalised one.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from api.core.money import CENT, quantize, quantize_money
from api.domains.credit_products.rates import MONTH_DAYS
from api.domains.credit_products.schedule_kinds import Period
from api.domains.credit_products.terms import Disbursement, ScheduleTerms
from api.domains.credit_products.vocabulary import DesgravamenVariant

ON_BALANCE = frozenset({DesgravamenVariant.BALANCE, DesgravamenVariant.BALANCE_LEVELLED})


def premium(terms: ScheduleTerms, opening: Decimal, period: Period) -> Decimal:
    """The premium of one period before any levelling, in whole céntimos."""
    return quantize_money(premium_to(terms, opening, period, period.due))


def premium_to(terms: ScheduleTerms, opening: Decimal, period: Period, day: date) -> Decimal:
    """The premium from the start of ``period`` to ``day``, not rounded."""
    variant = terms.desgravamen.variant
    if variant in ON_BALANCE:
        base = opening
    elif variant is DesgravamenVariant.INITIAL_FLAT:
        base = insured_at(terms, period.start)
    else:
        return Decimal("0.00")
    sol_days = base * (day - period.start).days + sum(
        each.amount * (day - each.on).days for each in period.drawn if each.on < day
    )
    return terms.desgravamen.rate * sol_days / MONTH_DAYS


def insured_at(terms: ScheduleTerms, day: date) -> Decimal:
    """The initial capital insured when a period starts: all that was paid out before it."""
    first, *later = terms.disbursements
    initial = first.amount if terms.desgravamen.insured is None else terms.desgravamen.insured
    return initial + sum((each.amount for each in later if each.on < day), start=Decimal(0))


def financed(terms: ScheduleTerms, drawn: Disbursement, end: date) -> Decimal:
    """The premium lent with a disbursement, for the time to ``end``; zero in other variants."""
    if terms.desgravamen.variant is not DesgravamenVariant.CAPITALISED:
        return Decimal("0.00")
    insured = terms.desgravamen.insured
    base = drawn.amount if insured is None or drawn.on > terms.start else insured
    load = terms.desgravamen.rate * (end - drawn.on).days / MONTH_DAYS
    return quantize_money(base * load / (1 - load))


def levelled(premiums: Sequence[Decimal], cap: Decimal | None) -> list[Decimal]:
    """The same sum, at most ``cap``, in equal céntimos; the last takes what is left."""
    whole = sum(premiums, start=Decimal("0.00"))
    whole = whole if cap is None else min(whole, cap)
    each = quantize(whole / len(premiums), CENT, ROUND_DOWN)
    return [*([each] * (len(premiums) - 1)), whole - each * (len(premiums) - 1)]
