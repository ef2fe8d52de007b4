"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import (
    Count,
    Currency,
    Day,
    Hectares,
    Kilos,
    Money,
    Name,
    PageParameters,
    PositiveHectares,
    PositiveKilos,
    PositiveMoney,
    Resource,
    Sentence,
    Shape,
    Year,
    optional,
)
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.farm_plans.states import FarmPlanState
from api.domains.farm_plans.vocabulary import LineKind, Treatment
from api.domains.plots.vocabulary import LandUse

_PLOT = "01890a5d-ac96-774b-bcce-b302099a8057"


class YieldIn(Shape):
    """Dry cocoa that a hectare shall give in a year."""

    year: Year = Field(examples=[2027])
    kg_per_ha: Kilos = Field(examples=["750.000"])


class ZoneIn(Shape):
    """Part of a plot: its use now, its use to come, and the treatment between."""

    plot_id: UUID = Field(examples=[_PLOT])
    current_use: LandUse = Field(examples=["cocoa"])
    future_use: LandUse = Field(examples=["cocoa_agroforestry"])
    treatment: Treatment = Field(examples=["rehabilitate"])
    area_ha: PositiveHectares = Field(examples=["1.5000"])


class LineIn(Shape):
    """What the plan needs in a month. Labour has no category."""

    plot_id: UUID | None = Field(default=None, examples=[_PLOT])
    month: Day = Field(description="By its first day", examples=["2027-02-01"])
    activity: Name = Field(examples=["Segundo abonamiento"])
    kind: LineKind = Field(examples=["input"])
    category: Category | None = Field(default=None, examples=["fertilizer"])
    specification: Sentence = Field(examples=["Guano de isla, saco de 50 kg"])
    unit: Unit = Field(examples=["KGM"])
    quantity: PositiveKilos = Field(examples=["600.000"])
    estimated_cost: PositiveMoney = Field(examples=[{"amount": "1140.00", "currency": "PEN"}])


Yields = Annotated[list[YieldIn], Field(max_length=25)]
Zones = Annotated[list[ZoneIn], Field(max_length=200)]
Lines = Annotated[list[LineIn], Field(min_length=1, max_length=500)]


VisitIds = Annotated[
    list[UUID], Field(max_length=50, description="Visits that the plan derives from")
]


class FarmPlanIn(Shape):
    """A plan for one producer's farm, in one currency."""

    producer_id: UUID = Field(examples=["01890a5d-ac96-774b-bcce-b302099a8058"])
    cluster_id: UUID | None = Field(default=None, examples=[None])
    starts_on: Day = Field(examples=["2027-01-01"])
    ends_on: Day = Field(examples=["2029-12-31"])
    conservation_ha: Hectares = Field(
        description="Forest that the producer commits to keep", examples=["2.0000"]
    )
    visit_ids: VisitIds = Field(default=[])
    expected_yields: Yields = Field(default=[])
    zones: Zones = Field(default=[])
    lines: Lines


class FarmPlanChange(Shape):
    """What to change of a draft; a list that is sent replaces the whole list."""

    starts_on: Day = optional(examples=["2027-01-01"])
    ends_on: Day = optional(examples=["2030-12-31"])
    conservation_ha: Hectares = optional()
    visit_ids: VisitIds = optional()
    expected_yields: Yields = optional()
    zones: Zones = optional()
    lines: Lines = optional()


class ZoneOut(Shape):
    """A zone."""

    id: UUID
    plot_id: UUID
    current_use: LandUse
    future_use: LandUse
    treatment: Treatment
    area_ha: PositiveHectares


class LineOut(Shape):
    """A line, and what has been ordered and financed of it."""

    id: UUID
    plot_id: UUID | None
    month: Day
    activity: Name
    kind: LineKind
    category: Category | None
    specification: Sentence
    unit: Unit
    quantity: PositiveKilos
    estimated_cost: Money
    ordered_quantity: Kilos
    financed_amount: Money


class TotalsOut(Shape):
    """Estimated costs by kind of line, and all together."""

    input: Money
    service: Money
    labour: Money
    all: Money


class FarmPlanOut(Resource):
    """A farm plan."""

    organization_id: Annotated[UUID, Field(description="The assistance provider")]
    producer_organization_id: UUID
    producer_id: UUID
    cluster_id: UUID | None
    revision: Annotated[Count, Field(description="Of this producer's plans")]
    state: FarmPlanState
    starts_on: Day
    ends_on: Day
    approved_on: Day | None
    accepted_on: Day | None
    conservation_ha: Hectares
    currency: Currency
    totals: TotalsOut
    visit_ids: VisitIds
    expected_yields: Yields
    zones: Annotated[list[ZoneOut], Field(max_length=200)]
    lines: Annotated[list[LineOut], Field(max_length=500)]


class FarmPlanSearch(PageParameters):
    """Filters of the list."""

    producer_id: Annotated[UUID | None, Field(description="Of this producer")] = None
    cluster_id: Annotated[UUID | None, Field(description="Of this cluster")] = None
    state: Annotated[FarmPlanState | None, Field(description="In this state")] = None
