"""``/v1/purchase-commitments``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.purchase_commitments import repository, service
from api.domains.purchase_commitments.schemas import (
    PurchaseCommitmentIn,
    PurchaseCommitmentOut,
    PurchaseCommitmentSearch,
)
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room
from api.transactions import UnitOfWork

router = room("/v1/purchase-commitments", "purchase-commitments")

CommitmentId = Annotated[UUID, Path(description="Id of the purchase commitment")]
CanRead = Annotated[Actor, Depends(Requires(Permission.COMMITMENTS_READ))]
CanPropose = Annotated[Actor, Depends(Requires(Permission.COMMITMENTS_PROPOSE))]
CanSign = Annotated[Actor, Depends(Requires(Permission.COMMITMENTS_SIGN))]


async def _commitment(uow: UnitOfWork, commitment_id: UUID) -> Response:
    return await changed(uow, repository.PURCHASE_COMMITMENT, purchase_commitment_id=commitment_id)


@router.post("", status_code=201, response_model=PurchaseCommitmentOut)
async def propose_purchase_commitment(
    wish: PurchaseCommitmentIn, uow: KeyedUnitOfWorkDep, _: CanPropose
) -> Response:
    """A buyer proposes to take a cluster's dry cocoa; it binds nobody until it is signed."""
    commitment_id = await service.propose(uow, wish)
    location = where("purchase-commitments", commitment_id)
    return await created(
        uow, repository.PURCHASE_COMMITMENT, location, purchase_commitment_id=commitment_id
    )


@router.get("", response_model=PageOf[PurchaseCommitmentOut])
async def list_purchase_commitments(
    request: Request,
    search: Annotated[PurchaseCommitmentSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Commitments of one's own, and those that one was offered as a guarantee."""
    return await listed(request, reader, repository.PURCHASE_COMMITMENTS, search)


@router.get("/{purchase_commitment_id}", response_model=PurchaseCommitmentOut)
async def get_purchase_commitment(
    request: Request, purchase_commitment_id: CommitmentId, reader: ReaderDep, _: CanRead
) -> Response:
    """One commitment, with what of it is pledged and shipped."""
    return await fetched(
        request,
        reader,
        repository.PURCHASE_COMMITMENT,
        purchase_commitment_id=purchase_commitment_id,
    )


@router.post("/{purchase_commitment_id}/sign", response_model=PurchaseCommitmentOut)
async def sign_purchase_commitment(
    purchase_commitment_id: CommitmentId, uow: UnitOfWorkDep, _: CanSign
) -> Response:
    """The cluster's host signs: from now on the commitment can be pledged and shipped against."""
    await service.sign(uow, purchase_commitment_id)
    return await _commitment(uow, purchase_commitment_id)


@router.post("/{purchase_commitment_id}/cancel", response_model=PurchaseCommitmentOut)
async def cancel_purchase_commitment(
    purchase_commitment_id: CommitmentId, uow: UnitOfWorkDep, _: CanSign
) -> Response:
    """Buyer or host takes a proposal back, before it is signed."""
    await service.end(uow, purchase_commitment_id, "cancel")
    return await _commitment(uow, purchase_commitment_id)


@router.post("/{purchase_commitment_id}/break", response_model=PurchaseCommitmentOut)
async def break_purchase_commitment(
    purchase_commitment_id: CommitmentId, uow: UnitOfWorkDep, _: CanSign
) -> Response:
    """Buyer or host states that a signed commitment will not be kept. The record says who."""
    await service.end(uow, purchase_commitment_id, "break")
    return await _commitment(uow, purchase_commitment_id)
