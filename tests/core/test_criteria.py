from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.criteria import Criterion, Operator, Value, evaluate, evaluate_all, written

numbers = st.decimals(-(10**6), 10**6, places=4) | st.integers(-(10**6), 10**6)


def met(operator: Operator, threshold: Value | tuple[Value, ...], value: Value | None) -> bool:
    return evaluate(Criterion("c", "f", operator, threshold), {"f": value}).met


def test_more_than_two_hectares_is_not_two_hectares_or_more() -> None:
    two, a_bit_more = Decimal("2.0000"), Decimal("2.0001")
    assert [met(Operator.GT, 2, area) for area in (two, a_bit_more)] == [False, True]
    assert [met(Operator.GE, 2, area) for area in (two, a_bit_more)] == [True, True]


@given(numbers, numbers)
def test_exactly_one_of_less_equal_and_greater_holds(value: Value, threshold: Value) -> None:
    holds = [met(op, threshold, value) for op in (Operator.LT, Operator.EQ, Operator.GT)]
    assert sum(holds) == 1
    assert met(Operator.LE, threshold, value) is (holds[0] or holds[1])
    assert met(Operator.GE, threshold, value) is (holds[1] or holds[2])


@given(st.sampled_from(Operator))
def test_what_is_not_known_is_never_met(operator: Operator) -> None:
    threshold: tuple[Value, ...] | Value = (1,) if operator is Operator.IN else 1
    assert not met(operator, threshold, None)


def test_texts_days_and_truths() -> None:
    assert met(Operator.IN, ("normal", "cpp"), "cpp")
    assert not met(Operator.IN, ("normal", "cpp"), "dudoso")
    assert met(Operator.LE, date(2027, 1, 1), date(2026, 12, 31))
    assert met(Operator.EQ, True, True)
    assert not met(Operator.EQ, True, False)


def test_points_only_where_met() -> None:
    rows = [Criterion("a", "f", Operator.GE, 2, 5), Criterion("b", "f", Operator.GE, 3, 7)]
    assert [each.points for each in evaluate_all(rows, {"f": 2})] == [5, 0]


@pytest.mark.parametrize(
    ("operator", "threshold"),
    [
        (Operator.IN, 1),
        (Operator.EQ, (1,)),
        (Operator.IN, ()),
        (Operator.IN, (1, "a")),
        (Operator.GE, "a"),
        (Operator.GT, True),
    ],
)
def test_refuses_thresholds_that_say_nothing(
    operator: Operator, threshold: Value | tuple[Value, ...]
) -> None:
    with pytest.raises(ValueError, match=r"operator|kind|ordered"):
        Criterion("c", "f", operator, threshold)


@pytest.mark.parametrize("value", [0.5, Decimal("NaN"), Decimal("Infinity"), None])
def test_refuses_what_is_not_exact(value: object) -> None:
    with pytest.raises(TypeError):
        Criterion("c", "f", Operator.EQ, value)  # type: ignore[arg-type]


def test_refuses_negative_points() -> None:
    with pytest.raises(ValueError, match="points"):
        Criterion("c", "f", Operator.EQ, 1, -1)


@pytest.mark.parametrize(("threshold", "value"), [(1, "1"), (1, True), ("a", date(2027, 1, 1))])
def test_refuses_to_compare_kinds(threshold: Value, value: Value) -> None:
    with pytest.raises(TypeError, match="kinds"):
        met(Operator.EQ, threshold, value)


def test_an_unknown_fact_is_a_mistake_and_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        evaluate(Criterion("c", "g", Operator.EQ, 1), {"f": 1})


def test_written_exactly() -> None:
    values = (Decimal("2.50"), 3, True, date(2026, 11, 23), ("normal", "cpp"), None)
    assert [written(each) for each in values] == [
        "2.50",
        "3",
        "true",
        "2026-11-23",
        "normal, cpp",
        None,
    ]
    assert written(Decimal("1E+3")) == "1000"
