from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from api.domains.readiness_reports.facts import MonthFact
from api.domains.readiness_reports.season import Window, season_covered

AS_OF = date(2027, 1, 15)


def sold(**by_month: str) -> list[MonthFact]:
    months = {"june": date(2027, 6, 1), "november": date(2027, 11, 1), "later": date(2028, 1, 1)}
    return [
        MonthFact(months[name], Decimal(income), Decimal(income))
        for name, income in by_month.items()
    ]


def test_by_income_and_by_days() -> None:
    months = sold(june="7000", november="3000")
    june = Window(date(2027, 6, 1), date(2027, 6, 30))
    half_of_november = Window(date(2027, 11, 16), date(2028, 3, 31))
    assert season_covered(months, [], AS_OF) == 0
    assert season_covered(months, [june], AS_OF) == Decimal("0.7000")
    assert season_covered(months, [june, half_of_november], AS_OF) == Decimal("0.8500")


def test_windows_that_overlap_count_once() -> None:
    year = Window(date(2027, 1, 1), date(2027, 12, 31))
    assert season_covered(sold(june="1"), [year, year], AS_OF) == 1


def test_only_the_twelve_months_to_come() -> None:
    year = Window(date(2027, 1, 1), date(2027, 12, 31))
    assert season_covered(sold(june="5", later="100"), [year], AS_OF) == 1
    assert season_covered(sold(later="100"), [year], AS_OF) is None
    assert season_covered([], [year], AS_OF) is None


@given(
    st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.dates(date(2027, 1, 1), date(2027, 12, 31))
)
def test_a_longer_window_never_covers_less(one: date, two: date) -> None:
    months = sold(june="7000", november="3000")
    first, last = min(one, two), max(one, two)
    shorter = season_covered(months, [Window(first, last)], AS_OF)
    longer = season_covered(months, [Window(first, date(2027, 12, 31))], AS_OF)
    assert shorter is not None
    assert longer is not None
    assert 0 <= shorter <= longer <= 1
