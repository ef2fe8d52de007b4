import asyncio
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.core.clock import now, today
from api.domains.demand_pools import service
from api.jobs.demand_pools import close_due
from api.policies import Role
from api.transactions import UnitOfWork
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.clusters import new_cluster
from tests.factories.credit_applications import new_credit, pen
from tests.factories.demand_pools import Together, together
from tests.factories.loans import approved_loan, of
from tests.factories.orders import available, dispatch_wish, ordered

POOLS = "/v1/demand-pools"


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER, name="Agroinsumos del Huallaga")


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    """A cooperative that assists its producers itself."""
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


@pytest.fixture
async def group(coop: Caller, supplier: Caller) -> Together:
    return await together(coop, supplier)


def codes(answer: Any) -> list[tuple[str, str]]:
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


async def make_due(callers: Callers, pool: dict[str, Any]) -> None:
    """As if a week had passed."""
    # A trigger wants an entry of the ledger for every change; the clock makes none.
    async with callers.platform.database.transaction() as (_, driver):
        await driver.execute("SET LOCAL session_replication_role = replica")
        await driver.execute(
            "UPDATE demand_pools SET closes_at = $2 WHERE id = $1",
            pool["id"],
            now() - timedelta(seconds=1),
        )


async def use_up(group: Together, number: int, quantity: str) -> None:
    """Order for a member's plan line outside of the pool."""
    line = {"item_id": group.item["id"], "quantity": quantity}
    wish = {
        "supplier_id": str(group.supplier.organization_id),
        "delivery_ubigeo": "220601",
        "lines": [{**line, "farm_plan_line_id": group.lines[number]["id"]}],
    }
    await group.coop.make("/v1/orders", wish)


async def told(callers: Callers, pool: dict[str, Any], event: str) -> dict[str, Any]:
    """What the ledger says of what became of a pool."""
    body = await callers.platform.database.pool.fetchval(
        "SELECT body FROM ledger_entries WHERE subject_id = $1 AND event = $2", pool["id"], event
    )
    data: dict[str, Any] = json.loads(body)["data"]
    return data


class TestOpening:
    async def test_shows_the_price_that_the_total_reaches_and_the_next(
        self, group: Together
    ) -> None:
        pool = await group.pool()
        assert (pool["state"], pool["pledged_quantity"], pool["producers"]) == ("open", "0.000", 0)
        assert pool["unit_price"] == {"amount": "120.00", "currency": "PEN"}
        assert pool["next_tier"]["min_quantity"] == "10.000"
        path = f"{POOLS}/{pool['id']}"
        await group.coop.make(f"{path}/pledges", group.pledge_wish(0, "9.999"))
        assert (await group.coop.get(path)).json()["unit_price"]["amount"] == "120.00"
        await group.coop.make(f"{path}/pledges", group.pledge_wish(1, "0.001"))
        reached = (await group.coop.get(path)).json()
        assert reached["unit_price"]["amount"] == "110.00"
        assert reached["next_tier"] == {
            "min_quantity": "20.000",
            "price": {"amount": "99.99", "currency": "PEN"},
        }

    async def test_is_refused_with_every_reason(self, callers: Callers, group: Together) -> None:
        before = await callers.entries_of(group.coop)
        wish = group.pool_wish(
            cluster_id=str(uuid4()), item_id=str(uuid4()), maximum="9", closes_at=now().isoformat()
        )
        answer = await group.coop.post(POOLS, wish)
        assert answer.status_code == 409
        assert codes(answer) == [
            ("/maximum", "maximum-below-minimum"),
            ("/closes_at", "closes-out-of-range"),
            ("/cluster_id", "cluster-unknown"),
            ("/item_id", "not-on-offer"),
        ]
        assert await callers.entries_of(group.coop) == before

    async def test_needs_an_item_that_is_delivered_there(self, group: Together) -> None:
        answer = await group.coop.post(POOLS, group.pool_wish(delivery_ubigeo="150101"))
        assert codes(answer) == [("/item_id", "not-on-offer")]


