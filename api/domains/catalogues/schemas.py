"""Wire shapes of catalogues, items and offers."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from api.core.invalid import Invalid
from api.core.wire import (
    Amount,
    Code,
    Count,
    Currency,
    Day,
    Days,
    Flag,
    Instant,
    Kilos,
    Money,
    Name,
    PageParameters,
    PositiveKilos,
    Resource,
    Sentence,
    Shape,
    UbigeoPrefix,
    optional,
)
from api.domains.catalogues.rules import narrowest_cover
from api.domains.catalogues.states import CatalogueState
from api.domains.catalogues.vocabulary import Category, SenasaKind, SenasaStatus, Unit

Coverage = Annotated[
    list[UbigeoPrefix], Field(min_length=1, max_length=200), AfterValidator(narrowest_cover)
]
"""Where the supplier delivers: departments, provinces, districts."""


class DeliveryTerm(Shape):
    """How long the way to a zone takes, and what one delivery costs there, whatever its size.

    The longest prefix that a district has applies; without any, freight is in the prices.
    """

    ubigeo_prefix: UbigeoPrefix = Field(examples=["2206"])
    days: Days = Field(examples=[3], description="Besides the item's lead time")
    freight: Amount = Field(
        examples=["80.00"], description="Per order, in the catalogue's currency"
    )


def _each_prefix_once(terms: list[DeliveryTerm]) -> list[DeliveryTerm]:
    if len({term.ubigeo_prefix for term in terms}) != len(terms):
        raise Invalid("cada prefijo va una sola vez", "each prefix may stand once")
    return terms


DeliveryTerms = Annotated[
    list[DeliveryTerm], Field(max_length=200), AfterValidator(_each_prefix_once)
]


class CatalogueIn(Shape):
    """A new catalogue, as a draft."""

    name: Name = Field(examples=["Campaña 2027"])
    currency: Currency = Field(examples=["PEN"])
    valid_from: Day = Field(examples=["2026-11-01"])
    valid_until: Day = Field(examples=["2027-10-31"])
    coverage: Coverage = Field(examples=[["22", "1001"]])
    delivery_terms: DeliveryTerms = Field(
        default=[], examples=[[{"ubigeo_prefix": "22", "days": 3, "freight": "80.00"}]]
    )

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_until < self.valid_from:
            raise Invalid("es anterior a valid_from", "lies before valid_from", field="valid_until")
        return self


class CatalogueChange(Shape):
    """What to change of a draft; what is left out stays."""

    name: Name = optional(examples=["Campaña grande 2027"])
    currency: Currency = optional()
    valid_from: Day = optional()
    valid_until: Day = optional(examples=["2027-12-31"])
    coverage: Coverage = optional()
    delivery_terms: DeliveryTerms = optional()


class CatalogueOut(Resource):
    """A catalogue without its items."""

    organization_id: UUID
    series_id: Annotated[UUID, Field(description="The first revision; the same for all of them")]
    revision: Count
    previous_id: Annotated[UUID | None, Field(description="What it was revised from")]
    name: Name
    currency: Currency
    valid_from: Day
    valid_until: Day
    coverage: Annotated[list[UbigeoPrefix], Field(max_length=200)]
    delivery_terms: Annotated[list[DeliveryTerm], Field(max_length=200)]
    state: CatalogueState
    published_at: Instant | None


class CatalogueSearch(PageParameters):
    """Filters of the list."""

    organization_id: Annotated[UUID | None, Field(description="Whose catalogues")] = None
    series_id: Annotated[UUID | None, Field(description="The revisions of one catalogue")] = None
    state: Annotated[CatalogueState | None, Field(description="In this state")] = None


class PriceTier(Shape):
    """From this many packs on, a pack costs this."""

    min_quantity: PositiveKilos = Field(examples=["10"])
    price: Amount = Field(examples=["112.00"])


def _ascending(tiers: list[PriceTier]) -> list[PriceTier]:
    if any(a.min_quantity >= b.min_quantity for a, b in pairwise(tiers)):
        raise Invalid(
            "los tramos van en orden ascendente de min_quantity, cada uno una sola vez",
            "tiers must stand in ascending order of min_quantity, each once",
        )
    return tiers


PriceTiers = Annotated[list[PriceTier], Field(max_length=20)]
AttributeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$", max_length=40)]
Attributes = Annotated[
    dict[AttributeName, Name],
    Field(
        max_length=50,
        json_schema_extra={"propertyNames": {"pattern": r"^[a-z][a-z0-9_]{0,39}$"}},
    ),
]
SenasaNumber = Annotated[
    str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9 ./°º-]{0,39}$", max_length=40)
]


class Senasa(Shape):
    """A registration with SENASA (DS 001-2015-MINAGRI)."""

    number: SenasaNumber = Field(examples=["3253-SENASA"])
    kind: SenasaKind = Field(examples=["biological"])
    status: SenasaStatus = Field(examples=["valid"])
    valid_until: Day | None = Field(default=None, examples=["2029-06-30"])


class ItemIn(Shape):
    """A good or service. Prices are per pack; ``available`` counts packs, null: made to order."""

    sku: Code = Field(examples=["UREA-50"])
    name: Name = Field(examples=["Urea agrícola 46 % N, saco de 50 kg"])
    description: Sentence | None = Field(default=None, examples=["Fertilizante nitrogenado"])
    category: Category = Field(examples=["fertilizer"])
    unit: Unit = Field(examples=["KGM"])
    pack_size: PositiveKilos = Field(description="Units in a pack", examples=["50"])
    price: Amount = Field(examples=["120.00"])
    price_tiers: Annotated[PriceTiers, AfterValidator(_ascending)] = Field(
        default=[], examples=[[{"min_quantity": "10", "price": "112.00"}]]
    )
    lead_time_days: Days = Field(default=0, examples=[5])
    organic: Flag = Field(
        default=False, description="Allowed in organic production", examples=[False]
    )
    senasa: Senasa | None = Field(default=None, examples=[None])
    attributes: Attributes = Field(default={}, examples=[{"npk": "46-0-0"}])
    available: Kilos | None = Field(default=None, examples=["400"])


class ItemOut(Resource):
    """An item; its version follows its stock, too."""

    catalogue_id: UUID
    organization_id: UUID
    sku: Code
    name: Name
    description: Sentence | None
    category: Category
    unit: Unit
    pack_size: PositiveKilos
    price: Money
    price_tiers: PriceTiers
    lead_time_days: Days
    organic: bool
    senasa: Senasa | None
    attributes: Attributes
    available: Kilos | None


class ItemSearch(PageParameters):
    """Filters of a catalogue's items."""

    sku: Annotated[Code | None, Field(description="This SKU")] = None
    category: Annotated[Category | None, Field(description="Of this category")] = None


