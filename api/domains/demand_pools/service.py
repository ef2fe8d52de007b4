"""Actions on pools and pledges."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import FieldError, NotAllowed, NotFound, RuleBroken
from api.domains.demand_pools import repository
from api.domains.demand_pools.rules import (
    allotted,
    at_one_price,
    of_own_plan_line,
    of_pledge,
    opening_faults,
)
from api.domains.demand_pools.schemas import DemandPoolIn, PledgeChange, PledgeIn
from api.domains.demand_pools.states import LIFECYCLE
from api.domains.demand_pools.texts import fault
from api.domains.demand_pools.vocabulary import PledgeState, PoolFailure
from api.domains.orders.rules import Wish, units_of
from api.domains.orders.service import Terms, place_on_terms
from api.models.demand_pools import DemandPool, PoolPledge
from api.reads import Reader
from api.transactions import Event, Subject, UnitOfWork


async def open_pool(uow: UnitOfWork, wish: DemandPoolIn) -> UUID:
    """Open a pool for a cluster of the actor's, of an item that is on offer there."""
    faults = opening_faults(wish.minimum, wish.maximum, wish.closes_at, now())
    if not await repository.has_cluster(uow, wish.cluster_id):
        faults.append(fault("/cluster_id", "cluster-unknown"))
    found = await repository.on_offer(uow, wish.item_id, wish.delivery_ubigeo)
    if found is None:
        faults.append(fault("/item_id", "not-on-offer"))
    if faults or found is None:
        raise RuleBroken(errors=faults)
    pool = DemandPool(
        **wish.model_dump(),
        id=new_id(),
        organization_id=uow.actor.organization_id,
        supplier_id=found.supplier_id,
        shelf_id=found.shelf_id,
        name=found.name,
        state=LIFECYCLE.initial,
    )
    uow.add(pool)
    data = {
        "item_id": str(pool.item_id),
        "minimum": f"{pool.minimum:.3f}",
        "maximum": f"{pool.maximum:.3f}",
        "closes_at": pool.closes_at.isoformat(),
    }
    uow.record(Event("demand_pool.opened", ("demand_pool", pool.id), data, _sides(pool)))
    return pool.id


async def pledge(uow: UnitOfWork, demand_pool_id: UUID, wish: PledgeIn) -> UUID:
    """Add packs for a member; 409 with what is left where pool or plan line have no room."""
    pool = await _open_for(uow, demand_pool_id, "pledge")
    made = PoolPledge(
        **wish.model_dump(),
        id=new_id(),
        demand_pool_id=pool.id,
        state=PledgeState.STANDING,
    )
    await _expect_room(uow, pool, made)
    uow.add(made)
    _count(uow, pool, made, "pledge", made.quantity)
    return made.id


async def change_pledge(
    uow: UnitOfWork, demand_pool_id: UUID, pledge_id: UUID, version: int, wish: PledgeChange
) -> None:
    """Another quantity, or another application that pays for it."""
    pool = await _open_for(uow, demand_pool_id, "change_pledge")
    found = await _standing(uow, pool, pledge_id)
    uow.expect_version(found, version)
    before = found.quantity
    for name, value in wish.changes().items():
        setattr(found, name, value)
    await _expect_room(uow, pool, found, before)
    _count(uow, pool, found, "change_pledge", found.quantity - before)


async def withdraw_pledge(uow: UnitOfWork, demand_pool_id: UUID, pledge_id: UUID) -> None:
    """Take a pledge back while the pool is open."""
    pool = await _open_for(uow, demand_pool_id, "withdraw_pledge")
    found = await _standing(uow, pool, pledge_id)
    found.state = PledgeState.WITHDRAWN
    _count(uow, pool, found, "withdraw_pledge", -found.quantity)


