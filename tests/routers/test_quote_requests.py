"""Quote requests: who sees what before the deadline, and what the award makes of a quote."""

import asyncio
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.core.actor import SYSTEM
from api.core.canonical import canonical
from api.core.clock import now, today
from api.jobs.quote_requests import lapse_unawarded
from api.jobs.sequencer import Sequencer
from api.models.quote_requests import QuoteRequest
from api.policies import Role
from api.transactions import Event, unit_of_work
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.clusters import new_cluster
from tests.factories.demand_pools import together
from tests.factories.orders import (
    available,
    new_order,
    order_line,
    order_wish,
    ordered,
    plan_lines,
)

Told = list[tuple[str, str, str | None]]


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER, name="Agroinsumos del Huallaga")


@pytest.fixture
async def rival(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER, name="Fertilizantes Tocache")


def asked_line(**changes: Any) -> dict[str, Any]:
    """600 kg of fertilizer, for an emergency unless a plan line is named."""
    if "farm_plan_line_id" not in changes:
        changes = {"plan_exception": "emergency", **changes}
    return {
        "category": "fertilizer",
        "specification": "Guano de isla",
        "unit": "KGM",
        "quantity": "600",
        **changes,
    }


async def request_wish(
    coop: Caller, suppliers: list[Caller], lines: list[dict[str, Any]] | None = None, **changes: Any
) -> dict[str, Any]:
    cluster = await new_cluster(coop)
    return {
        "name": "Campaña 2027",
        "cluster_id": cluster["id"],
        "currency": "PEN",
        "delivery_ubigeo": "220601",
        "closes_at": (now() + timedelta(days=7)).isoformat(),
        "supplier_ids": [str(each.organization_id) for each in suppliers],
        "lines": lines or [asked_line()],
        **changes,
    }


async def new_request(coop: Caller, suppliers: list[Caller], **changes: Any) -> dict[str, Any]:
    return await coop.make("/v1/quote-requests", await request_wish(coop, suppliers, **changes))


