import asyncio
from decimal import Decimal

import httpx
import pytest

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller, Callers
from tests.days import DAY
from tests.factories.deliveries import lot_wish, new_delivery, new_dry_lot, of_delivery, of_lot


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


def codes(answer: httpx.Response) -> list[str]:
    return [error["code"] for error in answer.json()["errors"]]


def drying(wet_kg: str, dry_kg: str, code: str = "DRY") -> dict[str, str]:
    return {"code": code, "made_on": today().isoformat(), "wet_kg": wet_kg, "dry_kg": dry_kg}


class TestMake:
    async def test_takes_the_kilos_off_its_deliveries(self, coop: Caller) -> None:
        deliveries = [await new_delivery(coop) for _ in range(2)]
        inputs = [of_delivery(deliveries[0]), of_delivery(deliveries[1], "40.000")]
        lot = await coop.make("/v1/lots", lot_wish(*inputs))
        assert (lot["kg"], lot["process"], lot["state"]) == ("140.000", "collected", "in_stock")
        left = [(await coop.get(f"/v1/deliveries/{d['id']}")).json() for d in deliveries]
        assert [d["unused_kg"] for d in left] == ["0.000", "60.000"]

    async def test_merges_and_splits(self, coop: Caller) -> None:
        lots = [
            await coop.make("/v1/lots", lot_wish(of_delivery(await new_delivery(coop))))
            for _ in range(2)
        ]
        merged = await coop.make("/v1/lots", lot_wish(of_lot(lots[0]), of_lot(lots[1], "50.000")))
        assert (merged["process"], merged["kg"]) == ("merged", "150.000")
        split = await coop.make("/v1/lots", lot_wish(of_lot(merged, "30.000")))
        assert split["process"] == "split"
        after = (await coop.get(f"/v1/lots/{lots[0]['id']}")).json()
        assert (after["state"], after["unused_kg"]) == ("used_up", "0.000")

    async def test_says_what_is_left(self, callers: Callers, coop: Caller) -> None:
        delivery = await new_delivery(coop)
        before = await callers.entries_of(coop)
        answer = await coop.post("/v1/lots", lot_wish(of_delivery(delivery, "100.001")))
        assert answer.status_code == 409
        assert answer.json()["errors"] == [
            {
                "pointer": "/inputs/0/kg",
                "code": "not-enough-kilos",
                "detail": "100.000 kg are left",
            }
        ]
        assert await callers.entries_of(coop) == before

    async def test_identity_preserved_is_one_producer(self, coop: Caller) -> None:
        deliveries = [await new_delivery(coop) for _ in range(2)]
        wish = lot_wish(*map(of_delivery, deliveries), custody="identity_preserved")
        answer = await coop.post("/v1/lots", wish)
        assert [e["code"] for e in answer.json()["errors"]] == ["more-than-one-producer"]
        one = lot_wish(of_delivery(deliveries[0]), custody="identity_preserved")
        assert (await coop.make("/v1/lots", one))["custody"] == "identity_preserved"

    async def test_a_source_twice_is_refused(self, coop: Caller) -> None:
        part = of_delivery(await new_delivery(coop), "10.000")
        answer = await coop.post("/v1/lots", lot_wish(part, part))
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "source-twice")

    async def test_a_code_is_used_once(self, coop: Caller) -> None:
        delivery = await new_delivery(coop)
        wish = lot_wish(of_delivery(delivery, "10.000"), code="SAME")
        await coop.make("/v1/lots", wish)
        answer = await coop.post("/v1/lots", wish)
        assert (answer.status_code, answer.json()["code"]) == (409, "already-exists")

    async def test_nothing_is_made_before_what_it_is_made_of(
        self, callers: Callers, coop: Caller
    ) -> None:
        day_before, day_after = str(today() - DAY), str(today() + DAY)
        before = await new_delivery(coop, delivered_on=day_before)
        delivery = await new_delivery(coop)
        entries = await callers.entries_of(coop)
        for made_on, inputs, told in (
            (day_before, [before, delivery], ["before-its-source"]),
            (day_after, [before], ["in-the-future"]),
        ):
            wish = lot_wish(*map(of_delivery, inputs), made_on=made_on)
            answer = await coop.post("/v1/lots", wish)
            assert (answer.status_code, codes(answer)) == (409, told)
        assert await callers.entries_of(coop) == entries
        lot = await coop.make("/v1/lots", lot_wish(of_delivery(before), made_on=day_before))
        # What is drawn of a lot is no older than it.
        today_of_it = await coop.make("/v1/lots", lot_wish(of_lot(lot, "10.000")))
        late = lot_wish(of_lot(today_of_it), made_on=day_before)
        assert codes(await coop.post("/v1/lots", late)) == ["before-its-source"]

    async def test_a_crowd_uses_no_kilo_twice(self, coop: Caller) -> None:
        """A hundred kilos, twenty lots of seven at once: fourteen are made, two kilos stay."""
        delivery = await new_delivery(coop)
        wishes = [lot_wish(of_delivery(delivery, "7.000")) for _ in range(20)]
        answers = await asyncio.gather(*(coop.post("/v1/lots", w) for w in wishes))
        assert sorted(a.status_code for a in answers) == [201] * 14 + [409] * 6
        left = (await coop.get(f"/v1/deliveries/{delivery['id']}")).json()["unused_kg"]
        assert left == "2.000"