async def close(uow: UnitOfWork, demand_pool_id: UUID) -> None:
    """Turn a pool into an order, or end it: below its minimum it fails. What keeps the order from
    being placed is named, and the pool stays open, unless its time is over: then pledges whose own
    plan line is in the way, or whose producer is no member any more, are left out, and what is in
    the way of all ends the pool.
    """
    pool = await _hosted(uow, demand_pool_id)
    LIFECYCLE.apply("close", pool.state)
    pledges = await repository.standing(uow, pool.id)
    left_out = await repository.strangers(uow, pool.cluster_id, pledges, today())
    if left_out and pool.closes_at > now():
        gone = [fault(f"/pledges/{each}/producer_id", code) for each, code in left_out.items()]
        raise RuleBroken(errors=gone)
    while True:
        rest = [each for each in pledges if each.id not in left_out]
        if sum(each.quantity for each in rest) < pool.minimum:
            return _end(uow, pool, "fail", PoolFailure.BELOW_MINIMUM, left_out)
        try:
            return await _order(uow, pool, rest, left_out)
        except RuleBroken as refused:
            if pool.closes_at > now():
                raise
            found = of_own_plan_line(refused.errors)
        if not found:
            return _end(uow, pool, "fail", PoolFailure.NOT_ORDERABLE, left_out)
        left_out |= found


async def cancel(uow: UnitOfWork, demand_pool_id: UUID) -> None:
    """Call a pool off."""
    pool = await _hosted(uow, demand_pool_id)
    _end(uow, pool, "cancel")


async def expect_hosted(reader: Reader, demand_pool_id: UUID) -> None:
    """404 unless the actor hosts the pool: what is pledged is not the supplier's business."""
    if not await reader.rows(repository.HOSTED, demand_pool_id=demand_pool_id):
        raise NotFound("demand pool")


async def _hosted(uow: UnitOfWork, demand_pool_id: UUID) -> DemandPool:
    pool = await repository.party_for_update(uow, demand_pool_id)
    if pool is None:
        raise NotFound("demand pool")
    if pool.organization_id != uow.actor.organization_id:
        raise NotAllowed(es="lo hace quien abrió la compra", en="who opened the pool does it")
    return pool


async def _open_for(uow: UnitOfWork, demand_pool_id: UUID, action: str) -> DemandPool:
    """A pool whose pledges may change: the server's clock decides, whenever the job comes by."""
    pool = await _hosted(uow, demand_pool_id)
    LIFECYCLE.apply(action, pool.state)
    if pool.closes_at <= now():
        raise RuleBroken(errors=[fault("/closes_at", "pool-over")])
    return pool


async def _standing(uow: UnitOfWork, pool: DemandPool, pledge_id: UUID) -> PoolPledge:
    found = await repository.pledge(uow, pool.id, pledge_id)
    if found is None or found.state is not PledgeState.STANDING:
        raise NotFound("pledge")
    return found


async def _expect_room(
    uow: UnitOfWork, pool: DemandPool, made: PoolPledge, before: Decimal = Decimal(0)
) -> None:
    """409 with every reason why a pledge cannot stand."""
    faults = []
    left = pool.maximum - pool.pledged_quantity + before
    if made.quantity > left:
        faults.append(fault("/quantity", "pool-full", left=left))
    if not await repository.members(uow, pool.cluster_id, [made.producer_id], today()):
        faults.append(fault("/producer_id", "not-a-member"))
    if made.farm_plan_line_id and (found := await _line_fault(uow, pool, made)):
        faults.append(found)
    application = made.credit_application_id
    if application and not await repository.pays_line(uow, application, made.farm_plan_line_id):
        faults.append(fault("/credit_application_id", "application-differs"))
    if faults:
        raise RuleBroken(errors=faults)


async def _line_fault(uow: UnitOfWork, pool: DemandPool, made: PoolPledge) -> FieldError | None:
    """Why a pledge cannot serve its plan line, with the pool's other pledges for that line."""
    assert made.farm_plan_line_id is not None
    line = await repository.plan_line(uow, made.farm_plan_line_id, made.producer_id)
    if line is None:
        return fault("/farm_plan_line_id", "plan-line-unknown")
    item = await repository.shelf(uow, pool.shelf_id)
    if item is None:
        return fault("/item_id", "not-on-offer")
    if (line.category, line.unit) != (item.category, item.unit):
        return fault("/farm_plan_line_id", "item-differs")
    others = sum(
        (
            units_of(each.quantity, item.pack_size)
            for each in await repository.standing(uow, pool.id)
            if each.farm_plan_line_id == made.farm_plan_line_id and each.id != made.id
        ),
        Decimal(0),
    )
    if others + units_of(made.quantity, item.pack_size) > line.left:
        return fault("/quantity", "plan-line-exhausted", left=max(line.left - others, Decimal(0)))
    return None


