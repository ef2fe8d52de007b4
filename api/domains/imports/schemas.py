"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import Code, Count, Flag, PageParameters, Resource, Shape
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


class ImportOut(Resource):
    """What became of a file, by number of rows."""

    organization_id: UUID
    kind: ImportKind
    mode: ImportMode
    dry_run: Flag
    rows: Count
    created: Count
    updated: Count
    unchanged: Count
    refused: Count
    held_back: Annotated[Count, Field(description="Good rows of a file that was refused whole")]


class RowErrorOut(Shape):
    """One fault of a row: the column (or member, nested ones joined by ``_``), code, sentences."""

    field: Annotated[str, Field(max_length=200, pattern="^.*$")]
    code: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
    es: Annotated[str, Field(max_length=500, pattern="^.*$")]
    en: Annotated[str, Field(max_length=500, pattern="^.*$")]


class ImportRowOut(Shape):
    """What became of one row; ``id`` is the producer's or plot's."""

    row: Annotated[Count, Field(description="In a CSV the header is row 1; else the first is 1")]
    external_id: Code | None
    status: RowStatus
    id: UUID | None
    errors: Annotated[list[RowErrorOut], Field(max_length=200)]


class ImportRowSearch(PageParameters):
    """Filters of the rows."""

    status: Annotated[RowStatus | None, Field(description="Rows with this outcome")] = None
