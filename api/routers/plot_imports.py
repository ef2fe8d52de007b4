"""``/v1/imports/plots`` and its template."""

from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.imports import repository, service
from api.domains.imports.schemas import (
    ImportOut,
    ImportRowOut,
    ImportRowSearch,
    PlotImportChoice,
)
from api.domains.imports.table_file import template
from api.domains.imports.vocabulary import ImportKind
from api.domains.plot_imports import service as plots
from api.domains.plot_imports.judged import COLUMNS
from api.domains.plots.schemas import EXAMPLE
from api.domains.plots.vocabulary import FileFormat
from api.policies import Permission
from api.routers.answers import fetched, listed
from api.routers.deps import KeyedUnitOfWorkDep, PrefersAsync, ReaderDep, Requires
from api.routers.guarded import room
from api.routers.imports import LATER, TEXT, ImportId, offered, sent_file, told, told_later
from api.routers.plots import AreaDep

router = room("/v1/imports/plots", "imports")
templates = room("/v1/import-templates/plots", "imports")

CanRead = Annotated[Actor, Depends(Requires(Permission.PLOTS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.PLOTS_WRITE))]

_FEATURE: Final = {
    "type": "Feature",
    "properties": {"external_id": "PAR-0042-1", "producer_external_id": "SOC-0042"},
    "geometry": EXAMPLE,
}
# What is no feature is refused as a row: the array may hold anything.
_COLLECTION: Final = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "maxItems": 20_000, "items": {}},
    },
    "examples": [{"type": "FeatureCollection", "features": [_FEATURE]}],
}
_POINTS: Final = (
    "external_id,producer_external_id,longitude,latitude,declared_area_ha\n"
    "PAR-0042-2,SOC-0042,-76.7035,-7.0535,2.5000\n"
)
_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            FileFormat.GEOJSON.value: {"schema": _COLLECTION},
            FileFormat.KML.value: {"schema": TEXT},
            FileFormat.CSV.value: {"schema": {**TEXT, "examples": [_POINTS]}},
        },
    }
}


@router.post("", status_code=201, response_model=ImportOut, responses=LATER, openapi_extra=_FILE)
async def import_plots(
    request: Request,
    choice: Annotated[PlotImportChoice, Query()],
    uow: KeyedUnitOfWorkDep,
    later: PrefersAsync,
    area: AreaDep,
    _: CanWrite,
) -> Response:
    """Register plots from a file, or change those that the organisation's own code names
    (`external_id`, `plot_id`, `codigo`, `id`); the same file again changes nothing. A GeoJSON
    FeatureCollection, KML from a phone, or a CSV of points (see the template), up to 20,000 rows.
    A row names its producer by `producer_id` or `producer_external_id`. Geometries are judged as
    one by one, and their overlaps with all plots, and with each other, are found. Of a new plot,
    what a row does not say is `land_use` cocoa, `tenure_kind` none, and its code for a name. The
    answer comes when all is done, or at once with `Prefer: respond-async`; all that is written is
    written together either way. What became of each row is read from the import's rows.
    """
    sent = await sent_file(request, choice)
    if later:
        return await told_later(uow, ImportKind.PLOTS, await plots.queue(uow, sent))
    return await told(uow, ImportKind.PLOTS, await plots.run(uow, sent, area))


@router.get("/{import_id}", response_model=ImportOut)
async def get_plot_import(
    request: Request, import_id: ImportId, reader: ReaderDep, _: CanRead
) -> Response:
    """What became of a file of plots, by number of rows."""
    kind = ImportKind.PLOTS
    return await fetched(request, reader, repository.IMPORT, import_id=import_id, kind=kind)


@router.get("/{import_id}/rows", response_model=PageOf[ImportRowOut])
async def list_plot_import_rows(
    request: Request,
    import_id: ImportId,
    search: Annotated[ImportRowSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """What became of each row, in the file's order: with `status=refused`, every bad row with
    everything that is wrong with it. Others tell the area, what should be looked at, and how many
    plots they overlap.
    """
    kind = ImportKind.PLOTS
    await service.expect_own(reader, import_id, kind)
    return await listed(
        request, reader, repository.ROWS, search, personal=True, import_id=import_id, kind=kind
    )


@templates.get(
    "",
    response_class=Response,
    responses={200: {"content": {FileFormat.CSV.value: {"schema": TEXT}}}},
)
async def get_plot_template(_: CanRead) -> Response:
    """The header of a CSV file of points, for a spreadsheet."""
    return offered(template(COLUMNS), "plots.csv")
