from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.catalogues.vocabulary import Category
from api.domains.credit_products.rules import (
    Conditions,
    Harvest,
    LoanWish,
    covers,
    harvest_dates,
    reasons_incoherent,
    reasons_not_offered,
    terms_of,
)
from api.domains.credit_products.schedule import build_schedule
from api.domains.credit_products.schedule_kinds import add_months
from api.domains.credit_products.vocabulary import (
    DesgravamenVariant,
    GraceKind,
    LoanPurpose,
    ScheduleKind,
)

HARVEST_LOAN = Conditions(
    currency="PEN",
    amount_min=Decimal(500),
    amount_max=Decimal(30000),
    term_months_min=6,
    term_months_max=36,
    tea=Decimal("0.36"),
    commission=Decimal(0),
    desgravamen_variant=DesgravamenVariant.NONE,
    desgravamen_rate=Decimal(0),
    schedule_kind=ScheduleKind.CASH_FLOW,
    grace_kind=GraceKind.NONE,
    grace_months=0,
)
WISH = LoanWish(
    Decimal(8000), 24, date(2026, 12, 1), harvests=(Harvest(6, Decimal(3)), Harvest(11, Decimal(1)))
)


def codes(conditions: Conditions, wish: LoanWish) -> list[str]:
    return [reason.code for reason in reasons_not_offered(conditions, wish)]


class TestCoherence:
    def test_a_product_of_one_amount_and_one_term_is_coherent(self) -> None:
        one = replace(HARVEST_LOAN, amount_min=Decimal(30000), term_months_min=36)
        assert reasons_incoherent(one) == []

    def test_grace_must_leave_time_to_repay_in_the_shortest_loan(self) -> None:
        rests = replace(HARVEST_LOAN, grace_kind=GraceKind.TOTAL, grace_months=5)
        assert reasons_incoherent(rests) == []
        assert [r.pointer for r in reasons_incoherent(replace(rests, grace_months=6))] == [
            "/grace_months"
        ]


class TestHarvestDates:
    def test_every_harvest_within_the_term_and_no_other(self) -> None:
        assert harvest_dates(WISH) == (
            (date(2027, 6, 1), Decimal(3)),
            (date(2027, 11, 1), Decimal(1)),
            (date(2028, 6, 1), Decimal(3)),
            (date(2028, 11, 1), Decimal(1)),
        )

    def test_the_day_of_disbursement_is_no_due_date_and_the_last_day_of_the_term_is(self) -> None:
        december = replace(WISH, months=12, harvests=(Harvest(12, Decimal(1)),))
        assert [day for day, _ in harvest_dates(december)] == [date(2027, 12, 1)]

    def test_a_month_that_is_too_short_gives_its_last_day(self) -> None:
        february = replace(WISH, months=6, due_day=31, harvests=(Harvest(2, Decimal(1)),))
        assert [day for day, _ in harvest_dates(february)] == [date(2027, 2, 28)]


class TestOffer:
    @pytest.mark.parametrize("amount", [Decimal(500), Decimal(30000)])
    def test_the_ends_of_the_range_are_offered(self, amount: Decimal) -> None:
        assert codes(HARVEST_LOAN, replace(WISH, amount=amount)) == []

    def test_a_cent_beyond_is_not(self) -> None:
        assert codes(HARVEST_LOAN, replace(WISH, amount=Decimal("499.99"))) == [
            "amount-not-offered"
        ]
        assert codes(HARVEST_LOAN, replace(WISH, amount=Decimal("30000.01"))) == [
            "amount-not-offered"
        ]

    def test_harvests_that_all_fall_into_grace_repay_nothing(self) -> None:
        rests = replace(
            HARVEST_LOAN, grace_kind=GraceKind.PRINCIPAL, grace_months=11, term_months_min=12
        )
        assert codes(rests, replace(WISH, months=12)) == ["no-harvest-within-term"]
        assert codes(rests, replace(WISH, months=18)) == []


