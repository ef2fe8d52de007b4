"""Early repayment: always possible, never dearer, in both modes."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.money import CurrencyMismatch, Money
from api.domains.credit_products.rates import period_rate
from api.domains.credit_products.schedule import build_schedule
from api.domains.credit_products.terms import (
    Amortisation,
    Commission,
    CommissionMoment,
    Disbursement,
)
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind
from api.domains.loans.account import LoanAccount, Movement
from api.domains.loans.arrears import CreditType
from api.domains.loans.early_repayment import (
    EarlyRepayment,
    NotEarly,
    early_repayment,
    settlement,
)
from api.domains.loans.remaining import EarlyRepaymentMode, ahead
from api.domains.loans.rules import position
from tests.domains.credit_products.builders import START, any_terms, insured, loan
from tests.domains.loans.builders import paid, pen, running

D = Decimal
DAY, MONTH = timedelta(days=1), timedelta(days=30)
THIRD = START + 3 * MONTH
LOWER, SHORTER = EarlyRepaymentMode.LOWER_INSTALMENT, EarlyRepaymentMode.SHORTER_TERM


def kept_up(account: LoanAccount, on: date) -> LoanAccount:
    """The loan with every instalment paid on its day, up to and on ``on``."""
    rows = [row for row in account.schedule.instalments if row.due_date <= on and row.total]
    return replace(account, repayments=paid(*((row.due_date, row.total) for row in rows)))


def still_to_pay(account: LoanAccount, on: date) -> D:
    return sum((row.total for row in ahead(account.schedule, on)), start=D(0))


def rest(found: EarlyRepayment) -> LoanAccount:
    assert found.account is not None
    return found.account


class TestModes:
    account = kept_up(running(), THIRD)
    half = pen("4000")

    def test_lower_instalment_keeps_the_dates(self) -> None:
        found = early_repayment(self.account, self.half, THIRD, LOWER)
        old, new = ahead(self.account.schedule, THIRD), rest(found).schedule.instalments
        assert [row.due_date for row in new] == [row.due_date for row in old]
        assert len({row.total for row in new[:-1]}) == 1
        share = new[0].total / old[0].total
        assert abs(share - new[0].opening / old[0].opening) < D("0.0001")

    def test_shorter_term_keeps_the_instalment(self) -> None:
        found = early_repayment(self.account, self.half, THIRD, SHORTER)
        old, new = ahead(self.account.schedule, THIRD), rest(found).schedule.instalments
        assert len(new) < len(old)
        assert {row.total for row in new[:-1]} == {old[0].total}
        assert new[-1].total <= old[0].total

    def test_the_shorter_term_saves_more(self) -> None:
        lower, shorter = (
            early_repayment(self.account, self.half, THIRD, mode) for mode in (LOWER, SHORTER)
        )
        assert shorter.saved > lower.saved > 0

    def test_what_it_pays_on_a_due_date_is_principal(self) -> None:
        found = early_repayment(self.account, self.half, THIRD, LOWER)
        assert (found.due, found.interest, found.returned) == (D(0), D(0), D(0))
        assert found.principal == 4000
        balance = ahead(self.account.schedule, THIRD)[0].opening
        assert rest(found).schedule.terms.principal == balance - 4000

    def test_between_due_dates_accrued_interest_comes_first(self) -> None:
        on = THIRD + 10 * DAY
        balance = ahead(self.account.schedule, on)[0].opening
        found = early_repayment(self.account, self.half, on, LOWER)
        assert found.interest == round(balance * period_rate(D("0.35"), 10), 2)
        assert found.principal == 4000 - found.interest

    def test_what_is_overdue_comes_before_all(self) -> None:
        one = running().schedule.instalments[0]
        found = early_repayment(running(), self.half, START + MONTH, LOWER)
        assert found.due == one.total
        assert found.principal == 4000 - one.total

    def test_an_advance_is_used(self) -> None:
        waiting = Movement("advance", THIRD, pen("1500"))
        account = replace(self.account, repayments=(*self.account.repayments, waiting))
        found = early_repayment(account, pen("2500"), THIRD, LOWER)
        assert found.principal == 4000

    @pytest.mark.parametrize("mode", EarlyRepaymentMode)
    @pytest.mark.parametrize("variant", DesgravamenVariant)
    def test_every_insurance(self, variant: DesgravamenVariant, mode: EarlyRepaymentMode) -> None:
        on = THIRD + 7 * DAY
        account = kept_up(running(desgravamen=insured(variant)), on)
        found = early_repayment(account, self.half, on, mode)
        assert found.saved > 0
        new = rest(found).schedule
        match variant:
            case DesgravamenVariant.NONE:
                assert (found.insurance, new.totals.insurance) == (D(0), D(0))
            case DesgravamenVariant.INITIAL_FLAT:
                assert {row.insurance for row in new.instalments[1:]} == {D("10.00")}
            case DesgravamenVariant.CAPITALISED:
                assert (new.totals.insurance, new.totals.capitalised) == (D(0), D(0))
            case _:
                assert 0 < new.totals.insurance < account.schedule.totals.insurance

    def test_bullet_and_shares_and_equal_principal(self) -> None:
        dates = tuple(START + n * 100 * DAY for n in (1, 2, 3, 4))
        shares = (D(4), D(3), D(2), D(1))
        terms = loan(n=4, kind=ScheduleKind.CASH_FLOW, dates=dates)
        for changes, lower, shorter in (
            ({"amortisation": Amortisation.BULLET}, [0, 0, 0, 6000], [0, 0, 0, 6000]),
            ({"amortisation": Amortisation.EQUAL_PRINCIPAL}, [1500] * 4, [2500, 2500, 1000]),
            ({"shares": shares}, [2400, 1800, 1200, 600], [4000, 2000]),
        ):
            account = LoanAccount.as_agreed(build_schedule(replace(terms, **changes)))
            for mode, portions in ((LOWER, lower), (SHORTER, shorter)):
                found = early_repayment(account, self.half, START, mode)
                rows = rest(found).schedule.instalments
                assert [row.principal for row in rows] == portions

    def test_during_grace(self) -> None:
        account = running(grace=GraceKind.PRINCIPAL, grace_periods=4)
        found = early_repayment(account, self.half, START + 10 * DAY, LOWER)
        rows = rest(found).schedule.instalments
        assert [row.principal for row in rows[:4]] == [0] * 4
        assert rows[4].principal > 0

    def test_instalment_commissions_go_on_unchanged(self) -> None:
        fee = Commission("account", CommissionMoment.INSTALMENT, D(1), D("0.0002"))
        account = kept_up(running(commissions=(fee,)), THIRD)
        found = early_repayment(account, self.half, THIRD, LOWER)
        assert {row.commission for row in rest(found).schedule.instalments} == {D("3.00")}

    def test_a_part_still_to_be_paid_out_is_paid_out_later(self) -> None:
        later = START + 20 * DAY
        parts = (Disbursement(START, D(6000)), Disbursement(later, D(4000)))
        account = LoanAccount.as_agreed(build_schedule(loan(disbursements=parts)))
        found = early_repayment(account, pen("1000"), START + DAY, LOWER)
        terms = rest(found).schedule.terms
        assert [each.on for each in terms.disbursements] == [START + DAY, later]
        assert terms.principal == 10000 - found.principal


class TestPayingOff:
    @pytest.mark.parametrize("variant", DesgravamenVariant)
    def test_the_settlement_pays_the_loan_off(self, variant: DesgravamenVariant) -> None:
        on = THIRD + 11 * DAY
        account = kept_up(running(desgravamen=insured(variant)), on)
        owed = settlement(account, on)
        found = early_repayment(account, pen(owed.total), on, LOWER)
        assert (found.account, found.returned, found.reason) == (None, D(0), None)
        assert found.principal == owed.principal
        assert found.saved == still_to_pay(account, on) - owed.total > 0

    def test_too_much_is_returned(self) -> None:
        account = kept_up(running(), THIRD)
        owed = settlement(account, THIRD)
        found = early_repayment(account, pen(owed.total + 50), THIRD, SHORTER)
        assert (found.account, found.returned) == (None, D(50))

    def test_levelled_insurance_that_was_earned_is_settled(self) -> None:
        """Premiums on balance are earned early and charged evenly: the difference is due."""
        account = kept_up(running(desgravamen=insured(DesgravamenVariant.BALANCE_LEVELLED)), THIRD)
        plain = build_schedule(loan(desgravamen=insured(DesgravamenVariant.BALANCE)))
        earned = sum(row.insurance for row in plain.instalments[:3])
        charged = sum(row.insurance for row in account.schedule.instalments[:3])
        assert settlement(account, THIRD).insurance == earned - charged > 0


class TestRefusals:
    def test_what_only_covers_interest_repays_nothing_early(self) -> None:
        on = START + 20 * DAY
        interest = settlement(running(), on).interest
        found = early_repayment(running(), pen(interest), on, LOWER)
        assert found == EarlyRepayment(NotEarly.NOTHING_LEFT_FOR_PRINCIPAL)
        one_more = early_repayment(running(), pen(interest + D("0.01")), on, LOWER)
        assert one_more.principal == D("0.01")

    @pytest.mark.parametrize("on", [START - DAY, START + 12 * MONTH])
    def test_a_loan_that_does_not_run(self, on: date) -> None:
        assert early_repayment(running(), pen("1"), on, LOWER).reason is NotEarly.NOT_RUNNING

    def test_a_loan_paid_out_otherwise_needs_its_schedule_first(self) -> None:
        account = replace(running(), disbursements=())
        found = early_repayment(account, pen("100"), START + DAY, LOWER)
        assert found.reason is NotEarly.DISBURSED_OTHERWISE

    def test_wrong_money(self) -> None:
        with pytest.raises(CurrencyMismatch):
            early_repayment(running(), Money(D(1), "USD"), START, LOWER)
        with pytest.raises(ValueError, match="positive"):
            early_repayment(running(), pen("0"), START, LOWER)


class TestRounding:
    def test_a_lower_instalment_is_nudged_up_where_rounding_would_cost_more(self) -> None:
        account = running()
        found = early_repayment(account, pen("0.01"), START, LOWER)
        new = rest(found).schedule
        plain = build_schedule(loan("9999.99"))
        assert plain.totals.total + D("0.01") > account.schedule.totals.total
        assert new.instalments[0].total == plain.instalments[0].total + D("0.01")
        assert found.saved >= 0

    def test_the_old_portions_are_kept_where_nothing_else_is_as_cheap(self) -> None:
        levelled = insured(DesgravamenVariant.BALANCE_LEVELLED)
        on = START + MONTH
        account = kept_up(running(n=24, rounding=D("0.10"), desgravamen=levelled), on)
        amount = pen(settlement(account, on).before_principal + D("0.01"))
        found = early_repayment(account, amount, on, SHORTER)
        old, new = ahead(account.schedule, on), rest(found).schedule.instalments
        assert [row.principal for row in new[:-1]] == [row.principal for row in old[:-1]]
        assert new[-1].principal == old[-1].principal - D("0.01")
        assert found.saved >= 0


class TestInvariants:
    @given(st.data())
    def test_it_never_costs_more(self, data: st.DataObject) -> None:
        account = LoanAccount.as_agreed(build_schedule(data.draw(any_terms(most=12))))
        mode = data.draw(st.sampled_from(EarlyRepaymentMode))
        for _ in range(2):  # and again under the schedule that came of it
            offset = data.draw(st.integers(0, (account.schedule.end - START).days - 1))
            on = max(START + timedelta(offset), account.schedule.terms.start)
            account = kept_up(account, on)
            owed = settlement(account, on)
            part = D(data.draw(st.integers(1, max(int(owed.principal * 100), 1)))) / 100
            amount = pen(max(owed.before_principal, D(0)) + part)
            found = early_repayment(account, amount, on, mode)
            assert found.reason is None
            assert found.saved >= 0
            spent = found.due + found.interest + found.insurance + found.principal
            assert spent + found.returned == amount.amount + owed.advance
            new = found.account
            if new is None:
                return
            costs = found.interest + found.insurance + found.principal
            assert costs + new.schedule.totals.total + found.saved == still_to_pay(account, on)
            assert new.schedule.end <= account.schedule.end
            account = LoanAccount.as_agreed(new.schedule)

    @given(st.data())
    def test_the_rest_is_a_loan_like_any_other(self, data: st.DataObject) -> None:
        account = LoanAccount.as_agreed(build_schedule(data.draw(any_terms(most=12))))
        on = START + timedelta(data.draw(st.integers(0, (account.schedule.end - START).days - 1)))
        account = kept_up(account, on)
        owed = settlement(account, on)
        amount = pen(max(owed.before_principal, D(0)) + D("0.01"))
        mode = data.draw(st.sampled_from(EarlyRepaymentMode))
        new = early_repayment(account, amount, on, mode).account
        if new is None:
            return
        rows, totals = new.schedule.instalments, new.schedule.totals
        drawn = new.schedule.terms.principal
        assert totals.principal == drawn + totals.capitalised
        assert rows[-1].closing == 0
        assert all(one.closing == two.opening for one, two in pairwise(rows))
        for row in rows:
            assert min(row.principal, row.interest, row.insurance, row.closing) >= 0
            assert row.total == row.principal + row.interest + row.insurance + row.commission
        done = position(kept_up(new, new.schedule.end), new.schedule.end, CreditType.CONSUMO)
        assert (done.settled, done.outstanding_principal) == (True, D(0))

    @given(st.integers(1, 500_000), st.integers(0, 359), st.sampled_from(EarlyRepaymentMode))
    def test_every_centimo_repaid_early_helps(
        self, cents: int, offset: int, mode: EarlyRepaymentMode
    ) -> None:
        on = START + timedelta(offset)
        account = kept_up(running(), on)
        owed = settlement(account, on)
        amount = pen(owed.before_principal + min(D(cents) / 100, owed.principal))
        found = early_repayment(account, amount, on, mode)
        carried = found.account.schedule.terms.principal if found.account else D(0)
        assert found.principal + carried == ahead(account.schedule, on)[0].opening
        if found.principal > 100 and on < account.schedule.end - MONTH:
            assert found.saved > 0
