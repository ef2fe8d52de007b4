"""Debt service coverage: net farm cash flow before debt / debt service, per period.

A period of ``INSTALMENT`` runs from the month after one payment to the month of the next, so that
a harvest serves the instalment that follows it; of ``YEAR``, twelve months from the first
disbursement. A ratio is rounded down: a limit of 1.20 is not met by 1.1999.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal, localcontext
from enum import StrEnum

from api.core.money import EXACT, exact, quantize
from api.domains.credit_products.schedule import Schedule
from api.domains.investment_plans.cash_flow import ZERO, month_number

RATIO_STEP = Decimal("0.001")


class DscrSpan(StrEnum):
    """How long a period is."""

    INSTALMENT = "instalment"
    YEAR = "year"


class NoDscr(StrEnum):
    """Why there is no minimum."""

    NO_DEBT_SERVICE = "no_debt_service"
    CASH_FLOW_TOO_SHORT = "cash_flow_does_not_cover_the_loan"


@dataclass(frozen=True, slots=True)
class DscrPeriod:
    """First and last month (by their first day), net cash flow, debt service, ratio."""

    first: date
    last: date
    net: Decimal
    service: Decimal
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Dscr:
    """The lowest ratio of all periods, or None with the reason."""

    minimum: Decimal | None
    reason: NoDscr | None
    periods: tuple[DscrPeriod, ...] = ()


def minimum_dscr(
    net_cash_flow_by_month: Mapping[date, Decimal],
    schedule: Schedule,
    span: DscrSpan = DscrSpan.INSTALMENT,
) -> Dscr:
    """The debt service coverage of ``schedule`` by a farm's months.

    ``net_cash_flow_by_month``: month (any day of it) → net cash flow before debt, in the
    schedule's currency. What the loan itself pays for must not be in it, or it counts twice.
    Every month from the first disbursement to the last payment must be there.
    """
    with localcontext(EXACT):
        net = _by_number(net_cash_flow_by_month.items())
        paid = [(row.due_date, row.total) for row in schedule.instalments if row.total]
        service = _by_number(paid)
        if not service:
            return Dscr(None, NoDscr.NO_DEBT_SERVICE)
        first = month_number(schedule.terms.start)
        if any(number not in net for number in range(first, max(service) + 1)):
            return Dscr(None, NoDscr.CASH_FLOW_TOO_SHORT)
        periods = tuple(
            _period(start, end, net, service)
            for start, end in _spans(first, service, span)
            if any(number in service for number in range(start, end + 1))
        )
        return Dscr(min(period.ratio for period in periods), None, periods)


def _by_number(months: Iterable[tuple[date, Decimal]]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for month, amount in months:
        number = month_number(month)
        sums[number] = sums.get(number, ZERO) + exact(amount)
    return sums


def _spans(first: int, service: Mapping[int, Decimal], span: DscrSpan) -> Iterator[tuple[int, int]]:
    """First and last month number of each period."""
    if span is DscrSpan.YEAR:
        last = max(service)
        yield from ((start, min(start + 11, last)) for start in range(first, last + 1, 12))
        return
    for due in sorted(service):
        yield first, due
        first = due + 1


def _period(
    start: int, end: int, net: Mapping[int, Decimal], service: Mapping[int, Decimal]
) -> DscrPeriod:
    months = range(start, end + 1)
    earned = sum((net[number] for number in months), start=ZERO)
    owed = sum((service.get(number, ZERO) for number in months), start=ZERO)
    return DscrPeriod(
        first=date(start // 12, start % 12 + 1, 1),
        last=date(end // 12, end % 12 + 1, 1),
        net=earned,
        service=owed,
        ratio=quantize(earned / owed, RATIO_STEP, ROUND_FLOOR),
    )
