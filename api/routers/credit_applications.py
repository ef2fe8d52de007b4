"""``/v1/credit-applications``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.credit_applications import repository, service
from api.domains.credit_applications.schemas import (
    CreditApplicationIn,
    CreditApplicationOut,
    CreditApplicationSearch,
    DeclineIn,
    OfferIn,
)
from api.domains.loans import service as loans
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires
from api.routers.guarded import room
from api.transactions import UnitOfWork

router = room("/v1/credit-applications", "credit-applications")

CreditApplicationId = Annotated[UUID, Path(description="Id of the credit application")]
CanRead = Annotated[Actor, Depends(Requires(Permission.CREDIT_APPLICATIONS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.CREDIT_APPLICATIONS_WRITE))]
CanDecide = Annotated[Actor, Depends(Requires(Permission.CREDIT_APPLICATIONS_DECIDE))]


async def _application(uow: UnitOfWork, application_id: UUID) -> Response:
    return await changed(
        uow,
        repository.CREDIT_APPLICATION,
        personal=True,
        credit_application_id=application_id,
    )


@router.post("", status_code=201, response_model=CreditApplicationOut)
async def draft_credit_application(
    wish: CreditApplicationIn, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """An application for lines of accepted plans of one producer, or of a cluster's members, as a
    draft that the institution does not see. Nothing is booked yet.
    """
    application_id = await service.draft(uow, wish)
    return await created(
        uow,
        repository.CREDIT_APPLICATION,
        where("credit-applications", application_id),
        personal=True,
        credit_application_id=application_id,
    )


@router.get("", response_model=PageOf[CreditApplicationOut])
async def list_credit_applications(
    request: Request,
    search: Annotated[CreditApplicationSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """What one applied for, and what was submitted to one, newest first."""
    return await listed(request, reader, repository.CREDIT_APPLICATIONS, search, personal=True)


@router.get("/{credit_application_id}", response_model=CreditApplicationOut)
async def get_credit_application(
    request: Request, credit_application_id: CreditApplicationId, reader: ReaderDep, _: CanRead
) -> Response:
    """One application: its lines, each producer's share, the offer with its schedule, or the
    reasons in writing for which it was declined.
    """
    return await fetched(
        request,
        reader,
        repository.CREDIT_APPLICATION,
        personal=True,
        credit_application_id=credit_application_id,
    )


@router.post("/{credit_application_id}/submit", response_model=CreditApplicationOut)
async def submit_credit_application(
    credit_application_id: CreditApplicationId, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """Hand the draft to the institution. The amounts are booked on the plan lines and the kilos
    pledged; every producer concerned must let the institution judge readiness
    (`credit_readiness`).
    """
    await service.submit(uow, credit_application_id)
    return await _application(uow, credit_application_id)


@router.post("/{credit_application_id}/review", response_model=CreditApplicationOut)
async def review_credit_application(
    credit_application_id: CreditApplicationId, uow: KeyedUnitOfWorkDep, _: CanDecide
) -> Response:
    """The institution takes the application up."""
    await service.review(uow, credit_application_id)
    return await _application(uow, credit_application_id)


@router.post("/{credit_application_id}/offer", response_model=CreditApplicationOut)
async def offer_credit(
    credit_application_id: CreditApplicationId,
    wish: OfferIn,
    uow: KeyedUnitOfWorkDep,
    _: CanDecide,
) -> Response:
    """Offer a loan under the product's terms. The exact schedule and the TCEA are calculated and
    kept; no more is offered than was applied for, and at no more than the published TEA.
    """
    await service.offer(uow, credit_application_id, wish)
    return await _application(uow, credit_application_id)


@router.post("/{credit_application_id}/decline", response_model=CreditApplicationOut)
async def decline_credit_application(
    credit_application_id: CreditApplicationId,
    wish: DeclineIn,
    uow: KeyedUnitOfWorkDep,
    _: CanDecide,
) -> Response:
    """Decline with reasons in writing, which the applicant can read from then on (Ley 32294)."""
    await service.decline(uow, credit_application_id, wish)
    return await _application(uow, credit_application_id)


@router.post("/{credit_application_id}/accept", response_model=CreditApplicationOut)
async def accept_credit_offer(
    credit_application_id: CreditApplicationId, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """Accept the offer while it is open. The loan is approved under the schedule offered; see
    `loan_id`.
    """
    await loans.accept(uow, credit_application_id)
    return await _application(uow, credit_application_id)


@router.post("/{credit_application_id}/withdraw", response_model=CreditApplicationOut)
async def withdraw_credit_application(
    credit_application_id: CreditApplicationId, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """Withdraw before any money was paid out; plan lines and pledge are free again."""
    await loans.withdraw(uow, credit_application_id)
    return await _application(uow, credit_application_id)


@router.post("/{credit_application_id}/expire", response_model=CreditApplicationOut)
async def expire_credit_offer(
    credit_application_id: CreditApplicationId, uow: KeyedUnitOfWorkDep, _: CanDecide
) -> Response:
    """Close an offer that was not accepted in time; plan lines and pledge are free again."""
    await service.expire(uow, credit_application_id)
    return await _application(uow, credit_application_id)
