"""Demand pools and what is pledged to them."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text

from api.domains.demand_pools.states import DemandPoolState
from api.domains.demand_pools.vocabulary import PledgeState, PoolFailure
from api.domains.orders.vocabulary import PlanException
from api.models.base import Entity, enum_column, instant, kilos, link, money


class DemandPool(Entity, table=True):
    """What a cluster wants to buy together of one item, until an instant.

    The item is kept as it was on opening and as the shelf that it shares with its later revisions.
    """

    __tablename__ = "demand_pools"
    __table_args__ = (
        CheckConstraint("minimum > 0", name="minimum_positive"),
        CheckConstraint("maximum >= minimum", name="maximum_from_minimum"),
        CheckConstraint("pledged_quantity BETWEEN 0 AND maximum", name="never_beyond_maximum"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_for_a_reason"),
        Index("ix_demand_pools_open", "closes_at", postgresql_where=text("state = 'open'")),
    )
    ledger_subject: ClassVar = "demand_pool"

    organization_id: UUID = link("organizations.id")
    supplier_id: UUID = link("organizations.id")
    cluster_id: UUID = link("clusters.id")
    item_id: UUID = link("catalogue_items.id")
    shelf_id: UUID
    name: str
    delivery_ubigeo: str
    minimum: Decimal = kilos()
    """Packs, as all quantities here."""
    maximum: Decimal = kilos()
    pledged_quantity: Decimal = kilos(default=Decimal(0))
    """The sum of the pledges that stand."""
    closes_at: datetime = instant()
    state: DemandPoolState = enum_column(DemandPoolState, "state")
    failure: PoolFailure | None = enum_column(PoolFailure, "failure", default=None, nullable=True)


class PoolPledge(Entity, table=True):
    """What one producer takes of a pool, for a plan line or by a listed exception; once the pool is
    closed, the line of the order that it became.
    """

    __tablename__ = "pool_pledges"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "num_nonnulls(farm_plan_line_id, plan_exception) = 1", name="planned_or_excepted"
        ),
        CheckConstraint(
            "allocated_quantity BETWEEN 0 AND quantity", name="never_more_than_pledged"
        ),
    )
    ledger_subject: ClassVar = "demand_pool"
    ledger_key: ClassVar = "demand_pool_id"

    demand_pool_id: UUID = link("demand_pools.id")
    producer_id: UUID = link("producers.id")
    farm_plan_line_id: UUID | None = link("farm_plan_lines.id", default=None)
    plan_exception: PlanException | None = enum_column(
        PlanException, "plan_exception", default=None, nullable=True
    )
    credit_application_id: UUID | None = link("credit_applications.id", default=None)
    quantity: Decimal = kilos()
    state: PledgeState = enum_column(PledgeState, "state")
    order_line_id: UUID | None = link("order_lines.id", default=None)
    allocated_quantity: Decimal | None = kilos(default=None)
    amount: Decimal | None = money(default=None)
