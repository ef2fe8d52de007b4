"""``/v1/supplier-performance``."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.supplier_performance import repository
from api.domains.supplier_performance.schemas import (
    SupplierPerformanceOut,
    SupplierPerformanceSearch,
)
from api.policies import Permission
from api.routers.answers import listed
from api.routers.deps import ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/supplier-performance", "supplier-performance")

CanRead = Annotated[Actor, Depends(Requires(Permission.ORDERS_READ))]


@router.get("", response_model=PageOf[SupplierPerformanceOut])
async def list_supplier_performance(
    request: Request,
    search: Annotated[SupplierPerformanceSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """How suppliers answer, deliver and settle, by the records of orders placed in a period. A
    supplier finds itself, by all orders it got; a buyer finds its suppliers, by its own orders, or
    by those of one of its clusters.
    """
    return await listed(request, reader, repository.SUPPLIERS, search, **search.orders())