class TestDry:
    async def test_makes_a_dry_lot_within_the_band(self, coop: Caller) -> None:
        wet = await coop.make("/v1/lots", lot_wish(of_delivery(await new_delivery(coop))))
        dry = await coop.make(f"/v1/lots/{wet['id']}/dry", drying("100.000", "38.000"))
        assert (dry["form"], dry["process"], dry["kg"]) == ("dry", "dried", "38.000")
        assert (await coop.get(f"/v1/lots/{wet['id']}")).json()["state"] == "used_up"
        again = await coop.post(f"/v1/lots/{dry['id']}/dry", drying("10", "4", "AGAIN"))
        assert "other-form" in [e["code"] for e in again.json()["errors"]]

    async def test_refuses_more_than_beans_can_give(self, coop: Caller) -> None:
        wet = await coop.make("/v1/lots", lot_wish(of_delivery(await new_delivery(coop))))
        answer = await coop.post(f"/v1/lots/{wet['id']}/dry", drying("100.000", "46.000"))
        assert [e["code"] for e in answer.json()["errors"]] == ["implausible-yield"]

    async def test_dries_nothing_before_it_is_there(self, callers: Callers, coop: Caller) -> None:
        wet = await coop.make("/v1/lots", lot_wish(of_delivery(await new_delivery(coop))))
        entries = await callers.entries_of(coop)
        day_before, day_after = str(today() - DAY), str(today() + DAY)
        for made_on, told in ((day_before, "before-its-source"), (day_after, "in-the-future")):
            wish = {**drying("100.000", "38.000"), "made_on": made_on}
            answer = await coop.post(f"/v1/lots/{wet['id']}/dry", wish)
            assert (answer.status_code, codes(answer)) == (409, [told])
        assert await callers.entries_of(coop) == entries


class TestWho:
    async def test_anonymous_is_401(self, callers: Callers) -> None:
        assert (await callers.anonymous().get("/v1/lots")).status_code == 401

    async def test_another_role_is_403(self, callers: Callers) -> None:
        supplier = await callers.new(Role.INPUT_SUPPLIER)
        assert (await supplier.get("/v1/lots")).json()["permission"] == "lots:read"

    async def test_another_organisation_is_404(self, callers: Callers, coop: Caller) -> None:
        delivery = await new_delivery(coop)
        lot = await coop.make("/v1/lots", lot_wish(of_delivery(delivery, "50.000")))
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        before = await callers.entries_of(other)
        assert (await other.get(f"/v1/lots/{lot['id']}")).status_code == 404
        assert (await other.get(f"/v1/lots/{lot['id']}/trace")).status_code == 404
        for inputs in (of_delivery(delivery, "1.000"), of_lot(lot, "1.000")):
            assert (await other.post("/v1/lots", lot_wish(inputs))).status_code == 404
        path = f"/v1/lots/{lot['id']}/dry"
        assert (await other.post(path, drying("1", "0.4"))).status_code == 404
        assert await callers.entries_of(other) == before

    async def test_lists_its_own(self, coop: Caller) -> None:
        lot = await new_dry_lot(coop)
        found = (await coop.get(f"/v1/lots?form=dry&state=in_stock&code={lot['code']}")).json()
        assert [item["id"] for item in found["items"]] == [lot["id"]]
        assert Decimal(lot["kg"]) == 39
