import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.deliveries import lot_wish, new_delivery, new_dry_lot, of_delivery
from tests.factories.producers import new_producer
from tests.factories.purchase_commitments import proposed_commitment, signed_commitment


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def buyer(callers: Callers) -> Caller:
    return await callers.new(Role.BUYER)


def wish(
    buyer: Caller, lot: dict[str, Any], kg: str = "39.000", **changes: object
) -> dict[str, object]:
    return {
        "buyer_id": str(buyer.organization_id),
        "guide_number": "T001-00042",
        "shipped_on": today().isoformat(),
        "lots": [{"lot_id": lot["id"], "kg": kg}],
        **changes,
    }


def in_days(days: int) -> str:
    return str(today() + timedelta(days=days))


def told(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def receipt(kg: str) -> dict[str, str]:
    return {"received_on": today().isoformat(), "received_kg": kg}


class TestDispatch:
    async def test_takes_the_kilos_off_the_lot(self, coop: Caller, buyer: Caller) -> None:
        lot = await new_dry_lot(coop)
        made = await coop.make("/v1/shipments", wish(buyer, lot, "30.000"))
        assert (made["kg"], made["state"]) == ("30.000", "dispatched")
        assert (await coop.get(f"/v1/lots/{lot['id']}")).json()["unused_kg"] == "9.000"
        assert (await buyer.get(f"/v1/shipments/{made['id']}")).json() == made
        assert (await buyer.get(f"/v1/lots/{lot['id']}")).status_code == 200

    async def test_only_dry_cocoa_and_only_what_is_there(
        self, callers: Callers, coop: Caller, buyer: Caller
    ) -> None:
        wet = await coop.make("/v1/lots", lot_wish(of_delivery(await new_delivery(coop))))
        before = await callers.entries_of(coop)
        answer = await coop.post("/v1/shipments", wish(buyer, wet, "100.001"))
        assert [e["code"] for e in answer.json()["errors"]] == ["not-dry", "not-enough-kilos"]
        assert await callers.entries_of(coop) == before

    async def test_a_crowd_ships_no_kilo_twice(self, coop: Caller, buyer: Caller) -> None:
        lot = await new_dry_lot(coop)
        bodies = [wish(buyer, lot, "10.000") for _ in range(10)]
        answers = await asyncio.gather(*(coop.post("/v1/shipments", b) for b in bodies))
        assert sorted(a.status_code for a in answers) == [201] * 3 + [409] * 7

    async def test_fulfils_a_commitment(self, coop: Caller, buyer: Caller) -> None:
        members = [(await new_producer(coop))["id"]]
        cluster = await new_cluster(coop, members)
        promised = await signed_commitment(buyer, coop, cluster, kg_dry="39.000")
        path = f"/v1/purchase-commitments/{promised['id']}"
        lot = await new_dry_lot(coop)
        body = wish(buyer, lot, "20.000", purchase_commitment_id=promised["id"])
        await coop.make("/v1/shipments", body)
        assert (await coop.get(path)).json()["state"] == "in_fulfilment"
        body = wish(buyer, lot, "19.000", purchase_commitment_id=promised["id"])
        await coop.make("/v1/shipments", body)
        assert (await buyer.get(path)).json()["state"] == "fulfilled"

    async def test_of_many_shipments_for_one_commitment_none_waits_for_another_for_ever(
        self, coop: Caller, buyer: Caller
    ) -> None:
        """117 kg of three lots at once, of which 78 fulfil the promise; the rest comes too late."""
        cluster = await new_cluster(coop, [(await new_producer(coop))["id"]])
        promised = await signed_commitment(buyer, coop, cluster, kg_dry="78.000")
        lots = [await new_dry_lot(coop) for _ in range(3)]
        bodies = [
            wish(buyer, lot, "13.000", purchase_commitment_id=promised["id"])
            for lot in lots
            for _ in range(3)
        ]
        answers = await asyncio.gather(*(coop.post("/v1/shipments", body) for body in bodies))
        assert sorted(answer.status_code for answer in answers) == [201] * 6 + [409] * 3
        found = (await coop.get(f"/v1/purchase-commitments/{promised['id']}")).json()
        assert (found["state"], found["shipped_kg"]) == ("fulfilled", "78.000")
        left = [(await coop.get(f"/v1/lots/{lot['id']}")).json()["unused_kg"] for lot in lots]
        assert sum(Decimal(kg) for kg in left) == 39

    async def test_only_what_leaves_in_its_window_counts_for_a_commitment(
        self, callers: Callers, coop: Caller, buyer: Caller
    ) -> None:
        cluster = await new_cluster(coop, [(await new_producer(coop))["id"]])
        promised = await signed_commitment(
            buyer, coop, cluster, window_from=in_days(1), window_until=in_days(30)
        )
        body = wish(buyer, await new_dry_lot(coop), purchase_commitment_id=promised["id"])
        before = await callers.entries_of(coop)
        answer = await coop.post("/v1/shipments", body)
        assert (answer.status_code, told(answer)) == (409, [("/shipped_on", "outside-window")])
        assert await callers.entries_of(coop) == before
        path = f"/v1/purchase-commitments/{promised['id']}"
        assert (await coop.get(path)).json() == promised
        without = {**body, "purchase_commitment_id": None}
        assert (await coop.make("/v1/shipments", without))["kg"] == "39.000"

    async def test_nothing_leaves_before_it_is_there(
        self, callers: Callers, coop: Caller, buyer: Caller
    ) -> None:
        lot = await new_dry_lot(coop)
        before = await callers.entries_of(coop)
        for shipped_on, code in ((in_days(-1), "before-its-source"), (in_days(1), "in-the-future")):
            answer = await coop.post("/v1/shipments", wish(buyer, lot, shipped_on=shipped_on))
            assert (answer.status_code, told(answer)) == (409, [("/shipped_on", code)])
        assert await callers.entries_of(coop) == before

    async def test_how_the_commitment_of_others_stands_is_not_told(
        self, callers: Callers, coop: Caller, buyer: Caller
    ) -> None:
        """404 whatever its state, as for one that there is not."""
        host = await callers.new(Role.PRODUCER_ORGANIZATION)
        cluster = await new_cluster(host, [(await new_producer(host))["id"]])
        promised = await proposed_commitment(await callers.new(Role.BUYER), cluster)
        body = wish(buyer, await new_dry_lot(coop), purchase_commitment_id=promised["id"])
        answer = await coop.post("/v1/shipments", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")

    async def test_the_commitment_of_another_buyer_does_not_count(
        self, callers: Callers, coop: Caller, buyer: Caller
    ) -> None:
        cluster = await new_cluster(coop, [(await new_producer(coop))["id"]])
        promised = await signed_commitment(await callers.new(Role.BUYER), coop, cluster)
        lot = await new_dry_lot(coop)
        before = await callers.entries_of(coop)
        body = wish(buyer, lot, purchase_commitment_id=promised["id"])
        assert (await coop.post("/v1/shipments", body)).status_code == 404
        assert await callers.entries_of(coop) == before
        assert (await coop.get(f"/v1/lots/{lot['id']}")).json()["unused_kg"] == "39.000"


class TestReceive:
    async def test_the_buyer_says_what_arrived_once(self, coop: Caller, buyer: Caller) -> None:
        made = await coop.make("/v1/shipments", wish(buyer, await new_dry_lot(coop)))
        path = f"/v1/shipments/{made['id']}/receive"
        more = await buyer.post(path, receipt("39.001"))
        assert [e["code"] for e in more.json()["errors"]] == ["more-than-shipped"]
        found = await buyer.make(path, receipt("38.900"))
        assert (found["state"], found["received_kg"]) == ("received", "38.900")
        again = await buyer.post(path, receipt("38.900"))
        assert (again.status_code, again.json()["allowed_actions"]) == (409, [])

    async def test_not_tomorrow(self, callers: Callers, coop: Caller, buyer: Caller) -> None:
        made = await coop.make("/v1/shipments", wish(buyer, await new_dry_lot(coop)))
        before = await callers.entries_of(buyer)
        body = {**receipt("39.000"), "received_on": in_days(1)}
        answer = await buyer.post(f"/v1/shipments/{made['id']}/receive", body)
        assert (answer.status_code, told(answer)) == (422, [("/received_on", "in-the-future")])
        assert await callers.entries_of(buyer) == before

    async def test_the_seller_may_not(self, callers: Callers, coop: Caller, buyer: Caller) -> None:
        made = await coop.make("/v1/shipments", wish(buyer, await new_dry_lot(coop)))
        both = await callers.new(Role.BUYER, Role.PRODUCER_ORGANIZATION)
        path = f"/v1/shipments/{made['id']}/receive"
        assert (await coop.post(path, receipt("39"))).json()["permission"] == "shipments:receive"
        assert (await both.post(path, receipt("39"))).status_code == 404

    async def test_others_see_nothing(self, callers: Callers, coop: Caller, buyer: Caller) -> None:
        made = await coop.make("/v1/shipments", wish(buyer, await new_dry_lot(coop)))
        other = await callers.new(Role.BUYER)
        assert (await other.get(f"/v1/shipments/{made['id']}")).status_code == 404
        assert (await callers.anonymous().get("/v1/shipments")).status_code == 401
        mine = (await buyer.get("/v1/shipments?state=dispatched")).json()["items"]
        assert [s["id"] for s in mine] == [made["id"]]
