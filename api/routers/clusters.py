"""``/v1/clusters``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.cluster_harvests.repository import HARVESTS
from api.domains.cluster_harvests.schemas import ClusterHarvestOut, ClusterHarvestSearch
from api.domains.clusters import repository, service
from api.domains.clusters.schemas import (
    ClusterChange,
    ClusterDetailOut,
    ClusterIn,
    ClusterOut,
    ClusterSearch,
    LeaveIn,
    MemberIn,
    MemberOut,
    MemberSearch,
)
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import IfMatch, ReaderDep, Requires, UnitOfWorkDep
from api.routers.disclosures import traced
from api.routers.guarded import room

router = room("/v1/clusters", "clusters")

ClusterId = Annotated[UUID, Path(description="Id of the cluster")]
MemberId = Annotated[UUID, Path(description="Id of the membership")]
CanRead = Annotated[Actor, Depends(Requires(Permission.CLUSTERS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.CLUSTERS_WRITE))]


@router.post("", status_code=201, response_model=ClusterDetailOut)
async def create_cluster(wish: ClusterIn, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """A new cluster, hosted by one's organisation."""
    cluster_id = await service.create(uow, wish)
    return await created(
        uow, repository.CLUSTER, where("clusters", cluster_id), cluster_id=cluster_id
    )


@router.get("", response_model=PageOf[ClusterOut])
async def list_clusters(
    request: Request, search: Annotated[ClusterSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """One's own clusters; all clusters to providers of technical assistance, credit institutions
    and buyers.
    """
    return await listed(request, reader, repository.CLUSTERS, search)


@router.get("/{cluster_id}", response_model=ClusterDetailOut)
async def get_cluster(
    request: Request, cluster_id: ClusterId, reader: ReaderDep, _: CanRead
) -> Response:
    """One cluster, with what its members of today have together."""
    return await fetched(request, reader, repository.CLUSTER, derived=True, cluster_id=cluster_id)


@router.get("/{cluster_id}/harvests", response_model=PageOf[ClusterHarvestOut])
async def list_cluster_harvests(
    request: Request,
    cluster_id: ClusterId,
    search: Annotated[ClusterHarvestSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Kilos of dry cocoa that members delivered, year by year and season by season, the latest
    first. A year without a delivery is not listed.
    """
    await service.expect_visible(reader, cluster_id)
    return await listed(request, reader, HARVESTS, search, cluster_id=cluster_id)


@router.patch("/{cluster_id}", response_model=ClusterDetailOut)
async def change_cluster(
    cluster_id: ClusterId, wish: ClusterChange, version: IfMatch, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Change a cluster of one's own."""
    await service.change(uow, cluster_id, wish, version)
    return await changed(uow, repository.CLUSTER, cluster_id=cluster_id)


@router.post("/{cluster_id}/members", status_code=201, response_model=MemberOut)
async def join_cluster(
    cluster_id: ClusterId, wish: MemberIn, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """A producer of one's own joins. Nobody is a member of the same cluster twice on one day."""
    member_id = await service.join(uow, cluster_id, wish)
    return await created(
        uow,
        repository.MEMBER,
        where(f"clusters/{cluster_id}/members", member_id),
        personal=True,
        cluster_id=cluster_id,
        member_id=member_id,
    )


@router.get("/{cluster_id}/members", response_model=PageOf[MemberOut])
async def list_cluster_members(
    request: Request,
    cluster_id: ClusterId,
    search: Annotated[MemberSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """The memberships, past ones included. Other organisations state a `purpose` and get those
    whose consent covers it, as ids; each is noted in the producer's access log.
    """
    if await service.sees_all_members(reader, cluster_id, search.purpose):
        return await listed(
            request, reader, repository.MEMBERS, search, personal=True, cluster_id=cluster_id
        )
    response = await listed(
        request,
        reader,
        repository.DISCLOSED_MEMBERS,
        search,
        personal=True,
        cluster_id=cluster_id,
        purpose=search.purpose,
    )
    return await traced(
        request,
        reader,
        response,
        search.purpose,
        "list_cluster_members",
        producer="producer_id",
    )


@router.get("/{cluster_id}/members/{member_id}", response_model=MemberOut)
async def get_cluster_member(
    request: Request, cluster_id: ClusterId, member_id: MemberId, reader: ReaderDep, _: CanRead
) -> Response:
    """One membership in a cluster of one's own."""
    return await fetched(
        request,
        reader,
        repository.MEMBER,
        personal=True,
        cluster_id=cluster_id,
        member_id=member_id,
    )


@router.post("/{cluster_id}/members/{member_id}/leave", response_model=MemberOut)
async def leave_cluster(
    cluster_id: ClusterId, member_id: MemberId, wish: LeaveIn, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """A member leaves."""
    await service.leave(uow, cluster_id, member_id, wish.left_on)
    return await changed(
        uow, repository.MEMBER, personal=True, cluster_id=cluster_id, member_id=member_id
    )
