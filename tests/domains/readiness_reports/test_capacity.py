from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from api.domains.credit_products.rules import Harvest, LoanWish, terms_of
from api.domains.credit_products.schedule import build_schedule
from api.domains.credit_products.vocabulary import ScheduleKind
from api.domains.readiness_reports.capacity import Demands, capacity, loan_amount
from api.domains.readiness_reports.facts import CostFact, ReadinessFacts
from api.domains.readiness_reports.rules import assess
from api.domains.readiness_reports.vocabulary import Absence, Verdict
from tests.domains.readiness_reports.samples import (
    AS_OF,
    CONDITIONS,
    PRODUCT,
    READY,
    having,
    months,
)

D = Decimal


def demanding(**changes: Any) -> Demands:
    return replace(PRODUCT, conditions=replace(CONDITIONS, **changes))


class TestAmount:
    def test_the_share_of_what_the_product_may_finance(self) -> None:
        assert loan_amount(READY, PRODUCT, CONDITIONS) == D("4800.00")
        tools_only = replace(PRODUCT, purposes=frozenset({"tool"}))
        assert loan_amount(READY, tools_only, CONDITIONS) is None

    def test_never_more_than_the_largest_loan(self) -> None:
        small = replace(CONDITIONS, amount_max=D(3000))
        assert loan_amount(READY, PRODUCT, small) == 3000

    def test_cents_are_cut_and_not_rounded_up(self) -> None:
        facts = having(unfinanced_costs=(CostFact("labour", D("1000.01")),))
        assert loan_amount(facts, replace(PRODUCT, financed_share=D("0.6")), CONDITIONS) == D(
            "600.00"
        )


class TestCoverage:
    def test_by_hand(self) -> None:
        found = capacity(READY, PRODUCT)
        assert found.basis == {
            "amount": "4800.00",
            "currency": "PEN",
            "months": "18",
            "disbursed_on": AS_OF.isoformat(),
        }
        # Sales in June and November 2027 and June 2028 weigh 12000, 12000 and again 12000: June
        # counts 24000 in all, November 12000.
        wish = LoanWish(D(4800), 18, AS_OF, harvests=(Harvest(6, D(24000)), Harvest(11, D(12000))))
        schedule = build_schedule(terms_of(CONDITIONS, wish))
        dues = [(row.due_date, row.total) for row in schedule.instalments]
        assert [day for day, _ in dues] == [
            date(2027, 6, 15),
            date(2027, 11, 15),
            date(2028, 6, 15),
        ]
        earned = [12000 - 6 * 300, 12000 - 5 * 300, 12000 - 7 * 300]
        ratios = [D(net) / total for net, (_, total) in zip(earned, dues, strict=True)]
        assert found.minimum is not None
        assert 0 <= min(ratios) - found.minimum < D("0.001")

    def test_a_farm_that_earns_too_little_is_not_ready(self) -> None:
        poor = having(months=months(sold="4500.00"))
        found = capacity(poor, PRODUCT)
        assert found.minimum is not None
        assert found.minimum < D("1.200")
        assert assess(poor, PRODUCT).verdict is Verdict.NOT_READY
        assert assess(poor, replace(PRODUCT, minimum_dscr=found.minimum)).verdict is Verdict.READY

    def test_monthly_instalments_of_a_harvest_income_fail(self) -> None:
        """What a harvest schedule is for: months without income serve no debt."""
        monthly = demanding(schedule_kind=ScheduleKind.FIXED_DATE)
        found = capacity(READY, monthly)
        assert found.minimum is not None
        assert found.minimum < 0
        assert assess(READY, monthly).verdict is Verdict.NOT_READY

    def test_a_loan_starts_with_the_plan_where_that_is_later(self) -> None:
        early = having(as_of=date(2026, 11, 23))
        assert capacity(early, PRODUCT).basis["disbursed_on"] == "2027-01-01"


@pytest.mark.parametrize(
    ("facts", "demands", "reason"),
    [
        (having(months=()), PRODUCT, Absence.NO_CASH_FLOW),
        (having(investment_currency="USD"), PRODUCT, Absence.CURRENCIES_DIFFER),
        (having(farm_plan_currency="USD"), PRODUCT, Absence.CURRENCIES_DIFFER),
        (having(unfinanced_costs=()), PRODUCT, Absence.NOTHING_TO_FINANCE),
        (having(months=months(6)), PRODUCT, Absence.TERM_NOT_COVERED),
        (having(as_of=date(2028, 12, 1)), PRODUCT, Absence.TERM_NOT_COVERED),
        (having(months=months(sold="0")), PRODUCT, Absence.NO_SCHEDULE),
    ],
    ids=[
        "no months",
        "plan in dollars",
        "lines in dollars",
        "nothing left",
        "too few months",
        "late in the plan",
        "no sales",
    ],
)
def test_where_there_is_none_the_reason_is_said(
    facts: ReadinessFacts, demands: Demands, reason: Absence
) -> None:
    found = capacity(facts, demands)
    assert (found.minimum, found.reason) == (None, reason)
    judged = assess(facts, demands)
    assert judged.verdict is Verdict.NOT_READY
    assert judged.findings[-1].absence is reason


def test_the_general_profile_says_nothing_about_capacity() -> None:
    codes = [each.row.criterion.code for each in assess(READY, Demands()).findings]
    assert "debt_service" not in codes