class TestPledging:
    async def test_names_every_reason_and_what_is_left(
        self, callers: Callers, coop: Caller, supplier: Caller, group: Together
    ) -> None:
        pool = await group.pool("12", maximum="13")
        other = await together(coop, supplier, 1)
        before = await callers.entries_of(coop)
        wish = {**other.pledge_wish(0, "2"), "credit_application_id": str(uuid4())}
        answer = await coop.post(f"{POOLS}/{pool['id']}/pledges", wish)
        assert codes(answer) == [
            ("/quantity", "pool-full"),
            ("/producer_id", "not-a-member"),
            ("/credit_application_id", "application-differs"),
        ]
        assert answer.json()["errors"][0]["left"] == "1.000"
        assert await callers.entries_of(coop) == before

    async def test_draws_on_the_plan_line_once(self, group: Together) -> None:
        # 600 kg are 12 bags: 8 here leave 4 for another pledge of the same line.
        pool = await group.pool("8")
        path = f"{POOLS}/{pool['id']}/pledges"
        answer = await group.coop.post(path, group.pledge_wish(0, "4.001"))
        assert codes(answer) == [("/quantity", "plan-line-exhausted")]
        assert answer.json()["errors"][0]["left"] == "200.000"
        assert (await group.coop.post(path, group.pledge_wish(0, "4"))).status_code == 201
        # Another's line, and another's producer.
        crossed = group.pledge_wish(1, "1", farm_plan_line_id=group.lines[2]["id"])
        assert codes(await group.coop.post(path, crossed)) == [
            ("/farm_plan_line_id", "plan-line-unknown")
        ]
        # Nothing is ordered before the pool closes.
        assert await ordered(group.coop, group.lines[0]) == "0.000"
        assert await available(group.coop, group.item) == "100.000"

    async def test_changes_and_goes_until_the_close(self, group: Together) -> None:
        pool = await group.pool("5", "6")
        first, second = await group.pledges(pool)
        path = f"{POOLS}/{pool['id']}"
        stale = await group.coop.patch(f"{path}/pledges/{first['id']}", {"quantity": "7"}, '"v9"')
        assert stale.status_code == 412
        changed = await group.coop.patch(
            f"{path}/pledges/{first['id']}", {"quantity": "7"}, f'"v{first["version"]}"'
        )
        assert changed.json()["quantity"] == "7.000"
        await group.coop.make(f"{path}/pledges/{second['id']}/withdraw")
        assert (await group.coop.get(path)).json()["pledged_quantity"] == "7.000"
        again = await group.coop.post(f"{path}/pledges/{second['id']}/withdraw")
        assert again.status_code == 404

    async def test_ends_when_time_is_over_whenever_the_job_comes(
        self, callers: Callers, group: Together
    ) -> None:
        pool = await group.pool("5")
        await make_due(callers, pool)
        late = await group.coop.post(f"{POOLS}/{pool['id']}/pledges", group.pledge_wish(1, "5"))
        assert codes(late) == [("/closes_at", "pool-over")]


