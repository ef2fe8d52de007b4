"""Queries. An organisation sees its own drafts, and nobody else does."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, literal, select

from api.core.documents import Query, document, instant
from api.core.paging import Listing
from api.domains.orders.states import OrderState
from api.models.order_drafts import OrderDraft
from api.transactions import UnitOfWork

_d = OrderDraft.__table__.c  # type: ignore[attr-defined]
_own = _d.organization_id == bindparam("actor")
SHAPE: Final = document(
    id=_d.id,
    version=_d.version,
    created_at=instant(_d.created_at),
    updated_at=instant(_d.updated_at),
    organization_id=_d.organization_id,
    state=literal(OrderState.DRAFT.value),
    supplier_id=_d.supplier_id,
    cluster_id=_d.cluster_id,
    delivery_ubigeo=_d.delivery_ubigeo,
    lines=_d.lines,
)
DRAFT: Final = Query(select(SHAPE, _d.version).where(_d.id == bindparam("draft_id"), _own))
DRAFTS: Final = Listing(
    "order-drafts",
    select(SHAPE).where(_own),
    order=[_d.id],
    descending=True,
    filters={"supplier_id": _d.supplier_id == bindparam("supplier_id")},
)


async def own_for_update(uow: UnitOfWork, draft_id: UUID) -> OrderDraft | None:
    """A draft of the actor's organisation, locked."""
    return await uow.locked(OrderDraft, draft_id, _d.organization_id == uow.actor.organization_id)


async def remove(uow: UnitOfWork, draft_id: UUID) -> None:
    """Delete a draft; it is locked before."""
    await uow.execute(delete(_d.id.table).where(_d.id == draft_id))
