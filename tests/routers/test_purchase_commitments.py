import asyncio
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.core.actor import Actor
from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import NotFound, RuleBroken, StateConflict
from api.domains.purchase_commitments import service
from api.models.purchase_commitments import PurchaseCommitment
from api.policies import Role
from api.transactions import Event, unit_of_work
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.purchase_commitments import (
    proposal,
    proposed_commitment,
    signed_commitment,
)

COMMITMENTS = "/v1/purchase-commitments"


@dataclass
class Market:
    callers: Callers
    buyer: Caller
    coop: Caller
    cluster: dict[str, Any]

    async def proposed(self, **changes: Any) -> dict[str, Any]:
        return await proposed_commitment(self.buyer, self.cluster, **changes)

    async def signed(self, **changes: Any) -> dict[str, Any]:
        return await signed_commitment(self.buyer, self.coop, self.cluster, **changes)

    async def ask(self, function: Any, commitment: dict[str, Any], *arguments: Any) -> None:
        """Call one of the room's functions as the host, as other rooms do."""
        await self.ask_as(self.coop, function, commitment, *arguments)

    async def ask_as(
        self, caller: Caller, function: Any, commitment: dict[str, Any], *arguments: Any
    ) -> None:
        actor = Actor(new_id(), caller.organization_id, frozenset(), frozenset())
        async with unit_of_work(self.callers.platform.database, actor) as uow:
            await function(uow, UUID(commitment["id"]), *arguments)

    def load(self, kg: int) -> service.Load:
        """So many kilos for the buyer, on the road today."""
        return service.Load(buyer_id=self.buyer.organization_id, on=today(), kg=Decimal(kg))

    async def kilos(self, commitment: dict[str, Any]) -> tuple[str, str, str]:
        found = (await self.buyer.get(of(commitment))).json()
        return found["state"], found["pledged_kg"], found["shipped_kg"]


@pytest.fixture
async def market(callers: Callers) -> Market:
    buyer = await callers.new(Role.BUYER)
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    return Market(callers, buyer, coop, await new_cluster(coop))


def of(commitment: dict[str, Any], action: str = "") -> str:
    return f"{COMMITMENTS}/{commitment['id']}{action}"


class TestPropose:
    async def test_anonymous_is_401(self, callers: Callers, market: Market) -> None:
        answer = await callers.anonymous().post(COMMITMENTS, proposal(market.cluster))
        assert answer.status_code == 401

    async def test_only_buyers(self, callers: Callers, market: Market) -> None:
        before = await callers.entries_of(market.coop)
        answer = await market.coop.post(COMMITMENTS, proposal(market.cluster))
        assert (answer.status_code, answer.json()["permission"]) == (403, "commitments:propose")
        assert await callers.entries_of(market.coop) == before

    async def test_gives_the_proposal_back(self, market: Market) -> None:
        answer = await market.buyer.post(COMMITMENTS, proposal(market.cluster))
        assert answer.status_code == 201
        made = answer.json()
        assert answer.headers["location"] == of(made)
        assert (made["state"], made["kg_dry"]) == ("proposed", "25000.000")
        assert made["price"] == {"amount": "16.50", "currency": "PEN"}
        assert made["floor_price"] is None
        assert made["producer_organization_id"] == str(market.coop.organization_id)
        assert (made["pledged_kg"], made["shipped_kg"]) == ("0.000", "0.000")

    async def test_the_same_key_proposes_once(self, market: Market) -> None:
        headers = {"Idempotency-Key": str(new_id())}
        body = proposal(market.cluster)
        first = await market.buyer.post(COMMITMENTS, body, headers=headers)
        again = await market.buyer.post(COMMITMENTS, body, headers=headers)
        assert again.json() == first.json()
        assert again.headers["idempotent-replayed"] == "true"
        listing = await market.buyer.get(f"{COMMITMENTS}?cluster_id={market.cluster['id']}")
        assert len(listing.json()["items"]) == 1

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"price": {"amount": "0.00", "currency": "PEN"}}, "/price/amount"),
            ({"premium": {"amount": "1.00", "currency": "USD"}}, "/price/currency"),
            ({"floor_price": {"amount": "9.00", "currency": "PEN"}}, "/floor_price"),
            ({"window_until": "2020-01-01"}, "/window_until"),
            ({"kg_dry": "0"}, "/kg_dry"),
        ],
    )
    async def test_refuses_a_promise_that_contradicts_itself(
        self, market: Market, changes: dict[str, Any], pointer: str
    ) -> None:
        answer = await market.buyer.post(COMMITMENTS, proposal(market.cluster, **changes))
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]

    async def test_refuses_a_window_that_has_passed(self, market: Market) -> None:
        past = {"window_from": "2020-01-01", "window_until": "2020-06-30"}
        answer = await market.buyer.post(COMMITMENTS, proposal(market.cluster, **past))
        assert answer.status_code == 409
        assert [error["code"] for error in answer.json()["errors"]] == ["window-over"]

    async def test_nobody_guarantees_a_market_to_itself(self, callers: Callers) -> None:
        both = await callers.new(Role.PRODUCER_ORGANIZATION, Role.BUYER)
        answer = await both.post(COMMITMENTS, proposal(await new_cluster(both)))
        assert answer.status_code == 409
        assert [error["code"] for error in answer.json()["errors"]] == ["own-cluster"]

    async def test_an_unknown_cluster_is_404(self, market: Market) -> None:
        answer = await market.buyer.post(COMMITMENTS, proposal({"id": str(new_id())}))
        assert answer.status_code == 404


