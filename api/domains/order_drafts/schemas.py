"""Wire shapes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.core.wire import PageParameters, Resource, Shape, Ubigeo
from api.domains.orders.schemas import DeliveryContactIn, OrderLineIn

Lines = Annotated[list[OrderLineIn], Field(max_length=100)]


class OrderDraftIn(Shape):
    """What is meant to be ordered from one supplier."""

    supplier_id: UUID = Field(examples=["01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c12"])
    cluster_id: UUID | None = Field(default=None, examples=[None])
    delivery_ubigeo: Ubigeo = Field(examples=["220101"])
    lines: Lines = []


class OrderDraftOut(Resource):
    """A draft. Prices and stock are those of the day on which it is placed."""

    organization_id: UUID
    state: Literal["draft"]
    supplier_id: UUID
    cluster_id: UUID | None
    delivery_ubigeo: Ubigeo
    lines: Lines


class OrderDraftSearch(PageParameters):
    """Filters of the list."""

    supplier_id: Annotated[UUID | None, Field(description="To this supplier")] = None


class PlacingIn(Shape):
    """What is said when a draft is placed."""

    delivery_contact: DeliveryContactIn | None = Field(
        default=None, description="As with an order that is placed at once", examples=[None]
    )
