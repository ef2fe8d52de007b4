"""``/v1/readiness-reports``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.readiness_reports import repository, service
from api.domains.readiness_reports.schemas import (
    ReadinessReportIn,
    ReadinessReportOut,
    ReadinessReportSearch,
)
from api.policies import Permission
from api.routers.answers import created, fetched, listed, where
from api.routers.deps import ReaderDep, Requires, UnitOfWorkDep
from api.routers.disclosures import traced
from api.routers.guarded import room

router = room("/v1/readiness-reports", "readiness-reports")

ReportId = Annotated[UUID, Path(description="Id of the readiness report")]
CanRead = Annotated[Actor, Depends(Requires(Permission.READINESS_READ))]
CanAsk = Annotated[Actor, Depends(Requires(Permission.READINESS_QUERY))]


@router.post("", status_code=201, response_model=ReadinessReportOut)
async def issue_readiness_report(
    wish: ReadinessReportIn, uow: UnitOfWorkDep, _: CanAsk
) -> Response:
    """Is a producer, or a cluster, ready for credit, and why? Gates first, then points, then the
    capacity to repay under the product's own schedule; for each gap what would close it.

    A producer must consent (`credit_readiness`), and the read is noted in the access log. Of a
    cluster, members without consent are counted and not shown; below five with consent nothing is.
    """
    report_id = await service.issue(uow, wish)
    return await created(
        uow,
        repository.READINESS_REPORT,
        where("readiness-reports", report_id),
        personal=True,
        readiness_report_id=report_id,
    )


@router.get("", response_model=PageOf[ReadinessReportOut])
async def list_readiness_reports(
    request: Request,
    search: Annotated[ReadinessReportSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Reports that one asked for, while the producer consents, and those about one's producers and
    clusters; newest first. A producer of another organisation is noted as read.
    """
    response = await listed(request, reader, repository.READINESS_REPORTS, search, personal=True)
    return await traced(
        request,
        reader,
        response,
        service.PURPOSE,
        "list_readiness_reports",
        producer="producer_id",
    )


@router.get("/{readiness_report_id}", response_model=ReadinessReportOut)
async def get_readiness_report(
    request: Request, readiness_report_id: ReportId, reader: ReaderDep, _: CanRead
) -> Response:
    """One report, as it was told."""
    response = await fetched(
        request,
        reader,
        repository.READINESS_REPORT,
        personal=True,
        readiness_report_id=readiness_report_id,
    )
    return await traced(
        request,
        reader,
        response,
        service.PURPOSE,
        "get_readiness_report",
        producer="producer_id",
    )
