"""Criteria as data: a fact, an operator, a threshold, points. Pure, and without any domain.

Eligibility, readiness gates, archetypes and incentives all use this one form, so that "more than
2 ha" (``gt``) and "2 ha or more" (``ge``) are both said exactly, and every evaluation shows the
value beside the threshold.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import eq, ge, gt, le, lt
from types import MappingProxyType
from typing import Any, Final

Value = Decimal | int | str | bool | date
"""What a fact can be; None where it is not known."""


class Operator(StrEnum):
    """How a value is compared with a threshold."""

    LT = "lt"
    LE = "le"
    EQ = "eq"
    GE = "ge"
    GT = "gt"
    IN = "in"


ORDERED: Final = frozenset({Operator.LT, Operator.LE, Operator.GE, Operator.GT})
_COMPARE: Final[Mapping[Operator, Callable[[Any, Any], bool]]] = MappingProxyType({
    Operator.LT: lt, Operator.LE: le, Operator.EQ: eq, Operator.GE: ge, Operator.GT: gt,
    Operator.IN: lambda value, among: value in among,
})  # fmt: skip


def _kind(value: object) -> type:
    """What values can be compared with one another: numbers, texts, days, yes or no."""
    for kind in (bool, str, date):
        if isinstance(value, kind):
            return kind
    if isinstance(value, Decimal | int) and Decimal(value).is_finite():
        return Decimal
    raise TypeError("a fact is an exact, finite number, a text, a day, or true or false")


@dataclass(frozen=True, slots=True)
class Criterion:
    """``fact`` ``operator`` ``threshold``, worth ``points`` where it is met.

    The threshold of ``in`` is a tuple of values of one kind, of every other operator one value;
    only numbers and days are ordered. TypeError or ValueError for anything else.
    """

    code: str
    fact: str
    operator: Operator
    threshold: Value | tuple[Value, ...]
    points: int = 0

    def __post_init__(self) -> None:
        kinds = {_kind(each) for each in self.among}
        if isinstance(self.threshold, tuple) != (self.operator is Operator.IN):
            raise ValueError("'in' takes several values, the other operators take one")
        if len(kinds) != 1:
            raise ValueError("the values of a threshold are of one kind")
        if self.operator in ORDERED and not kinds <= {Decimal, date}:
            raise ValueError("only numbers and days are ordered")
        if self.points < 0:
            raise ValueError("points are never negative")

    @property
    def among(self) -> tuple[Value, ...]:
        """The threshold as a tuple."""
        return self.threshold if isinstance(self.threshold, tuple) else (self.threshold,)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A criterion with the value that it met, or did not. What is not known is never met."""

    criterion: Criterion
    value: Value | None
    met: bool

    @property
    def points(self) -> int:
        """What it earned."""
        return self.criterion.points if self.met else 0


def evaluate(criterion: Criterion, facts: Mapping[str, Value | None]) -> Evaluation:
    """Judge one criterion; KeyError where no such fact exists, TypeError where kinds differ."""
    value = facts[criterion.fact]
    if value is None:
        return Evaluation(criterion, None, met=False)
    if any(_kind(value) is not _kind(each) for each in criterion.among):
        raise TypeError(f"{criterion.code}: value and threshold are of different kinds")
    return Evaluation(criterion, value, _COMPARE[criterion.operator](value, criterion.threshold))


def evaluate_all(
    criteria: Iterable[Criterion], facts: Mapping[str, Value | None]
) -> list[Evaluation]:
    """Judge every criterion, in order."""
    return [evaluate(criterion, facts) for criterion in criteria]


def written(value: Value | tuple[Value, ...] | None) -> str | None:
    """A value or a threshold as text, exactly: ``2``, ``2026-11-23``, ``true``, ``normal, cpp``."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return ", ".join(str(written(each)) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
