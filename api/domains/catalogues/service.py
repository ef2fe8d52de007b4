"""Actions on catalogues, items and stock."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.core.clock import now
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotFound, StateConflict
from api.domains.catalogues import repository
from api.domains.catalogues.problems import SkuTaken
from api.domains.catalogues.schemas import (
    CatalogueChange,
    CatalogueIn,
    ItemIn,
    StockIn,
    UpsertOut,
    tier_rows,
)
from api.domains.catalogues.states import LIFECYCLE, CatalogueState
from api.models.catalogues import Catalogue, CatalogueItem
from api.transactions import Event, UnitOfWork


async def create(uow: UnitOfWork, wish: CatalogueIn) -> UUID:
    """A new draft of the actor's organisation."""
    catalogue = Catalogue(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        state=LIFECYCLE.initial,
        **wish.model_dump(),
    )
    uow.add(catalogue)
    uow.record(Event("catalogue.created", ("catalogue", catalogue.id), _terms(catalogue)))
    return catalogue.id


async def own(uow: UnitOfWork, catalogue_id: UUID) -> Catalogue:
    """A catalogue of the actor's, locked; 404 where there is none."""
    catalogue = await repository.own_for_update(uow, catalogue_id)
    if catalogue is None:
        raise NotFound("catalogue")
    return catalogue


async def change(uow: UnitOfWork, catalogue_id: UUID, version: int, wish: CatalogueChange) -> None:
    """Change a draft."""
    catalogue = await own(uow, catalogue_id)
    transition = LIFECYCLE.apply("edit", catalogue.state)
    uow.expect_version(catalogue, version)
    for name, value in wish.changes().items():
        setattr(catalogue, name, value)
    if catalogue.valid_until < catalogue.valid_from:
        sentence = {
            "es": "valid_until es anterior a valid_from",
            "en": "valid_until lies before valid_from",
        }
        raise InvalidPayload(errors=[FieldError("/valid_until", "dates-out-of-order", sentence)])
    uow.record(Event(transition.event, ("catalogue", catalogue_id), _terms(catalogue)))


def _terms(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "currency": catalogue.currency,
        "valid_from": catalogue.valid_from.isoformat(),
        "valid_until": catalogue.valid_until.isoformat(),
        "coverage": list(catalogue.coverage),
    }


async def add_item(uow: UnitOfWork, catalogue_id: UUID, wish: ItemIn) -> UUID:
    """A new item of a draft."""
    made = await _write_items(uow, catalogue_id, [wish], replace=False)
    return made[wish.sku][0]


async def upsert_items(uow: UnitOfWork, catalogue_id: UUID, wishes: Sequence[ItemIn]) -> UpsertOut:
    """Write items of a draft by SKU: all or nothing, every repeated SKU named."""
    seen: set[str] = set()
    repeated = []
    for index, wish in enumerate(wishes):
        if wish.sku in seen:
            repeated.append(FieldError(f"/{index}/sku", "sku-repeated", {
                "es": "El SKU ya está en esta misma lista.",
                "en": "The SKU stands in this list already.",
            }))  # fmt: skip
        seen.add(wish.sku)
    if repeated:
        raise InvalidPayload(errors=repeated)
    made = await _write_items(uow, catalogue_id, wishes, replace=True)
    created = sum(is_new for _, is_new in made.values())
    return UpsertOut(created=created, updated=len(made) - created)


async def _write_items(
    uow: UnitOfWork, catalogue_id: UUID, wishes: Sequence[ItemIn], *, replace: bool
) -> dict[str, tuple[UUID, bool]]:
    catalogue = await own(uow, catalogue_id)
    LIFECYCLE.apply("edit", catalogue.state)
    at = now()
    made = await repository.upsert(uow, catalogue.id, [_row(wish) for wish in wishes], at)
    created = sum(is_new for _, is_new in made.values())
    if not replace and not created:
        raise SkuTaken
    await repository.set_stocks(uow, {made[w.sku][0]: w.available for w in wishes}, at)
    uow.record(
        Event(
            "catalogue.items_written",
            ("catalogue", catalogue_id),
            {"created": created, "updated": len(made) - created},
        )
    )
    return made


def _row(wish: ItemIn) -> dict[str, Any]:
    """The item's columns; what JSON has no type for is written as text."""
    row = {**dict(wish), "price_tiers": tier_rows(wish.price_tiers)}
    del row["available"]
    senasa = row.pop("senasa")
    for name in ("number", "kind", "status", "valid_until"):
        row[f"senasa_{name}"] = getattr(senasa, name) if senasa else None
    return row


async def own_item(uow: UnitOfWork, item_id: UUID) -> tuple[CatalogueItem, Catalogue]:
    """An item of the actor's and its catalogue, the latter locked; 404 where there is none."""
    item = await repository.own_item(uow, item_id)
    if item is None:
        raise NotFound("item")
    return item, await own(uow, item.catalogue_id)


async def set_stock(uow: UnitOfWork, item_id: UUID, wish: StockIn) -> None:
    """Say what is on the shelf; also of a published item."""
    _, catalogue = await own_item(uow, item_id)
    if catalogue.state is CatalogueState.WITHDRAWN:
        raise StateConflict("set_stock", catalogue.state, LIFECYCLE.allowed(catalogue.state))
    changes = await repository.set_stocks(uow, {item_id: wish.available}, now())
    uow.record(
        Event(
            "catalogue.stock_set",
            ("catalogue", catalogue.id),
            {
                "item_id": str(item_id),
                "available": f"{wish.available:.3f}",
                "change": f"{changes.get(item_id, 0):.3f}",
            },
        )
    )
