"""Farm plans: zones and lines."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint

from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.farm_plans.states import FarmPlanState
from api.domains.farm_plans.vocabulary import LineKind, Treatment
from api.domains.plots.vocabulary import LandUse
from api.models.base import Entity, enum_column, hectares, json, kilos, link, money


class FarmPlan(Entity, table=True):
    """A plan for one producer's farm, written by an assistance provider."""

    __tablename__ = "farm_plans"
    ledger_subject: ClassVar = "farm_plan"

    organization_id: UUID = link("organizations.id")
    """The assistance provider that wrote it."""
    producer_organization_id: UUID = link("organizations.id")
    producer_id: UUID = link("producers.id")
    cluster_id: UUID | None = link("clusters.id", default=None)
    revision: int = 1
    state: FarmPlanState = enum_column(FarmPlanState, "state")
    starts_on: date
    ends_on: date
    conservation_ha: Decimal = hectares()
    expected_yields: list[dict[str, Any]] = json(default_factory=list)
    """``[{"year": 2027, "kg_per_ha": "750.000"}, ...]``"""
    approved_on: date | None = None
    accepted_on: date | None = None


class FarmPlanZone(Entity, table=True):
    """Part of a plot: its use now, its use to come, and the treatment between."""

    __tablename__ = "farm_plan_zones"
    __table_args__ = (CheckConstraint("area_ha > 0", name="area_positive"),)
    ledger_subject: ClassVar = "farm_plan"
    ledger_key: ClassVar = "farm_plan_id"

    farm_plan_id: UUID = link("farm_plans.id")
    plot_id: UUID = link("plots.id")
    current_use: LandUse = enum_column(LandUse, "current_use")
    future_use: LandUse = enum_column(LandUse, "future_use")
    treatment: Treatment = enum_column(Treatment, "treatment")
    area_ha: Decimal = hectares()


class FarmPlanVisit(Entity, table=True):
    """A visit that the plan derives from."""

    __tablename__ = "farm_plan_visits"
    __table_args__ = (UniqueConstraint("farm_plan_id", "visit_id"),)
    ledger_subject: ClassVar = "farm_plan"
    ledger_key: ClassVar = "farm_plan_id"

    farm_plan_id: UUID = link("farm_plans.id", index=False)
    visit_id: UUID = link("visits.id")


class FarmPlanLine(Entity, table=True):
    """What the plan needs in a month: input, service or labour. Orders and credit draw on it."""

    __tablename__ = "farm_plan_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("ordered_quantity BETWEEN 0 AND quantity", name="never_ordered_twice"),
        CheckConstraint(
            "financed_amount BETWEEN 0 AND estimated_cost", name="never_financed_twice"
        ),
    )
    ledger_subject: ClassVar = "farm_plan"
    ledger_key: ClassVar = "farm_plan_id"

    farm_plan_id: UUID = link("farm_plans.id")
    plot_id: UUID | None = link("plots.id", default=None)
    month: date
    activity: str
    kind: LineKind = enum_column(LineKind, "kind")
    category: Category | None = enum_column(Category, "category", default=None, nullable=True)
    specification: str
    unit: Unit = enum_column(Unit, "unit")
    quantity: Decimal = kilos()
    estimated_cost: Decimal = money()
    currency: str
    ordered_quantity: Decimal = kilos(default=Decimal(0))
    financed_amount: Decimal = money(default=Decimal(0))
