"""What each repayment pays, and that nothing of it is lost."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.money import CurrencyMismatch, Money
from api.domains.credit_products.vocabulary import DesgravamenVariant
from api.domains.loans.account import (
    CIVIL_CODE_ORDER,
    AllocationPolicy,
    AllocationScope,
    Component,
    LoanAccount,
    Movement,
    dues,
)
from api.domains.loans.allocation import allocate_repayments
from tests.domains.credit_products.builders import START, insured
from tests.domains.loans.builders import days_of, lived_loans, paid, pen, running

D = Decimal
MONTH = timedelta(days=30)
FIRST, SECOND = START + MONTH, START + 2 * MONTH
INSURED = {"desgravamen": insured(DesgravamenVariant.BALANCE)}


def parts(account: LoanAccount, as_of: date) -> list[tuple[str, int | None, Component, D]]:
    return [
        (each.repayment, each.due.instalment, each.due.component, each.amount)
        for each in allocate_repayments(account, as_of).allocations
    ]


class TestOrder:
    def test_charges_then_interest_then_principal(self) -> None:
        first = running(**INSURED).schedule.instalments[0]
        account = running((FIRST, first.total), **INSURED)
        assert parts(account, FIRST) == [
            ("p1", 1, Component.CHARGES, first.insurance),
            ("p1", 1, Component.INTEREST, first.interest),
            ("p1", 1, Component.PRINCIPAL, first.principal),
        ]

    def test_overdue_interest_comes_before_any_principal(self) -> None:
        one, two, *_ = running().schedule.instalments
        account = running((SECOND, one.interest + two.interest + D("1.00")))
        assert parts(account, SECOND) == [
            ("p1", 1, Component.INTEREST, one.interest),
            ("p1", 2, Component.INTEREST, two.interest),
            ("p1", 1, Component.PRINCIPAL, D("1.00")),
        ]

    def test_oldest_instalment_first_where_agreed(self) -> None:
        one, two, *_ = running().schedule.instalments
        account = running((SECOND, one.total + D("1.00")))
        oldest = AllocationPolicy(scope=AllocationScope.OLDEST_INSTALMENT)
        assert parts(replace(account, policy=oldest), SECOND) == [
            ("p1", 1, Component.INTEREST, one.interest),
            ("p1", 1, Component.PRINCIPAL, one.principal),
            ("p1", 2, Component.INTEREST, D("1.00")),
        ]
        assert two.interest > 1

    def test_the_civil_code_pays_interest_before_charges(self) -> None:
        account = running((FIRST, "1.00"), **INSURED)
        account = replace(account, policy=AllocationPolicy(CIVIL_CODE_ORDER))
        assert parts(account, FIRST) == [("p1", 1, Component.INTEREST, D("1.00"))]

    def test_reported_charges_are_paid_like_insurance(self) -> None:
        account = running((FIRST, "30.00"))
        late_fee = Movement("fee", FIRST, pen("25"))
        found = parts(replace(account, charges=(late_fee,)), FIRST)
        assert found == [
            ("p1", None, Component.CHARGES, D("25.00")),
            ("p1", 1, Component.INTEREST, D("5.00")),
        ]

    def test_an_order_names_every_component_once(self) -> None:
        with pytest.raises(ValueError, match="every component"):
            AllocationPolicy((Component.INTEREST, Component.PRINCIPAL))


class TestAdvance:
    def test_money_before_it_is_due_waits_and_pays_on_the_due_date(self) -> None:
        first = running().schedule.instalments[0]
        early = START + timedelta(days=10)
        account = running((early, first.total + D("5.00")))
        before = allocate_repayments(account, FIRST - timedelta(days=1))
        assert (before.allocations, before.advance) == ((), first.total + D("5.00"))
        after = allocate_repayments(account, FIRST)
        assert {each.on for each in after.allocations} == {FIRST}
        assert (after.advance, after.unpaid) == (D("5.00"), ())

    def test_repayments_of_one_day_are_used_in_their_order(self) -> None:
        first = running().schedule.instalments[0]
        account = running((FIRST, first.interest), (FIRST, first.principal))
        assert [part[0] for part in parts(account, FIRST)] == ["p1", "p2"]

    def test_payments_after_the_day_do_not_count(self) -> None:
        account = running((SECOND, "100.00"))
        assert allocate_repayments(account, FIRST).allocations == ()


class TestConservation:
    @given(st.data())
    def test_money_is_conserved(self, data: st.DataObject) -> None:
        account = data.draw(lived_loans())
        as_of = data.draw(days_of(account))
        allocated = allocate_repayments(account, as_of)
        received = sum(each.amount.amount for each in account.repayments if each.on <= as_of)
        assert sum(each.amount for each in allocated.allocations) + allocated.advance == received
        owed = sum(due.amount for due in dues(account, as_of))
        still = sum(due.amount for due in allocated.unpaid)
        assert sum(each.amount for each in allocated.allocations) + still == owed
        assert not (allocated.advance and allocated.unpaid)
        assert all(each.amount > 0 for each in allocated.allocations)
        assert all(due.amount > 0 for due in allocated.unpaid)

    @given(st.data())
    def test_no_repayment_pays_more_than_it_is_or_before_it_came(self, data: st.DataObject) -> None:
        account = data.draw(lived_loans())
        allocated = allocate_repayments(account, account.schedule.end)
        for payment in account.repayments:
            uses = [each for each in allocated.allocations if each.repayment == payment.reference]
            assert sum(each.amount for each in uses) <= payment.amount.amount
            assert all(each.on >= max(payment.on, each.due.on) for each in uses)

    @given(st.data())
    def test_what_was_paid_does_not_change_later(self, data: st.DataObject) -> None:
        account = data.draw(lived_loans())
        earlier, later = sorted([data.draw(days_of(account)), data.draw(days_of(account))])
        past = allocate_repayments(account, earlier).allocations
        assert allocate_repayments(account, later).allocations[: len(past)] == past

    def test_paying_every_instalment_on_its_day_pays_the_loan(self) -> None:
        rows = running(**INSURED).schedule.instalments
        account = running(*((row.due_date, row.total) for row in rows), **INSURED)
        allocated = allocate_repayments(account, rows[-1].due_date)
        assert (allocated.unpaid, allocated.advance) == ((), D(0))
        assert allocated.paid(Component.PRINCIPAL) == 10000


class TestAccount:
    def test_another_currency_is_refused(self) -> None:
        dollars = (Movement("p", FIRST, Money(D(1), "USD")),)
        with pytest.raises(CurrencyMismatch):
            LoanAccount(running().schedule, repayments=dollars)

    @pytest.mark.parametrize("amount", ["0", "-5"])
    def test_what_is_not_positive_is_refused(self, amount: str) -> None:
        with pytest.raises(ValueError, match="positive"):
            LoanAccount(running().schedule, repayments=paid((FIRST, amount)))
