"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import Code, Day, Name, PageParameters, PositiveKilos, Resource
from api.domains.catalogues.vocabulary import Category, Unit


class InputBatchOut(Resource):
    """What arrived of a batch with one receipt of one line of an order.

    Plan line and plots the buying side alone sees. ``plot_ids`` is empty where the order's line
    serves no plan.
    """

    organization_id: UUID
    supplier_id: UUID
    order_id: UUID
    order_line_id: UUID
    item_id: UUID
    farm_plan_line_id: UUID | None
    description: Name
    category: Category
    unit: Unit
    quantity: Annotated[PositiveKilos, Field(description="In the unit")]
    batch_number: Code | None
    expires_on: Day | None
    received_on: Day
    plot_ids: Annotated[list[UUID], Field(max_length=1000)] | None


class InputBatchSearch(PageParameters):
    """Filters of the list."""

    batch_number: Annotated[Code | None, Field(description="As printed on the batch")] = None
    item_id: Annotated[UUID | None, Field(description="Of this catalogue item")] = None
    order_id: Annotated[UUID | None, Field(description="Received with this order")] = None
    supplier_id: Annotated[UUID | None, Field(description="Sold by this supplier")] = None
    plot_id: Annotated[UUID | None, Field(description="For this plot, of one's own")] = None
    expires_before: Annotated[Day | None, Field(description="Expires before this day")] = None
