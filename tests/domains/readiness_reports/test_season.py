from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from api.domains.readiness_reports.facts import MonthFact
from api.domains.readiness_reports.season import Window, expected_kg, season_covered

AS_OF = date(2027, 1, 15)
PLENTY = Decimal(100_000)


def sold(**by_month: str) -> list[MonthFact]:
    months = {"june": date(2027, 6, 1), "november": date(2027, 11, 1), "later": date(2028, 1, 1)}
    return [
        MonthFact(months[name], Decimal(income), Decimal(income))
        for name, income in by_month.items()
    ]


def test_by_income_and_by_days() -> None:
    months = sold(june="7000", november="3000")
    june = Window(date(2027, 6, 1), date(2027, 6, 30), PLENTY)
    half_of_november = Window(date(2027, 11, 16), date(2028, 3, 31), PLENTY)
    assert season_covered(months, [], AS_OF) == 0
    assert season_covered(months, [june], AS_OF) == Decimal("0.7000")
    assert season_covered(months, [june, half_of_november], AS_OF) == Decimal("0.8500")


def test_windows_that_overlap_count_once() -> None:
    year = Window(date(2027, 1, 1), date(2027, 12, 31), PLENTY)
    assert season_covered(sold(june="1"), [year, year], AS_OF) == 1


def test_only_the_twelve_months_to_come() -> None:
    year = Window(date(2027, 1, 1), date(2027, 12, 31), PLENTY)
    assert season_covered(sold(june="5", later="100"), [year], AS_OF) == 1
    assert season_covered(sold(later="100"), [year], AS_OF) is None
    assert season_covered([], [year], AS_OF) is None


@given(
    st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.dates(date(2027, 1, 1), date(2027, 12, 31))
)
def test_a_longer_window_never_covers_less(one: date, two: date) -> None:
    months = sold(june="7000", november="3000")
    first, last = min(one, two), max(one, two)
    shorter = season_covered(months, [Window(first, last, PLENTY)], AS_OF)
    longer = season_covered(months, [Window(first, date(2027, 12, 31), PLENTY)], AS_OF)
    assert shorter is not None
    assert longer is not None
    assert 0 <= shorter <= longer <= 1


JUNE = (date(2027, 6, 1), date(2027, 6, 30))
NOVEMBER = (date(2027, 11, 1), date(2027, 11, 30))


def covered(*windows: Window, expected: str = "1000") -> Decimal | None:
    return season_covered(
        sold(june="7000", november="3000"), windows, AS_OF, expected=Decimal(expected)
    )


def test_no_window_covers_more_than_its_buyer_takes() -> None:
    year = (date(2027, 1, 1), date(2027, 12, 31))
    assert covered(Window(*year, Decimal(1))) == Decimal("0.0010")
    assert covered(Window(*year, Decimal(999))) == Decimal("0.9990")
    assert covered(Window(*year, Decimal(1001))) == 1
    assert covered(Window(*JUNE, PLENTY)) == Decimal("0.7000")
    # What a buyer takes in June is no help in November.
    assert covered(Window(*JUNE, Decimal(690)), Window(*NOVEMBER, Decimal(5))) == Decimal("0.6950")
    assert covered(Window(*JUNE, PLENTY), Window(*NOVEMBER, Decimal(5))) == Decimal("0.7050")


def test_two_who_take_the_same_days_add_up_to_no_more_than_there_is() -> None:
    half = Window(*JUNE, Decimal(350))
    assert covered(half, half) == Decimal("0.7000")
    assert covered(half, half, half) == Decimal("0.7000")


@given(st.decimals(0, 2000, places=3), st.decimals(0, 2000, places=3))
def test_more_kilos_never_cover_less(one: Decimal, two: Decimal) -> None:
    less, more = (covered(Window(*JUNE, kg)) for kg in sorted((one, two)))
    assert less is not None
    assert more is not None
    assert 0 <= less <= more <= Decimal("0.7000")


def test_expected_kilos_are_those_of_the_twelve_months_to_come() -> None:
    yields = {2027: Decimal(600), 2028: Decimal(900)}
    whole = expected_kg(yields, Decimal(2), date(2027, 1, 31))
    assert whole == 1200
    assert expected_kg(yields, Decimal(2), date(2027, 7, 1)) == 1500
    assert expected_kg(yields, Decimal(2), date(2028, 7, 1)) == 900
    assert expected_kg(yields, Decimal(2), date(2029, 1, 1)) is None
    assert expected_kg({}, Decimal(2), AS_OF) is None
    assert expected_kg(yields, Decimal(0), AS_OF) is None
