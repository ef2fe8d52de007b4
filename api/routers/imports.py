"""``/v1/imports`` and ``/v1/import-templates``."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.imports import repository, service
from api.domains.imports.schemas import (
    ImportChoice,
    ImportOut,
    ImportRowOut,
    ImportRowSearch,
    ProducerImportChoice,
)
from api.domains.imports.service import Sent
from api.domains.imports.table_file import CSV, JSON, NDJSON, template
from api.domains.imports.vocabulary import ImportKind
from api.domains.producer_imports import service as producers
from api.policies import Permission
from api.routers.answers import accepted, created, fetched, listed, where
from api.routers.deps import KeyedUnitOfWorkDep, PrefersAsync, ReaderDep, Requires
from api.routers.guarded import room
from api.transactions import UnitOfWork

router = room("/v1/imports", "imports")
templates = room("/v1/import-templates", "imports")

ImportId = Annotated[UUID, Path(description="Id of the import")]
CanRead = Annotated[Actor, Depends(Requires(Permission.PRODUCERS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.PRODUCERS_WRITE))]
_MAY_JOIN: Final = Requires(Permission.CLUSTERS_WRITE)

TEXT: Final = {"type": "string", "format": "binary", "maxLength": 20_000_000}
# What is no registration is refused as a row: the array may hold anything.
_RECORDS: Final = {"type": "array", "maxItems": 20_000, "items": {}}
_EXAMPLE: Final = (
    "document_type;document_number;given_names;family_names;birth_year;ubigeo;"
    "association_status;external_id\n"
    "dni;01017410;Rosa María;Quispe Ñahui;1979;220601;associated;SOC-0042\n"
)
_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {"schema": {**TEXT, "examples": [_EXAMPLE]}},
            NDJSON: {"schema": TEXT},
            JSON: {"schema": _RECORDS},
        },
    }
}


LATER: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": ImportOut, "description": "Queued: a worker imports the file"}
}


@router.post(
    "/producers",
    status_code=201,
    response_model=ImportOut,
    responses=LATER,
    openapi_extra=_FILE,
)
async def import_producers(
    request: Request,
    choice: Annotated[ProducerImportChoice, Query()],
    uow: KeyedUnitOfWorkDep,
    later: PrefersAsync,
    actor: CanWrite,
) -> Response:
    """Register producers from a file, or change those that the organisation's own code or the
    document names; the same file again changes nothing. CSV (`,` or `;`, UTF-8 or Latin-1; see the
    template), NDJSON or a JSON array of registrations, up to 20,000 rows. With a `cluster_id`, the
    producers are its members afterwards, as if each had joined alone: a row whose producer joins is
    created or updated; one that may not, because a membership would overlap an earlier one, is
    refused. The answer comes when all is done, or at once with `Prefer: respond-async`; all that is
    written is written together either way. What became of each row is read from the import's rows.
    """
    if choice.cluster_id is not None:
        await _MAY_JOIN(actor)
    sent = await sent_file(request, choice)
    if later:
        return await told_later(uow, ImportKind.PRODUCERS, await producers.queue(uow, sent))
    return await told(uow, ImportKind.PRODUCERS, await producers.run(uow, sent))


async def sent_file(request: Request, choice: ImportChoice) -> Sent:
    """The file that a request carries."""
    return Sent(await request.body(), request.headers.get("content-type", ""), choice)


async def told(uow: UnitOfWork, kind: ImportKind, import_id: UUID) -> Response:
    """201: all is done."""
    location = where(f"imports/{kind.value}", import_id)
    return await created(uow, repository.IMPORT, location, import_id=import_id, kind=kind)


async def told_later(uow: UnitOfWork, kind: ImportKind, import_id: UUID) -> Response:
    """202: a worker does it; its address tells how far it is."""
    location = where(f"imports/{kind.value}", import_id)
    return await accepted(uow, repository.IMPORT, location, import_id=import_id, kind=kind)


@router.get("/producers/{import_id}", response_model=ImportOut)
async def get_producer_import(
    request: Request, import_id: ImportId, reader: ReaderDep, _: CanRead
) -> Response:
    """What became of a file of producers, by number of rows."""
    kind = ImportKind.PRODUCERS
    return await fetched(request, reader, repository.IMPORT, import_id=import_id, kind=kind)


@router.get("/producers/{import_id}/rows", response_model=PageOf[ImportRowOut])
async def list_producer_import_rows(
    request: Request,
    import_id: ImportId,
    search: Annotated[ImportRowSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """What became of each row, in the file's order: with `status=refused`, every bad row with
    everything that is wrong with it.
    """
    kind = ImportKind.PRODUCERS
    await service.expect_own(reader, import_id, kind)
    return await listed(
        request, reader, repository.ROWS, search, personal=True, import_id=import_id, kind=kind
    )


@templates.get(
    "/producers",
    response_class=Response,
    responses={200: {"content": {CSV: {"schema": TEXT}}}},
)
async def get_producer_template(_: CanRead) -> Response:
    """The header of a CSV file of producers, for a spreadsheet."""
    return offered(template(producers.COLUMNS), "producers.csv")


def offered(text: str, name: str) -> Response:
    """A CSV file to keep."""
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Type": f"{CSV}; charset=utf-8", "Content-Disposition": disposition}
    return Response(text, 200, headers)
