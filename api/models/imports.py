"""What became of files that were imported, row by row; a file itself only while it waits."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from api.core.clock import now
from api.domains.imports.states import ImportState
from api.domains.imports.vocabulary import ImportKind, ImportMode, RowStatus
from api.models.base import Entity, Table, enum_column, hectares, instant, json, link


class Import(Entity, table=True):
    """A file, and what came of it by number of rows.

    Not recorded: the producers and plots that it changes are. ``rows_done`` are judged; all that
    is written is written together. ``errors`` tell why the file as a whole has failed.
    """

    __tablename__ = "imports"

    organization_id: UUID = link("organizations.id")
    kind: ImportKind = enum_column(ImportKind, "kind")
    mode: ImportMode = enum_column(ImportMode, "mode")
    dry_run: bool
    state: ImportState = enum_column(ImportState, "state")
    rows: int = 0
    rows_done: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    held_back: int = 0
    errors: list[dict[str, Any]] = json(
        default_factory=list, sa_column_kwargs={"server_default": sa.text("'[]'")}
    )


class ImportFile(Table, table=True):
    """The bytes of a file that waits for a worker, and what else its request said: kept until the
    import ends, one way or the other.
    """

    __tablename__ = "import_files"

    import_id: UUID = Field(
        primary_key=True, foreign_key="imports.id", ondelete="CASCADE", sa_type=sa.Uuid
    )
    created_at: datetime = instant(default_factory=now)
    client_id: UUID
    media_type: str
    producer_id: UUID | None = None
    cluster_id: UUID | None = None
    joined_on: date | None = None
    body: bytes = Field(sa_type=sa.LargeBinary)


class ImportRow(Table, table=True):
    """One row of a file, by its number in it.

    ``external_id`` is kept of refused rows alone: that of any other stands with the producer or
    the plot, and goes with it. ``errors`` are a list of ``{"field", "code", "es", "en"}``
    and, of a fault in a boundary, ``ring`` and ``position``. ``area_ha``, ``warnings`` and
    ``overlaps`` tell what a plot's geometry was found to be.
    """

    __tablename__ = "import_rows"

    import_id: UUID = Field(
        primary_key=True, foreign_key="imports.id", ondelete="CASCADE", sa_type=sa.Uuid
    )
    row: int = Field(primary_key=True)
    external_id: str | None = None
    status: RowStatus = enum_column(RowStatus, "status")
    resource_id: UUID | None = None
    errors: list[dict[str, Any]] = json()
    area_ha: Decimal | None = hectares(default=None)
    warnings: list[dict[str, str]] = json(
        default_factory=list, sa_column_kwargs={"server_default": sa.text("'[]'")}
    )
    overlaps: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
