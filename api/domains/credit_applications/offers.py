"""The terms of an offer: the product's, with the dates that the institution sets."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from api.core.problems import FieldError, InvalidPayload
from api.domains.credit_applications.texts import fault
from api.domains.credit_products.rules import Conditions, LoanWish, terms_of
from api.domains.credit_products.schedule import Schedule, build_schedule
from api.domains.credit_products.schedule_kinds import add_months
from api.domains.credit_products.terms import FAULT_TEXT, ScheduleTerms, TermsNotBuildable
from api.domains.credit_products.vocabulary import GraceKind, ScheduleKind
from api.domains.credit_products.wire import instalments_to_wire, to_wire


@dataclass(frozen=True, slots=True)
class Offered:
    """What an institution offers, paid out at once on ``disbursed_on`` as planned.

    Fixed schedules take ``instalments`` and, if wanted, the ``first_due`` date; cash-flow ones the
    ``dates`` and, if wanted, weights of principal (``shares``, one per date).
    """

    amount: Decimal
    tea: Decimal
    disbursed_on: date
    expires_on: date
    instalments: int | None = None
    first_due: date | None = None
    dates: tuple[date, ...] = ()
    shares: tuple[Decimal, ...] = ()


def schedule_of_offer(
    conditions: Conditions, applied: Decimal, term_months: int, offer: Offered, today: date
) -> Schedule:
    """The exact schedule of an offer on an application for ``applied``; ``InvalidPayload`` (422)
    with every reason against it.
    """
    if errors := reasons_not_offerable(conditions, applied, term_months, offer, today):
        raise InvalidPayload(errors=errors)
    try:
        schedule = build_schedule(terms_of_offer(conditions, term_months, offer))
    except TermsNotBuildable as unbuildable:
        raise InvalidPayload(
            errors=[
                FieldError("", each.value.replace("_", "-"), FAULT_TEXT[each])
                for each in unbuildable.faults
            ]
        ) from None
    if errors := list(reasons_against_schedule(schedule, term_months, offer)):
        raise InvalidPayload(errors=errors)
    return schedule


def offer_to_wire(schedule: Schedule) -> dict[str, Any]:
    """The offer as it is stored: what is shown of it, and what its schedule is made of."""
    return {
        "amount": to_wire(schedule.terms.principal),
        "tea": to_wire(schedule.terms.tea),
        "tcea": to_wire(schedule.tcea),
        "tcea_absent_because": to_wire(schedule.tcea_reason),
        "disbursed_on": to_wire(schedule.terms.start),
        "upfront": to_wire(schedule.upfront),
        "cost": to_wire(schedule.cost),
        "totals": to_wire(schedule.totals),
        "instalments": instalments_to_wire(schedule),
        "terms": to_wire(schedule.terms),
        "level": to_wire(schedule.level),
    }


def reasons_not_offerable(
    conditions: Conditions, applied: Decimal, term_months: int, offer: Offered, today: date
) -> list[FieldError]:
    """Why the product does not allow the offer; empty where its terms can be built."""
    harvest = conditions.schedule_kind is ScheduleKind.CASH_FLOW
    broken = {
        ("/amount", "beyond-application"): offer.amount > applied,
        ("/amount", "amount-not-offered"): offer.amount < conditions.amount_min,
        ("/tea", "beyond-published-tea"): offer.tea > conditions.tea,
        ("/disbursed_on", "in-the-past"): offer.disbursed_on < today,
        ("/expires_on", "in-the-past"): offer.expires_on < today,
        ("/dates", "harvest-schedule"): harvest != bool(offer.dates)
        or (not harvest and bool(offer.shares))
        or (harvest and offer.first_due is not None),
        ("/instalments", "instalments-do-not-fit"): not _instalments_fit(term_months, offer),
    }
    return [fault(pointer, code) for (pointer, code), is_broken in broken.items() if is_broken]


def terms_of_offer(conditions: Conditions, term_months: int, offer: Offered) -> ScheduleTerms:
    """The terms of the loan; only for an offer without reasons against it."""
    instalments = offer.instalments or len(offer.dates)
    wish = LoanWish(
        amount=offer.amount,
        months=term_months,
        disbursed_on=offer.disbursed_on,
        due_day=offer.first_due.day if offer.first_due else None,
        every_months=1 if offer.dates else term_months // instalments,
    )
    terms = terms_of(replace(conditions, tea=offer.tea), wish)
    if not offer.dates:
        return replace(terms, first_due=offer.first_due)
    rests_until = add_months(offer.disbursed_on, conditions.grace_months, offer.disbursed_on.day)
    grace = sum(day <= rests_until for day in offer.dates) if conditions.grace_months else 0
    return replace(
        terms,
        instalments=len(offer.dates),
        dates=offer.dates,
        shares=offer.shares,
        grace=conditions.grace_kind if grace else GraceKind.NONE,
        grace_periods=grace,
    )


def reasons_against_schedule(
    schedule: Schedule, term_months: int, offer: Offered
) -> Iterable[FieldError]:
    """Why the dates are not what was applied for."""
    start, end = schedule.terms.start, schedule.end
    if end.year * 12 + end.month > start.year * 12 + start.month + term_months:
        yield fault("/dates" if offer.dates else "/first_due", "beyond-term")
    if offer.expires_on >= schedule.instalments[0].due_date:
        yield fault("/expires_on", "after-first-due")


def _instalments_fit(term_months: int, offer: Offered) -> bool:
    if offer.dates:
        return offer.instalments in (None, len(offer.dates))
    return bool(offer.instalments) and term_months % (offer.instalments or 1) == 0
