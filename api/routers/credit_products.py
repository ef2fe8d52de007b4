"""``/v1/credit-products``."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.credit_products import repository, service
from api.domains.credit_products.schemas import (
    CreditProductChange,
    CreditProductIn,
    CreditProductOut,
    CreditProductSearch,
    SimulationIn,
    SimulationOut,
)
from api.domains.credit_products.wire import instalments_to_wire, to_wire
from api.policies import Permission
from api.routers.answers import JSON, changed, created, fetched, listed, where
from api.routers.deps import IfMatch, ReaderDep, Requires, UnitOfWorkDep
from api.routers.guarded import room

router = room("/v1/credit-products", "credit-products")

CreditProductId = Annotated[UUID, Path(description="Id of the credit product")]
CanRead = Annotated[Actor, Depends(Requires(Permission.CREDIT_PRODUCTS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.CREDIT_PRODUCTS_WRITE))]


@router.post("", status_code=201, response_model=CreditProductOut)
async def draft_credit_product(wish: CreditProductIn, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """A new product, as a draft that only one's own institution sees."""
    credit_product_id = await service.draft(uow, wish)
    location = where("credit-products", credit_product_id)
    return await created(
        uow, repository.CREDIT_PRODUCT, location, credit_product_id=credit_product_id
    )


@router.get("", response_model=PageOf[CreditProductOut])
async def list_credit_products(
    request: Request,
    search: Annotated[CreditProductSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """What institutions offer or offered, and one's own drafts."""
    return await listed(request, reader, repository.CREDIT_PRODUCTS, search)


@router.get("/{credit_product_id}", response_model=CreditProductOut)
async def get_credit_product(
    request: Request, credit_product_id: CreditProductId, reader: ReaderDep, _: CanRead
) -> Response:
    """One product."""
    return await fetched(
        request, reader, repository.CREDIT_PRODUCT, credit_product_id=credit_product_id
    )


@router.patch("/{credit_product_id}", response_model=CreditProductOut)
async def edit_credit_product(
    credit_product_id: CreditProductId,
    wish: CreditProductChange,
    version: IfMatch,
    uow: UnitOfWorkDep,
    _: CanWrite,
) -> Response:
    """Change a draft. What was published never changes: withdraw it and publish another."""
    await service.edit(uow, credit_product_id, version, wish)
    return await changed(uow, repository.CREDIT_PRODUCT, credit_product_id=credit_product_id)


@router.post("/{credit_product_id}/publish", response_model=CreditProductOut)
async def publish_credit_product(
    credit_product_id: CreditProductId, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Offer the product to everybody."""
    await service.act(uow, credit_product_id, "publish")
    return await changed(uow, repository.CREDIT_PRODUCT, credit_product_id=credit_product_id)


@router.post("/{credit_product_id}/withdraw", response_model=CreditProductOut)
async def withdraw_credit_product(
    credit_product_id: CreditProductId, uow: UnitOfWorkDep, _: CanWrite
) -> Response:
    """Offer it no longer; loans under it go on."""
    await service.act(uow, credit_product_id, "withdraw")
    return await changed(uow, repository.CREDIT_PRODUCT, credit_product_id=credit_product_id)


@router.post("/{credit_product_id}/simulate", response_model=SimulationOut)
async def simulate_credit_product(
    credit_product_id: CreditProductId, wish: SimulationIn, reader: ReaderDep, _: CanRead
) -> Response:
    """The exact schedule and the TCEA of a loan under the product. Nothing is written."""
    schedule = await service.simulate(reader, credit_product_id, wish)
    body = {
        "credit_product_id": str(credit_product_id),
        "currency": schedule.currency,
        "amount": to_wire(schedule.terms.principal),
        "disbursed_on": to_wire(schedule.terms.start),
        "tea": to_wire(schedule.terms.tea),
        "tcea": to_wire(schedule.tcea),
        "tcea_absent_because": schedule.tcea_reason,
        "upfront": to_wire(schedule.upfront),
        "cost": to_wire(schedule.cost),
        "totals": to_wire(schedule.totals),
        "instalments": instalments_to_wire(schedule),
    }
    return Response(orjson.dumps(body), media_type=JSON)
