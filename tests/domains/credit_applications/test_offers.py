from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.core.problems import InvalidPayload
from api.domains.credit_applications.offers import Offered, schedule_of_offer
from api.domains.credit_products.rules import Conditions, Harvest, LoanWish, terms_of
from api.domains.credit_products.schedule import Schedule, build_schedule
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind

D = Decimal
TODAY = date(2026, 11, 23)
HARVESTS = (date(2027, 6, 15), date(2027, 11, 15))
HARVEST = Conditions(
    currency="PEN",
    amount_min=D(500),
    amount_max=D(30_000),
    term_months_min=6,
    term_months_max=24,
    tea=D("0.36"),
    commission=D(30),
    desgravamen_variant=DesgravamenVariant.BALANCE,
    desgravamen_rate=D("0.001"),
    schedule_kind=ScheduleKind.CASH_FLOW,
    grace_kind=GraceKind.NONE,
    grace_months=0,
)
MONTHLY = replace(HARVEST, schedule_kind=ScheduleKind.FIXED_DATE)
OFFER = Offered(
    amount=D(8000),
    tea=D("0.36"),
    disbursed_on=date(2026, 12, 1),
    expires_on=date(2026, 12, 15),
    dates=HARVESTS,
    shares=(D("0.7"), D("0.3")),
)
FIXED = replace(OFFER, dates=(), shares=(), instalments=12)


def schedule(
    conditions: Conditions = HARVEST,
    offer: Offered = OFFER,
    applied: str = "8000",
    months: int = 12,
    **changes: Any,
) -> Schedule:
    return schedule_of_offer(conditions, D(applied), months, replace(offer, **changes), TODAY)


def refused(*given: Any, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidPayload) as found:
        schedule(*given, **changes)
    return [(error.pointer, error.code) for error in found.value.errors]


class TestHarvest:
    def test_falls_due_on_the_dates_by_the_weights(self) -> None:
        rows = schedule().instalments
        assert [row.due_date for row in rows] == list(HARVESTS)
        assert [row.principal for row in rows] == [5600, 2400]

    def test_is_what_a_simulation_with_the_same_harvests_shows(self) -> None:
        harvests = (Harvest(6, D("0.7")), Harvest(11, D("0.3")))
        wish = LoanWish(D(8000), 12, date(2026, 12, 1), due_day=15, harvests=harvests)
        assert schedule().instalments == build_schedule(terms_of(HARVEST, wish)).instalments

    def test_without_weights_the_instalments_are_equal(self) -> None:
        first, second = schedule(shares=()).instalments
        parts = [row.principal + row.interest for row in (first, second)]
        assert abs(parts[0] - parts[1]) <= D("0.01")

    def test_grace_covers_the_dates_within_it(self) -> None:
        graced = replace(HARVEST, grace_kind=GraceKind.PRINCIPAL, grace_months=7)
        assert [row.principal for row in schedule(graced, shares=()).instalments] == [0, 8000]
        assert refused(graced)[0][1] == "grace-does-not-fit"

    def test_a_lower_tea_costs_less(self) -> None:
        assert schedule(tea=D("0.30")).cost < schedule().cost


class TestFixed:
    def test_instalments_divide_the_term(self) -> None:
        rows = schedule(MONTHLY, FIXED, instalments=4).instalments
        assert [row.due_date for row in rows] == [
            date(2027, 3, 1), date(2027, 6, 1), date(2027, 9, 1), date(2027, 12, 1),
        ]  # fmt: skip
        assert refused(MONTHLY, FIXED, instalments=5) == [
            ("/instalments", "instalments-do-not-fit")
        ]

    def test_the_first_due_date_sets_the_day_of_all(self) -> None:
        rows = schedule(MONTHLY, FIXED, first_due=date(2026, 12, 20)).instalments
        assert {row.due_date.day for row in rows} == {20}
        assert rows[-1].due_date == date(2027, 11, 20)

    def test_grace_counts_months(self) -> None:
        graced = replace(MONTHLY, grace_kind=GraceKind.PRINCIPAL, grace_months=3)
        repaid = [row.principal > 0 for row in schedule(graced, FIXED).instalments]
        assert repaid == [False] * 3 + [True] * 9


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount": D("8000.01")}, ("/amount", "beyond-application")),
        ({"amount": D("499.99")}, ("/amount", "amount-not-offered")),
        ({"tea": D("0.360001")}, ("/tea", "beyond-published-tea")),
        ({"disbursed_on": TODAY - timedelta(days=1)}, ("/disbursed_on", "in-the-past")),
        ({"expires_on": TODAY - timedelta(days=1)}, ("/expires_on", "in-the-past")),
        ({"expires_on": HARVESTS[0]}, ("/expires_on", "after-first-due")),
        ({"instalments": 3}, ("/instalments", "instalments-do-not-fit")),
        ({"first_due": HARVESTS[0]}, ("/dates", "harvest-schedule")),
        ({"dates": (), "shares": (), "instalments": 2}, ("/dates", "harvest-schedule")),
        ({"dates": (HARVESTS[0], date(2028, 1, 1))}, ("/dates", "beyond-term")),
        ({"dates": (date(2026, 12, 1), HARVESTS[0])}, ("", "dates-missing-or-not-in-order")),
        ({"shares": (D(1),)}, ("", "shares-do-not-fit")),
    ],
)
def test_refuses(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert refused(**changes) == [expected]


def test_a_fixed_schedule_takes_no_dates_and_keeps_to_the_term() -> None:
    assert refused(MONTHLY)[0] == ("/dates", "harvest-schedule")
    late = refused(MONTHLY, FIXED, first_due=date(2027, 2, 1))
    assert late == [("/first_due", "beyond-term")]
    assert refused(MONTHLY, FIXED, instalments=None) == [("/instalments", "instalments-do-not-fit")]
