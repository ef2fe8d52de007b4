"""Terms for tests, and strategies that draw every kind of them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from api.domains.credit_products.schedule_kinds import due_dates
from api.domains.credit_products.terms import (
    Amortisation,
    Commission,
    CommissionMoment,
    Desgravamen,
    Disbursement,
    ScheduleTerms,
)
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind

D = Decimal
START = date(2026, 1, 15)


def loan(principal: str = "10000", tea: str = "0.35", n: int = 12, **changes: Any) -> ScheduleTerms:
    amount = D(principal)
    paid_out = (Disbursement(changes.pop("on", START), amount),)
    given = {"disbursements": paid_out, **changes}
    return ScheduleTerms(principal=amount, tea=D(tea), instalments=n, **given)


def insured(variant: DesgravamenVariant, rate: str = "0.001") -> Desgravamen:
    return Desgravamen(variant, D(0) if variant is DesgravamenVariant.NONE else D(rate))


centimos = st.integers(100, 10_000_000).map(lambda n: D(n) / 100)
teas = st.integers(0, 15_000).map(lambda n: D(n) / 10_000)


@st.composite
def dates_of(draw: st.DrawFn, n: int) -> tuple[date, ...]:
    gaps = draw(st.lists(st.integers(1, 200), min_size=n, max_size=n))
    days, day = [], START
    for gap in gaps:
        day += timedelta(days=gap)
        days.append(day)
    return tuple(days)


@st.composite
def shares_of(draw: st.DrawFn, n: int, grace: int) -> tuple[Decimal, ...]:
    weights = draw(st.lists(st.integers(0, 100), min_size=n, max_size=n))
    weights[:grace] = [0] * grace
    weights[-1] = max(weights[-1], 1)
    return tuple(map(Decimal, weights))


@st.composite
def timetables(draw: st.DrawFn, n: int, grace: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(ScheduleKind))
    if kind is ScheduleKind.FIXED_PERIOD:
        return {"kind": kind, "period_days": draw(st.integers(1, 120))}
    if kind is ScheduleKind.FIXED_DATE:
        return {
            "kind": kind,
            "due_day": draw(st.integers(1, 31)),
            "every_months": draw(st.integers(1, 6)),
        }
    shares = draw(st.one_of(st.just(()), shares_of(n, grace)))
    return {"kind": kind, "dates": draw(dates_of(n)), "shares": shares}


@st.composite
def commissions(draw: st.DrawFn) -> tuple[Commission, ...]:
    return tuple(
        Commission(
            moment.value,
            moment,
            D(draw(st.integers(0, 500))) / 100,
            D(draw(st.integers(0, 20))) / 10_000,
        )
        for moment in draw(st.sets(st.sampled_from(CommissionMoment)))
    )


@st.composite
def any_terms(draw: st.DrawFn, most: int = 24) -> ScheduleTerms:
    """Terms of every kind, paid out at once or in two parts before repayment begins."""
    n = draw(st.integers(1, most))
    grace = draw(st.sampled_from(GraceKind)) if n > 1 else GraceKind.NONE
    rests = 0 if grace is GraceKind.NONE else draw(st.integers(1, n - 1))
    principal, timetable = draw(centimos), draw(timetables(n, rests))
    variant = draw(st.sampled_from(DesgravamenVariant))
    terms = loan(
        str(principal),
        str(draw(teas)),
        n,
        amortisation=draw(st.sampled_from(Amortisation)),
        grace=grace,
        grace_periods=rests,
        desgravamen=insured(variant, str(D(draw(st.integers(1, 30))) / 10_000)),
        commissions=draw(commissions()),
        rounding=draw(st.sampled_from([D("0.01"), D("0.05"), D("0.10")])),
        **timetable,
    )
    return draw(st.one_of(st.just(terms), in_two_parts(terms)))


@st.composite
def in_two_parts(draw: st.DrawFn, terms: ScheduleTerms) -> ScheduleTerms:
    """The same loan, its second part paid out before principal is first repaid."""
    room = (due_dates(terms)[terms.grace_periods] - terms.start).days
    if room < 2:
        return terms
    first = D(draw(st.integers(1, int(terms.principal * 100) - 1))) / 100
    later = terms.start + timedelta(days=draw(st.integers(1, room - 1)))
    parts = (Disbursement(terms.start, first), Disbursement(later, terms.principal - first))
    return replace(terms, disbursements=parts)
