"""The criteria: one versioned table. Whoever changes a row gives the model another version.

Points are experts' judgement, not statistics: nobody has repayment data of these producers yet, so
the model is not calibrated and says so. Gates and their order follow the sector's plan and Ley
26702 art. 222: capacity first, guarantees second. "More than 2 ha" is the plan's own focus (P3).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from api.core.criteria import Criterion, Operator, Value
from api.domains.catalogues.vocabulary import Category
from api.domains.readiness_reports.vocabulary import CriterionKind, Dimension

MODEL_VERSION: Final = "expert-2026.2"
CALIBRATED: Final = False
READY_POINTS: Final = 50
"""Points from which a producer who passes every gate counts as ready; of 100."""
SHARE_READY: Final = Decimal("0.6000")
"""Share of all members of a cluster who must be ready. Members without consent cannot be."""


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion, what it is about, where its value is read from, and which service helps.

    ``sources`` are pairs of a record's type and the fact that holds its id or ids.
    """

    criterion: Criterion
    kind: CriterionKind
    dimension: Dimension
    sources: tuple[tuple[str, str], ...] = ()
    service: Category | None = None


_G, _P = CriterionKind.GATE, CriterionKind.POINTS
_D, _O = Dimension, Operator
_PRODUCER = (("producer", "producer_id"),)
_FARM_PLAN = (("farm_plan", "farm_plan_id"),)
_MONEY = (("investment_plan", "investment_plan_id"),)
_MARKET = (("purchase_commitment", "commitment_ids"),)
_LOANS = (("loan", "loan_ids"),)
_TA = Category.TECHNICAL_ASSISTANCE


def _gate(
    code: str, fact: str, operator: Operator, threshold: Value | tuple[Value, ...]
) -> Criterion:
    return Criterion(code, fact, operator, threshold)


GATES: Final = (
    Row(_gate("identity", "identity_present", _O.EQ, True), _G, _D.ELIGIBILITY, _PRODUCER),
    Row(
        _gate("consent", "consent_in_force", _O.EQ, True),
        _G, _D.ELIGIBILITY, (("consent", "consent_id"),),
    ),
    Row(
        _gate("farm_plan", "farm_plan_state", _O.EQ, "accepted"),
        _G, _D.PLAN, _FARM_PLAN, _TA,
    ),
    Row(
        _gate("farm_plan_current", "farm_plan_days_left", _O.GE, 0),
        _G, _D.PLAN, _FARM_PLAN, _TA,
    ),
    Row(
        _gate("investment_plan", "has_investment_plan", _O.EQ, True),
        _G, _D.PLAN, _MONEY, _TA,
    ),
    Row(
        _gate("arrears", "arrears_class", _O.IN, ("no_loans", "normal", "cpp")),
        _G, _D.RECORD, _LOANS,
    ),
)  # fmt: skip
"""What must be true whatever the product."""

DEFORESTATION: Final = Row(
    _gate("deforestation", "deforestation", _O.EQ, "deforestation_free"),
    _G, _D.ELIGIBILITY, _PRODUCER,
)  # fmt: skip
"""Only where the product demands a reference year."""

COMMITMENT: Final = Row(
    _gate("market_commitment", "season_covered", _O.GE, Decimal("0.5")),
    _G, _D.MARKET, (*_MARKET, *_MONEY),
)  # fmt: skip
"""Only where the product demands a market guarantee."""

POINTS: Final = (
    Row(Criterion("cocoa_area", "cocoa_area_ha", _O.GT, 2, 10), _P, _D.PRODUCTION, _PRODUCER),
    Row(
        Criterion("yield", "kg_per_ha", _O.GE, 500, 15),
        _P, _D.PRODUCTION, _PRODUCER, Category.TRAINING,
    ),
    Row(
        Criterion("polygons", "share_with_polygon", _O.GE, 1, 10),
        _P, _D.LAND, _PRODUCER, _TA,
    ),
    Row(Criterion("tenure", "share_with_tenure", _O.GE, 1, 10), _P, _D.LAND, _PRODUCER),
    Row(Criterion("conservation", "conservation_ha", _O.GT, 0, 5), _P, _D.PLAN, _FARM_PLAN, _TA),
    Row(Criterion("plan_pays", "van", _O.GT, 0, 10), _P, _D.PLAN, _MONEY, _TA),
    Row(
        Criterion("plan_pays_when_cheap", "van_price_20", _O.GE, 0, 10),
        _P, _D.PLAN, _MONEY, _TA,
    ),
    Row(Criterion("deliveries", "delivery_months", _O.GE, 6, 10), _P, _D.RECORD, _PRODUCER),
    Row(Criterion("inputs", "orders_received", _O.GE, 1, 5), _P, _D.RECORD, _FARM_PLAN),
    Row(Criterion("loans_settled", "loans_settled", _O.GE, 1, 5), _P, _D.RECORD, _LOANS),
    Row(Criterion("season", "season_covered", _O.GE, Decimal("0.8"), 5), _P, _D.MARKET, _MARKET),
    Row(Criterion("price", "price_protected", _O.EQ, True, 5), _P, _D.MARKET, _MARKET),
)  # fmt: skip
"""One hundred points in all."""


def capacity_row(minimum_dscr: Decimal) -> Row:
    """The farm earns its debt service so many times over, in its worst period."""
    criterion = Criterion("debt_service", "minimum_dscr", _O.GE, minimum_dscr)
    sources = (*_MONEY, ("credit_product", "credit_product_id"))
    return Row(criterion, CriterionKind.CAPACITY, _D.CAPACITY, sources, _TA)
