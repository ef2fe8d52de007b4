"""Purchase commitments: the market guarantee."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint

from api.domains.credit_products.vocabulary import ReferencePolicy
from api.domains.purchase_commitments.states import PurchaseCommitmentState
from api.domains.purchase_commitments.vocabulary import PriceKind
from api.models.base import Entity, enum_column, kilos, link, money


class PurchaseCommitment(Entity, table=True):
    """A buyer's promise to take a cluster's dry cocoa within a window."""

    __tablename__ = "purchase_commitments"
    __table_args__ = (
        CheckConstraint("window_until >= window_from", name="dates_in_order"),
        CheckConstraint("pledged_kg BETWEEN 0 AND kg_dry", name="never_pledged_twice"),
        CheckConstraint("shipped_kg >= 0", name="shipped_not_negative"),
    )
    ledger_subject: ClassVar = "purchase_commitment"

    organization_id: UUID = link("organizations.id")
    """The buyer."""
    producer_organization_id: UUID = link("organizations.id")
    cluster_id: UUID = link("clusters.id")
    kg_dry: Decimal = kilos()
    quality: str
    price_kind: PriceKind = enum_column(PriceKind, "price_kind")
    currency: str
    price: Decimal | None = money(default=None)
    """Per kg: the fixed price, or the differential to the exchange reference."""
    floor_price: Decimal | None = money(default=None)
    premium: Decimal = money(default=Decimal(0))
    window_from: date
    window_until: date
    reference_policy: ReferencePolicy | None = enum_column(
        ReferencePolicy, "reference_policy", default=None, nullable=True
    )
    state: PurchaseCommitmentState = enum_column(PurchaseCommitmentState, "state")
    pledged_kg: Decimal = kilos(default=Decimal(0))
    shipped_kg: Decimal = kilos(default=Decimal(0))