class TestClosing:
    async def test_makes_one_order_of_whole_packs_with_a_line_for_each(
        self, callers: Callers, group: Together
    ) -> None:
        pool = await group.pool("10.4", "10.4", "0.4", maximum="40")
        path = f"{POOLS}/{pool['id']}"
        closed = await group.coop.make(f"{path}/close")
        assert closed["state"] == "closed"
        order = (await group.coop.get(f"/v1/orders/{closed['order_id']}")).json()
        assert order["demand_pool_id"] == pool["id"]
        # 21.2 bags become 21, at the price of 20 and more.
        assert sum(Decimal(line["quantity"]) for line in order["lines"]) == 21
        assert {line["unit_price"]["amount"] for line in order["lines"]} == {"99.99"}
        assert order["total"] == {"amount": "2099.79", "currency": "PEN"}
        assert sum(Decimal(line["amount"]["amount"]) for line in order["lines"]) == Decimal(
            "2099.79"
        )
        pledges = await group.pledges(pool)
        by_line = {line["id"]: line for line in order["lines"]}
        for pledge in pledges:
            line = by_line.pop(pledge["order_line_id"])
            assert pledge["allocated_quantity"] == line["quantity"]
            assert pledge["amount"] == line["amount"]
            assert pledge["farm_plan_line_id"] == line["farm_plan_line_id"]
            assert Decimal(pledge["allocated_quantity"]) <= Decimal(pledge["quantity"])
        assert by_line == {}
        assert await available(group.coop, group.item) == "79.000"
        kilos = [Decimal(await ordered(group.coop, line)) for line in group.lines]
        assert sum(kilos) == 21 * 50

    async def test_below_the_minimum_fails_and_tells_both_sides(
        self, callers: Callers, group: Together
    ) -> None:
        pool = await group.pool("9.999")
        failed = await group.coop.make(f"{POOLS}/{pool['id']}/close")
        assert (failed["state"], failed["failure"], failed["order_id"]) == (
            "failed",
            "below_minimum",
            None,
        )
        assert await available(group.coop, group.item) == "100.000"
        body = await callers.platform.database.pool.fetchval(
            "SELECT body FROM ledger_entries WHERE subject_id = $1 AND event = $2",
            pool["id"],
            "demand_pool.failed",
        )
        told = {
            each["id"] for each in json.loads(body)["related"] if each["type"] == "organization"
        }
        assert told == {str(side.organization_id) for side in (group.coop, group.supplier)}

    async def test_what_is_in_the_way_is_named_and_the_pool_stays_open(
        self, callers: Callers, group: Together
    ) -> None:
        pool = await group.pool("10", "10")
        await group.supplier.make(
            f"/v1/catalogue-items/{group.item['id']}/stock", {"available": "15"}
        )
        before = await callers.entries_of(group.coop)
        answer = await group.coop.post(f"{POOLS}/{pool['id']}/close")
        assert answer.status_code == 409
        [(pointer, code)] = codes(answer)
        pledge_ids = {each["id"] for each in await group.pledges(pool)}
        assert (pointer.split("/")[2] in pledge_ids, code) == (True, "not-enough-stock")
        assert await callers.entries_of(group.coop) == before
        assert (await group.coop.get(f"{POOLS}/{pool['id']}")).json()["state"] == "open"

    async def test_by_the_job_when_time_is_over(self, callers: Callers, group: Together) -> None:
        good = await group.pool("10")
        short = await group.pool("9")
        gone = await group.pool()
        await group.coop.make(f"{POOLS}/{gone['id']}/pledges", group.pledge_wish(1, "11"))
        await group.supplier.make(
            f"/v1/catalogue-items/{group.item['id']}/stock", {"available": "10"}
        )
        for pool in (good, short, gone):
            await make_due(callers, pool)
        while await close_due(callers.platform.database):
            pass
        found = [
            (await group.coop.get(f"{POOLS}/{pool['id']}")).json() for pool in (good, short, gone)
        ]
        assert [each["failure"] for each in found[1:]] == ["below_minimum", "not_orderable"]
        # The stock has 10 bags: who closes first, orders.
        assert found[0]["state"] == "closed"

    async def test_once_time_is_over_leaves_out_whose_own_plan_line_is_used_up(
        self, callers: Callers, group: Together
    ) -> None:
        pool = await group.pool("8", "7", "5.5")
        await use_up(group, 1, "6")  # 12 bags, 6 of them bought elsewhere: 7 do not fit any more.
        path = f"{POOLS}/{pool['id']}"
        early = await group.coop.post(f"{path}/close")
        pledges = {each["producer_id"]: each for each in await group.pledges(pool)}
        first, out, third = (pledges[each["id"]] for each in group.producers)
        place = f"/pledges/{out['id']}/farm_plan_line_id"
        assert codes(early) == [(place, "plan-line-exhausted")]
        await make_due(callers, pool)
        await close_due(callers.platform.database)
        closed = (await group.coop.get(path)).json()
        assert (closed["state"], closed["failure"]) == ("closed", None)
        order = (await group.coop.get(f"/v1/orders/{closed['order_id']}")).json()
        # 8 and 5.5 bags are 13 whole ones, at the price of 10 and more.
        assert order["total"]["amount"] == "1430.00"
        after = {each["id"]: each for each in await group.pledges(pool)}
        nothing = after[out["id"]]
        assert nothing["state"] == "standing"
        assert (nothing["order_line_id"], nothing["allocated_quantity"]) == (None, "0.000")
        assert nothing["amount"] == pen("0.00")
        kept = [after[each["id"]] for each in (first, third)]
        assert sum(Decimal(each["allocated_quantity"]) for each in kept) == 13
        assert sum(Decimal(each["amount"]["amount"]) for each in kept) == Decimal("1430.00")
        assert await ordered(group.coop, group.lines[1]) == "300.000"
        data = await told(callers, pool, "demand_pool.closed")
        assert data["left_out"] == [{"id": out["id"], "code": "plan-line-exhausted"}]
        assert {each["id"] for each in data["pledges"]} == {each["id"] for each in kept}

    async def test_nothing_is_ordered_for_who_left_or_was_erased(
        self, callers: Callers, group: Together
    ) -> None:
        pool = await group.pool("8", "7", "12")
        path, (gone, erased, staying) = f"{POOLS}/{pool['id']}", await group.pledges(pool)
        members = f"/v1/clusters/{group.cluster['id']}/members"
        [member] = [
            each
            for each in (await group.coop.get(members)).json()["items"]
            if each["producer_id"] == gone["producer_id"]
        ]
        await group.coop.make(f"{members}/{member['id']}/leave", {"left_on": str(today())})
        await group.coop.make(f"/v1/producers/{erased['producer_id']}/erase")
        before = await callers.entries_of(group.coop)
        early = await group.coop.post(f"{path}/close")
        assert codes(early) == [
            (f"/pledges/{each['id']}/producer_id", "not-a-member") for each in (gone, erased)
        ]
        assert await callers.entries_of(group.coop) == before
        await make_due(callers, pool)
        await close_due(callers.platform.database)
        closed = (await group.coop.get(path)).json()
        order = (await group.coop.get(f"/v1/orders/{closed['order_id']}")).json()
        assert [line["quantity"] for line in order["lines"]] == ["12.000"]
        after = {each["id"]: each["allocated_quantity"] for each in await group.pledges(pool)}
        assert after == {gone["id"]: "0.000", erased["id"]: "0.000", staying["id"]: "12.000"}
        data = await told(callers, pool, "demand_pool.closed")
        assert {each["id"]: each["code"] for each in data["left_out"]} == {
            gone["id"]: "not-a-member",
            erased["id"]: "not-a-member",
        }

    async def test_once_time_is_over_fails_when_the_rest_is_below_the_minimum(
        self, callers: Callers, group: Together
    ) -> None:
        pool = await group.pool("8", "7")
        await use_up(group, 1, "6")
        left = await available(group.coop, group.item)
        await make_due(callers, pool)
        await close_due(callers.platform.database)
        failed = (await group.coop.get(f"{POOLS}/{pool['id']}")).json()
        assert (failed["state"], failed["failure"]) == ("failed", "below_minimum")
        assert await available(group.coop, group.item) == left
        assert await ordered(group.coop, group.lines[0]) == "0.000"
        data = await told(callers, pool, "demand_pool.failed")
        assert [each["code"] for each in data["left_out"]] == ["plan-line-exhausted"]

    async def test_stock_that_only_a_left_out_pledge_wants_is_in_nobodys_way(
        self, callers: Callers, group: Together
    ) -> None:
        pool = await group.pool("8", "7", "5")
        await use_up(group, 1, "6")
        await group.supplier.make(
            f"/v1/catalogue-items/{group.item['id']}/stock", {"available": "13"}
        )
        await make_due(callers, pool)
        closed = await group.coop.make(f"{POOLS}/{pool['id']}/close")
        assert closed["state"] == "closed"
        assert await available(group.coop, group.item) == "0.000"

    async def test_the_job_goes_on_when_one_pool_raises(
        self, callers: Callers, group: Together, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, good = await group.pool("10"), await group.pool()
        await group.coop.make(f"{POOLS}/{good['id']}/pledges", group.pledge_wish(1, "10"))
        for pool in (broken, good):
            await make_due(callers, pool)
        close = service.close

        async def stumble(uow: UnitOfWork, demand_pool_id: UUID) -> None:
            await close(uow, demand_pool_id)
            if str(demand_pool_id) == broken["id"]:
                raise RuntimeError("nobody foresaw this")

        monkeypatch.setattr(service, "close", stumble)
        await close_due(callers.platform.database)
        read = [(await group.coop.get(f"{POOLS}/{pool['id']}")).json() for pool in (broken, good)]
        assert [each["state"] for each in read] == ["open", "closed"]
        monkeypatch.undo()
        await close_due(callers.platform.database)
        assert (await group.coop.get(f"{POOLS}/{broken['id']}")).json()["state"] == "closed"

    async def test_gives_everything_back_when_the_order_is_rejected(self, group: Together) -> None:
        pool = await group.pool("12", "10")
        closed = await group.coop.make(f"{POOLS}/{pool['id']}/close")
        await group.supplier.make(
            f"/v1/orders/{closed['order_id']}/reject", {"reason": "Sin camión"}
        )
        assert await available(group.coop, group.item) == "100.000"
        assert [await ordered(group.coop, line) for line in group.lines] == ["0.000"] * 3

    @pytest.mark.parametrize("state", ["closed", "failed", "cancelled"])
    async def test_an_ended_pool_allows_nothing(
        self, callers: Callers, group: Together, state: str
    ) -> None:
        pool = await group.pool(*(["12"] if state == "closed" else ["1"]))
        path = f"{POOLS}/{pool['id']}"
        [pledge] = await group.pledges(pool)
        ended = await group.coop.make(f"{path}/{'cancel' if state == 'cancelled' else 'close'}")
        assert ended["state"] == state
        before = await callers.entries_of(group.coop)
        answers = [
            await group.coop.post(f"{path}/close"),
            await group.coop.post(f"{path}/cancel"),
            await group.coop.post(f"{path}/pledges", group.pledge_wish(1, "1")),
            await group.coop.post(f"{path}/pledges/{pledge['id']}/withdraw"),
            await group.coop.patch(f"{path}/pledges/{pledge['id']}", {"quantity": "2"}, '"v1"'),
        ]
        assert {answer.status_code for answer in answers} == {409}
        assert all(answer.json()["allowed_actions"] == [] for answer in answers)
        assert await callers.entries_of(group.coop) == before


class TestPayment:
    async def test_is_of_a_line_and_never_more_than_the_line_costs(self, group: Together) -> None:
        pool = await group.pool("12", "10")
        closed = await group.coop.make(f"{POOLS}/{pool['id']}/close")
        path = f"/v1/orders/{closed['order_id']}"
        order = await group.supplier.make(f"{path}/accept")
        first, second = order["lines"]

        def cash(amount: str, line: Any) -> dict[str, Any]:
            return {
                "source": "cash",
                "amount": amount,
                "paid_on": str(today()),
                "line_id": line and line["id"],
            }

        unnamed = await group.coop.post(f"{path}/payments", cash("1.00", None))
        assert codes(unnamed) == [("/amount", "overpaid")]  # There is no freight to pay.
        cost = Decimal(first["amount"]["amount"])
        too_much = await group.coop.post(
            f"{path}/payments", cash(str(cost + Decimal("0.01")), first)
        )
        assert codes(too_much) == [("/amount", "overpaid")]
        assert too_much.json()["errors"][0]["left"] == str(cost)
        await group.coop.make(f"{path}/payments", cash(str(cost - 1), first))
        await group.coop.make(f"{path}/payments", cash(second["amount"]["amount"], second))
        paid = await group.coop.make(f"{path}/payments", cash("1.00", first))
        assert paid["paid_amount"] == paid["total"]
        by_line: dict[str, Decimal] = {}
        for payment in paid["payments"]:
            amount = Decimal(payment["amount"]["amount"])
            by_line[payment["line_id"]] = by_line.get(payment["line_id"], Decimal(0)) + amount
        assert by_line == {line["id"]: Decimal(line["amount"]["amount"]) for line in order["lines"]}
        back = await group.coop.post(f"{path}/refunds", cash("2.00", None))
        assert back.status_code == 409
        await group.coop.make(f"{path}/refunds", cash("2.00", first))
        await group.coop.make(f"{path}/payments", cash("2.00", first))

    async def test_what_arrives_is_told_line_by_line(self, group: Together) -> None:
        pool = await group.pool("12", "10")
        closed = await group.coop.make(f"{POOLS}/{pool['id']}/close")
        path = f"/v1/orders/{closed['order_id']}"
        order = await group.supplier.make(f"{path}/accept")
        await group.supplier.make(f"{path}/dispatch", dispatch_wish(order))
        lines = [
            {"line_id": line["id"], "received_quantity": received, "damaged_quantity": "0"}
            for line, received in zip(order["lines"], ("12", "9"), strict=True)
        ]
        got = await group.coop.make(f"{path}/receive", {"lines": lines})
        pledges = {each["order_line_id"]: each["producer_id"] for each in await group.pledges(pool)}
        arrived = {pledges[line["id"]]: line["received_quantity"] for line in got["lines"]}
        assert set(arrived.values()) <= {"12.000", "9.000"}
        assert len(arrived) == 2


class TestCredit:
    async def test_a_loan_pays_its_borrowers_line_of_a_pooled_order(self, callers: Callers) -> None:
        credit = await new_credit(callers)
        neighbour, plan = await credit.join()
        loan = await approved_loan(credit)
        catalogue = await new_catalogue(credit.supplier, [{"price": "95.00"}])
        cluster = await new_cluster(credit.coop, [credit.producer["id"], neighbour["id"]])
        lines = [(credit.producer, credit.fertilizer), (neighbour, plan["lines"][0]["id"])]
        group = Together(
            credit.coop,
            credit.supplier,
            cluster,
            [producer for producer, _ in lines],
            [{"id": line} for _, line in lines],
            catalogue,
        )
        pool = await group.pool(minimum="1")
        path = f"{POOLS}/{pool['id']}"
        tied = {"credit_application_id": loan["credit_application_id"]}
        await credit.coop.make(f"{path}/pledges", group.pledge_wish(0, "9.5", **tied))
        stranger = await credit.coop.post(f"{path}/pledges", group.pledge_wish(1, "8", **tied))
        assert codes(stranger) == [("/credit_application_id", "application-differs")]
        await credit.coop.make(f"{path}/pledges", group.pledge_wish(1, "8.5"))
        closed = await credit.coop.make(f"{path}/close")
        await credit.supplier.make(f"/v1/orders/{closed['order_id']}/accept")
        order = (await credit.coop.get(f"/v1/orders/{closed['order_id']}")).json()
        [own] = [x for x in order["lines"] if x["farm_plan_line_id"] == credit.fertilizer]
        assert own["amount"] == pen("902.50")

        wish = {"amount": pen("900.00"), "order_id": order["id"]}
        await credit.caja.make(of(loan, "/disbursements"), wish)
        read = (await credit.coop.get(f"/v1/orders/{order['id']}")).json()
        assert [(p["source"], p["line_id"], p["amount"]) for p in read["payments"]] == [
            ("loan", own["id"], pen("900.00"))
        ]
        rest = {"source": "cash", "paid_on": str(today()), "line_id": own["id"]}
        pay = f"/v1/orders/{order['id']}/payments"
        too_much = await credit.coop.post(pay, {**rest, "amount": "2.51"})
        assert too_much.json()["errors"][0]["left"] == "2.50"
        await credit.coop.make(pay, {**rest, "amount": "2.50"})


class TestSides:
    async def test_the_supplier_sees_the_sum_and_no_producer(
        self, callers: Callers, group: Together
    ) -> None:
        pool = await group.pool("12", "10")
        path = f"{POOLS}/{pool['id']}"
        seen = (await group.supplier.get(path)).json()
        assert (seen["pledged_quantity"], seen["unit_price"]["amount"]) == ("22.000", "99.99")
        assert (seen["producers"], seen["cluster_id"]) == (None, None)
        assert (await group.supplier.get(f"{POOLS}?side=supplier")).json()["items"] == [seen]
        assert (await group.supplier.get(f"{path}/pledges")).status_code == 404
        for act in ("close", "cancel"):
            assert (await group.supplier.post(f"{path}/{act}")).status_code == 403

    async def test_nothing_that_the_supplier_is_told_names_producer_or_cluster(
        self, callers: Callers, group: Together
    ) -> None:
        failed, pool = await group.pool("1"), await group.pool("12", "10")
        for each in (failed, pool):
            await group.coop.make(f"{POOLS}/{each['id']}/close")
        bodies = await callers.platform.database.pool.fetch(
            "SELECT body FROM ledger_entries WHERE subject_id = ANY($1) AND body LIKE $2",
            [pool["id"], failed["id"]],
            f"%{group.supplier.organization_id}%",
        )
        assert len(bodies) == 4  # Twice opened, closed, failed.
        told = " ".join(body for (body,) in bodies)
        for each in (group.cluster, *group.producers, *group.lines):
            assert each["id"] not in told

    async def test_others_find_nothing(self, callers: Callers, group: Together) -> None:
        pool = await group.pool("12")
        [pledge] = await group.pledges(pool)
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        path = f"{POOLS}/{pool['id']}"
        before = await callers.entries_of(other)
        for method, tail, body in (
            ("GET", "", None),
            ("GET", "/pledges", None),
            ("GET", f"/pledges/{pledge['id']}", None),
            ("POST", "/pledges", group.pledge_wish(0, "1")),
            ("POST", f"/pledges/{pledge['id']}/withdraw", None),
            ("POST", "/close", None),
            ("POST", "/cancel", None),
        ):
            headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
            options: dict[str, Any] = {"headers": headers, "json": body}
            asked = [
                (await caller.call(method, path + tail, **options)).status_code
                for caller in (callers.anonymous(), caja, other)
            ]
            assert asked == [401, 403, 404], tail
        assert (await other.get(POOLS)).json()["items"] == []
        assert await callers.entries_of(other) == before


class TestRaces:
    async def test_pledges_at_once_never_exceed_the_maximum(
        self, coop: Caller, supplier: Caller
    ) -> None:
        group = await together(coop, supplier, 2)
        pool = await group.pool(minimum="1", maximum="7")
        path = f"{POOLS}/{pool['id']}/pledges"
        answers = await asyncio.gather(
            *(coop.post(path, group.pledge_wish(n % 2, "1")) for n in range(20))
        )
        assert sorted(answer.status_code for answer in answers) == [201] * 7 + [409] * 13
        assert (await coop.get(f"{POOLS}/{pool['id']}")).json()["pledged_quantity"] == "7.000"

    async def test_closes_and_pledges_at_once_make_one_order(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        group = await together(coop, supplier, 2)
        pool = await group.pool("10")
        path = f"{POOLS}/{pool['id']}"
        job = asyncio.create_task(close_due(callers.platform.database))
        answers = await asyncio.gather(
            *(coop.post(f"{path}/close") for _ in range(6)),
            *(coop.post(f"{path}/pledges", group.pledge_wish(1, "1")) for _ in range(6)),
        )
        await job
        closes, pledged = answers[:6], [each for each in answers[6:] if each.status_code == 201]
        assert sorted(answer.status_code for answer in closes) == [200] + [409] * 5
        [closed] = [answer.json() for answer in closes if answer.status_code == 200]
        order = (await coop.get(f"/v1/orders/{closed['order_id']}")).json()
        packs = sum(Decimal(line["quantity"]) for line in order["lines"])
        assert packs == 10 + len(pledged)
        assert await available(coop, group.item) == f"{100 - packs}"

    async def test_the_deadlines_job_and_the_host_close_a_pool_once(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        group = await together(coop, supplier, 3)
        pools = [await group.pool("4", "4.5", "4.7", minimum="5") for _ in range(3)]
        for pool in pools:
            await make_due(callers, pool)
        jobs = [asyncio.create_task(close_due(callers.platform.database)) for _ in range(2)]
        paths = [f"{POOLS}/{pool['id']}" for pool in pools]
        answers = await asyncio.gather(*(coop.post(f"{p}/close") for p in paths for _ in range(2)))
        await asyncio.gather(*jobs)
        assert {answer.status_code for answer in answers} <= {200, 409}
        found = [(await coop.get(path)).json() for path in paths]
        # Each plan line needs 12 bags: two pools have room on it, the third finds too little left.
        assert sorted(each["state"] for each in found) == ["closed", "closed", "failed"]
        orders = (await coop.get("/v1/orders?include=total")).json()
        made = {each["order_id"] for each in found if each["order_id"]}
        assert {each["id"] for each in orders["items"]} == made
        assert (orders["total"], await available(coop, group.item)) == (2, "74.000")
        kilos = [Decimal(await ordered(coop, line)) for line in group.lines]
        assert sum(kilos) == 26 * 50
