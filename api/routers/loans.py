"""``/v1/loans``."""

from datetime import date
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.clock import today
from api.core.wire import PageOf
from api.domains.loans import repository, service
from api.domains.loans.schemas import (
    AsOf,
    DisbursementIn,
    LoanDetailOut,
    LoanOut,
    LoanSearch,
    RepaymentIn,
)
from api.domains.loans.wire import presented
from api.policies import Permission
from api.routers.answers import Retold, changed, created, fetched, listed, where
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/loans", "loans")

LoanId = Annotated[UUID, Path(description="Id of the loan")]
CanRead = Annotated[Actor, Depends(Requires(Permission.LOANS_READ))]
CanDisburse = Annotated[Actor, Depends(Requires(Permission.LOANS_DISBURSE))]
CanRepay = Annotated[Actor, Depends(Requires(Permission.LOANS_REPAY))]


def _on(as_of: date) -> Retold:
    """The loan as it stands on a day, which follows from its book."""
    return lambda body: orjson.dumps(presented(orjson.loads(body), as_of, whole=True))


def _page_on(as_of: date) -> Retold:
    def retold(body: bytes) -> bytes:
        page = orjson.loads(body)
        page["items"] = [presented(item, as_of, whole=False) for item in page["items"]]
        return orjson.dumps(page)

    return retold


@router.get("", response_model=PageOf[LoanOut])
async def list_loans(
    request: Request,
    search: Annotated[LoanSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """The loans that one gave, or that one's producers received, newest first: what is
    outstanding, what is due, days of arrears and SBS class.
    """
    retold = _page_on(search.as_of or today())
    return await listed(request, reader, repository.LOANS, search, personal=True, retold=retold)


@router.get("/{loan_id}", response_model=LoanDetailOut)
async def get_loan(
    request: Request, loan_id: LoanId, reader: ReaderDep, _: CanRead, as_of: AsOf = None
) -> Response:
    """One loan with its schedule in force and its movements, as it stood on a day."""
    return await fetched(
        request,
        reader,
        repository.LOAN,
        personal=True,
        derived=True,
        retold=_on(as_of or today()),
        loan_id=loan_id,
    )


@router.post("/{loan_id}/disbursements", status_code=201, response_model=LoanDetailOut)
async def disburse_loan(
    loan_id: LoanId, wish: DisbursementIn, uow: KeyedUnitOfWorkDep, _: CanDisburse
) -> Response:
    """Pay out part of the principal: in kind, to the supplier of an order that serves the
    application's plan lines, or by cash or transfer for a labour line. The schedule then follows
    what was really paid out, on the agreed dates.
    """
    await service.disburse(uow, loan_id, wish)
    return await created(
        uow,
        repository.LOAN,
        where("loans", loan_id),
        personal=True,
        retold=_on(today()),
        loan_id=loan_id,
    )


@router.post("/{loan_id}/repayments", status_code=201, response_model=LoanDetailOut)
async def repay_loan(
    loan_id: LoanId, wish: RepaymentIn, uow: KeyedUnitOfWorkDep, _: CanRepay
) -> Response:
    """Enter what the borrower paid to the institution: charges, interest, then principal. More
    than ends the loan is refused with what is owed; a loan of which nothing is owed is settled.
    """
    await service.repay(uow, loan_id, wish)
    return await created(
        uow,
        repository.LOAN,
        where("loans", loan_id),
        personal=True,
        retold=_on(today()),
        loan_id=loan_id,
    )


@router.post("/{loan_id}/write-off", response_model=LoanDetailOut)
async def write_off_loan(loan_id: LoanId, uow: KeyedUnitOfWorkDep, _: CanDisburse) -> Response:
    """Give up what is still owed."""
    await service.write_off(uow, loan_id)
    return await changed(uow, repository.LOAN, personal=True, retold=_on(today()), loan_id=loan_id)
