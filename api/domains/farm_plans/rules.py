"""What makes a farm plan sound. Pure: plots and dates come in, reasons go out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from uuid import UUID

from api.core.problems import FieldError
from api.domains.catalogues.vocabulary import Category
from api.domains.farm_plans import texts
from api.domains.farm_plans.vocabulary import LineKind, Treatment
from api.domains.plots.vocabulary import LandUse

LONGEST_YEARS: Final = 20

_COCOA: Final = frozenset({LandUse.COCOA, LandUse.COCOA_AGROFORESTRY})
_OPEN: Final = frozenset({LandUse.OTHER_CROP, LandUse.PASTURE, LandUse.FALLOW, LandUse.DEGRADED})
_FOREST: Final = frozenset({LandUse.FOREST})
_RESTORED: Final = frozenset({LandUse.COCOA_AGROFORESTRY, LandUse.FOREST})

USES: Final[Mapping[Treatment, tuple[frozenset[LandUse], frozenset[LandUse]]]] = MappingProxyType({
    Treatment.INTENSIFY: (_COCOA, _COCOA),
    Treatment.REHABILITATE: (_COCOA, _COCOA),
    Treatment.RENEW: (_COCOA, _COCOA),
    Treatment.RESTORE: (_OPEN, _RESTORED),
    Treatment.CONSERVE: (_FOREST, _FOREST),
})  # fmt: skip
"""Land uses before and after each treatment: none of them turns forest into anything else."""

SERVICES: Final = frozenset({
    Category.TECHNICAL_ASSISTANCE, Category.TRAINING, Category.SOIL_ANALYSIS, Category.TRANSPORT,
})  # fmt: skip
GOODS: Final = frozenset(Category) - SERVICES
_CATEGORIES: Final[Mapping[LineKind, frozenset[Category | None]]] = MappingProxyType({
    LineKind.INPUT: GOODS,
    LineKind.SERVICE: SERVICES,
    LineKind.LABOUR: frozenset({None}),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Zone:
    """Part of a plot and what becomes of it; hectares."""

    plot_id: UUID
    current_use: LandUse
    future_use: LandUse
    treatment: Treatment
    area_ha: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """What judges a line: when, where, what kind, in which currency."""

    plot_id: UUID | None
    month: date
    kind: LineKind
    category: Category | None
    currency: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it would be stored."""

    starts_on: date
    ends_on: date
    conservation_ha: Decimal
    years: Sequence[int]
    zones: Sequence[Zone]
    lines: Sequence[Line]


def reasons_incoherent(plan: Plan) -> list[FieldError]:
    """Why the plan contradicts itself; empty where it does not."""
    # Years and months can be judged only against dates that make sense.
    when = list(_dates(plan)) or [*_years(plan), *_months(plan)]
    return [*when, *_treatments(plan), *_conservation(plan), *_lines(plan)]


def reasons_against_plots(plan: Plan, areas: Mapping[UUID, Decimal]) -> list[FieldError]:
    """Why the plan does not fit the land; ``areas``: the producer's open plots, hectares."""
    unknown = [
        texts.plot_unknown(f"/{part}/{number}/plot_id")
        for part, plots in (
            ("zones", [zone.plot_id for zone in plan.zones]),
            ("lines", [line.plot_id for line in plan.lines]),
        )
        for number, plot_id in enumerate(plots)
        if plot_id is not None and plot_id not in areas
    ]
    return unknown + list(_overfull(plan.zones, areas))


def totals(costs: Iterable[tuple[LineKind, Decimal]]) -> dict[LineKind, Decimal]:
    """Estimated cost by kind, every kind named."""
    sums = dict.fromkeys(LineKind, Decimal("0.00"))
    for kind, cost in costs:
        sums[kind] += cost
    return sums


def _dates(plan: Plan) -> Iterable[FieldError]:
    if plan.ends_on < plan.starts_on:
        yield texts.DATES_INVERTED
    elif plan.ends_on.year - plan.starts_on.year > LONGEST_YEARS:
        yield texts.TOO_LONG


def _years(plan: Plan) -> Iterable[FieldError]:
    seen: set[int] = set()
    for number, year in enumerate(plan.years):
        if year in seen or not plan.starts_on.year <= year <= plan.ends_on.year:
            yield texts.year_outside(f"/expected_yields/{number}/year")
        seen.add(year)


def _treatments(plan: Plan) -> Iterable[FieldError]:
    for number, zone in enumerate(plan.zones):
        before, after = USES[zone.treatment]
        if zone.current_use not in before or zone.future_use not in after:
            yield texts.treatment_does_not_fit(f"/zones/{number}/treatment")


def _conservation(plan: Plan) -> Iterable[FieldError]:
    kept = sum(zone.area_ha for zone in plan.zones if zone.treatment is Treatment.CONSERVE)
    if plan.conservation_ha < kept:
        yield texts.CONSERVATION_BELOW_ZONES


def _months(plan: Plan) -> Iterable[FieldError]:
    first, last = plan.starts_on.replace(day=1), plan.ends_on
    for number, line in enumerate(plan.lines):
        if line.month.day != 1 or not first <= line.month <= last:
            yield texts.month_outside(f"/lines/{number}/month")


def _lines(plan: Plan) -> Iterable[FieldError]:
    for number, line in enumerate(plan.lines):
        if line.category not in _CATEGORIES[line.kind]:
            yield texts.category_does_not_fit(f"/lines/{number}/category")
        if line.currency != plan.lines[0].currency:
            yield texts.currencies_differ(f"/lines/{number}/estimated_cost/currency")


def _overfull(zones: Sequence[Zone], areas: Mapping[UUID, Decimal]) -> Iterable[FieldError]:
    used: dict[UUID, Decimal] = defaultdict(Decimal)
    for number, zone in enumerate(zones):
        used[zone.plot_id] += zone.area_ha
        if zone.plot_id in areas and used[zone.plot_id] > areas[zone.plot_id]:
            yield texts.zones_exceed_plot(f"/zones/{number}/area_ha")
