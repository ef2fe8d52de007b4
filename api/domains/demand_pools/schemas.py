"""Wire shapes. Quantities are packs of the item, as in orders."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from api.core.wire import (
    Count,
    Instant,
    Kilos,
    Money,
    Name,
    PageParameters,
    PositiveKilos,
    Resource,
    Shape,
    Ubigeo,
    optional,
)
from api.domains.demand_pools.states import DemandPoolState
from api.domains.demand_pools.vocabulary import PledgeState, PoolFailure
from api.domains.orders.schemas import Planned
from api.domains.orders.vocabulary import PlanException

_ID = "01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c11"


class DemandPoolIn(Shape):
    """A pool for one of the caller's clusters."""

    cluster_id: UUID = Field(examples=[_ID])
    item_id: UUID = Field(description="An item on offer", examples=[_ID])
    delivery_ubigeo: Ubigeo = Field(examples=["220601"])
    minimum: PositiveKilos = Field(description="Below it the pool fails", examples=["50"])
    maximum: PositiveKilos = Field(description="Above it a pledge is refused", examples=["400"])
    closes_at: Instant = Field(examples=["2027-01-15T17:00:00-05:00"])


class Tier(Shape):
    """A price per pack, and from how many packs on it is everyone's."""

    min_quantity: PositiveKilos
    price: Money


class DemandPoolOut(Resource):
    """A pool with its live total.

    ``unit_price`` is that of the tier which the total, in whole packs, reaches now; null where the
    item is not on offer any more. The supplier sees neither the cluster, nor how many producers
    pledge while they are fewer than five.
    """

    organization_id: UUID
    supplier_id: UUID
    cluster_id: UUID | None
    item_id: UUID
    name: Name
    delivery_ubigeo: Ubigeo
    minimum: PositiveKilos
    maximum: PositiveKilos
    closes_at: Instant
    state: DemandPoolState
    failure: PoolFailure | None
    pledged_quantity: Kilos
    producers: Annotated[Count | None, Field(description="Who pledge")]
    unit_price: Money | None
    next_tier: Annotated[Tier | None, Field(description="The next better price")]
    order_id: Annotated[UUID | None, Field(description="What it became once it closed")]


class DemandPoolSearch(PageParameters):
    """Filters of the list."""

    side: Annotated[
        Literal["host", "supplier"] | None, Field(description="Where one stands in it")
    ] = None
    state: Annotated[DemandPoolState | None, Field(description="In this state")] = None
    cluster_id: Annotated[UUID | None, Field(description="Of this cluster of one's own")] = None
    item_id: Annotated[UUID | None, Field(description="Of this item")] = None

    def filters(self) -> dict[str, Any]:
        """The filters in use; the side is a switch."""
        found = super().filters()
        side = found.pop("side", None)
        return {**found, side: True} if side else found


class PledgeIn(Planned):
    """Packs for one member of the cluster, for a line of the member's plan or by exception."""

    producer_id: UUID = Field(examples=[_ID])
    quantity: PositiveKilos = Field(description="Packs, or parts of one", examples=["2.500"])
    credit_application_id: UUID | None = Field(
        default=None,
        description="The application whose loan shall pay this part; it must finance the plan line",
        examples=[None],
    )


class PledgeChange(Shape):
    """What changes of a pledge."""

    quantity: PositiveKilos = optional(examples=["3"])
    credit_application_id: UUID | None = optional(examples=[None])


class PledgeOut(Resource):
    """A pledge, for the host. Once the pool is closed: the order's line, the packs in it, and what
    they cost; no line and `0.000` packs, if it was left out. What arrived of it and what was paid
    for it is read from the order's line.
    """

    demand_pool_id: UUID
    producer_id: UUID
    farm_plan_line_id: UUID | None
    plan_exception: PlanException | None
    credit_application_id: UUID | None
    quantity: PositiveKilos
    state: PledgeState
    order_line_id: UUID | None
    allocated_quantity: Kilos | None
    amount: Money | None


class PledgeSearch(PageParameters):
    """Filters of the list."""

    producer_id: Annotated[UUID | None, Field(description="For this producer")] = None
    state: Annotated[PledgeState | None, Field(description="Standing or withdrawn")] = None
