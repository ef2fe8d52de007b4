"""What every kind of import shares: judging whether to apply, and keeping the outcome."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson

from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotFound
from api.domains.imports import repository
from api.domains.imports.schemas import ImportChoice
from api.domains.imports.table_file import Column, Entry, UnreadableFile, entries
from api.domains.imports.vocabulary import ImportKind, ImportMode, RowStatus
from api.models.imports import Import, ImportRow
from api.reads import Reader
from api.transactions import UnitOfWork

MOST_ROWS = 20_000
"""Of one file: what a process judges and writes in a few seconds."""

MOST_FAULTS: Final = 50
"""Faults of one row that are told: a file of nothing but faults must not fill the database."""


@dataclass(slots=True)
class Outcome:
    """What becomes of a row: refused as soon as ``errors`` holds one."""

    row: int
    external_id: str | None = None
    status: RowStatus = RowStatus.CREATED
    resource_id: UUID | None = None
    errors: list[FieldError] = field(default_factory=list)
    area_ha: Decimal | None = None
    warnings: list[dict[str, str]] = field(default_factory=list)
    overlaps: int = 0

    def refuse(self, *faults: FieldError) -> None:
        """Keep a row out, and say why."""
        self.errors.extend(faults[: MOST_FAULTS - len(self.errors)])
        if self.errors:
            self.status = RowStatus.REFUSED

    @property
    def stands(self) -> bool:
        """Whether nothing is wrong with the row so far."""
        return not self.errors


def read(data: bytes, media_type: str, columns: Sequence[Column]) -> list[Entry]:
    """The rows of a file; 422 for a file of which none can be taken."""
    try:
        return entries(data, media_type, columns, MOST_ROWS)
    except UnreadableFile as error:
        raise InvalidPayload(errors=[error.fault]) from None


def may_apply(outcomes: Iterable[Outcome], choice: ImportChoice) -> bool:
    """Whether good rows are to be written; where bad ones forbid it, the good are held back."""
    if choice.mode is ImportMode.PARTIAL:
        return not choice.dry_run
    good = [outcome for outcome in outcomes if outcome.stands]
    if all(outcome.stands for outcome in outcomes):
        return not choice.dry_run
    for outcome in good:
        if outcome.status is not RowStatus.UNCHANGED:
            outcome.status = RowStatus.HELD_BACK
    return False


async def keep(
    uow: UnitOfWork, kind: ImportKind, choice: ImportChoice, outcomes: Sequence[Outcome]
) -> UUID:
    """Keep what became of a file; the import's id."""
    counts = Counter(outcome.status for outcome in outcomes)
    kept = Import(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        kind=kind,
        mode=choice.mode,
        dry_run=choice.dry_run,
        rows=len(outcomes),
        created=counts[RowStatus.CREATED],
        updated=counts[RowStatus.UPDATED],
        unchanged=counts[RowStatus.UNCHANGED],
        refused=counts[RowStatus.REFUSED],
        held_back=counts[RowStatus.HELD_BACK],
    )
    uow.add(kept)
    await uow.load(ImportRow, [_row(kept.id, outcome) for outcome in outcomes])
    return kept.id


def _row(import_id: UUID, outcome: Outcome) -> Mapping[str, Any]:
    refused = outcome.status is RowStatus.REFUSED
    return {
        "import_id": import_id,
        "row": outcome.row,
        "external_id": outcome.external_id if refused and not outcome.resource_id else None,
        "status": outcome.status,
        "resource_id": outcome.resource_id,
        "errors": _json([_told(fault) for fault in outcome.errors]),
        "area_ha": outcome.area_ha,
        "warnings": _json(outcome.warnings),
        "overlaps": outcome.overlaps,
    }


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _told(fault: FieldError) -> dict[str, str | int]:
    named = fault.pointer.strip("/").replace("/", "_")
    place = {name: fault.facts[name] for name in ("ring", "position") if name in fault.facts}
    return {"field": named[:200], "code": fault.code, **fault.detail, **place}


async def expect_own(reader: Reader, import_id: UUID, kind: ImportKind) -> None:
    """404 unless the import is the actor's own, and of this kind."""
    if not await reader.rows(repository.OWN, import_id=import_id, kind=kind):
        raise NotFound("import")
