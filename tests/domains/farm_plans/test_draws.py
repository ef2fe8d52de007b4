"""What orders and credit take from plan lines, on the real database."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.core.actor import Actor
from api.core.ids import new_id
from api.core.problems import NotFound, RuleBroken
from api.domains.farm_plans import service
from api.domains.farm_plans.service import Drawn
from api.policies import Role
from api.transactions import unit_of_work
from tests.callers import Caller, Callers
from tests.factories.farm_plans import accepted_plan, approved_plan, fertilizer_line, plot_of
from tests.factories.producers import new_producer

HALF = Decimal(300)


@pytest.fixture
async def both(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


@pytest.fixture
async def farm_plan(callers: Callers, both: Caller) -> dict[str, Any]:
    """A plan in force with two lines of 600 kg each."""
    producer = await new_producer(both)
    plot = await plot_of(both, producer)
    lines = [fertilizer_line(), fertilizer_line()]
    return await accepted_plan(both, both, producer, [plot], lines)


def line_ids(farm_plan: dict[str, Any]) -> list[UUID]:
    return [UUID(line["id"]) for line in farm_plan["lines"]]


async def move(
    callers: Callers,
    caller: Caller,
    wanted: dict[UUID, Decimal],
    drawn: Drawn = "ordered_quantity",
    *,
    back: bool = False,
) -> None:
    actor = Actor(new_id(), caller.organization_id, frozenset(), frozenset())
    async with unit_of_work(callers.platform.database, actor) as uow:
        await (service.give_back if back else service.draw)(uow, drawn, wanted)


async def balances(caller: Caller, farm_plan: dict[str, Any]) -> list[str]:
    found = (await caller.get(f"/v1/farm-plans/{farm_plan['id']}")).json()
    return [line["ordered_quantity"] for line in found["lines"]]


async def test_takes_and_gives_back_and_gives_the_plan_another_version(
    callers: Callers, both: Caller, farm_plan: dict[str, Any]
) -> None:
    first, second = line_ids(farm_plan)
    path = f"/v1/farm-plans/{farm_plan['id']}"
    tag = (await both.get(path)).headers["etag"]
    await move(callers, both, {first: HALF, second: Decimal(1)})
    assert await balances(both, farm_plan) == ["300.000", "1.000"]
    assert (await both.get(path, headers={"If-None-Match": tag})).status_code == 200
    await move(callers, both, {first: HALF}, back=True)
    assert await balances(both, farm_plan) == ["0.000", "1.000"]


async def test_never_beyond_what_is_planned_and_names_the_line(
    callers: Callers, both: Caller, farm_plan: dict[str, Any]
) -> None:
    first, second = line_ids(farm_plan)
    with pytest.raises(RuleBroken) as refused:
        await move(callers, both, {first: HALF, second: Decimal("600.001")})
    assert [(e.pointer, e.code) for e in refused.value.errors] == [
        ("/lines/1", "plan-line-exhausted")
    ]
    assert await balances(both, farm_plan) == ["0.000", "0.000"]


async def test_money_is_bounded_by_the_estimated_cost(
    callers: Callers, both: Caller, farm_plan: dict[str, Any]
) -> None:
    first, _ = line_ids(farm_plan)
    await move(callers, both, {first: Decimal("1140.00")}, "financed_amount")
    with pytest.raises(RuleBroken):
        await move(callers, both, {first: Decimal("0.01")}, "financed_amount")
    found = (await both.get(f"/v1/farm-plans/{farm_plan['id']}")).json()
    assert found["lines"][0]["financed_amount"] == {"amount": "1140.00", "currency": "PEN"}


async def test_only_from_a_plan_in_force(callers: Callers, both: Caller) -> None:
    producer = await new_producer(both)
    plot = await plot_of(both, producer)
    first = await accepted_plan(both, both, producer, [plot])
    waiting = await approved_plan(both, producer, [plot])
    for line_id in line_ids(waiting):
        with pytest.raises(RuleBroken) as refused:
            await move(callers, both, {line_id: Decimal(1)})
        assert [e.code for e in refused.value.errors] == ["plan-not-accepted"]
    await both.make(f"/v1/farm-plans/{waiting['id']}/accept")
    with pytest.raises(RuleBroken):
        await move(callers, both, {line_ids(first)[0]: Decimal(1)})


async def test_not_from_another_organisations_plan(
    callers: Callers, farm_plan: dict[str, Any]
) -> None:
    stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
    with pytest.raises(NotFound):
        await move(callers, stranger, {line_ids(farm_plan)[0]: Decimal(1)})
    assert await callers.entries_of(stranger) == 0


async def test_draws_at_once_never_exceed_the_line(
    callers: Callers, both: Caller, farm_plan: dict[str, Any]
) -> None:
    first, second = line_ids(farm_plan)
    # Half of them name the lines the other way round: locks must not depend on it.
    wishes = [
        {first: Decimal(100), second: Decimal(100)}
        if n % 2
        else {second: Decimal(100), first: Decimal(100)}
        for n in range(10)
    ]
    done = await asyncio.gather(
        *(move(callers, both, wish) for wish in wishes), return_exceptions=True
    )
    assert sum(each is None for each in done) == 6
    assert all(each is None or isinstance(each, RuleBroken) for each in done)
    assert await balances(both, farm_plan) == ["600.000", "600.000"]
