"""What holds for every schedule, and what each option does."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.irr import NoRate
from api.core.money import quantize_rate
from api.domains.credit_products.instalments import Instalment
from api.domains.credit_products.schedule import build_schedule
from api.domains.credit_products.tcea import tcea
from api.domains.credit_products.terms import (
    Amortisation,
    Commission,
    CommissionMoment,
    Disbursement,
    ScheduleTerms,
)
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind
from tests.domains.credit_products.builders import any_terms, insured, loan, teas

D = Decimal
AMOUNTS = [each.name for each in fields(Instalment) if each.type is Decimal]


class TestInvariants:
    @given(any_terms())
    def test_principal_is_conserved_and_ends_at_zero(self, terms: ScheduleTerms) -> None:
        schedule = build_schedule(terms)
        rows, totals = schedule.instalments, schedule.totals
        assert totals.principal == terms.principal + totals.capitalised
        assert rows[-1].closing == 0
        assert len(rows) == terms.instalments
        if terms.grace is not GraceKind.TOTAL and totals.insurance:
            assert totals.principal == terms.principal

    @given(any_terms())
    def test_rows_add_up(self, terms: ScheduleTerms) -> None:
        rows = build_schedule(terms).instalments
        for row in rows:
            assert row.total == row.principal + row.interest + row.insurance + row.commission
            assert row.closing == row.opening + row.disbursed + row.capitalised - row.principal
        assert all(one.closing == two.opening for one, two in pairwise(rows))
        assert all(one.due_date < two.due_date for one, two in pairwise(rows))

    @given(any_terms())
    def test_nothing_is_negative_or_finer_than_a_centimo(self, terms: ScheduleTerms) -> None:
        for row in build_schedule(terms).instalments:
            for name in AMOUNTS:
                amount = getattr(row, name)
                assert amount >= 0
                assert amount.as_tuple().exponent == -2

    @given(any_terms())
    def test_the_last_instalment_alone_breaks_the_rounding(self, terms: ScheduleTerms) -> None:
        rows = build_schedule(terms).instalments
        for row in rows[terms.grace_periods : -1]:
            rounded = row.total % terms.rounding == 0
            assert rounded or not row.principal or not row.closing

    @given(any_terms(), teas)
    def test_where_principal_is_fixed_a_higher_tea_never_lowers_interest(
        self, terms: ScheduleTerms, more: D
    ) -> None:
        paced = Amortisation.EQUAL_PRINCIPAL
        if terms.amortisation is not Amortisation.EQUAL_INSTALMENT:
            paced = terms.amortisation
        grace = GraceKind.PRINCIPAL if terms.grace_periods else GraceKind.NONE
        terms = replace(terms, amortisation=paced, grace=grace, rounding=D("0.01"))
        dearer = build_schedule(replace(terms, tea=terms.tea + more))
        assert dearer.totals.interest >= build_schedule(terms).totals.interest

    @given(st.integers(1000, 100_000), st.integers(1, 36), st.integers(1, 99), st.integers(1, 99))
    def test_a_higher_tea_costs_more_interest_in_equal_instalments(
        self, principal: int, n: int, tea: int, more: int
    ) -> None:
        cheaper, dearer = (
            build_schedule(loan(str(principal), str(D(percent) / 100), n))
            for percent in (tea, tea + more)
        )
        assert dearer.totals.interest > cheaper.totals.interest
        assert dearer.tcea is not None
        assert cheaper.tcea is not None
        assert dearer.tcea > cheaper.tcea

    @given(any_terms())
    def test_the_tcea_values_what_is_paid_at_what_is_received(self, terms: ScheduleTerms) -> None:
        schedule = build_schedule(terms)
        received = [(each.on, each.amount) for each in terms.disbursements]
        paid = [(terms.start, schedule.upfront)]
        paid += [(row.due_date, row.total) for row in schedule.instalments]
        found = tcea(received, paid)
        assert (schedule.tcea, schedule.tcea_reason) == (
            found.rounded().rate,
            found.rounded().reason,
        )
        if found.rate is None:
            return
        with localcontext() as context:
            context.prec = 40
            factor = (1 + found.rate) ** (D(-1) / 360)
            flows = received + [(day, -amount) for day, amount in paid]
            values = (amount * factor ** (day - terms.start).days for day, amount in flows)
            assert abs(sum(values, start=D(0))) < D("1E-12")

    @given(any_terms())
    def test_the_same_terms_give_the_same_schedule_in_any_context(
        self, terms: ScheduleTerms
    ) -> None:
        schedule = build_schedule(terms)
        with localcontext() as context:
            context.prec = 6
            assert build_schedule(terms) == schedule


class TestTcea:
    def test_a_loan_without_charges_costs_its_tea(self) -> None:
        for kind in (ScheduleKind.FIXED_PERIOD, ScheduleKind.FIXED_DATE):
            schedule = build_schedule(loan("1000000", "0.35", 24, kind=kind))
            assert schedule.tcea is not None
            assert abs(schedule.tcea - D("0.35")) < D("0.00001")

    def test_a_loan_for_nothing_costs_nothing(self) -> None:
        schedule = build_schedule(loan("1000", "0", 4))
        assert schedule.tcea == 0
        assert schedule.cost == 0

    def test_every_charge_raises_it(self) -> None:
        upfront = Commission("study", CommissionMoment.DISBURSEMENT, share=D("0.01"))
        each = Commission("account", CommissionMoment.INSTALMENT, amount=D("2.50"))
        terms = loan()
        options: list[dict[str, Any]] = [
            {"commissions": (upfront,)},
            {"commissions": (each,)},
            *({"desgravamen": insured(v)} for v in DesgravamenVariant if v.value != "none"),
        ]
        base = build_schedule(terms).tcea
        assert base is not None
        for option in options:
            charged = build_schedule(replace(terms, **option)).tcea
            assert charged is not None
            assert charged > base + D("0.005")

    def test_a_rate_too_high_to_mean_anything_is_none(self) -> None:
        nearly_all = Commission("most", CommissionMoment.DISBURSEMENT, share=D("0.5"))
        schedule = build_schedule(loan(n=1, period_days=10, commissions=(nearly_all,)))
        assert (schedule.tcea, schedule.tcea_reason) == (None, NoRate.OUT_OF_RANGE)

    def test_whoever_gets_nothing_has_borrowed_nothing(self) -> None:
        swallowing = Commission("all", CommissionMoment.DISBURSEMENT, share=D(1))
        schedule = build_schedule(loan(commissions=(swallowing,)))
        assert (schedule.tcea, schedule.tcea_reason) == (None, NoRate.NO_SIGN_CHANGE)


class TestDates:
    def test_every_thirty_days(self) -> None:
        rows = build_schedule(loan(n=3)).instalments
        assert [row.due_date.isoformat() for row in rows] == [
            "2026-02-14", "2026-03-16", "2026-04-15",
        ]  # fmt: skip
        assert [row.days for row in rows] == [30, 30, 30]

    def test_the_last_day_of_shorter_months(self) -> None:
        terms = loan(n=3, kind=ScheduleKind.FIXED_DATE, due_day=31, on=date(2027, 12, 10))
        rows = build_schedule(terms).instalments
        assert [row.due_date.isoformat() for row in rows] == [
            "2028-01-31", "2028-02-29", "2028-03-31",
        ]  # fmt: skip
        assert [row.days for row in rows] == [52, 29, 31]

    def test_a_first_date_moves_all(self) -> None:
        first = date(2026, 5, 20)
        fixed = build_schedule(loan(n=2, period_days=60, first_due=first)).instalments
        assert [row.due_date for row in fixed] == [first, date(2026, 7, 19)]
        monthly = loan(n=2, kind=ScheduleKind.FIXED_DATE, every_months=3, first_due=first)
        assert build_schedule(monthly).end == date(2026, 8, 20)

    def test_interest_follows_the_days_of_each_month(self) -> None:
        bullet = loan(
            n=3, kind=ScheduleKind.FIXED_DATE, due_day=15, amortisation=Amortisation.BULLET
        )
        rows = build_schedule(bullet).instalments
        assert [row.days for row in rows] == [31, 28, 31]
        assert [row.principal for row in rows] == [0, 0, 10000]
        assert rows[0].interest == rows[2].interest > rows[1].interest

    def test_harvest_dates_and_shares(self) -> None:
        terms = loan(
            n=3,
            kind=ScheduleKind.CASH_FLOW,
            dates=(date(2026, 6, 30), date(2026, 8, 31), date(2026, 12, 15)),
            shares=(D("0.5"), D("0.3"), D("0.2")),
        )
        rows = build_schedule(terms).instalments
        assert [row.principal for row in rows] == [5000, 3000, 2000]
        assert [row.days for row in rows] == [166, 62, 106]

    def test_level_instalments_on_harvest_dates(self) -> None:
        dates = (date(2026, 6, 30), date(2026, 12, 15), date(2027, 6, 30))
        rows = build_schedule(loan(n=3, kind=ScheduleKind.CASH_FLOW, dates=dates)).instalments
        assert rows[0].total == rows[1].total
        assert abs(rows[2].total - rows[1].total) <= D("0.02")


class TestGrace:
    def test_principal_grace_pays_interest_only(self) -> None:
        terms = loan(n=6, grace=GraceKind.PRINCIPAL, grace_periods=2)
        first, second, third, *_ = build_schedule(terms).instalments
        assert [first.principal, second.principal, first.closing] == [0, 0, 10000]
        assert first.total == first.interest == second.interest > 0
        assert third.principal > 0

    def test_total_grace_capitalises_interest_and_insurance(self) -> None:
        terms = loan(
            n=6,
            grace=GraceKind.TOTAL,
            grace_periods=2,
            desgravamen=insured(DesgravamenVariant.BALANCE),
            commissions=(Commission("account", CommissionMoment.INSTALMENT, D(3)),),
        )
        schedule = build_schedule(terms)
        first, second, third, *_ = schedule.instalments
        assert [first.total, second.total] == [0, 0]
        bullet = build_schedule(loan(n=1, desgravamen=insured(DesgravamenVariant.BALANCE)))
        (month,) = bullet.instalments
        assert first.capitalised == month.interest + month.insurance
        assert third.opening == 10000 + first.capitalised + second.capitalised
        assert third.commission == 3
        assert schedule.totals.principal == 10000 + schedule.totals.capitalised

    def test_everything_at_maturity(self) -> None:
        """Agroperú: one payment at harvest, whichever way the months before it are written."""
        rests = loan(n=9, grace=GraceKind.TOTAL, grace_periods=8, amortisation=Amortisation.BULLET)
        at_once = loan(n=1, period_days=270)
        difference = build_schedule(rests).totals.total - build_schedule(at_once).totals.total
        assert abs(difference) <= D("0.05")


class TestDisbursementsByStage:
    terms = loan(
        n=2,
        kind=ScheduleKind.CASH_FLOW,
        dates=(date(2026, 9, 30), date(2026, 12, 31)),
        disbursements=(
            Disbursement(date(2026, 1, 15), D(6000)),
            Disbursement(date(2026, 4, 15), D(4000)),
        ),
    )

    def test_the_second_part_bears_interest_from_its_own_day(self) -> None:
        first, last = build_schedule(self.terms).instalments
        together = build_schedule(
            replace(self.terms, disbursements=(Disbursement(date(2026, 1, 15), D(10000)),))
        )
        assert [first.opening, first.disbursed] == [6000, 4000]
        assert first.interest < together.instalments[0].interest
        assert abs(last.total - first.total) <= D("0.02")

    def test_it_equals_two_loans(self) -> None:
        bullet = replace(self.terms, amortisation=Amortisation.BULLET, instalments=1)
        joint = build_schedule(replace(bullet, dates=(date(2026, 12, 31),)))
        apart = [
            build_schedule(
                replace(
                    bullet,
                    dates=(date(2026, 12, 31),),
                    principal=part.amount,
                    disbursements=(part,),
                )
            )
            for part in self.terms.disbursements
        ]
        total = sum(each.totals.total for each in apart)
        assert abs(joint.totals.total - total) <= D("0.01")


class TestDesgravamen:
    def test_levelled_charges_the_same_in_all(self) -> None:
        on_balance, even = (
            build_schedule(loan(desgravamen=insured(variant)))
            for variant in (DesgravamenVariant.BALANCE, DesgravamenVariant.BALANCE_LEVELLED)
        )
        assert even.totals.insurance == on_balance.totals.insurance
        assert len({row.total for row in even.instalments[:-1]}) == 1
        assert len({row.total for row in on_balance.instalments}) == 12

    def test_flat_charges_the_initial_capital(self) -> None:
        flat = insured(DesgravamenVariant.INITIAL_FLAT, "0.000675")
        rows = build_schedule(loan(desgravamen=flat)).instalments
        assert {row.insurance for row in rows} == {D("6.75")}

    def test_capitalised_is_grossed_up_and_lent(self) -> None:
        """P x t x m / (1 - t x m): 10,000 at 0.1 % for 12 months of 30 days is 121.46."""
        capitalised = insured(DesgravamenVariant.CAPITALISED)
        schedule = build_schedule(loan(desgravamen=capitalised))
        assert schedule.instalments[0].opening == D("10121.46")
        assert schedule.totals.capitalised == D("121.46")
        assert schedule.totals.insurance == 0
        assert quantize_rate(schedule.totals.principal * D("0.012")) == D("121.45752")

    @pytest.mark.parametrize("variant", DesgravamenVariant)
    def test_every_variant_costs_more_than_none(self, variant: DesgravamenVariant) -> None:
        base = build_schedule(loan())
        schedule = build_schedule(loan(desgravamen=insured(variant)))
        assert (schedule.cost > base.cost) == (variant is not DesgravamenVariant.NONE)


class TestRounding:
    @given(st.sampled_from(["0.05", "0.10"]))
    def test_instalments_are_rounded_down_and_the_last_absorbs(self, step: str) -> None:
        exact = build_schedule(loan()).instalments
        rounded = build_schedule(loan(rounding=D(step))).instalments
        for row, fine in zip(rounded[:-1], exact[:-1], strict=True):
            assert row.total % D(step) == 0
            assert 0 <= fine.total - row.total < D(step)
        assert rounded[-1].total > exact[-1].total

    def test_a_loan_of_a_sol_survives_any_rounding(self) -> None:
        rows = build_schedule(loan("1", "0.5", 24, rounding=D("0.10"))).instalments
        assert sum(row.principal for row in rows) == 1
        assert min(row.principal for row in rows) == 0


class TestShape:
    def test_totals_are_sums(self) -> None:
        schedule = build_schedule(
            loan(
                desgravamen=insured(DesgravamenVariant.BALANCE),
                commissions=(
                    Commission("account", CommissionMoment.INSTALMENT, D(2)),
                    Commission("study", CommissionMoment.DISBURSEMENT, D(50), D("0.005")),
                ),
            )
        )
        rows, totals = schedule.instalments, schedule.totals
        assert totals.interest == sum(row.interest for row in rows)
        assert totals.commission == 24
        assert schedule.upfront == 100
        assert schedule.cost == totals.interest + totals.insurance + 24 + 100
        assert schedule.currency == "PEN"
        assert rows[-1].principal == rows[-1].opening