def _count(uow: UnitOfWork, pool: DemandPool, made: PoolPledge, action: str, by: Decimal) -> None:
    transition = LIFECYCLE.apply(action, pool.state)
    pool.state = transition.target
    pool.pledged_quantity += by
    # The pool shows its pledges' sum: any change of them is one of the pool.
    pool.updated_at = now()
    data = {
        "pledge_id": str(made.id),
        "quantity": f"{made.quantity:.3f}",
        "pledged_quantity": f"{pool.pledged_quantity:.3f}",
    }
    related: tuple[Subject, ...] = (("producer", made.producer_id),)
    uow.record(Event(transition.event, ("demand_pool", pool.id), data, related))


def _end(
    uow: UnitOfWork,
    pool: DemandPool,
    action: str,
    failure: PoolFailure | None = None,
    left_out: Mapping[UUID, str] | None = None,
) -> None:
    """End a pool without an order, and tell host and supplier."""
    transition = LIFECYCLE.apply(action, pool.state)
    pool.state, pool.failure = transition.target, failure
    data: dict[str, Any] = {
        "pledged_quantity": f"{pool.pledged_quantity:.3f}",
        "failure": failure.value if failure else None,
    }
    if left_out:
        data["left_out"] = _shown(left_out)
    uow.record(Event(transition.event, ("demand_pool", pool.id), data, _sides(pool)))


def _shown(left_out: Mapping[UUID, str]) -> list[Any]:
    """Pledges that were left out, and why, as the ledger tells it."""
    return [{"id": str(each), "code": code} for each, code in sorted(left_out.items())]


async def _order(
    uow: UnitOfWork, pool: DemandPool, standing: list[PoolPledge], left_out: Mapping[UUID, str]
) -> None:
    """Order the whole packs of pledges, a line for each; 409 with every reason why not."""
    transition = LIFECYCLE.apply("close", pool.state)
    pledges = {each.id: each for each in standing}
    parts = allotted({each.id: each.quantity for each in standing})
    item = await repository.shelf(uow, pool.shelf_id)
    if item is None or not parts:
        raise RuleBroken(errors=[fault("/item_id", "not-on-offer")])
    wishes = [
        Wish(item.item_id, packs, pledges[each].farm_plan_line_id, pledges[each].plan_exception)
        for each, packs in parts.items()
    ]
    terms = Terms(pool.supplier_id, pool.delivery_ubigeo, pool.cluster_id, demand_pool_id=pool.id)
    try:
        order_id, lines = await place_on_terms(uow, terms, wishes, agree=at_one_price)
    except RuleBroken as refused:
        raise RuleBroken(errors=[of_pledge(each, list(parts)) for each in refused.errors]) from None
    became = {
        each: (line_id, line.wish.quantity, line.amount)
        for each, (line_id, line) in zip(parts, lines, strict=True)
    }
    await _tell(uow, pool, order_id, lines[0][1].unit_price, became, left_out)
    pool.state = transition.target


async def _tell(
    uow: UnitOfWork,
    pool: DemandPool,
    order_id: UUID,
    unit_price: Decimal,
    became: Mapping[UUID, tuple[UUID, Decimal, Decimal]],
    left_out: Mapping[UUID, str],
) -> None:
    await repository.become(uow, pool.id, became, now())
    data: dict[str, Any] = {
        "order_id": str(order_id),
        "unit_price": f"{unit_price:.2f}",
        "pledges": [
            {"id": str(each), "line_id": str(line), "quantity": f"{n:.3f}", "amount": f"{cost:.2f}"}
            for each, (line, n, cost) in became.items()
        ],
        "left_out": _shown(left_out),
    }
    related = (*_sides(pool), ("order", order_id))
    uow.record(Event("demand_pool.closed", ("demand_pool", pool.id), data, related))


def _sides(pool: DemandPool) -> tuple[Subject, ...]:
    """Whom an event is for. It names no cluster: that is not the supplier's business."""
    return (("organization", pool.organization_id), ("organization", pool.supplier_id))
