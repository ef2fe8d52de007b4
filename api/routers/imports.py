"""``/v1/imports`` and ``/v1/import-templates``."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.imports import repository, service
from api.domains.imports.schemas import ImportChoice, ImportOut, ImportRowOut, ImportRowSearch
from api.domains.imports.table_file import CSV, JSON, NDJSON, template
from api.domains.imports.vocabulary import ImportKind
from api.domains.producer_imports import service as producers
from api.policies import Permission
from api.routers.answers import created, fetched, listed, where
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires
from api.routers.guarded import room
from api.routers.problems import field_errors

router = room("/v1/imports", "imports")
templates = room("/v1/import-templates", "imports")

ImportId = Annotated[UUID, Path(description="Id of the import")]
CanRead = Annotated[Actor, Depends(Requires(Permission.PRODUCERS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.PRODUCERS_WRITE))]

TEXT: Final = {"type": "string", "format": "binary", "maxLength": 20_000_000}
# What is no registration is refused as a row: the array may hold anything.
_RECORDS: Final = {"type": "array", "maxItems": 20_000, "items": {}}
_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {"schema": TEXT},
            NDJSON: {"schema": TEXT},
            JSON: {"schema": _RECORDS},
        },
    }
}


@router.post("/producers", status_code=201, response_model=ImportOut, openapi_extra=_FILE)
async def import_producers(
    request: Request,
    choice: Annotated[ImportChoice, Query()],
    uow: KeyedUnitOfWorkDep,
    _: CanWrite,
) -> Response:
    """Register producers from a file, or change those that the organisation's own code or the
    document names; the same file again changes nothing. CSV (`,` or `;`, UTF-8 or Latin-1; see the
    template), NDJSON or a JSON array of registrations, up to 20,000 rows. The answer comes when
    all is done; what became of each row is read from the import's rows.
    """
    data = await request.body()
    media_type = request.headers.get("content-type", "")
    import_id = await producers.run(uow, data, media_type, choice, field_errors)
    return await created(
        uow,
        repository.IMPORT,
        where("imports/producers", import_id),
        import_id=import_id,
        kind=ImportKind.PRODUCERS,
    )


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
