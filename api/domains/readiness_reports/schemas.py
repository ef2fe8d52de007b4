"""Wire shapes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from api.core.criteria import Operator
from api.core.wire import (
    Amount,
    Count,
    Day,
    Hectares,
    Kilos,
    PageParameters,
    Resource,
    Sentence,
    Sha256,
    Shape,
    Share,
    SignedAmount,
)
from api.domains.catalogues.vocabulary import Category
from api.domains.consents.schemas import Disclosure
from api.domains.readiness_reports.vocabulary import Absence, CriterionKind, Dimension, Verdict

_PRODUCER = "01890a5d-ac96-774b-bcce-b302099a8057"

Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=60)]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=200)]
Version = Annotated[str, StringConstraints(pattern=r"^[a-z]+-\d{4}\.\d+$", max_length=40)]
Ids = Annotated[list[UUID], Field(max_length=1000)]


class ReadinessReportIn(Shape):
    """Whose readiness: a producer or a cluster; against a product, or the general profile."""

    producer_id: UUID | None = Field(default=None, examples=[_PRODUCER])
    cluster_id: UUID | None = Field(default=None, examples=[None])
    credit_product_id: UUID | None = Field(
        default=None, examples=["01890a5d-ac96-774b-bcce-b302099a8058"]
    )
    as_of: Day | None = Field(default=None, description="Today if left out", examples=[None])


class SourceOut(Shape):
    """A record that a value was read from."""

    type: Word
    id: UUID


class ClosesOut(Shape):
    """What would close a gap, which service does it, and items on offer in the district."""

    es: Sentence
    en: Sentence
    category: Category | None
    items: Annotated[list[UUID], Field(max_length=3)]


class BasisOut(Shape):
    """The loan under which the capacity was calculated."""

    amount: Amount | None = None
    currency: Literal["PEN", "USD"] | None = None
    months: Annotated[str, Field(pattern=r"^\d{1,3}$", max_length=3)] | None = None
    disbursed_on: Day | None = None


class CriterionOut(Shape):
    """A criterion: its value beside its threshold, points, sources, and what closes the gap."""

    code: Word
    dimension: Dimension
    kind: CriterionKind
    fact: Word
    operator: Operator
    threshold: Text
    value: Text | None
    absent_because: Absence | None
    met: bool
    points: Count
    possible: Count
    basis: BasisOut
    sources: Annotated[list[SourceOut], Field(max_length=1000)]
    closes_with: ClosesOut | None


class CountOut(Shape):
    """How many of a cluster's members who consent meet a criterion."""

    code: Word
    dimension: Dimension
    kind: CriterionKind
    met: Count
    of: Count


class MembersOut(Shape):
    """A cluster in counts; ``suppressed`` where sums would tell about single persons."""

    members: Count
    with_consent: Count
    ready: Count | None
    share_needed: Share
    suppressed: bool
    criteria: Annotated[list[CountOut], Field(max_length=100)]


class MonthFactOut(Shape):
    """A month of the investment plan, with the project."""

    month: Day
    net: SignedAmount
    cocoa_income: Amount


class CostFactOut(Shape):
    """What plan lines cost that no credit pays for yet."""

    purpose: Word
    amount: Amount


class FactsOut(Shape):
    """What the criteria were judged from; its canonical JSON has the SHA-256 `facts_hash`."""

    producer_id: UUID
    as_of: Day
    identity_present: bool
    consent_id: UUID | None
    plots: Count
    plots_with_polygon: Count
    plots_with_tenure: Count
    cocoa_area_ha: Hectares
    farm_plan_id: UUID | None
    farm_plan_state: Word | None
    farm_plan_ends_on: Day | None
    farm_plan_currency: Literal["PEN", "USD"] | None
    conservation_ha: Hectares
    unfinanced_costs: Annotated[list[CostFactOut], Field(max_length=20)]
    investment_plan_id: UUID | None
    investment_currency: Literal["PEN", "USD"] | None
    van: SignedAmount | None
    van_price_20: SignedAmount | None
    months: Annotated[list[MonthFactOut], Field(max_length=300)]
    expected_kg: Kilos | None
    commitment_ids: Ids
    season_covered: Share | None
    price_protected: bool
    delivered_kg: Kilos
    delivery_months: Count
    orders_received: Count
    loan_ids: Ids
    loans_settled: Count
    days_in_arrears: Count
    arrears_class: Word
    deforestation: Word


class ReadinessReportOut(Resource):
    """What an institution was told, when, and from which facts."""

    organization_id: Annotated[UUID, Field(description="The institution that asked")]
    producer_organization_id: UUID
    producer_id: UUID | None
    cluster_id: UUID | None
    credit_product_id: Annotated[UUID | None, Field(description="Null: the general profile")]
    as_of: Day
    verdict: Verdict
    points: Count
    points_possible: Count
    points_needed: Count
    model_version: Version
    calibrated: Annotated[
        bool, Field(description="False: points are experts' judgement, no probability of default")
    ]
    facts_hash: Sha256
    facts: FactsOut | None
    criteria: Annotated[list[CriterionOut], Field(max_length=100)]
    members: MembersOut | None
    consents: Ids
    disclosure: Disclosure | None


class ReadinessReportSearch(PageParameters):
    """Filters of the list."""

    producer_id: Annotated[UUID | None, Field(description="About this producer")] = None
    cluster_id: Annotated[UUID | None, Field(description="About this cluster")] = None
    credit_product_id: Annotated[UUID | None, Field(description="Against this product")] = None
    verdict: Annotated[Verdict | None, Field(description="With this verdict")] = None
