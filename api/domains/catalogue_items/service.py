"""Writing the items of a draft, each SKU once; and reading them from files."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from api.core.clock import now
from api.core.field_errors import field_errors
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload
from api.domains.catalogue_items import repository
from api.domains.catalogue_items.repository import Written
from api.domains.catalogues.problems import RevisionOpen, SkuTaken
from api.domains.catalogues.repository import revisions, set_stocks
from api.domains.catalogues.schemas import ItemIn, Senasa, UpsertOut, tier_rows
from api.domains.catalogues.service import own, own_item
from api.domains.catalogues.states import LIFECYCLE, CatalogueState
from api.domains.imports import texts
from api.domains.imports.table_file import CSV, Column, Entry, UnreadableFile, entries
from api.models.catalogues import Catalogue
from api.transactions import Event, UnitOfWork

MOST_ROWS: Final = 10_000
MOST_FAULTS: Final = 1000
"""That are told of one file."""
TIERS: Final = 5
"""That the template has columns for; JSON takes twenty."""


def _columns() -> list[Column]:
    found: list[Column] = []
    for name in ItemIn.model_fields:
        if name == "senasa":
            found += [Column(f"senasa_{part}", (name, part)) for part in Senasa.model_fields]
        elif name == "price_tiers":
            found += [
                Column(f"tier_{n}_{part}", (name, str(n), part))
                for n in range(1, TIERS + 1)
                for part in ("min_quantity", "price")
            ]
        else:
            found.append(Column(name, (name,), whole=name == "lead_time_days"))
    return found


COLUMNS: Final = _columns()
"""The template: an item's members; registration and price tiers beside them."""

_TRUTHS: Final = {
    **dict.fromkeys(("true", "1", "si", "sí", "x", "yes", "verdadero"), True),
    **dict.fromkeys(("false", "0", "no", "falso"), False),
}
_PAIR: Final = re.compile(r"\s*([^=;]+?)\s*=\s*([^;]*?)\s*")


def read(data: bytes, media_type: str) -> list[ItemIn]:
    """The items of a file; 422 with what is wrong with each row, by its number in the file."""
    try:
        found = entries(data, media_type, COLUMNS, MOST_ROWS)
    except UnreadableFile as error:
        raise InvalidPayload(errors=[error.fault]) from None
    is_csv = media_type.partition(";")[0].strip().lower() == CSV
    items: list[ItemIn] = []
    faults: list[FieldError] = []
    first: dict[str, int] = {}
    for index, entry in enumerate(found):
        item, wrong = _item(entry, is_csv=is_csv)
        if item and first.setdefault(item.sku, entry.row) != entry.row:
            wrong = [texts.repeated("/sku", first[item.sku])]
        elif item:
            items.append(item)
        facts = {"row": entry.row}
        faults += [FieldError(f"/{index}{w.pointer}", w.code, w.detail, facts) for w in wrong]
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise InvalidPayload(errors=faults[:MOST_FAULTS])
    return items


def _item(entry: Entry, *, is_csv: bool) -> tuple[ItemIn | None, Sequence[FieldError]]:
    if entry.members is None:
        return None, [entry.fault or texts.NOT_JSON]
    members = _of_cells(entry.members) if is_csv else entry.members
    try:
        return ItemIn.model_validate(members), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return None, field_errors([{**one, "loc": ("body", *one["loc"])} for one in found])


def _of_cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    """What cells cannot say: truth, lists, and named values (``npk=46-0-0; origin=PE``)."""
    members = dict(cells)
    if "organic" in members:
        members["organic"] = _TRUTHS.get(members["organic"].lower(), members["organic"])
    if "price_tiers" in members:
        members["price_tiers"] = [tier for _, tier in sorted(members["price_tiers"].items())]
    if "attributes" in members:
        pairs = [_PAIR.fullmatch(part) for part in members["attributes"].split(";") if part.strip()]
        if all(pairs):
            members["attributes"] = {pair[1]: pair[2] for pair in pairs if pair}
    return members