def quote_wish(request: dict[str, Any], item: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Twelve bags of 50 kg at S/ 98.50 for the first line, and S/ 60.00 of freight."""
    line = {
        "line_id": request["lines"][0]["id"],
        "item_id": item["id"],
        "quantity": "12",
        "unit_price": "98.50",
    }
    return {
        "lines": [line | changes.pop("line", {})],
        "freight": "60.00",
        "delivery_days": 10,
        "payment_terms": "50 % al pedido, 50 % contra entrega",
        "valid_until": str(today() + timedelta(days=60)),
        **changes,
    }


def path_of(request: dict[str, Any], action: str = "") -> str:
    return f"/v1/quote-requests/{request['id']}{action and '/' + action}"


async def quoted(
    request: dict[str, Any], supplier: Caller, available: str | None = None, **changes: Any
) -> dict[str, Any]:
    """A quote with an item of a catalogue of its own; the quote, with its ``item``."""
    catalogue = await new_catalogue(supplier, [{"available": available} if available else {}])
    item = catalogue["items"][0]
    answer = await supplier.make(path_of(request, "quote"), quote_wish(request, item, **changes))
    [found] = answer["quotes"]
    return {**found, "item": item}


async def closed(
    callers: Callers,
    request: dict[str, Any],
    *,
    awardable: bool = True,
    after: timedelta = timedelta(seconds=-1),
) -> datetime:
    """The deadline has passed (or passes soon), and if told so the time to award, too."""
    async with unit_of_work(callers.platform.database, SYSTEM) as uow:
        found = await uow.locked(QuoteRequest, UUID(request["id"]))
        assert found is not None
        found.closes_at = now() + after
        if not awardable:
            found.award_until = now() - timedelta(seconds=1)
        uow.record(Event("quote_request.test_closed", ("quote_request", found.id)))
        return found.closes_at


async def refused(callers: Callers, caller: Caller, path: str, body: Any = None) -> Told:
    before = await callers.entries_of(caller)
    answer = await caller.post(path, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "rule-broken"), answer.text
    assert await callers.entries_of(caller) == before
    return [(e["pointer"], e["code"], e.get("left")) for e in answer.json()["errors"]]


async def sequenced(callers: Callers, dsn: str) -> None:
    """Everything that was recorded is in the feeds."""
    connection = await asyncpg.connect(dsn)
    try:
        while await Sequencer(dsn, callers.platform.signer, 1).once(connection):
            pass
    finally:
        await connection.close()


async def test_asks_those_named_or_all_who_offer_it_there(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    [line] = await plan_lines(coop)
    request = await new_request(coop, [supplier], lines=[asked_line(farm_plan_line_id=line["id"])])
    assert (request["state"], request["quotes"]) == ("open", [])
    assert request["supplier_ids"] == [str(supplier.organization_id)]
    assert request["lines"][0]["farm_plan_line_id"] == line["id"]
    seen = (await supplier.get(path_of(request))).json()
    told = {"cluster_id": None, "supplier_ids": None}
    lines = [{**request["lines"][0], "farm_plan_line_id": None}]
    assert seen == {**request, **told, "lines": lines}
    assert [r["id"] for r in (await supplier.get("/v1/quote-requests")).json()["items"]] == [
        request["id"]
    ]
    # Nobody else offers it in a district that only this supplier covers.
    await new_catalogue(supplier, coverage=["150132"])
    other = await new_request(coop, [], supplier_ids=None, delivery_ubigeo="150132")
    assert other["supplier_ids"] == [str(supplier.organization_id)]


async def test_refuses_what_cannot_be_asked(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    [line] = await plan_lines(coop)
    lines = [
        asked_line(farm_plan_line_id=line["id"], quantity="601"),
        asked_line(farm_plan_line_id=line["id"], category="tool"),
        asked_line(farm_plan_line_id=str(uuid4())),
    ]
    wish = await request_wish(
        coop, [supplier, coop], lines, closes_at=now().isoformat(), cluster_id=str(uuid4())
    )
    assert await refused(callers, coop, "/v1/quote-requests", wish) == [
        ("/closes_at", "closes-out-of-range", None),
        ("/lines/0/farm_plan_line_id", "plan-line-exhausted", "600.000"),
        ("/lines/1/farm_plan_line_id", "category-differs", None),
        ("/lines/2/farm_plan_line_id", "plan-line-unknown", None),
        ("/cluster_id", "cluster-unknown", None),
        ("/supplier_ids/1", "supplier-unknown", None),
    ]
    nobody = await request_wish(coop, [], supplier_ids=[])
    assert await refused(callers, coop, "/v1/quote-requests", nobody) == [
        ("/supplier_ids", "no-supplier", None)
    ]


async def test_refuses_what_cannot_be_quoted(
    callers: Callers, coop: Caller, supplier: Caller, rival: Caller
) -> None:
    request = await new_request(coop, [supplier])
    catalogue = await new_catalogue(supplier, [{}, {"category": "tool"}])
    dollars = await new_catalogue(supplier, currency="USD")
    far = await new_catalogue(supplier, coverage=["25"])
    bags, tools = catalogue["items"]
    theirs = (await new_catalogue(rival))["items"][0]
    path, cheap = path_of(request, "quote"), {"quantity": "0.001", "unit_price": "1"}
    for item, line, told in (
        (bags, {"quantity": "12.001"}, ("/lines/0/quantity", "beyond-asked", "600.000")),
        (bags, {"line_id": str(uuid4())}, ("/lines/0/line_id", "line-unknown", None)),
        (bags, cheap, ("/lines/0/unit_price", "amount-too-small", None)),
        (tools, {}, ("/lines/0/item_id", "category-differs", None)),
        (theirs, {}, ("/lines/0/item_id", "other-supplier", None)),
        (dollars["items"][0], {}, ("/lines/0/item_id", "currency-differs", None)),
        (far["items"][0], {}, ("/lines/0/item_id", "not-delivered-there", None)),
        ({"id": str(uuid4())}, {}, ("/lines/0/item_id", "not-on-offer", None)),
    ):  # fmt: skip
        wish = quote_wish(request, item, line=line)
        assert await refused(callers, supplier, path, wish) == [told]
    short = quote_wish(request, bags, valid_until=str(today()))
    assert await refused(callers, supplier, path, short) == [
        ("/valid_until", "valid-too-short", None)
    ]
    twice = quote_wish(request, bags)
    twice["lines"] *= 2
    assert await refused(callers, supplier, path, twice) == [
        ("/lines/1/line_id", "line-repeated", None)
    ]
    assert (await supplier.get(path_of(request))).json()["quotes"] == []


async def test_nobody_sees_a_quote_before_the_deadline(
    callers: Callers, dsn: str, coop: Caller, supplier: Caller, rival: Caller
) -> None:
    request = await new_request(coop, [supplier, rival])
    before = await coop.get(path_of(request))
    mine = await quoted(request, supplier)
    theirs = await quoted(request, rival, line={"unit_price": "91.37"}, freight="77.77")
    await rival.make(path_of(request, "withdraw-quote"))
    await rival.make(
        path_of(request, "quote"),
        quote_wish(request, theirs["item"], line={"unit_price": "91.37"}, freight="77.77"),
    )
    # The request is the same to the last byte, whatever was quoted; and so is every list.
    after = await coop.get(path_of(request), headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.content) == (200, before.content)
    assert after.headers["etag"] == before.headers["etag"]
    [own] = (await supplier.get(path_of(request))).json()["quotes"]
    assert own["id"] == mine["id"]
    await sequenced(callers, dsn)
    # 12 × 91.37, and with the freight: 1,096.44 and 1,174.21.
    sums = ("91.37", "77.77", "1096.44", "1174.21")
    secrets = (mine["id"], theirs["id"], *sums, str(rival.organization_id))
    for caller, hidden in ((coop, secrets[:-1]), (supplier, secrets[1:])):
        for path in (
            "/v1/events?limit=100",
            "/v1/quote-requests",
            path_of(request),
            "/v1/orders",
            "/v1/supplier-performance",
        ):
            text = (await caller.get(path)).text
            assert not [each for each in hidden if each in text], path
    for quote_id in (mine["id"], theirs["id"]):
        entries = await callers.platform.database.pool.fetch(
            "SELECT id, body FROM ledger_entries WHERE subject_id = $1", UUID(quote_id)
        )
        for entry in entries:
            assert (await coop.get(f"/v1/ledger/entries/{entry['id']}")).status_code == 404
            # Whoever reads the whole ledger finds ids and a salted hash.
            data = json.loads(entry["body"])["data"]
            assert set(data) <= {"quote_request_id", "seal"}
    sealed = await refused(callers, coop, path_of(request, "award"), {"quote_id": mine["id"]})
    unknown = await refused(callers, coop, path_of(request, "award"), {"quote_id": str(uuid4())})
    assert sealed == unknown == [("/closes_at", "sealed", None)]
    await closed(callers, request)
    opened = (await coop.get(path_of(request))).json()["quotes"]
    assert [q["id"] for q in opened] == [theirs["id"], mine["id"]]
    assert [q["id"] for q in (await rival.get(path_of(request))).json()["quotes"]] == [theirs["id"]]


async def test_compares_what_is_delivered_and_proves_that_nothing_changed(
    callers: Callers, coop: Caller, supplier: Caller, rival: Caller
) -> None:
    lines = [asked_line(), asked_line(category="tool", unit="H87", quantity="3")]
    request = await new_request(coop, [supplier, rival], lines=lines)
    one = await quoted(request, supplier)
    gone = await quoted(request, rival)
    await rival.make(path_of(request, "withdraw-quote"))
    await closed(callers, request)
    [found] = (await coop.get(path_of(request))).json()["quotes"]
    assert (found["id"], gone["state"]) == (one["id"], "submitted")
    assert found["supplier"] == "Agroinsumos del Huallaga"
    # 12 × 98.50 and 60.00; (1182 + 60) / 600 kg.
    assert found["total"] == {"amount": "1242.00", "currency": "PEN"}
    [line] = found["lines"]
    assert line["delivered_unit_price"] == "2.0700"
    assert found["unquoted_line_ids"] == [request["lines"][1]["id"]]
    terms = {
        "currency": "PEN",
        "delivery_days": found["delivery_days"],
        "freight": found["freight"]["amount"],
        "payment_terms": found["payment_terms"],
        "valid_until": found["valid_until"],
        "lines": [
            {
                "line_id": line["line_id"],
                "item_id": line["item_id"],
                "quantity": line["quantity"],
                "unit_price": line["unit_price"]["amount"],
            }
            for line in found["lines"]
        ],
    }
    sealed = canonical({"salt": found["salt"], "terms": terms})
    assert hashlib.sha256(sealed).hexdigest() == found["seal"]
    body = await callers.platform.database.pool.fetchval(
        "SELECT body FROM ledger_entries WHERE subject_id = $1", UUID(found["id"])
    )
    assert json.loads(body)["data"]["seal"] == found["seal"]


async def test_the_award_makes_an_order_at_the_terms_that_were_quoted(
    callers: Callers, coop: Caller, supplier: Caller, rival: Caller
) -> None:
    [line] = await plan_lines(coop)
    lines = [asked_line(farm_plan_line_id=line["id"])]
    request = await new_request(coop, [supplier, rival], lines=lines)
    winner, loser = await quoted(request, supplier, "20"), await quoted(request, rival)
    await closed(callers, request)
    awarded = await coop.make(path_of(request, "award"), {"quote_id": winner["id"]})
    assert awarded["state"] == "awarded"
    assert {q["id"]: q["state"] for q in awarded["quotes"]} == {
        winner["id"]: "awarded",
        loser["id"]: "declined",
    }
    order = (await coop.get(f"/v1/orders/{awarded['order_id']}")).json()
    assert (order["state"], order["cluster_id"]) == ("accepted", request["cluster_id"])
    assert (order["total"]["amount"], order["freight"]["amount"]) == ("1242.00", "60.00")
    assert order["lines"][0]["unit_price"]["amount"] == "98.50"
    assert await available(coop, winner["item"]) == "8.000"
    assert await ordered(coop, line) == "600.000"
    # The winner can deliver, and not retract.
    assert (
        await supplier.post(f"/v1/orders/{order['id']}/reject", {"reason": "Muy barato"})
    ).status_code == 409
    assert (await supplier.get(path_of(request))).json()["order_id"] == order["id"]
    seen = (await rival.get(path_of(request))).json()
    assert (seen["state"], seen["order_id"]) == ("awarded", None)
    assert [(q["id"], q["state"]) for q in seen["quotes"]] == [(loser["id"], "declined")]
    assert (await rival.get(f"/v1/orders/{order['id']}")).status_code == 404
    told = await callers.platform.database.pool.fetch(
        "SELECT event, body FROM ledger_entries WHERE body LIKE '%' || $1 || '%' ORDER BY id",
        str(rival.organization_id),
    )
    events = [each["event"] for each in told]
    assert events[-2:] == ["quote.declined", "quote_request.awarded"]
    after_award = [each["body"] for each in told if each["event"] in events[-2:]]
    for secret in ("98.50", "1242.00", order["id"], str(supplier.organization_id), winner["id"]):
        assert not any(secret in body for body in after_award), secret


async def test_where_stock_is_gone_the_next_can_be_awarded(
    callers: Callers, coop: Caller, supplier: Caller, rival: Caller
) -> None:
    request = await new_request(coop, [supplier, rival])
    first, second = await quoted(request, supplier, "12"), await quoted(request, rival)
    catalogue = {"organization_id": first["supplier_id"], "items": [first["item"]]}
    await new_order(coop, catalogue, [order_line(first["item"], quantity="5")])
    await closed(callers, request)
    path = path_of(request, "award")
    assert await refused(callers, coop, path, {"quote_id": first["id"]}) == [
        ("/lines/0/item_id", "not-enough-stock", "7.000")
    ]
    assert (await coop.get(path_of(request))).json()["state"] == "open"
    assert await available(coop, first["item"]) == "7.000"
    assert (await coop.make(path, {"quote_id": second["id"]}))["state"] == "awarded"


async def test_from_the_deadline_on_quotes_stand(
    callers: Callers, coop: Caller, supplier: Caller, rival: Caller
) -> None:
    request = await new_request(coop, [supplier, rival])
    found = await quoted(request, supplier)
    await closed(callers, request)
    item = found["item"]
    late = [("/closes_at", "quoting-closed", None)]
    cheaper = quote_wish(request, item, line={"unit_price": "1.00"})
    assert await refused(callers, supplier, path_of(request, "quote"), cheaper) == late
    assert await refused(callers, supplier, path_of(request, "withdraw-quote")) == late
    theirs = (await new_catalogue(rival))["items"][0]
    wish = quote_wish(request, theirs)
    assert await refused(callers, rival, path_of(request, "quote"), wish) == late
    [left] = (await coop.get(path_of(request))).json()["quotes"]
    assert (left["id"], left["total"]["amount"]) == (found["id"], "1242.00")


async def test_of_two_awards_at_once_one_is_made(
    callers: Callers, coop: Caller, supplier: Caller, rival: Caller
) -> None:
    request = await new_request(coop, [supplier, rival])
    quotes = [await quoted(request, each, "12") for each in (supplier, rival)]
    await closed(callers, request)
    answers = await asyncio.gather(
        *(coop.post(path_of(request, "award"), {"quote_id": q["id"]}) for q in quotes * 3)
    )
    assert sorted(a.status_code for a in answers) == [200, 409, 409, 409, 409, 409]
    left = sorted([str(await available(coop, q["item"])) for q in quotes])
    assert left == ["0.000", "12.000"]
    assert len((await coop.get("/v1/orders?side=buyer")).json()["items"]) == 1


async def test_an_award_a_pool_and_an_order_at_once_buy_a_plan_line_once(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    """All three want all of it, while the next revision of the catalogue takes the item's place."""
    for _ in range(4):
        group = await together(coop, supplier, 1, available="20")
        [line] = group.lines
        pool = await group.pool("12")
        request = await new_request(
            coop, [supplier], lines=[asked_line(farm_plan_line_id=line["id"])]
        )
        sent = await supplier.make(path_of(request, "quote"), quote_wish(request, group.item))
        await closed(callers, request)
        draft = await supplier.make(f"/v1/catalogues/{group.catalogue['id']}/revise")
        wish = order_wish(
            group.catalogue, [order_line(group.item, quantity="12", farm_plan_line_id=line["id"])]
        )
        answers = await asyncio.gather(
            coop.post(f"/v1/demand-pools/{pool['id']}/close"),
            coop.post(path_of(request, "award"), {"quote_id": sent["quotes"][0]["id"]}),
            coop.post("/v1/orders", wish),
            supplier.post(f"/v1/catalogues/{draft['id']}/publish"),
        )
        assert {a.status_code for a in answers} <= {200, 201, 409, 503}
        bought = sum(a.is_success for a in answers[:3])
        assert bought <= 1
        assert await ordered(coop, line) == ("600.000" if bought else "0.000")
        left, moved = await callers.platform.database.pool.fetchrow(
            "SELECT (SELECT available FROM stocks WHERE item_id = $1),"
            " (SELECT sum(quantity) FROM stock_movements WHERE item_id = $1)",
            UUID(group.item["id"]),
        )
        assert left == moved == 20 - 12 * bought


async def test_a_quote_at_the_deadline_is_in_time_or_refused(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    """Quotes race with the deadline: what was answered 200 is there for the award, all else not."""
    request = await new_request(coop, [supplier])
    item = (await new_catalogue(supplier))["items"][0]
    closes_at = await closed(callers, request, after=timedelta(seconds=1.5))
    kept, late = None, 0
    while late < 3:
        price = f"{100 + late}.{int(now().timestamp() * 100) % 100:02d}"
        wish = quote_wish(request, item, line={"unit_price": price})
        answer = await supplier.post(path_of(request, "quote"), wish)
        if answer.status_code == 200:
            assert late == 0
            kept = price
        else:
            assert answer.json()["errors"][0]["code"] == "quoting-closed"
            assert now() >= closes_at
            late += 1
    found = (await coop.get(path_of(request))).json()["quotes"]
    assert [q["lines"][0]["unit_price"]["amount"] for q in found] == ([kept] if kept else [])


async def test_every_action_in_every_state(
    callers: Callers, coop: Caller, supplier: Caller
) -> None:
    async def ended(state: str) -> tuple[dict[str, Any], dict[str, Any]]:
        request = await new_request(coop, [supplier])
        found = await quoted(request, supplier)
        if state == "cancelled":
            await coop.make(path_of(request, "cancel"), {"reason": "En enero"})
            return request, found
        await closed(callers, request, awardable=state != "lapsed")
        if state == "lapsed":
            assert await lapse_unawarded(callers.platform.database) >= 1
        else:
            await coop.make(path_of(request, "award"), {"quote_id": found["id"]})
        return request, found

    for state in ("awarded", "cancelled", "lapsed"):
        request, found = await ended(state)
        before = (await coop.get(path_of(request))).json()
        assert before["state"] == state
        for caller, action, body in (
            (coop, "award", {"quote_id": found["id"]}),
            (coop, "cancel", {"reason": "En enero"}),
            (supplier, "quote", quote_wish(request, found["item"])),
            (supplier, "withdraw-quote", None),
        ):
            entries = await callers.entries_of(caller)
            answer = await caller.post(path_of(request, action), body)
            assert answer.status_code == 409, (state, action)
            assert await callers.entries_of(caller) == entries
        assert (await coop.get(path_of(request))).json() == before
        [own] = (await supplier.get(path_of(request))).json()["quotes"]
        assert own["state"] == ("awarded" if state == "awarded" else "declined")


async def test_what_is_cancelled_before_its_deadline_is_never_opened(
    callers: Callers, dsn: str, coop: Caller, supplier: Caller, rival: Caller
) -> None:
    request = await new_request(coop, [supplier, rival])
    found = await quoted(request, supplier)
    cancelled = await coop.make(path_of(request, "cancel"), {"reason": "En enero"})
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "En enero")
    assert cancelled["quotes"] == []
    seen = (await supplier.get(path_of(request))).json()
    assert (seen["reason"], [q["state"] for q in seen["quotes"]]) == ("En enero", ["declined"])
    # Who asked reads of each supplier the same, whether it quoted or not.
    await sequenced(callers, dsn)
    feed = [e["entry"] for e in (await coop.get("/v1/events?limit=100")).json()["items"]]
    events = [e["event"] for e in feed if e["event"].startswith("quote")]
    assert events == ["quote_request.opened"] * 2 + ["quote_request.cancelled"] * 3
    assert found["id"] not in json.dumps(feed)


async def test_who_may_do_what(callers: Callers, coop: Caller, supplier: Caller) -> None:
    request = await new_request(coop, [supplier])
    found = await quoted(request, supplier)
    item = found["item"]
    award, cancel = {"quote_id": found["id"]}, {"reason": "En enero"}
    stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
    uninvited = await callers.new(Role.INPUT_SUPPLIER)
    both = await callers.new(Role.PRODUCER_ORGANIZATION, Role.INPUT_SUPPLIER)
    buyer = await callers.new(Role.BUYER)
    for caller, method, action, body, status in (
        (callers.anonymous(), "GET", "", None, 401),
        (buyer, "GET", "", None, 403),
        (stranger, "GET", "", None, 404),
        (uninvited, "GET", "", None, 404),
        (callers.anonymous(), "POST", "award", award, 401),
        (supplier, "POST", "award", award, 403),
        (supplier, "POST", "cancel", cancel, 403),
        (coop, "POST", "quote", quote_wish(request, item), 403),
        (coop, "POST", "withdraw-quote", None, 403),
        (stranger, "POST", "award", award, 404),
        (stranger, "POST", "cancel", cancel, 404),
        (uninvited, "POST", "quote", quote_wish(request, item), 404),
        (uninvited, "POST", "withdraw-quote", None, 404),
        (both, "POST", "award", award, 404),
    ):
        options: dict[str, Any] = {"headers": {"Idempotency-Key": str(uuid4())}}
        if body is not None:
            options["json"] = body
        answer = await caller.call(method, path_of(request, action), **options)
        assert answer.status_code == status, (method, action, answer.text)
    assert (await coop.get(path_of(request))).json() == request
    assert (await buyer.post("/v1/quote-requests", {})).status_code == 403
    assert (await supplier.post("/v1/quote-requests", {})).status_code == 403
    # Who was asked and sells, but may not award: it sees the request, and does not own it.
    theirs = await new_request(coop, [both])
    answer = await both.post(path_of(theirs, "award"), award)
    assert answer.status_code == 403
