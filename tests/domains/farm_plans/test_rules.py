import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.catalogues.vocabulary import Category
from api.domains.farm_plans.rules import (
    USES,
    Line,
    Plan,
    Zone,
    reasons_against_plots,
    reasons_incoherent,
    totals,
)
from api.domains.farm_plans.vocabulary import LineKind, Treatment
from api.domains.plots.vocabulary import LandUse

NORTH, SOUTH = UUID(int=1), UUID(int=2)
ZONE = Zone(NORTH, LandUse.COCOA, LandUse.COCOA, Treatment.INTENSIFY, Decimal(2))
FOREST = Zone(NORTH, LandUse.FOREST, LandUse.FOREST, Treatment.CONSERVE, Decimal(1))
LINE = Line(None, date(2027, 2, 1), LineKind.INPUT, Category.FERTILIZER, "PEN")
PLAN = Plan(date(2027, 1, 15), date(2029, 12, 31), Decimal(1), [2027, 2029], [ZONE, FOREST], [LINE])


def codes(plan: Plan) -> list[str]:
    return [reason.code for reason in reasons_incoherent(plan)]


def test_a_sound_plan_has_no_reasons() -> None:
    assert codes(PLAN) == []


class TestMonths:
    def test_the_first_month_counts_from_its_first_day(self) -> None:
        assert codes(replace(PLAN, lines=[replace(LINE, month=date(2027, 1, 1))])) == []

    @pytest.mark.parametrize(
        "month", [date(2026, 12, 1), date(2030, 1, 1), date(2027, 2, 2)], ids=str
    )
    def test_outside_or_not_a_first_day(self, month: date) -> None:
        assert codes(replace(PLAN, lines=[replace(LINE, month=month)])) == ["month-does-not-fit"]


def test_a_year_is_given_once() -> None:
    assert codes(replace(PLAN, years=[2027, 2027])) == ["year-does-not-fit"]


def test_conservation_covers_the_zones_that_are_kept() -> None:
    assert codes(replace(PLAN, conservation_ha=Decimal("0.9999"))) == ["conservation-below-zones"]


class TestTreatments:
    def test_forest_stays_forest_under_every_treatment(self) -> None:
        for before, after in USES.values():
            assert LandUse.FOREST not in before or after == {LandUse.FOREST}

    def test_every_other_pair_of_uses_is_refused(self) -> None:
        for treatment, current, future in itertools.product(Treatment, LandUse, LandUse):
            before, after = USES[treatment]
            zone = replace(ZONE, treatment=treatment, current_use=current, future_use=future)
            plan = replace(PLAN, conservation_ha=Decimal(9), zones=[zone])
            fits = current in before and future in after
            assert codes(plan) == ([] if fits else ["treatment-does-not-fit"])


class TestCategories:
    @pytest.mark.parametrize(
        ("kind", "category", "fits"),
        [
            (LineKind.INPUT, Category.TOOL, True),
            (LineKind.INPUT, Category.TRAINING, False),
            (LineKind.INPUT, None, False),
            (LineKind.SERVICE, Category.TRANSPORT, True),
            (LineKind.SERVICE, Category.FERTILIZER, False),
            (LineKind.LABOUR, None, True),
            (LineKind.LABOUR, Category.TOOL, False),
        ],
    )
    def test_by_kind(self, kind: LineKind, category: Category | None, fits: bool) -> None:
        plan = replace(PLAN, lines=[replace(LINE, kind=kind, category=category)])
        assert codes(plan) == ([] if fits else ["category-does-not-fit"])


class TestLand:
    @given(st.lists(st.decimals("0.0001", 4, places=4), min_size=1, max_size=6))
    def test_zones_fit_exactly_as_far_as_the_plot_reaches(self, parts: list[Decimal]) -> None:
        plan = replace(PLAN, zones=[replace(ZONE, area_ha=part) for part in parts])
        whole = sum(parts, start=Decimal(0))
        assert reasons_against_plots(plan, {NORTH: whole}) == []
        short = reasons_against_plots(plan, {NORTH: whole - Decimal("0.0001")})
        assert [r.pointer for r in short] == [f"/zones/{len(parts) - 1}/area_ha"]

    def test_names_each_foreign_plot(self) -> None:
        plan = replace(
            PLAN,
            zones=[ZONE, replace(ZONE, plot_id=SOUTH)],
            lines=[LINE, replace(LINE, plot_id=SOUTH)],
        )
        found = reasons_against_plots(plan, {NORTH: Decimal(2)})
        assert [r.pointer for r in found] == ["/zones/1/plot_id", "/lines/1/plot_id"]


@given(st.lists(st.tuples(st.sampled_from(LineKind), st.decimals(0, 10**6, places=2)), max_size=20))
def test_totals_lose_nothing(costs: list[tuple[LineKind, Decimal]]) -> None:
    found = totals(costs)
    assert set(found) == set(LineKind)
    assert sum(found.values()) == sum(cost for _, cost in costs)