async def revise(uow: UnitOfWork, catalogue_id: UUID) -> UUID:
    """Draft the next revision of a published catalogue: the same terms and items, on the same
    shelves. Of a catalogue one revision at most is being drafted.
    """
    catalogue = await own(uow, catalogue_id)
    transition = LIFECYCLE.apply("revise", catalogue.state)
    known = await revisions(uow, catalogue.series_id)
    if any(state is CatalogueState.DRAFT for _, state in known):
        raise RevisionOpen
    taken = {"id", "version", "created_at", "updated_at", "published_at"}
    draft = Catalogue(**{
        **catalogue.model_dump(exclude=taken),
        "id": new_id(),
        "state": LIFECYCLE.initial,
        "revision": max(revision for revision, _ in known) + 1,
        "previous_id": catalogue.id,
    })  # fmt: skip
    uow.add(draft)
    await uow.session.flush()
    count = await repository.copy(uow, catalogue, draft.id, now())
    facts = {"revision": draft.revision, "items": count}
    uow.record(
        Event(transition.event, ("catalogue", draft.id), facts, (("catalogue", catalogue.id),))
    )
    return draft.id


async def add_item(uow: UnitOfWork, catalogue_id: UUID, wish: ItemIn) -> UUID:
    """A new item of a draft."""
    catalogue = await own(uow, catalogue_id)
    LIFECYCLE.apply("edit", catalogue.state)
    if await repository.written(uow, catalogue_id, [wish.sku]):
        raise SkuTaken
    await _write_items(uow, catalogue, [wish])
    return (await repository.written(uow, catalogue_id, [wish.sku]))[wish.sku].id


async def upsert_items(uow: UnitOfWork, catalogue_id: UUID, wishes: Sequence[ItemIn]) -> UpsertOut:
    """Write items of a draft by SKU, each SKU once: all or nothing."""
    catalogue = await own(uow, catalogue_id)
    LIFECYCLE.apply("edit", catalogue.state)
    return await _write_items(uow, catalogue, wishes)


async def _write_items(
    uow: UnitOfWork, catalogue: Catalogue, wishes: Sequence[ItemIn]
) -> UpsertOut:
    at, skus = now(), [wish.sku for wish in wishes]
    old = await repository.written(uow, catalogue.id, skus)
    before = catalogue.previous_id
    earlier = await repository.written(uow, before, skus) if before else {}
    rows = [_row(wish, old.get(wish.sku), earlier.get(wish.sku)) for wish in wishes]
    # A shelf that an item leaves is cleared, if it was the item's own.
    stocks: dict[UUID, Decimal | None] = {
        row["id"]: None for row in rows if not row["is_new"] and row["shelf_id"] != row["id"]
    }
    stocks |= {
        row["shelf_id"]: wish.available
        for row, wish in zip(rows, wishes, strict=True)
        if wish.available is not None or row["shelf_id"] == row["id"]
    }
    changed = await repository.write(uow, catalogue.id, rows, at)
    moved = await set_stocks(uow, stocks, at)
    created = sum(row["is_new"] for row in rows)
    updated = sum(
        row["id"] in changed or (not row["is_new"] and row["shelf_id"] in moved) for row in rows
    )
    if created or updated:
        counts = {"created": created, "updated": updated}
        uow.record(Event("catalogue.items_written", ("catalogue", catalogue.id), counts))
    return UpsertOut(created=created, updated=updated, unchanged=len(rows) - created - updated)


def _row(wish: ItemIn, old: Written | None, earlier: Written | None) -> dict[str, Any]:
    """The item's columns; what JSON has no type for is written as text.

    It stays on the shelf of the revision before while a pack is the same, and kept in stock or
    not as before; else it has a shelf of its own.
    """
    row = {**dict(wish), "price_tiers": tier_rows(wish.price_tiers)}
    del row["available"]
    stocked = wish.available is not None
    row["is_new"], row["id"] = old is None, old.id if old else new_id()
    row["restocked"] = old is not None and old.stocked is not stocked
    same = (wish.unit, wish.pack_size)
    shared = earlier and earlier.stocked is stocked and earlier.pack == same
    row["shelf_id"] = earlier.shelf_id if earlier and shared else row["id"]
    senasa = row.pop("senasa")
    for name in ("number", "kind", "status", "valid_until"):
        row[f"senasa_{name}"] = getattr(senasa, name) if senasa else None
    return row


async def remove_item(uow: UnitOfWork, item_id: UUID) -> None:
    """Take an item out of a draft."""
    item, catalogue = await own_item(uow, item_id)
    LIFECYCLE.apply("edit", catalogue.state)
    await repository.remove(uow, item_id)
    subject, facts = ("catalogue", catalogue.id), {"item_id": str(item_id), "sku": item.sku}
    uow.record(Event("catalogue.item_removed", subject, facts))
