"""Queries. An organisation sees its own imports, of the kinds that it may read."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, text

from api.core.documents import Query, document, instant, text_of
from api.core.paging import Listing
from api.domains.organizations.states import OrganizationState
from api.models.imports import Import, ImportFile, ImportRow
from api.models.organizations import Organization
from api.models.plots import Plot
from api.models.producers import Producer
from api.transactions import UnitOfWork

_i = Import.__table__.c  # type: ignore[attr-defined]
_r = ImportRow.__table__.c  # type: ignore[attr-defined]
_producer = Producer.__table__.c  # type: ignore[attr-defined]
_plot = Plot.__table__.c  # type: ignore[attr-defined]
_this: Final = (
    _i.id == bindparam("import_id"),
    _i.kind == bindparam("kind"),
    _i.organization_id == bindparam("actor"),
)

IMPORT: Final = Query(
    select(
        document(
            id=_i.id,
            version=_i.version,
            created_at=instant(_i.created_at),
            updated_at=instant(_i.updated_at),
            organization_id=_i.organization_id,
            kind=_i.kind,
            mode=_i.mode,
            dry_run=_i.dry_run,
            state=_i.state,
            rows=_i.rows,
            rows_done=_i.rows_done,
            created=_i.created,
            updated=_i.updated,
            unchanged=_i.unchanged,
            refused=_i.refused,
            held_back=_i.held_back,
            errors=_i.errors,
        ),
        _i.version,
    ).where(*_this)
)
OWN: Final = Query(select(_i.id).where(*_this))
"""Whether an import of this kind is the actor's own."""
ROWS: Final = Listing(
    "import_rows",
    select(
        document(
            row=_r.row,
            # Read where it stands, so that it goes when the person is erased.
            external_id=func.coalesce(_producer.external_id, _plot.external_id, _r.external_id),
            status=_r.status,
            id=_r.resource_id,
            errors=_r.errors,
            area_ha=text_of(_r.area_ha),
            warnings=_r.warnings,
            overlaps=_r.overlaps,
        )
    )
    .join(_i.id.table, _i.id == _r.import_id)
    .outerjoin(_producer.id.table, _producer.id == _r.resource_id)
    .outerjoin(_plot.id.table, _plot.id == _r.resource_id)
    .where(*_this),
    order=[_r.row],
    filters={"status": _r.status == bindparam("status")},
)

_f = ImportFile.__table__.c  # type: ignore[attr-defined]
_o = Organization.__table__.c  # type: ignore[attr-defined]


async def waiting(uow: UnitOfWork, import_id: UUID) -> tuple[Import, UUID] | None:
    """An import whose file waits, and the client that sent it; None where it has ended."""
    statement = (
        select(Import, _f.client_id)
        .join(_f.import_id.table, _f.import_id == Import.id)
        .where(_i.id == import_id)
        .with_for_update(of=Import)
        .execution_options(populate_existing=True)
    )
    found = await uow.rows(statement)
    return (found[0][0], found[0][1]) if found else None


async def files_waiting(uow: UnitOfWork, organization_id: UUID) -> int:
    """How many files of an organisation wait for a worker."""
    statement = (
        select(func.count())
        .join_from(_f.import_id.table, _i.id.table, _f.import_id == _i.id)
        .where(_i.organization_id == organization_id)
    )
    return int((await uow.rows(statement))[0][0])


async def is_verified(uow: UnitOfWork, organization_id: UUID) -> bool:
    """Whether the organisation may still do anything."""
    verified = _o.state == OrganizationState.VERIFIED
    return bool(await uow.rows(select(_o.id).where(_o.id == organization_id, verified)))


async def file_for_update(uow: UnitOfWork, import_id: UUID) -> ImportFile | None:
    """The file of an import that has not ended, locked."""
    statement = select(ImportFile).where(_f.import_id == import_id).with_for_update()
    found = await uow.rows(statement)
    return found[0][0] if found else None


async def forget_file(uow: UnitOfWork, import_id: UUID) -> None:
    """Delete the bytes of a file."""
    await uow.execute(delete(ImportFile).where(_f.import_id == import_id))


_TURN: Final = text("SELECT pg_advisory_xact_lock(:importing, hashtext(:organization_id))")
_IMPORTING: Final = 0x696D706F
"""Class of the advisory locks on imports: permanent, never reused."""


async def wait_turn(uow: UnitOfWork) -> None:
    """One import of an organisation at a time, so that the next sees what the last has made."""
    values: dict[str, Any] = {
        "importing": _IMPORTING,
        "organization_id": str(uow.actor.organization_id),
    }
    await uow.execute(_TURN, values)
