"""Wire shapes."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from api.core.invalid import Invalid
from api.core.wire import Code, Count, Day, Flag, Hectares, PageParameters, Resource, Shape
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


class ProducerImportChoice(ImportChoice):
    """How a file of producers is to be taken."""

    cluster_id: Annotated[
        UUID | None,
        Field(
            description="A cluster of one's own, of which the producer of every row that is not"
            " refused is a member afterwards. Who is a member already stays one, since the"
            " same day. Needs `clusters:write`, too"
        ),
    ] = None
    joined_on: Annotated[
        Day | None,
        Field(description="Since when who joins the cluster is a member; else today, in Peru"),
    ] = None

    @model_validator(mode="after")
    def _joins_something(self) -> Self:
        if self.joined_on is not None and self.cluster_id is None:
            raise Invalid("necesita cluster_id", "needs cluster_id", field="joined_on")
        return self


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