class TestSign:
    async def test_the_host_signs_once(self, market: Market) -> None:
        made = await market.signed()
        assert made["state"] == "signed"
        again = await market.coop.post(of(made, "/sign"))
        assert again.status_code == 409
        assert again.json()["allowed_actions"] == ["ship", "fulfil", "break"]

    async def test_the_buyer_does_not_sign_for_the_cluster(self, market: Market) -> None:
        made = await market.proposed()
        before = await market.callers.entries_of(market.buyer)
        assert (await market.buyer.post(of(made, "/sign"))).status_code == 403
        assert await market.callers.entries_of(market.buyer) == before

    async def test_strangers_see_nothing(self, callers: Callers, market: Market) -> None:
        made = await market.proposed()
        for role in (Role.PRODUCER_ORGANIZATION, Role.BUYER, Role.CREDIT_INSTITUTION):
            stranger = await callers.new(role)
            assert (await stranger.get(of(made))).status_code == 404
            assert (await stranger.get(COMMITMENTS)).json()["items"] == []
        for action in ("/sign", "/cancel", "/break"):
            stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
            assert (await stranger.post(of(made, action))).status_code == 404
            assert await callers.entries_of(stranger) == 0


class TestEnd:
    async def test_either_side_takes_a_proposal_back(self, market: Market) -> None:
        for party in (market.buyer, market.coop):
            made = await market.proposed()
            assert (await party.make(of(made, "/cancel")))["state"] == "cancelled"
            assert (await party.post(of(made, "/sign"))).status_code in (403, 409)

    async def test_a_signed_commitment_is_broken_not_cancelled(self, market: Market) -> None:
        made = await market.signed()
        assert (await market.buyer.post(of(made, "/cancel"))).status_code == 409
        assert (await market.buyer.make(of(made, "/break")))["state"] == "broken"


class TestPledge:
    async def test_to_the_last_gram_and_back(self, market: Market) -> None:
        made = await market.signed()
        await market.ask(service.pledge, made, Decimal("24999.999"))
        with pytest.raises(RuleBroken):
            await market.ask(service.pledge, made, Decimal("0.002"))
        await market.ask(service.pledge, made, Decimal("0.001"))
        assert await market.kilos(made) == ("signed", "25000.000", "0.000")
        await market.ask_as(market.buyer, service.release, made, Decimal(25000))
        assert await market.kilos(made) == ("signed", "0.000", "0.000")

    async def test_only_what_binds(self, market: Market) -> None:
        proposed, broken = await market.proposed(), await market.signed()
        await market.coop.make(of(broken, "/break"))
        for made in (proposed, broken):
            with pytest.raises(StateConflict):
                await market.ask(service.pledge, made, Decimal(1))

    async def test_only_by_the_host(self, callers: Callers, market: Market) -> None:
        made = await market.signed()
        for other in (market.buyer, await callers.new(Role.PRODUCER_ORGANIZATION)):
            with pytest.raises(NotFound):
                await market.ask_as(other, service.pledge, made, Decimal(1))

    async def test_at_once_never_more_than_is_promised(self, market: Market) -> None:
        made = await market.signed()
        done = await asyncio.gather(
            *(market.ask(service.pledge, made, Decimal(3000)) for _ in range(12)),
            return_exceptions=True,
        )
        assert sum(each is None for each in done) == 8
        assert all(each is None or isinstance(each, RuleBroken) for each in done)
        assert await market.kilos(made) == ("signed", "24000.000", "0.000")


class TestFulfil:
    async def test_ships_until_all_is_shipped(self, market: Market) -> None:
        made = await market.signed()
        await market.ask(service.ship, made, market.load(24999))
        assert await market.kilos(made) == ("in_fulfilment", "0.000", "24999.000")
        with pytest.raises(RuleBroken):
            await market.ask(service.fulfil, made)
        await market.ask(service.ship, made, market.load(2))
        await market.ask_as(market.buyer, service.fulfil, made)
        assert await market.kilos(made) == ("fulfilled", "0.000", "25001.000")
        with pytest.raises(StateConflict):
            await market.ask(service.ship, made, market.load(1))


async def test_a_window_that_ended_is_neither_signed_nor_pledged(market: Market) -> None:
    made, signed = await market.proposed(), await market.signed()
    for commitment in (made, signed):
        await end_window(market, commitment)
    answer = await market.coop.post(of(made, "/sign"))
    assert [error["code"] for error in answer.json()["errors"]] == ["window-over"]
    with pytest.raises(RuleBroken):
        await market.ask(service.pledge, signed, Decimal(1))


async def end_window(market: Market, commitment: dict[str, Any]) -> None:
    """Time passes: the window ended yesterday."""
    actor = Actor(new_id(), market.coop.organization_id, frozenset(), frozenset())
    async with unit_of_work(market.callers.platform.database, actor) as uow:
        row = await uow.locked(PurchaseCommitment, UUID(commitment["id"]))
        assert row is not None
        row.window_from = row.window_until = today() - timedelta(days=1)
        uow.record(Event("purchase_commitment.aged", ("purchase_commitment", row.id)))
