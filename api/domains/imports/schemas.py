"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import Code, Count, Flag, Hectares, PageParameters, Resource, Shape
from api.domains.imports.states import ImportState
from api.domains.imports.vocabulary import ImportKind, ImportMode, RowStatus


class ImportChoice(Shape):
    """How a file is to be taken."""

    mode: Annotated[
        ImportMode,
        Field(description="`atomic`: one bad row, and nothing is done; `partial`: good rows are"),
    ] = ImportMode.ATOMIC
    dry_run: Annotated[bool, Field(description="Say what would become of each row, do nothing")] = (
        False
    )


class PlotImportChoice(ImportChoice):
    """How a file of plots is to be taken."""

    producer_id: Annotated[
        UUID | None, Field(description="Whose new plots are of rows that name no producer")
    ] = None


class RowErrorOut(Shape):
    """One fault of a row: the column (or member, nested ones joined by ``_``), code, sentences; of
    a fault in a boundary, the ring and the position, counted from 0.
    """

    field: Annotated[str, Field(max_length=200, pattern="^.*$")]
    code: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
    es: Annotated[str, Field(max_length=500, pattern="^.*$")]
    en: Annotated[str, Field(max_length=500, pattern="^.*$")]
    ring: Count | None = None
    position: Count | None = None


class ImportOut(Resource):
    """What became of a file, by number of rows; of one that waits for a worker, how far it is."""

    organization_id: UUID
    kind: ImportKind
    mode: ImportMode
    dry_run: Flag
    state: ImportState
    rows: Count
    rows_done: Annotated[
        Count, Field(description="Judged so far; all that is written is written together")
    ]
    created: Count
    updated: Count
    unchanged: Count
    refused: Count
    held_back: Annotated[Count, Field(description="Good rows of a file that was refused whole")]
    errors: Annotated[
        list[RowErrorOut],
        Field(max_length=100, description="Why the file as a whole failed, if it did"),
    ]


class RowWarningOut(Shape):
    """What should be looked at, and did not stop the row."""

    code: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
    pointer: Annotated[str, Field(max_length=500, pattern="^.*$")]
    es: Annotated[str, Field(max_length=500, pattern="^.*$")]
    en: Annotated[str, Field(max_length=500, pattern="^.*$")]


class ImportRowOut(Shape):
    """What became of one row; ``id`` is the producer's or plot's. Of a plot also what it is found
    to be: its area, what should be looked at, and how many plots it overlaps.
    """

    row: Annotated[Count, Field(description="In a CSV the header is row 1; else the first is 1")]
    external_id: Code | None
    status: RowStatus
    id: UUID | None
    errors: Annotated[list[RowErrorOut], Field(max_length=200)]
    area_ha: Annotated[Hectares | None, Field(description="Of a polygon measured")]
    warnings: Annotated[list[RowWarningOut], Field(max_length=100)]
    overlaps: Annotated[Count, Field(description="Overlaps that the new geometry came with")]


class ImportRowSearch(PageParameters):
    """Filters of the rows."""

    status: Annotated[RowStatus | None, Field(description="Rows with this outcome")] = None
