from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api.domains.visits.rules import Facts, faults, reasons_against_plots

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


def facts(**changes: Any) -> Facts:
    values: dict[str, Any] = {
        "visited_on": DAY,
        "next_visit_on": None,
        "captured_at": NOW,
        "plot_ids": [ONE, OTHER],
        "evidence": ["a", "b"],
        **changes,
    }
    return Facts(**values)


def test_a_sound_visit_has_no_faults() -> None:
    assert faults(facts(next_visit_on=DAY + timedelta(days=1)), DAY, NOW) == []


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"visited_on": DAY + timedelta(days=1)}, "/visited_on", "in-the-future"),
        ({"next_visit_on": DAY}, "/next_visit_on", "dates-in-order"),
        ({"captured_at": NOW + timedelta(days=2)}, "/captured_at", "in-the-future"),
        ({"plot_ids": [ONE, OTHER, ONE]}, "/plot_ids/2", "repeated"),
        ({"evidence": ["a", "a"]}, "/evidence/1", "repeated"),
    ],
)
def test_names_what_cannot_be(changes: dict[str, Any], pointer: str, code: str) -> None:
    assert [(f.pointer, f.code) for f in faults(facts(**changes), DAY, NOW)] == [(pointer, code)]


def test_names_the_plots_that_are_not_the_producers() -> None:
    found = reasons_against_plots([ONE, OTHER], {ONE})
    assert [(f.pointer, f.code) for f in found] == [("/plot_ids/1", "plot-unknown")]
