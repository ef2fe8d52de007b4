"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import (
    Currency,
    Day,
    Kilos,
    Money,
    PageParameters,
    PositiveKilos,
    Resource,
    Sentence,
    Shape,
    SignedMoney,
)
from api.domains.credit_products.vocabulary import ReferencePolicy
from api.domains.purchase_commitments.states import PurchaseCommitmentState
from api.domains.purchase_commitments.vocabulary import PriceKind

_PRICE = "Per kg of dry cocoa: the fixed price, or the differential to the exchange reference"


class PurchaseCommitmentIn(Shape):
    """A buyer's proposal to a cluster."""

    cluster_id: UUID = Field(examples=["01890a5d-ac96-774b-bcce-b302099a8057"])
    kg_dry: PositiveKilos = Field(examples=["25000.000"])
    quality: Sentence = Field(examples=["Grado 1, humedad máxima 7.5 %"])
    price_kind: PriceKind = Field(examples=["exchange"])
    price: SignedMoney = Field(
        description=_PRICE, examples=[{"amount": "-0.80", "currency": "USD"}]
    )
    floor_price: Money | None = Field(
        default=None, examples=[{"amount": "2.50", "currency": "USD"}]
    )
    premium: Money | None = Field(
        default=None, description="Per kg", examples=[{"amount": "0.30", "currency": "USD"}]
    )
    window_from: Day = Field(examples=["2027-04-01"])
    window_until: Day = Field(description="The last day", examples=["2027-11-30"])
    reference_policy: ReferencePolicy | None = Field(default=None, examples=["eu_2020"])


class PurchaseCommitmentOut(Resource):
    """A commitment, with what of it is pledged to credit and shipped."""

    organization_id: Annotated[UUID, Field(description="The buyer")]
    producer_organization_id: Annotated[UUID, Field(description="The cluster's host")]
    cluster_id: UUID
    state: PurchaseCommitmentState
    kg_dry: PositiveKilos
    pledged_kg: Kilos
    shipped_kg: Kilos
    quality: Sentence
    price_kind: PriceKind
    currency: Currency
    price: SignedMoney
    floor_price: Money | None
    premium: Money
    window_from: Day
    window_until: Day
    reference_policy: ReferencePolicy | None


class PurchaseCommitmentSearch(PageParameters):
    """Filters of the list."""

    cluster_id: Annotated[UUID | None, Field(description="With this cluster")] = None
    organization_id: Annotated[UUID | None, Field(description="Of this buyer")] = None
    state: Annotated[PurchaseCommitmentState | None, Field(description="In this state")] = None
