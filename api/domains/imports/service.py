"""What every kind of import shares: judging whether to apply, and keeping the outcome."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson

from api.core.actor import Actor
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotAllowed, NotFound
from api.domains.imports import repository, texts
from api.domains.imports.problems import TooManyFilesWait
from api.domains.imports.schemas import ImportChoice, PlotImportChoice, ProducerImportChoice
from api.domains.imports.states import LIFECYCLE, ImportState
from api.domains.imports.table_file import Column, Entry, UnreadableFile, entries, is_known
from api.domains.imports.vocabulary import IMPORT, ImportKind, ImportMode, RowStatus
from api.models.imports import Import, ImportFile, ImportRow
from api.reads import Reader
from api.transactions import UnitOfWork

MOST_ROWS = 20_000
"""Of one file: what a process judges and writes in a few seconds."""

AT_ONCE: Final = 1_000
"""Rows that are judged between two words on how far it is."""
MOST_FAULTS: Final = 50
"""Faults of one row that are told: a file of nothing but faults must not fill the database."""
MOST_WAITING: Final = 50
"""Files of one organisation that may wait at once; the settings bound the size of each."""
CHOICES: Final[Mapping[ImportKind, type[ImportChoice]]] = {
    ImportKind.PRODUCERS: ProducerImportChoice,
    ImportKind.PLOTS: PlotImportChoice,
}
"""How a file of each kind is to be taken; what no other kind knows is kept beside its bytes."""


Progress = Callable[[int, int], Awaitable[None]]
"""Told how many rows are judged, and of how many."""


async def _silent(_done: int, _total: int) -> None:
    """Nobody asks how far an import is that is done within its request."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent, and how it is to be taken. ``import_id`` names the import that waits
    for it; without one, it is imported within its request.
    """

    data: bytes = field(repr=False)
    media_type: str
    choice: ImportChoice
    import_id: UUID | None = None
    progress: Progress = _silent


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


def expect_records(media_type: str) -> None:
    """422 for a media type that no file of records has."""
    if not is_known(media_type):
        raise InvalidPayload(errors=[texts.MEDIA_TYPE])


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


async def queue(uow: UnitOfWork, kind: ImportKind, sent: Sent) -> UUID:
    """Let a file wait for a worker; the import's id. 429 where too many of its organisation do."""
    if await repository.files_waiting(uow, uow.actor.organization_id) >= MOST_WAITING:
        raise TooManyFilesWait(MOST_WAITING)
    waiting = _new(uow, kind, sent.choice, LIFECYCLE.initial)
    file = ImportFile(
        import_id=waiting.id,
        client_id=uow.actor.client_id,
        media_type=sent.media_type,
        body=sent.data,
        **sent.choice.model_dump(exclude=set(ImportChoice.model_fields)),
    )
    uow.add(waiting, file)
    lock = f"imports {waiting.organization_id}"
    await uow.defer(IMPORT, lock=lock, import_id=str(waiting.id))
    return waiting.id


async def begin(uow: UnitOfWork, import_id: UUID) -> tuple[ImportKind, Actor] | None:
    """Take up an import that waits, or whose worker was lost: its kind, and for whom it is done;
    None where it has ended. 403 where the organisation was suspended after it had sent the file.
    """
    found = await repository.waiting(uow, import_id)
    if found is None:
        return None
    waiting, client_id = found
    if not await repository.is_verified(uow, waiting.organization_id):
        raise NotAllowed(
            es="está suspendida desde que envió el archivo",
            en="it was suspended after it had sent the file",
        )
    waiting.state = LIFECYCLE.apply("start", waiting.state).target
    waiting.rows_done = 0
    return waiting.kind, Actor(client_id, waiting.organization_id, frozenset(), frozenset())


async def waiting_file(uow: UnitOfWork, import_id: UUID, progress: Progress) -> Sent | None:
    """The file of an import, held until the transaction ends; None where it has ended."""
    file = await repository.file_for_update(uow, import_id)
    if file is None:
        return None
    of = await uow.find(Import, Import.id == import_id)
    assert of is not None
    kind = CHOICES[of.kind]
    own = file.model_dump(include=set(kind.model_fields))
    choice = kind(mode=of.mode, dry_run=of.dry_run, **own)
    return Sent(file.body, file.media_type, choice, import_id, progress)


async def note(uow: UnitOfWork, import_id: UUID, done: int, total: int) -> None:
    """Say how far an import is."""
    found = await repository.waiting(uow, import_id)
    if found is not None:
        found[0].rows_done, found[0].rows = done, total


async def fail(uow: UnitOfWork, import_id: UUID, faults: Sequence[FieldError]) -> None:
    """End an import that cannot be done, and say why; its file is forgotten."""
    found = await repository.waiting(uow, import_id)
    if found is not None:
        failed = found[0]
        failed.state = LIFECYCLE.apply("fail", failed.state).target
        failed.errors = [_told(fault) for fault in faults[:MOST_FAULTS]]
        failed.rows_done = 0
        await repository.forget_file(uow, import_id)


async def keep(uow: UnitOfWork, kind: ImportKind, sent: Sent, outcomes: Sequence[Outcome]) -> UUID:
    """Keep what became of a file; the import's id."""
    if sent.import_id is None:
        kept = _new(uow, kind, sent.choice, LIFECYCLE.transitions["finish"].target)
        uow.add(kept)
    else:
        found = await repository.waiting(uow, sent.import_id)
        assert found is not None, "the file is held, so its import has not ended"
        kept = found[0]
        kept.state = LIFECYCLE.apply("finish", kept.state).target
        await repository.forget_file(uow, kept.id)
    counts = Counter(outcome.status for outcome in outcomes)
    kept.rows = kept.rows_done = len(outcomes)
    kept.created = counts[RowStatus.CREATED]
    kept.updated = counts[RowStatus.UPDATED]
    kept.unchanged = counts[RowStatus.UNCHANGED]
    kept.refused = counts[RowStatus.REFUSED]
    kept.held_back = counts[RowStatus.HELD_BACK]
    await uow.load(ImportRow, [_row(kept.id, outcome) for outcome in outcomes])
    return kept.id


def _new(uow: UnitOfWork, kind: ImportKind, choice: ImportChoice, state: ImportState) -> Import:
    return Import(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        kind=kind,
        mode=choice.mode,
        dry_run=choice.dry_run,
        state=state,
    )


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