class TestTerms:
    def test_grace_moves_the_principal_of_early_harvests_to_later_ones(self) -> None:
        rests = replace(HARVEST_LOAN, grace_kind=GraceKind.PRINCIPAL, grace_months=11)
        rows = build_schedule(terms_of(rests, WISH)).instalments
        assert [row.principal for row in rows] == [0, 0, Decimal(6000), Decimal(2000)]
        assert all(row.interest for row in rows)


@st.composite
def offers(draw: st.DrawFn) -> tuple[Conditions, LoanWish]:
    """A coherent product and a wish that it offers."""
    kind = draw(st.sampled_from(ScheduleKind))
    every = draw(st.sampled_from([1, 2, 3, 6])) if kind is not ScheduleKind.CASH_FLOW else 1
    months = every * draw(st.integers(6 // every, 48 // every))
    grace_kind = draw(st.sampled_from(GraceKind))
    grace = draw(st.integers(1, months - 1)) if grace_kind is not GraceKind.NONE else 0
    variant = draw(st.sampled_from(DesgravamenVariant))
    insured = variant is not DesgravamenVariant.NONE
    cents = st.decimals(500, 30000, places=2)
    conditions = replace(
        HARVEST_LOAN,
        term_months_min=months,
        term_months_max=months,
        tea=draw(st.decimals(0, Decimal("1.2"), places=6)),
        commission=draw(st.decimals(0, 50, places=2)),
        schedule_kind=kind,
        grace_kind=grace_kind,
        grace_months=grace,
        desgravamen_variant=variant,
        desgravamen_rate=draw(st.decimals("0.0001", "0.005", places=6)) if insured else Decimal(0),
    )
    sold = draw(st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True))
    wish = LoanWish(
        amount=draw(cents),
        months=months,
        disbursed_on=draw(st.dates(date(2026, 1, 1), date(2031, 12, 31))),
        due_day=draw(st.none() | st.integers(1, 31)),
        every_months=every,
        harvests=tuple(Harvest(m, Decimal(draw(st.integers(1, 9))) / 9) for m in sold)
        if kind is ScheduleKind.CASH_FLOW
        else (),
    )
    return conditions, wish


@given(offers())
def test_what_is_offered_can_be_calculated_and_repays_the_loan_within_its_term(
    offer: tuple[Conditions, LoanWish],
) -> None:
    conditions, wish = offer
    assert reasons_incoherent(conditions) == []
    if reasons_not_offered(conditions, wish):
        # Only the calendar may stand in the way: no harvest between grace and the end.
        assert codes(conditions, wish) == ["no-harvest-within-term"]
        return
    schedule = build_schedule(terms_of(conditions, wish))
    first, last = schedule.instalments[0], schedule.instalments[-1]
    assert schedule.totals.principal == wish.amount + schedule.totals.capitalised
    assert last.closing == 0
    assert wish.disbursed_on < first.due_date
    end = add_months(wish.disbursed_on, wish.months, 31)
    if conditions.schedule_kind is ScheduleKind.FIXED_PERIOD:
        end = wish.disbursed_on + timedelta(days=30 * wish.months)
    assert last.due_date <= end


def test_every_category_of_goods_and_services_can_be_financed_and_work_besides() -> None:
    assert {str(each) for each in LoanPurpose} == {str(each) for each in Category} | {"labour"}


class TestCoverage:
    @pytest.mark.parametrize(
        ("coverage", "ubigeo", "served"),
        [
            ([], "220101", True),
            (["22"], "220101", True),
            (["2202"], "220101", False),
            (["220101"], "220101", True),
            (["10", "2201"], "220109", True),
            (["22"], "102201", False),
        ],
    )
    def test_by_prefix(self, coverage: list[str], ubigeo: str, served: bool) -> None:
        assert covers(coverage, ubigeo) is served
