"""Catalogues, their items, and the stock that orders draw on."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from api.domains.catalogues.states import CatalogueState
from api.domains.catalogues.vocabulary import (
    Category,
    MovementKind,
    SenasaKind,
    SenasaStatus,
    Unit,
)
from api.models.base import Entity, Table, enum_column, instant, json, kilos, link, money, text_list


class Catalogue(Entity, table=True):
    """A supplier's list: currency, validity, coverage by UBIGEO prefixes.

    What is published is changed by the next revision of the same series; of a series one revision
    at most is being drafted, and one is published.
    """

    __tablename__ = "catalogues"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="dates_in_order"),
        UniqueConstraint("series_id", "revision"),
        Index(
            "ix_catalogues_one_draft",
            "series_id",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "ix_catalogues_one_published",
            "series_id",
            unique=True,
            postgresql_where=text("state = 'published'"),
        ),
    )
    ledger_subject: ClassVar = "catalogue"

    organization_id: UUID = link("organizations.id")
    series_id: UUID = link("catalogues.id", index=False)
    """The first revision."""
    revision: int = 1
    previous_id: UUID | None = link("catalogues.id", default=None)
    """The revision that this one was made from."""
    name: str
    currency: str
    valid_from: date
    valid_until: date
    coverage: list[str] = text_list()
    delivery_terms: list[dict[str, Any]] = json(
        default_factory=list, sa_column_kwargs={"server_default": "[]"}
    )
    """Days and freight by UBIGEO prefix; the longest that a district has applies."""
    state: CatalogueState = enum_column(CatalogueState, "state")
    published_at: datetime | None = instant(default=None)


class CatalogueItem(Entity, table=True):
    """A good or service; immutable from its catalogue's publication on."""

    __tablename__ = "catalogue_items"
    __table_args__ = (
        UniqueConstraint("catalogue_id", "sku"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("pack_size > 0", name="pack_size_positive"),
    )
    ledger_subject: ClassVar = "catalogue"
    ledger_key: ClassVar = "catalogue_id"

    catalogue_id: UUID = link("catalogues.id", index=False)
    organization_id: UUID = link("organizations.id")
    shelf_id: UUID = link("catalogue_items.id")
    """The item under which the stock is counted: one shelf for all revisions of the same pack."""
    sku: str
    name: str
    description: str | None = None
    category: Category = enum_column(Category, "category")
    unit: Unit = enum_column(Unit, "unit")
    pack_size: Decimal = kilos()
    price: Decimal = money()
    price_tiers: list[dict[str, str]] = json(default_factory=list)
    lead_time_days: int
    organic: bool
    senasa_number: str | None = None
    senasa_kind: SenasaKind | None = enum_column(
        SenasaKind, "senasa_kind", default=None, nullable=True
    )
    senasa_status: SenasaStatus | None = enum_column(
        SenasaStatus, "senasa_status", default=None, nullable=True
    )
    senasa_valid_until: date | None = None
    attributes: dict[str, Any] = json(default_factory=dict)


class Stock(Table, table=True):
    """Packs that are left of an item that is kept in stock; an item made to order has no row.

    A narrow table of its own: orders lock and change it, while the item stays as published. Its
    version and the item's add up to the version of the item's document. ``item_id`` is a shelf:
    the revisions of an item share it, so that no switch between them moves anything.
    """

    __tablename__ = "stocks"
    __table_args__ = (CheckConstraint("available >= 0", name="never_oversold"),)

    item_id: UUID = Field(primary_key=True, foreign_key="catalogue_items.id")
    available: Decimal = kilos()
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class StockMovement(Table, table=True):
    """Why stock changed; an item's movements sum to its stock."""

    __tablename__ = "stock_movements"

    id: UUID = Field(primary_key=True)
    item_id: UUID = link("catalogue_items.id")
    order_id: UUID | None = link("orders.id", default=None)
    kind: MovementKind = enum_column(MovementKind, "kind")
    quantity: Decimal = kilos()
    moved_at: datetime = instant()


class Offer(Table, table=True):
    """An item of a published catalogue, as the search and the orders see it.

    Written by publish, deleted by withdraw; valid until the catalogue or the item's SENASA
    registration ends, whichever is first.
    """

    __tablename__ = "offers"
    __table_args__ = (
        Index("ix_offers_price", "price", "item_id"),
        Index("ix_offers_category_price", "category", "price", "item_id"),
        Index("ix_offers_supplier_price", "organization_id", "price", "item_id"),
        Index("ix_offers_words", "words", postgresql_using="gin"),
        Index("ix_offers_coverage", "coverage", postgresql_using="gin"),
    )

    item_id: UUID = Field(primary_key=True, foreign_key="catalogue_items.id")
    catalogue_id: UUID = link("catalogues.id")
    organization_id: UUID = link("organizations.id", index=False)
    shelf_id: UUID
    """Where the stock is counted."""
    supplier: str
    sku: str
    name: str
    category: str
    unit: str
    pack_size: Decimal = kilos()
    currency: str
    price: Decimal = money()
    price_tiers: list[dict[str, str]] = json()
    lead_time_days: int
    organic: bool
    coverage: list[str] = text_list()
    delivery: dict[str, dict[str, Any]] = json(
        default_factory=dict, sa_column_kwargs={"server_default": "{}"}
    )
    """The catalogue's delivery terms by UBIGEO prefix."""
    valid_from: date
    valid_until: date
    words: str = Field(sa_type=TSVECTOR)
    """Spanish full text over normalised name, description, SKU."""
    shown: str
    """The offer's document as JSON text, not closed: the search adds what is left and what is asked
    about."""
