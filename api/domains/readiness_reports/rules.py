"""Facts judged: every criterion with its value, the points, the verdict. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from api.core.criteria import Evaluation, Value, evaluate
from api.core.money import quantize
from api.domains.readiness_reports import model
from api.domains.readiness_reports.capacity import Capacity, Demands, capacity
from api.domains.readiness_reports.facts import ReadinessFacts
from api.domains.readiness_reports.model import Row
from api.domains.readiness_reports.vocabulary import Absence, CriterionKind, Verdict

SHARE_STEP: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion as it was judged. ``absence`` says why there is no value."""

    row: Row
    evaluation: Evaluation
    absence: Absence | None
    sources: tuple[tuple[str, str], ...]
    basis: Mapping[str, str]

    @property
    def met(self) -> bool:
        """Whether the criterion is met."""
        return self.evaluation.met


@dataclass(frozen=True, slots=True)
class Assessment:
    """All criteria in order, gates first, then points, then capacity."""

    findings: tuple[Finding, ...]

    @property
    def points(self) -> int:
        """What the producer earned."""
        return sum(each.evaluation.points for each in self.findings)

    @property
    def points_possible(self) -> int:
        """What there was to earn."""
        return sum(each.row.criterion.points for each in self.findings)

    @property
    def verdict(self) -> Verdict:
        """Ready where every gate and the capacity are met and the points suffice."""
        musts = (each for each in self.findings if each.row.kind is not CriterionKind.POINTS)
        ready = all(each.met for each in musts) and self.points >= model.READY_POINTS
        return Verdict.READY if ready else Verdict.NOT_READY


def assess(facts: ReadinessFacts, demands: Demands) -> Assessment:
    """Judge a producer against a product, or against the general profile."""
    able = capacity(facts, demands) if demands.conditions else None
    values = values_of(facts, able)
    return Assessment(
        tuple(_finding(row, facts, demands, values, able) for row in rows_for(demands))
    )


def rows_for(demands: Demands) -> Iterator[Row]:
    """The criteria that count for these demands."""
    yield from model.GATES
    if demands.reference_policy is not None:
        yield model.DEFORESTATION
    if demands.requires_commitment:
        yield model.COMMITMENT
    yield from model.POINTS
    if demands.conditions is not None:
        yield model.capacity_row(demands.minimum_dscr)


def values_of(facts: ReadinessFacts, able: Capacity | None = None) -> dict[str, Value | None]:
    """What the criteria compare, by name: facts as they are, and what follows from them."""
    days_left = facts.farm_plan_ends_on and (facts.farm_plan_ends_on - facts.as_of).days
    return {
        "identity_present": facts.identity_present,
        "consent_in_force": True,
        "farm_plan_state": facts.farm_plan_state,
        "farm_plan_days_left": days_left,
        "has_investment_plan": facts.investment_plan_id is not None,
        "arrears_class": facts.arrears_class,
        "deforestation": facts.deforestation,
        "season_covered": facts.season_covered,
        "cocoa_area_ha": facts.cocoa_area_ha,
        "kg_per_ha": _per(facts.delivered_kg, facts.cocoa_area_ha),
        "share_with_polygon": _per(facts.plots_with_polygon, facts.plots),
        "share_with_tenure": _per(facts.plots_with_tenure, facts.plots),
        "conservation_ha": facts.conservation_ha,
        "van": facts.van,
        "van_price_20": facts.van_price_20,
        "delivery_months": facts.delivery_months,
        "orders_received": facts.orders_received,
        "loans_settled": facts.loans_settled,
        "price_protected": facts.price_protected,
        "minimum_dscr": able.minimum if able else None,
    }


def _per(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """A ratio to four places, towards zero; None of nothing."""
    return quantize(Decimal(part) / whole, SHARE_STEP, "ROUND_DOWN") if whole else None


def _finding(
    row: Row,
    facts: ReadinessFacts,
    demands: Demands,
    values: Mapping[str, Value | None],
    able: Capacity | None,
) -> Finding:
    evaluation = evaluate(row.criterion, values)
    is_capacity = able is not None and row.kind is CriterionKind.CAPACITY
    absence = able.reason if able and is_capacity else _absence(row, evaluation)
    basis = able.basis if able and is_capacity else {}
    return Finding(row, evaluation, absence, tuple(_sources(row, facts, demands)), basis)


def _absence(row: Row, evaluation: Evaluation) -> Absence | None:
    if row is model.DEFORESTATION and evaluation.value == "no_data":
        return Absence.NOT_ASSESSED
    return Absence.UNKNOWN if evaluation.value is None else None


def _sources(row: Row, facts: ReadinessFacts, demands: Demands) -> Iterator[tuple[str, str]]:
    for kind, name in row.sources:
        found: Any = getattr(demands if name == "credit_product_id" else facts, name)
        for each in found if isinstance(found, tuple) else (found,):
            if each is not None:
                yield kind, str(each)
