"""Wire shapes."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from api.core.invalid import Invalid
from api.core.wire import (
    Amount,
    Code,
    Count,
    Currency,
    Day,
    Days,
    Kilos,
    Money,
    Name,
    PageOf,
    PageParameters,
    PositiveKilos,
    Shape,
    Ubigeo,
    UbigeoPrefix,
)
from api.domains.catalogues.schemas import PriceTiers
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.offers.rules import searchable

UnitCost = Annotated[str, Field(max_length=20, pattern=r"^\d{1,14}\.\d{4}$", examples=["2.4160"])]


class DeliveryOut(Shape):
    """The way to the district asked about: days from the order on, and the freight of one order.

    Null where the catalogue states no terms: freight is in the price, the lead time is all.
    """

    days: Days
    freight: Money


class CostOut(Shape):
    """What the quantity asked about costs: at the price of its tier, and, where the district is
    known, with one delivery; then also by the item's unit, to four decimals.
    """

    quantity: PositiveKilos
    unit_price: Money
    amount: Money
    delivered_amount: Money | None
    delivered_unit_price: UnitCost | None


class OfferOut(Shape):
    """An item on offer; ``available`` null: made to order. ``delivery`` answers a search with
    ``ubigeo``, ``cost`` one with ``quantity``; it is null, too, where no order can cost so much.
    """

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
    delivery: DeliveryOut | None
    cost: CostOut | None
    coverage: Annotated[list[UbigeoPrefix], Field(max_length=200)]
    valid_from: Day
    valid_until: Day


class FacetValue(Shape):
    """How many offers have a value."""

    value: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z_]{1,40}$")]
    count: Count


class FlagFacet(Shape):
    """How many offers are so, or not."""

    value: bool
    count: Count


class SupplierFacet(Shape):
    """How many offers a supplier has."""

    value: UUID
    name: Name
    count: Count


class FacetsOut(Shape):
    """What was found, by kind; the most frequent first. Unless ``complete``, there are more than
    the 10,000 that were counted, and these stand for all.
    """

    counted: Count
    complete: bool
    category: Annotated[list[FacetValue], Field(max_length=50)]
    supplier: Annotated[list[SupplierFacet], Field(max_length=50)]
    organic: Annotated[list[FlagFacet], Field(max_length=2)]
    currency: Annotated[list[FacetValue], Field(max_length=50)]


Word = Annotated[str, Field(max_length=200, pattern=r"^[a-z]+$", examples=["fertilizante"])]


class CorrectionOut(Shape):
    """A word of the search that stands in no offer, and the one that was searched instead."""

    word: Word
    searched: Word


class OfferPage(PageOf[OfferOut]):
    """One page of offers. ``corrections`` is there where a word was put right."""

    facets: FacetsOut | None = None
    corrections: Annotated[list[CorrectionOut], Field(max_length=50)] | None = None


Include = Annotated[
    Literal["total", "facets"] | None,
    Field(description="`total` counts the whole list; `facets`, up to 10,000 by kind"),
]


class OfferSearch(PageParameters):
    """Filters of the search, what is asked about each offer, and the order."""

    q: Annotated[
        str | None,
        Field(
            description="Words of name, description or SKU; accents and plurals do not matter, and"
            " a misspelt word is put right unless it stands in quotes",
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
    max_price: Annotated[
        Amount | None, Field(description="At most this per pack, in the offer's currency")
    ] = None
    valid_on: Annotated[Day | None, Field(description="On offer that day; default today")] = None
    include: Include = None  # type: ignore[assignment]
    quantity: Annotated[PositiveKilos | None, Field(description="Tell what so many packs cost")] = (
        None
    )
    sort: Annotated[
        Literal["price", "delivered_price"],
        Field(
            description="By list price; or, among the 1,000 cheapest found, by what a unit costs"
            " delivered, which needs `ubigeo` and `quantity`. Then by id. Amounts are compared as"
            " they stand: with a `currency`, like with like"
        ),
    ] = "price"

    @model_validator(mode="after")
    def _delivered_somewhere(self) -> Self:
        if self.sort == "delivered_price" and None in (self.ubigeo, self.quantity):
            raise Invalid(
                "delivered_price necesita ubigeo y quantity",
                "delivered_price needs ubigeo and quantity",
                field="sort",
            )
        return self

    def filters(self) -> dict[str, Any]:
        """The filters in use, one on validity always among them."""
        found = super().filters()
        del found["sort"]
        if self.q is not None:
            found["q"] = searchable(self.q)
        return found if "valid_on" in found else {"offered_today": True, **found}
