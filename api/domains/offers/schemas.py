"""Wire shapes."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from api.core.wire import (
    Amount,
    Code,
    Currency,
    Day,
    Days,
    Kilos,
    Money,
    Name,
    PageParameters,
    PositiveKilos,
    Shape,
    Ubigeo,
    UbigeoPrefix,
)
from api.domains.catalogues.schemas import PriceTiers
from api.domains.catalogues.vocabulary import Category, Unit


class OfferOut(Shape):
    """An item on offer; ``available`` null: made to order."""

    item_id: UUID
    catalogue_id: UUID
    organization_id: UUID
    supplier: Name
    sku: Code
    name: Name
    category: Category
    unit: Unit
    pack_size: PositiveKilos
    price: Money
    price_tiers: PriceTiers
    lead_time_days: Days
    organic: bool
    available: Kilos | None
    coverage: Annotated[list[UbigeoPrefix], Field(max_length=200)]
    valid_from: Day
    valid_until: Day


class OfferSearch(PageParameters):
    """Filters of the search; sorted by price, then id."""

    q: Annotated[
        str | None,
        Field(
            description="Words of name, description or SKU; accents and plurals do not matter",
            min_length=1,
            max_length=200,
            pattern=r"^[^\x00-\x1f\x7f]*$",
        ),
    ] = None
    category: Annotated[Category | None, Field(description="Of this category")] = None
    ubigeo: Annotated[Ubigeo | None, Field(description="Delivered to this district")] = None
    organization_id: Annotated[UUID | None, Field(description="Of this supplier")] = None
    currency: Annotated[Currency | None, Field(description="Priced in this currency")] = None
    organic: Annotated[bool | None, Field(description="Allowed in organic production")] = None
    in_stock: Annotated[bool | None, Field(description="Available now, or made to order")] = None
    max_price: Annotated[Amount | None, Field(description="At most this per pack")] = None
    valid_on: Annotated[Day | None, Field(description="On offer that day; default today")] = None
    sort: Annotated[Literal["price"], Field(description="By price, then id")] = "price"

    def filters(self) -> dict[str, Any]:
        """The filters in use, one on validity always among them."""
        found = super().filters()
        del found["sort"]
        return found if "valid_on" in found else {"offered_today": True, **found}
