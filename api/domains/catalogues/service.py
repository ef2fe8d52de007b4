"""Actions on catalogues, items and stock."""

from typing import Any, Final
from uuid import UUID

from api.core.clock import now
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotFound, RuleBroken, StateConflict
from api.domains.catalogues import repository
from api.domains.catalogues.rules import sku_faults, terms_faults
from api.domains.catalogues.schemas import (
    CatalogueChange,
    CatalogueIn,
    StockIn,
    StocksIn,
    StocksOut,
    term_rows,
)
from api.domains.catalogues.states import LIFECYCLE, OVER
from api.models.catalogues import Catalogue, CatalogueItem
from api.transactions import Event, UnitOfWork

MOST_FAULTS: Final = 1000
"""That are told of one call."""


async def create(uow: UnitOfWork, wish: CatalogueIn) -> UUID:
    """A new draft of the actor's organisation."""
    catalogue_id = new_id()
    catalogue = Catalogue(
        id=catalogue_id,
        series_id=catalogue_id,
        organization_id=uow.actor.organization_id,
        state=LIFECYCLE.initial,
        **{**dict(wish), "delivery_terms": term_rows(wish.delivery_terms)},
    )
    _expect_covered(catalogue)
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
        setattr(catalogue, name, term_rows(value) if name == "delivery_terms" else value)
    _expect_covered(catalogue)
    if catalogue.valid_until < catalogue.valid_from:
        sentence = {
            "es": "valid_until es anterior a valid_from",
            "en": "valid_until lies before valid_from",
        }
        raise InvalidPayload(errors=[FieldError("/valid_until", "dates-out-of-order", sentence)])
    uow.record(Event(transition.event, ("catalogue", catalogue_id), _terms(catalogue)))


def _expect_covered(catalogue: Catalogue) -> None:
    prefixes = [term["ubigeo_prefix"] for term in catalogue.delivery_terms]
    if faults := terms_faults(catalogue.coverage, prefixes):
        raise InvalidPayload(errors=faults)


def _terms(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "currency": catalogue.currency,
        "valid_from": catalogue.valid_from.isoformat(),
        "valid_until": catalogue.valid_until.isoformat(),
        "coverage": list(catalogue.coverage),
        "delivery_terms": catalogue.delivery_terms,
    }


async def own_item(uow: UnitOfWork, item_id: UUID) -> tuple[CatalogueItem, Catalogue]:
    """An item of the actor's and its catalogue, the latter locked; 404 where there is none."""
    item = await repository.own_item(uow, item_id)
    if item is None:
        raise NotFound("item")
    return item, await own(uow, item.catalogue_id)


async def set_stock(uow: UnitOfWork, item_id: UUID, wish: StockIn) -> None:
    """Say what is on the shelf; also of a published item."""
    item, catalogue = await own_item(uow, item_id)
    _expect_running(catalogue)
    changes = await repository.set_stocks(uow, {item.shelf_id: wish.available}, now())
    uow.record(
        Event(
            "catalogue.stock_set",
            ("catalogue", catalogue.id),
            {
                "item_id": str(item_id),
                "available": f"{wish.available:.3f}",
                "change": f"{changes.get(item.shelf_id, 0):.3f}",
            },
        )
    )


async def set_stocks(uow: UnitOfWork, catalogue_id: UUID, wish: StocksIn) -> StocksOut:
    """Say what is on many shelves at once, by SKU: all or nothing; movements tell each change."""
    catalogue = await own(uow, catalogue_id)
    _expect_running(catalogue)
    skus = [each.sku for each in wish.items]
    shelves = await repository.shelves_of(uow, catalogue_id, skus)
    if faults := sku_faults(skus, shelves):
        raise RuleBroken(errors=faults[:MOST_FAULTS])
    wanted = {shelves[each.sku][0]: each.available for each in wish.items}
    changes = await repository.set_stocks(uow, wanted, now())
    updated = changes.keys() | {shelf for shelf, stocked in shelves.values() if not stocked}
    counts = {"updated": len(updated), "unchanged": len(wanted) - len(updated)}
    uow.record(Event("catalogue.stocks_set", ("catalogue", catalogue.id), counts))
    return StocksOut(**counts)


def _expect_running(catalogue: Catalogue) -> None:
    if catalogue.state in OVER:
        raise StateConflict("set_stock", catalogue.state, LIFECYCLE.allowed(catalogue.state))
