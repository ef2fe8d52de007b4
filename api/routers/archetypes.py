"""``/v1/archetype-tables``, ``/v1/archetype-runs``, ``/v1/archetype-assignments``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.archetypes import repository, service
from api.domains.archetypes.schemas import (
    ArchetypeAssignmentOut,
    ArchetypeAssignmentSearch,
    ArchetypeRunIn,
    ArchetypeRunOut,
    ArchetypeRunSearch,
    ArchetypeTableIn,
    ArchetypeTableOut,
    ArchetypeTableSearch,
    ClusterArchetypesOut,
)
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, shown, where
from api.routers.deps import ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1", "archetypes")

TableId = Annotated[UUID, Path(description="Id of the table")]
RunId = Annotated[UUID, Path(description="Id of the run")]
ClusterId = Annotated[UUID, Path(description="Id of the cluster")]
CanRead = Annotated[Actor, Depends(Requires(Permission.ARCHETYPES_READ))]
CanRun = Annotated[Actor, Depends(Requires(Permission.ARCHETYPES_RUN))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.ARCHETYPES_WRITE))]


@router.post("/archetype-tables", status_code=201, response_model=ArchetypeTableOut)
async def draft_archetype_table(
    wish: ArchetypeTableIn, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """A new version of the rules, as a draft. They are asked in their order; the first whose
    criteria are all met decides.
    """
    table_id = await service.draft(uow, wish)
    return await created(
        uow,
        repository.ARCHETYPE_TABLE,
        where("archetype-tables", table_id),
        archetype_table_id=table_id,
    )


@router.get("/archetype-tables", response_model=PageOf[ArchetypeTableOut])
async def list_archetype_tables(
    request: Request,
    search: Annotated[ArchetypeTableSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Every version that is or was in force; to the operator drafts, too."""
    return await listed(request, reader, repository.ARCHETYPE_TABLES, search)


@router.get("/archetype-tables/{archetype_table_id}", response_model=ArchetypeTableOut)
async def get_archetype_table(
    request: Request, archetype_table_id: TableId, reader: ReaderDep, _: CanRead
) -> Response:
    """One version of the rules."""
    return await fetched(
        request, reader, repository.ARCHETYPE_TABLE, archetype_table_id=archetype_table_id
    )


@router.post("/archetype-tables/{archetype_table_id}/enact", response_model=ArchetypeTableOut)
async def enact_archetype_table(
    archetype_table_id: TableId, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Bring a draft into force; the version in force until now is superseded."""
    await service.enact(uow, archetype_table_id)
    return await changed(uow, repository.ARCHETYPE_TABLE, archetype_table_id=archetype_table_id)


@router.post("/archetype-runs", status_code=201, response_model=ArchetypeRunOut)
async def start_archetype_run(wish: ArchetypeRunIn, uow: UnitOfWorkDep, _: CanRun) -> Response:
    """Classify all of one's producers by the version in force, as a job. Where none is in force
    yet, the demonstration that comes with the platform is brought into force. Of one organisation
    20 runs may wait.
    """
    run_id = await service.ask(uow, wish)
    return await created(
        uow, repository.ARCHETYPE_RUN, where("archetype-runs", run_id), archetype_run_id=run_id
    )


@router.get("/archetype-runs", response_model=PageOf[ArchetypeRunOut])
async def list_archetype_runs(
    request: Request, search: Annotated[ArchetypeRunSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """One's own runs, newest first."""
    return await listed(request, reader, repository.ARCHETYPE_RUNS, search)


@router.get("/archetype-runs/{archetype_run_id}", response_model=ArchetypeRunOut)
async def get_archetype_run(
    request: Request, archetype_run_id: RunId, reader: ReaderDep, _: CanRead
) -> Response:
    """How far a run of one's own is."""
    return await fetched(
        request, reader, repository.ARCHETYPE_RUN, archetype_run_id=archetype_run_id
    )


@router.get("/archetype-assignments", response_model=PageOf[ArchetypeAssignmentOut])
async def list_archetype_assignments(
    request: Request,
    search: Annotated[ArchetypeAssignmentSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Where one's producers were put and why: by the finished run of the latest day (the last one
    asked for that day), or by the one named.
    """
    return await listed(request, reader, repository.ARCHETYPE_ASSIGNMENTS, search, personal=True)


@router.get("/clusters/{cluster_id}/archetypes", response_model=ClusterArchetypesOut)
async def get_cluster_archetypes(cluster_id: ClusterId, reader: ReaderDep, _: CanRead) -> Response:
    """A cluster's members of today by archetype. Other organisations are not shown groups under
    five, nor a group that could be told from the rest.
    """
    return shown(await service.distribution(reader, cluster_id))
