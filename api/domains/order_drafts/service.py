"""Actions on drafts."""

from typing import Any
from uuid import UUID

from api.core.ids import new_id
from api.core.problems import NotFound, RuleBroken
from api.domains.order_drafts import repository
from api.domains.order_drafts.schemas import OrderDraftIn
from api.domains.orders import service as orders
from api.domains.orders.schemas import OrderIn, OrderLineIn
from api.domains.orders.texts import fault
from api.models.order_drafts import OrderDraft
from api.transactions import UnitOfWork


async def create(uow: UnitOfWork, wish: OrderDraftIn) -> UUID:
    """A new draft of the actor's organisation."""
    actor = uow.actor.organization_id
    draft = OrderDraft(id=new_id(), organization_id=actor, **_values(wish))
    uow.add(draft)
    return draft.id


async def change(uow: UnitOfWork, draft_id: UUID, version: int, wish: OrderDraftIn) -> None:
    """Write a draft anew."""
    draft = await _own(uow, draft_id)
    uow.expect_version(draft, version)
    for name, value in _values(wish).items():
        setattr(draft, name, value)


async def discard(uow: UnitOfWork, draft_id: UUID) -> None:
    """Delete a draft."""
    await _own(uow, draft_id)
    await repository.remove(uow, draft_id)


async def place(uow: UnitOfWork, draft_id: UUID) -> None:
    """Place what a draft says, under the rules of any order; the order keeps the draft's id."""
    draft = await _own(uow, draft_id)
    if not draft.lines:
        raise RuleBroken(errors=[fault("/lines", "nothing-ordered")])
    wish = OrderIn(
        supplier_id=draft.supplier_id,
        cluster_id=draft.cluster_id,
        delivery_ubigeo=draft.delivery_ubigeo,
        lines=[OrderLineIn.model_validate(line) for line in draft.lines],
    )
    await repository.remove(uow, draft_id)
    await orders.place(uow, wish, order_id=draft_id)


async def _own(uow: UnitOfWork, draft_id: UUID) -> OrderDraft:
    draft = await repository.own_for_update(uow, draft_id)
    if draft is None:
        raise NotFound("order draft")
    return draft


def _values(wish: OrderDraftIn) -> dict[str, Any]:
    return {**dict(wish), "lines": [line.model_dump(mode="json") for line in wish.lines]}
