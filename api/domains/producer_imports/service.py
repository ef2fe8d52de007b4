"""Judging and writing files of producers, set by set."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from api.core.clock import now, today
from api.core.collector import held_off
from api.core.field_errors import field_errors
from api.core.ids import new_id
from api.core.names import search_name
from api.core.problems import FieldError
from api.core.wire import Code
from api.domains.clusters import service as clusters
from api.domains.imports import service as imports
from api.domains.imports import texts
from api.domains.imports.repository import wait_turn
from api.domains.imports.service import AT_ONCE, Outcome, Sent
from api.domains.imports.table_file import Column, Entry
from api.domains.imports.vocabulary import ImportKind, RowStatus
from api.domains.producer_imports import repository
from api.domains.producer_imports.joining import Joining
from api.domains.producer_imports.repository import Document
from api.domains.producers import rules
from api.domains.producers.schemas import IdentityDocumentIn, ProducerIn
from api.domains.producers.states import LIFECYCLE, ProducerState
from api.domains.territories.service import faults_of_rows
from api.models.producers import Producer
from api.settings import settings
from api.transactions import Event, UnitOfWork


def _columns() -> list[Column]:
    found: list[Column] = []
    for name in ProducerIn.model_fields:
        if name == "document":
            parts = IdentityDocumentIn.model_fields
            found += [Column(f"document_{part}", ("document", part)) for part in parts]
        else:
            found.append(Column(name, (name,), whole=name == "birth_year"))
    return found


COLUMNS: Final = _columns()
"""The template: the members of a registration, those of its document beside them."""

_CODE: Final[TypeAdapter[str | None]] = TypeAdapter(Code | None)
_KEPT: Final = {"id", "document", "captured_at"}
_TAKEN: Final = FieldError("/id", "id-in-use", {"es": "ya está en uso", "en": "is in use already"})
_ANOTHER: Final = FieldError(
    "/document/number",
    "another-document",
    {"es": "no es el documento registrado con ese código", "en": "is not that code's document"},
)
_OTHER_CODE: Final = FieldError(
    "/external_id",
    "another-code",
    {"es": "ese documento tiene otro código", "en": "that document has another code"},
)
_ENDED: Final = FieldError(
    "/external_id",
    "ended",
    {"es": "ese registro ya terminó", "en": "that registration has ended"},
)


@dataclass(slots=True)
class _Row(Outcome):
    wish: Any = None
    document: Document = ("", "")
    existing: Producer | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    joins: bool = False


async def queue(uow: UnitOfWork, sent: Sent) -> UUID:
    """Let a file wait for a worker; the import's id. 422 for what is no file of producers, 404 for
    a cluster that is not one's own. Who joins does so on the day on which the file was sent.
    """
    imports.expect_records(sent.media_type)
    if joining := Joining.of(sent, today()):
        await clusters.expect_own(uow, joining.cluster_id)
        sent = joining.told(sent)
    return await imports.queue(uow, ImportKind.PRODUCERS, sent)


async def run(uow: UnitOfWork, sent: Sent) -> UUID:
    """Import a file; the import's id. 422 for a file that cannot be read, 404 for a cluster that is
    not one's own.
    """
    with held_off():
        return await _run(uow, sent)


async def _run(uow: UnitOfWork, sent: Sent) -> UUID:
    rows = await _judged(sent)
    joining = Joining.of(sent, today())
    await wait_turn(uow)
    if joining:
        # The cluster before its producers, as who joins alone takes them.
        await clusters.hold(uow, joining.cluster_id)
    known = await repository.persons(uow, {row.document for row in rows if row.stands})
    await _meet(uow, rows, known)
    await _refuse_unknown_districts(uow, rows)
    if joining:
        await _meet_members(uow, rows, joining)
    if imports.may_apply(rows, sent.choice):
        await _write(uow, [row for row in rows if row.stands], known)
        if joining:
            await _join(uow, rows, joining)
    return await imports.keep(uow, ImportKind.PRODUCERS, sent, rows)


async def _judged(sent: Sent) -> list[_Row]:
    read = await asyncio.to_thread(imports.read, sent.data, sent.media_type, COLUMNS)
    rows: list[_Row] = []
    for start in range(0, len(read), AT_ONCE):
        await sent.progress(start, len(read))
        rows += await asyncio.to_thread(_rows, read[start : start + AT_ONCE])
    await sent.progress(len(rows), len(rows))
    _refuse_repeats(rows)
    return rows


def _rows(read: Sequence[Entry]) -> list[_Row]:
    return [_row(entry) for entry in read]


def _row(entry: Entry) -> _Row:
    row = _Row(entry.row)
    if entry.members is None:
        row.refuse(entry.fault or texts.NOT_JSON)
        return row
    try:
        wish = row.wish = ProducerIn.model_validate(entry.members)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        row.refuse(*field_errors([{**one, "loc": _place(one)} for one in found]))
        row.external_id = _code(entry.members)
        return row
    row.external_id = wish.external_id
    row.document = (wish.document.type.value, wish.document.number.upper())
    row.refuse(*rules.document_faults(wish.document.type, row.document[1], wish.document.check))
    row.refuse(*_ruc_faults(wish))
    row.refuse(*rules.moment_faults(wish.birth_year, wish.captured_at, now()))
    return row


def _place(found: Any) -> tuple[str | int, ...]:
    """Where a fault lies. A member that is not of a registration is not named: rows are kept, and
    the name may be a person's, as in a table that was turned on its side.
    """
    place = found["loc"][:-1] if found["type"] == "extra_forbidden" else found["loc"]
    return ("body", *place)


def _code(members: Mapping[str, Any]) -> str | None:
    """The code that the organisation knows the member by, so that the row is found again; where the
    row is refused as a whole, nobody has judged it yet.
    """
    try:
        return _CODE.validate_python(members.get("external_id"))
    except ValidationError:
        return None


def _ruc_faults(wish: ProducerIn) -> list[FieldError]:
    prefixes = settings().known_ruc_prefixes
    return rules.ruc_faults(wish.ruc, wish.document.type, wish.document.number, prefixes)


def _refuse_repeats(rows: Sequence[_Row]) -> None:
    first: dict[tuple[str, object], int] = {}
    for row in rows:
        if not row.stands:
            continue
        keys = [("/document/number", row.document), ("/external_id", row.external_id)]
        for pointer, value in [*keys, ("/id", row.wish.id)]:
            if value is not None and first.setdefault((pointer, value), row.row) != row.row:
                row.refuse(texts.repeated(pointer, first[pointer, value]))


async def _meet(uow: UnitOfWork, rows: Sequence[_Row], known: dict[Document, UUID]) -> None:
    """Find of each row the registration that it is about, and what it changes."""
    standing = [row for row in rows if row.stands]
    codes = [row.external_id for row in standing if row.external_id]
    own = await repository.own(uow, list(known.values()), codes)
    by_code = {one.external_id: one for one in own if one.external_id}
    # A merged registration is found by its document, too, lest the person be registered twice.
    by_person = {one.person_id: one for one in own if one.state is not ProducerState.ERASED}
    by_person |= {one.person_id: one for one in own if one.is_active}
    taken = await repository.ids_in_use(uow, [row.wish.id for row in standing if row.wish.id])
    for row in standing:
        person_id = known.get(row.document)
        coded = by_code.get(row.external_id) if row.external_id else None
        row.existing = coded or by_person.get(person_id) if person_id else coded
        if row.existing is None:
            if row.wish.id in taken:
                row.refuse(_TAKEN)
            continue
        row.resource_id = row.existing.id
        _compare(row, row.existing, person_id)


async def _refuse_unknown_districts(uow: UnitOfWork, rows: Sequence[_Row]) -> None:
    telling = [row for row in rows if row.existing is None or "ubigeo" in row.changes]
    faults = await faults_of_rows(uow, {row.row: row.wish.ubigeo for row in telling if row.stands})
    for row in telling:
        row.refuse(*faults.get(row.row, []))


async def _meet_members(uow: UnitOfWork, rows: Sequence[_Row], joining: Joining) -> None:
    """Find who is no member yet, and refuse whom the clusters' own rules keep out."""
    # A row that stands and has no id is of somebody new.
    known = {row.row: row.resource_id for row in rows if row.stands}
    faults = await clusters.join_faults_of_rows(uow, joining.cluster_id, joining.joined_on, known)
    for row in rows:
        if row.row in faults:
            row.joins = True
            row.status = RowStatus.UPDATED if row.existing else RowStatus.CREATED
            row.refuse(*faults[row.row])


