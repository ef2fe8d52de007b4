"""The book of a loan: nothing is lost, nothing is negative, and the past stays as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from api.domains.credit_products.rates import period_rate
from api.domains.credit_products.terms import Disbursement, ScheduleTerms
from api.domains.loans.arrears import SbsClass
from api.domains.loans.book import Began, Book
from api.domains.loans.posting import NotEntered, Payable, Refusal, pay_out, repay, share_out
from api.domains.loans.remaining import EarlyRepaymentMode
from api.domains.loans.standing import Standing, standing
from api.domains.loans.wire import book_from_wire, book_to_wire
from tests.domains.credit_products.builders import START, any_terms
from tests.domains.loans.books import Story, agreed, out, paid_out, stories

D = Decimal
ZERO = D(0)
DAY, MONTH = timedelta(days=1), timedelta(days=30)
LOWER = EarlyRepaymentMode.LOWER_INSTALMENT
many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def refusal(entering: Callable[[], Book]) -> Refusal:
    with pytest.raises(NotEntered) as refused:
        entering()
    return refused.value.refusal


def days_of(story: Story) -> st.SearchStrategy[date]:
    end = story.last.chapters[0].schedule.end.toordinal() + 400
    return st.integers(START.toordinal() - 1, end).map(date.fromordinal)


def of_a_repayment(stands: Standing) -> dict[str, D]:
    return {
        reference: parts.charges + parts.interest + parts.principal + parts.advance
        for reference, parts in stands.parts.items()
    }


class TestAnyLoan:
    @many
    @given(story=stories(), data=st.data())
    def test_conserves_every_centimo_and_is_never_negative(
        self, story: Story, data: st.DataObject
    ) -> None:
        day = data.draw(days_of(story))
        stands = standing(story.last, day)
        amounts = {each.reference: each.amount for each in story.last.repaid(day)}
        assert of_a_repayment(stands) == amounts
        assert stands.repaid == sum(amounts.values(), D(0))
        assert stands.disbursed <= story.principal
        parts = [stands.paid, *stands.parts.values()]
        assert all(min(p.charges, p.interest, p.principal, p.advance) >= 0 for p in parts)
        figures = (stands.outstanding_principal, stands.accrued_interest, stands.payoff)
        assert min(*figures, *stands.due.values()) >= 0

    @many
    @given(story=stories(), data=st.data())
    def test_keeps_its_past_whatever_is_entered_later(
        self, story: Story, data: st.DataObject
    ) -> None:
        day = data.draw(days_of(story))
        known = [book for entered, book in story.pages if entered <= day]
        if known:
            assert standing(story.last, day) == standing(known[-1], day)

    @many
    @given(story=stories())
    def test_owes_nothing_from_the_day_it_is_settled(self, story: Story) -> None:
        closing = story.last.chapters[-1].closing
        assume(closing)
        assert closing is not None
        for day in (closing.on, closing.on + 1000 * DAY):
            stands = standing(story.last, day)
            assert (stands.payoff, stands.total_due, stands.outstanding_principal) == (ZERO,) * 3
            assert (stands.days_in_arrears, stands.next_due) == (0, None)
            assert stands.sbs_class is SbsClass.NORMAL
            assert stands.paid.advance == 0
            # Everything that was lent came back as principal, premiums lent with it included.
            lent = sum(
                (each.schedule.totals.capitalised for each in story.last.chapters[1:2]), D(0)
            )
            assert stands.disbursed <= stands.paid.principal <= stands.disbursed + lent

    @many
    @given(story=stories())
    def test_is_stored_and_read_back_to_the_last_figure(self, story: Story) -> None:
        stored = orjson.loads(orjson.dumps(book_to_wire(story.last)))
        moved = [
            {
                "id": each.reference,
                "kind": each.kind.value,
                "happened_on": each.on.isoformat(),
                "amount": str(each.amount),
                "chapter": each.chapter,
            }
            for each in story.last.moved
        ]
        assert book_from_wire(stored, moved) == story.last

    @many
    @given(story=stories())
    def test_can_be_ended_on_its_last_day_by_what_it_says_is_owed(self, story: Story) -> None:
        book, day = story.last, story.pages[-1][0]
        owed = standing(book, day).payoff
        assume(book.is_open and owed)
        above = refusal(lambda: repay(book, "x", owed + D("0.01"), day))
        assert above is Refusal.BEYOND_OWED
        assert not repay(book, "x", owed, day).is_open


class TestPaidOut:
    def test_before_anything_is_paid_out_nothing_is_owed(self) -> None:
        stands = standing(agreed(), START + 400 * DAY)
        assert (stands.payoff, stands.days_in_arrears, stands.disbursed) == (ZERO, 0, ZERO)

    def test_as_agreed_follows_the_agreed_schedule(self) -> None:
        book = paid_out()
        assert book.chapters[1].schedule.instalments == book.agreed.schedule.instalments

    def test_half_of_it_costs_half_of_it(self) -> None:
        half, whole = paid_out("5000").chapters[1].schedule, paid_out().chapters[1].schedule
        for one, other in zip(half.instalments, whole.instalments, strict=True):
            assert one.due_date == other.due_date
            assert abs(2 * one.interest - other.interest) <= D("0.02")

    def test_in_two_parts_bears_interest_from_the_day_of_each(self) -> None:
        second = START + 10 * DAY
        book = pay_out(paid_out("6000"), [out("d2", "4000", second)], second)
        row = book.chapters[1].schedule.instalments[0]
        expected = 6000 * period_rate(D("0.35"), 30) + 4000 * period_rate(D("0.35"), 20)
        assert row.interest == expected.quantize(D("0.01"))
        assert standing(book, second).disbursed == 10_000
        assert standing(book, second - DAY).disbursed == 6_000

    def test_later_keeps_the_agreed_dates(self) -> None:
        book = paid_out(on=START + 12 * DAY)
        rows = book.chapters[1].schedule.instalments
        agreed_rows = book.agreed.schedule.instalments
        assert [row.due_date for row in rows] == [row.due_date for row in agreed_rows]
        assert rows[0].days == 18

    def test_is_refused_before_the_agreement(self) -> None:
        assert refusal(lambda: paid_out(on=START - DAY)) is Refusal.BEFORE_AGREEMENT

    def test_is_refused_once_principal_falls_due(self) -> None:
        first_due = START + MONTH
        late = [out("d2", "4000", first_due)]
        assert refusal(lambda: paid_out(on=first_due)) is Refusal.AFTER_REPAYMENT_BEGAN
        assert (
            refusal(lambda: pay_out(paid_out("6000"), late, first_due))
            is Refusal.AFTER_REPAYMENT_BEGAN
        )

    def test_never_changes_what_fell_due_already(self) -> None:
        told_late = [out("d2", "4000", START + 10 * DAY)]
        today = START + MONTH
        entering = refusal(lambda: pay_out(paid_out("6000"), told_late, today))
        assert entering is Refusal.AFTER_REPAYMENT_BEGAN
        assert pay_out(paid_out("6000"), told_late, today - DAY).is_open

    def test_is_refused_after_an_early_repayment_and_after_the_end(self) -> None:
        later = [out("d2", "1", START + 2 * DAY)]
        early = repay(paid_out("6000"), "r1", D(1000), START + DAY, LOWER)
        ended = repay(paid_out("6000"), "r1", standing(paid_out("6000"), START).payoff, START)
        on = START + 2 * DAY
        assert refusal(lambda: pay_out(early, later, on)) is Refusal.REPAID_EARLY_BEFORE
        assert refusal(lambda: pay_out(ended, later, on)) is Refusal.REPAID_EARLY_BEFORE


class TestRepaid:
    book = paid_out()
    first = book.chapters[1].schedule.instalments[0]

    def test_pays_charges_interest_and_principal(self) -> None:
        book = repay(self.book, "r1", self.first.total, self.first.due_date)
        parts = standing(book, self.first.due_date).parts["r1"]
        assert (parts.interest, parts.principal) == (self.first.interest, self.first.principal)
        assert (parts.charges, parts.advance) == (ZERO, ZERO)

    def test_interest_goes_before_principal(self) -> None:
        book = repay(self.book, "r1", self.first.interest + 1, self.first.due_date)
        parts = standing(book, self.first.due_date).parts["r1"]
        assert (parts.interest, parts.principal) == (self.first.interest, D(1))

    def test_ahead_of_time_it_waits_and_pays_on_the_due_date(self) -> None:
        book = repay(self.book, "r1", self.first.total, START + DAY)
        assert standing(book, START + DAY).parts["r1"].advance == self.first.total
        due = standing(book, self.first.due_date)
        assert (due.parts["r1"].advance, due.total_due) == (ZERO, ZERO)
        before = standing(book, self.first.due_date - DAY).next_due
        assert before is not None
        assert before.amount == 0

    def test_unpaid_is_in_arrears_from_the_day_after(self) -> None:
        found = [
            (days, standing(self.book, self.first.due_date + timedelta(days=days)))
            for days in (0, 1, 8, 9)
        ]
        assert [stands.days_in_arrears for _, stands in found] == [0, 1, 8, 9]
        classes = [stands.sbs_class for _, stands in found]
        assert classes == [SbsClass.NORMAL] * 3 + [SbsClass.CPP]

    def test_early_it_lowers_the_rest(self) -> None:
        book = repay(self.book, "r1", D(4000), START + 10 * DAY, LOWER)
        assert [each.began for each in book.chapters] == [
            Began.AGREED, Began.PAID_OUT, Began.REPAID_EARLY,
        ]  # fmt: skip
        stands = standing(book, START + 10 * DAY)
        interest = (10_000 * period_rate(D("0.35"), 10)).quantize(D("0.01"))
        assert stands.parts["r1"].interest == interest
        assert stands.outstanding_principal == 10_000 - (4_000 - interest)
        assert stands.schedule.instalments[0].total < self.first.total

    def test_two_on_one_day_belong_to_the_loan_before_and_after(self) -> None:
        day = START + 10 * DAY
        book = repay(repay(self.book, "r1", D(4000), day, LOWER), "r2", D(100), day)
        parts = standing(book, day).parts
        assert (parts["r1"].advance, parts["r2"].advance) == (ZERO, D(100))

    def test_with_nothing_left_for_principal_it_is_an_ordinary_one(self) -> None:
        day = self.first.due_date
        book = repay(self.book, "r1", self.first.interest, day, LOWER)
        assert len(book.chapters) == 2

    def test_told_late_it_counts_on_its_own_day(self) -> None:
        on_time, late = self.first.due_date, self.first.due_date + 5 * DAY
        book = repay(repay(self.book, "r2", D(1), late), "r1", self.first.total, on_time)
        assert standing(book, late).days_in_arrears == 0
        assert standing(book, late).parts["r2"].advance == 1

    def test_is_refused_before_it_was_lent_and_before_an_early_repayment(self) -> None:
        day = START + 10 * DAY
        early = repay(self.book, "r1", D(4000), day, LOWER)
        before = refusal(lambda: repay(self.book, "r2", D(1), START - DAY))
        assert before is Refusal.BEFORE_CHAPTER
        before = refusal(lambda: repay(early, "r2", D(1), day - DAY))
        assert before is Refusal.BEFORE_CHAPTER
        advanced = repay(self.book, "r1", D(1), day)
        entering = refusal(lambda: repay(advanced, "r2", D(4000), day - DAY, LOWER))
        assert entering is Refusal.MOVED_SINCE

    def test_paid_to_the_end_as_asked_it_is_settled_at_zero(self) -> None:
        book: Book = self.book
        for number, row in enumerate(self.book.chapters[1].schedule.instalments):
            assert book.is_open
            book = repay(book, f"r{number}", row.total, row.due_date)
        assert not book.is_open
        end = standing(book, book.chapters[1].schedule.end)
        assert (end.paid.principal, end.payoff) == (D(10_000), ZERO)


class TestSharedOut:
    payables = st.lists(
        st.builds(
            Payable,
            *([st.integers(0, 1_000_000).map(lambda n: D(n) / 100)] * 3),
        ),
        max_size=8,
    )

    @given(payables=payables, data=st.data())
    def test_gives_every_centimo_and_no_line_more_than_it_takes(
        self, payables: list[Payable], data: st.DataObject
    ) -> None:
        by_line = dict(enumerate(payables))
        room = sum((each.room for each in payables), D(0))
        assume(room)
        amount = D(data.draw(st.integers(1, int(room * 100)))) / 100
        shares = share_out(amount, by_line)
        assert shares is not None
        assert sum(shares.values()) == amount
        assert all(0 < share <= by_line[line].room for line, share in shares.items())

    @given(payables=payables)
    def test_refuses_a_centimo_too_much(self, payables: list[Payable]) -> None:
        room = sum((each.room for each in payables), D(0))
        assert share_out(room + D("0.01"), dict(enumerate(payables))) is None

    def test_a_line_takes_no_more_than_its_order_and_its_application(self) -> None:
        assert Payable(D(100), D(30), D(50)).room == 50
        assert Payable(D(100), D(80), D(50)).room == 20
        assert Payable(D(100), D(130), D(50)).room == 0


@many
@given(terms=any_terms(most=6))
def test_paid_out_in_two_parts_on_one_day_it_is_the_same_loan(terms: ScheduleTerms) -> None:
    whole = replace(terms, disbursements=(Disbursement(terms.start, terms.principal),))
    book = agreed(whole)
    rest = terms.principal - D("0.01")
    parts = [out("d1", "0.01", terms.start), out("d2", rest, terms.start)]
    assert (
        pay_out(book, parts, terms.start).chapters[1].schedule.instalments
        == book.agreed.schedule.instalments
    )
