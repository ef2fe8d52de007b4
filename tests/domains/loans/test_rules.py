"""The position of a loan, arrears, and retentions from a harvest."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.money import CurrencyMismatch, Money
from api.domains.credit_products.rates import period_rate
from api.domains.credit_products.schedule import build_schedule
from api.domains.credit_products.terms import Amortisation, Disbursement
from api.domains.credit_products.vocabulary import GraceKind, ScheduleKind
from api.domains.loans.account import Component, LoanAccount, Movement
from api.domains.loans.arrears import (
    ARREARS_TABLES,
    ArrearsTable,
    CreditType,
    SbsClass,
    sbs_class,
)
from api.domains.loans.rules import (
    PositionNote,
    RetentionBound,
    amount_due,
    position,
    retention,
)
from tests.domains.credit_products.builders import START, loan
from tests.domains.loans.builders import days_of, lived_loans, pen, running

D = Decimal
MICRO = CreditType.MICROEMPRESA
DAY, MONTH = timedelta(days=1), timedelta(days=30)
FIRST = START + MONTH


class TestPosition:
    def test_before_anything_is_due(self) -> None:
        on = START + timedelta(days=12)
        found = position(running(), on, MICRO)
        assert (found.outstanding_principal, found.disbursed) == (D(10000), D(10000))
        assert (found.total_due, found.days_in_arrears) == (D(0), 0)
        assert found.accrued_interest == round(10000 * period_rate(D("0.35"), 12), 2)
        assert (found.sbs_class, found.settled, found.notes) == (SbsClass.NORMAL, False, ())

    def test_before_it_is_paid_out_nothing_is_owed(self) -> None:
        found = position(running(), START - DAY, MICRO)
        assert (found.outstanding_principal, found.accrued_interest) == (D(0), D(0))

    def test_late_principal_stays_outstanding(self) -> None:
        row = running().schedule.instalments[0]
        found = position(running((FIRST, row.interest)), FIRST + 9 * DAY, MICRO)
        assert found.outstanding_principal == 10000
        assert found.due[Component.PRINCIPAL] == row.principal
        assert (found.days_in_arrears, found.sbs_class) == (9, SbsClass.CPP)
        assert found.paid[Component.INTEREST] == row.interest

    def test_on_the_due_date_nobody_is_late(self) -> None:
        found = position(running(), FIRST, MICRO)
        assert (found.days_in_arrears, found.accrued_interest) == (0, D(0))
        assert found.total_due == running().schedule.instalments[0].total

    def test_a_loan_paid_to_the_end_is_settled(self) -> None:
        rows = running().schedule.instalments
        account = running(*((row.due_date, row.total) for row in rows))
        found = position(account, rows[-1].due_date, MICRO)
        assert (found.settled, found.outstanding_principal, found.notes) == (True, D(0), ())

    def test_money_left_at_the_end_is_the_borrower_s(self) -> None:
        rows = running().schedule.instalments
        total = sum(row.total for row in rows)
        found = position(running((START, total + D(1))), rows[-1].due_date, MICRO)
        assert found.settled
        assert (found.advance, found.notes) == (D(1), (PositionNote.OVERPAID,))

    def test_a_part_not_paid_out_is_not_owed_and_is_noted(self) -> None:
        account = running()
        half = replace(account, disbursements=(Movement("d1", START, pen("4000")),))
        found = position(half, START + DAY, MICRO)
        assert (found.outstanding_principal, found.disbursed) == (D(4000), D(4000))
        assert found.notes == (PositionNote.DISBURSED_OTHERWISE,)

    def test_parts_by_crop_stage_are_owed_from_their_day(self) -> None:
        second = START + timedelta(days=10)
        parts = (Disbursement(START, D(6000)), Disbursement(second, D(4000)))
        account = LoanAccount.as_agreed(build_schedule(loan(disbursements=parts)))
        assert position(account, second - DAY, MICRO).outstanding_principal == 6000
        found = position(account, second + 5 * DAY, MICRO)
        assert found.outstanding_principal == 10000
        tea = D("0.35")
        interest = 6000 * period_rate(tea, 15) + 4000 * period_rate(tea, 5)
        assert found.accrued_interest == round(interest, 2)

    def test_capitalised_interest_is_owed(self) -> None:
        terms = loan(n=4, grace=GraceKind.TOTAL, grace_periods=1)
        account = LoanAccount.as_agreed(build_schedule(terms))
        row = account.schedule.instalments[0]
        assert position(account, FIRST, MICRO).outstanding_principal == 10000 + row.capitalised
        before = position(account, FIRST - DAY, MICRO)
        assert before.outstanding_principal == 10000
        assert 0 < before.accrued_interest < row.capitalised

    @given(st.data())
    def test_what_is_owed_and_what_was_repaid_make_what_was_lent(self, data: st.DataObject) -> None:
        account = data.draw(lived_loans())
        as_of = data.draw(days_of(account))
        found = position(account, as_of, MICRO)
        rows = [row for row in account.schedule.instalments if row.due_date <= as_of]
        lent = found.outstanding_principal + found.paid[Component.PRINCIPAL]
        assert lent >= found.disbursed
        added = account.schedule.totals.capitalised
        assert lent - found.disbursed >= sum(row.capitalised for row in rows)
        assert lent - found.disbursed <= added
        assert found.outstanding_principal >= 0
        assert found.accrued_interest >= 0
        assert found.days_in_arrears >= 0
        assert bool(found.total_due) >= bool(found.days_in_arrears)

    @given(st.data())
    def test_interest_accrues_up_to_what_the_row_charges(self, data: st.DataObject) -> None:
        account = data.draw(lived_loans())
        row = data.draw(st.sampled_from(account.schedule.instalments))
        days = [row.due_date - timedelta(days=n) for n in range(row.days, 0, -1)]
        accrued = [position(account, day, MICRO).accrued_interest for day in days[-20:]]
        assert accrued == sorted(accrued)
        charged = row.interest or row.capitalised
        assert accrued[-1] <= charged


class TestAmountDue:
    def test_a_harvest_may_pay_what_falls_due_soon(self) -> None:
        one, two, *_ = running().schedule.instalments
        account = running((START, "100.00"))
        assert amount_due(account, START, START) == pen("0")
        assert amount_due(account, START, FIRST) == pen(one.total - 100)
        both = pen(one.total + two.total - 100)
        assert amount_due(account, FIRST, FIRST + MONTH) == both

    @given(st.data())
    def test_paying_it_leaves_nobody_late(self, data: st.DataObject) -> None:
        account = data.draw(lived_loans())
        as_of, until = sorted([data.draw(days_of(account)), data.draw(days_of(account))])
        account = replace(
            account, repayments=tuple(each for each in account.repayments if each.on <= as_of)
        )
        needed = amount_due(account, as_of, until)
        if needed:
            brought = Movement("harvest", as_of, needed)
            account = replace(account, repayments=(*account.repayments, brought))
        assert position(account, until, MICRO).total_due == 0


class TestArrears:
    @pytest.mark.parametrize(
        ("days", "retail", "mortgage"),
        [
            (0, "normal", "normal"),
            (8, "normal", "normal"),
            (9, "cpp", "normal"),
            (30, "cpp", "normal"),
            (31, "deficiente", "cpp"),
            (60, "deficiente", "cpp"),
            (61, "dudoso", "deficiente"),
            (120, "dudoso", "deficiente"),
            (121, "perdida", "dudoso"),
            (365, "perdida", "dudoso"),
            (366, "perdida", "perdida"),
        ],
    )
    def test_the_table_of_the_regulator(self, days: int, retail: str, mortgage: str) -> None:
        on = date(2026, 11, 23)
        for credit_type in CreditType:
            expected = mortgage if credit_type is CreditType.HIPOTECARIO else retail
            assert sbs_class(days, credit_type, on) == expected

    def test_before_the_table_there_is_no_class(self) -> None:
        assert sbs_class(0, MICRO, date(2008, 11, 20)) is None
        account = LoanAccount.as_agreed(build_schedule(loan(on=date(2007, 1, 1))))
        found = position(account, date(2007, 1, 5), MICRO)
        assert found.notes == (PositionNote.NO_ARREARS_TABLE,)

    def test_a_later_table_counts_from_its_day(self) -> None:
        stricter = ArrearsTable(
            date(2027, 1, 1), "a later resolution", dict.fromkeys(CreditType, (0, 10, 20, 30))
        )
        tables = (stricter, *ARREARS_TABLES)
        assert sbs_class(8, MICRO, date(2026, 12, 31), tables) is SbsClass.NORMAL
        assert sbs_class(8, MICRO, date(2027, 1, 1), tables) is SbsClass.CPP

    def test_the_oldest_due_counts(self) -> None:
        late = FIRST + 40 * DAY
        assert position(running(), late, MICRO).days_in_arrears == 40
        one = running().schedule.instalments[0]
        assert position(running((late, one.total)), late, MICRO).days_in_arrears > 0
        assert position(running((late, "99999")), late, MICRO).days_in_arrears == 0


class TestRetention:
    @pytest.mark.parametrize(
        ("value", "due", "share", "kept", "bound"),
        [
            ("1000", "300", "0.50", "300", RetentionBound.DUE),
            ("1000", "300", "0.30", "300", RetentionBound.DUE),
            ("1000", "300", "0.20", "200", RetentionBound.AGREED_SHARE),
            ("1000", "300", "0", "0", RetentionBound.AGREED_SHARE),
            ("1000", "0", "0.50", "0", RetentionBound.NOTHING_DUE),
            ("1000", "1500", None, "1000", RetentionBound.DELIVERY_VALUE),
            ("33.33", "300", "0.50", "16.67", RetentionBound.AGREED_SHARE),
        ],
    )
    def test_the_smaller_of_what_is_due_and_the_share(
        self, value: str, due: str, share: str | None, kept: str, bound: RetentionBound
    ) -> None:
        found = retention(pen(value), pen(due), None if share is None else D(share))
        assert (found.amount, found.bound) == (pen(kept), bound)

    @pytest.mark.parametrize("share", ["-0.1", "1.01"])
    def test_a_share_is_a_share(self, share: str) -> None:
        with pytest.raises(ValueError, match="between 0 and 1"):
            retention(pen("1"), pen("1"), D(share))

    def test_currencies_do_not_mix(self) -> None:
        with pytest.raises(CurrencyMismatch):
            retention(pen("1"), Money(D(1), "USD"))

    def test_a_harvest_loan_is_paid_by_its_harvest(self) -> None:
        harvest = START + timedelta(days=200)
        terms = loan(
            n=1, kind=ScheduleKind.CASH_FLOW, dates=(harvest,), amortisation=Amortisation.BULLET
        )
        account = LoanAccount.as_agreed(build_schedule(terms))
        due = amount_due(account, harvest - 5 * DAY, harvest)
        kept = retention(pen("30000"), due, D("0.60"))
        assert kept.bound is RetentionBound.DUE
        paying = Movement("delivery", harvest - 5 * DAY, kept.amount)
        found = position(replace(account, repayments=(paying,)), harvest, MICRO)
        assert found.settled