def _compare(row: _Row, existing: Producer, person_id: UUID | None) -> None:
    if not existing.is_active:
        row.refuse(_ENDED)
    elif existing.person_id != person_id:
        row.refuse(_ANOTHER)
    elif row.external_id and existing.external_id not in (None, row.external_id):
        row.refuse(_OTHER_CODE)
    else:
        given = row.wish.model_dump(include=row.wish.model_fields_set - _KEPT)
        row.changes = {k: v for k, v in given.items() if getattr(existing, k) != v}
        row.status = RowStatus.UPDATED if row.changes else RowStatus.UNCHANGED


async def _write(uow: UnitOfWork, rows: Sequence[_Row], known: dict[Document, UUID]) -> None:
    new = [row for row in rows if row.status is RowStatus.CREATED]
    missing = {row.document for row in new} - known.keys()
    persons = known | (await repository.add_persons(uow, missing) if missing else {})
    for row in new:
        row.resource_id = row.wish.id or new_id()
        data = {"association_status": row.wish.association_status.value}
        uow.record(Event("producer.registered", ("producer", row.resource_id), data))
    if new:
        values = [_values(row, uow.actor.organization_id, persons[row.document]) for row in new]
        await uow.load(Producer, values)
    for row in rows:
        if row.existing is not None and row.changes:
            _change(uow, row.existing, row.changes)


async def _join(uow: UnitOfWork, rows: Sequence[_Row], joining: Joining) -> None:
    newcomers = [row.resource_id for row in rows if row.stands and row.joins and row.resource_id]
    await clusters.join_all(uow, joining.cluster_id, joining.joined_on, newcomers)


def _values(row: _Row, organization_id: UUID, person_id: UUID) -> dict[str, Any]:
    return {
        **row.wish.model_dump(exclude={"id", "document"}),
        "id": row.resource_id,
        "version": 1,
        "created_at": now(),
        "updated_at": now(),
        "organization_id": organization_id,
        "person_id": person_id,
        "search_name": search_name(row.wish.given_names, row.wish.family_names),
        "state": LIFECYCLE.initial,
        "registered_on": today(),
    }


def _change(uow: UnitOfWork, producer: Producer, changes: dict[str, Any]) -> None:
    event = LIFECYCLE.apply("change", producer.state).event
    for name, value in changes.items():
        setattr(producer, name, value)
    producer.search_name = search_name(producer.given_names or "", producer.family_names or "")
    uow.record(Event(event, ("producer", producer.id), {"fields": sorted(changes)}))
