"""How loans become facts: by their books on the day, the worst one counts."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
import pytest

from api.domains.loans.book import Book
from api.domains.loans.wire import book_to_wire
from api.domains.readiness_reports.facts import ReadinessFacts
from api.domains.readiness_reports.gathered import Lent, Rows, facts, lent
from tests.domains.credit_products.builders import START
from tests.domains.loans.books import paid_out

FIRST_DUE = START + timedelta(days=30)


def known(as_of: date, *loans: Lent) -> ReadinessFacts:
    rows = Rows(None, None, [], None, [], None, None, loans)
    return facts(UUID(int=1), as_of, True, None, rows)


def loan(book: Book, state: str = "active", number: int = 7) -> Lent:
    return Lent(UUID(int=number), state, book)


def test_nothing_but_a_registration() -> None:
    found = known(START)
    assert (found.arrears_class, found.loan_ids, found.days_in_arrears) == ("no_loans", (), 0)
    assert (found.farm_plan_state, found.season_covered, found.plots) == (None, None, 0)


@pytest.mark.parametrize(
    ("late", "name"),
    [
        (0, "normal"), (8, "normal"), (9, "cpp"), (30, "cpp"), (31, "deficiente"),
        (60, "deficiente"), (61, "dudoso"), (120, "dudoso"), (121, "perdida"),
    ],
)  # fmt: skip
def test_days_late_give_the_class(late: int, name: str) -> None:
    found = known(FIRST_DUE + timedelta(days=late), loan(paid_out()))
    assert (found.days_in_arrears, found.arrears_class) == (late, name)


def test_a_loan_is_none_before_it_is_paid_out() -> None:
    found = known(START - timedelta(days=1), loan(paid_out()))
    assert (found.loan_ids, found.arrears_class) == ((), "no_loans")


def test_the_worst_loan_counts() -> None:
    late, day = loan(paid_out(), number=1), FIRST_DUE + timedelta(days=40)
    fresh = loan(paid_out(on=START), number=2)
    found = known(day, fresh, late)
    assert found.arrears_class == "deficiente"
    assert found.loan_ids == (UUID(int=2), UUID(int=1))


def test_written_off_is_a_loss_whatever_the_days() -> None:
    assert known(START, loan(paid_out(), "written_off")).arrears_class == "perdida"


def test_settled_counts_once_nothing_is_owed() -> None:
    assert known(START, loan(paid_out(), "active")).loans_settled == 0
    # Settled today does not mean settled then: on that day money was still owed.
    assert known(START, loan(paid_out(), "settled")).loans_settled == 0


def test_a_loan_is_read_as_it_was_stored() -> None:
    book = paid_out()
    [movement] = book.moved
    row: Any = SimpleNamespace(
        id=UUID(int=7), state="active", schedule=orjson.dumps(book_to_wire(book)).decode()
    )
    moved: Any = SimpleNamespace(
        id=movement.reference,
        kind=movement.kind.value,
        happened_on=movement.on,
        amount=movement.amount,
        chapter=movement.chapter,
    )
    assert lent(row, [moved]).book == book