class UpsertOut(Shape):
    """What became of the rows of a bulk call."""

    created: Count
    updated: Count
    unchanged: Count


class StockIn(Shape):
    """What is on the shelf, not counting what orders have reserved."""

    available: Kilos = Field(examples=["400"])


class SkuStock(StockIn):
    """What is on the shelf of an item of the catalogue."""

    sku: Code = Field(examples=["UREA-50"])


class StocksIn(Shape):
    """What is on the shelves, as a warehouse's system says; items not named keep what they have."""

    items: Annotated[list[SkuStock], Field(min_length=1, max_length=10_000)]


class StocksOut(Shape):
    """What became of the items named."""

    updated: Count
    unchanged: Count


class RegistrationIn(Shape):
    """SENASA's word on a registration, as it stands now."""

    status: SenasaStatus = Field(examples=["cancelled"])
    valid_until: Day | None = Field(default=None, examples=["2029-06-30"])


def term_rows(terms: Sequence[DeliveryTerm]) -> list[dict[str, Any]]:
    """Delivery terms as they are stored."""
    return [{**dict(term), "freight": f"{term.freight:.2f}"} for term in terms]


def tier_rows(tiers: list[PriceTier]) -> list[dict[str, str]]:
    """Tiers as they are stored: quantities with three decimals, prices with two."""
    return [{"min_quantity": f"{t.min_quantity:.3f}", "price": f"{t.price:.2f}"} for t in tiers]
