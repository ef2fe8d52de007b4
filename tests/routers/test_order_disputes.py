"""Disputes end as both sides agree, and money is conserved on the way."""

import random
from decimal import Decimal
from typing import Any

import pytest

from api.core.clock import today
from api.domains.orders.states import PAYABLE, OrderState
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.orders import (
    dispatch_wish,
    new_order,
    order_line,
    receipt_wish,
    received_order,
)
from tests.routers.test_order_fulfilment import put_into


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def catalogue(supplier: Caller) -> dict[str, Any]:
    return await new_catalogue(supplier, [{"price": "100.00", "available": "10"}])


def money(amount: str, **changes: Any) -> dict[str, Any]:
    return {"source": "transfer", "amount": amount, "paid_on": str(today()), **changes}


def account(order: dict[str, Any]) -> tuple[str, str, str, str]:
    """Total, credited, paid, to be refunded."""
    members = ("total", "credited_amount", "paid_amount", "refund_due")
    total, credited, paid, back = (order[name]["amount"] for name in members)
    return total, credited, paid, back


async def disputed(
    buyer: Caller, supplier: Caller, catalogue: dict[str, Any], *, paid: str = "0"
) -> str:
    """The address of an order of 4 packs for 400.00: one missing, one damaged, contested."""
    lines = [order_line(catalogue["items"][0], quantity="4")]
    order = await new_order(buyer, catalogue, lines, accepted_by=supplier)
    path = f"/v1/orders/{order['id']}"
    sent = await supplier.make(f"{path}/dispatch", dispatch_wish(order))
    receipt = receipt_wish(sent)
    receipt["lines"][0] |= {"received_quantity": "2", "damaged_quantity": "1"}
    await buyer.make(f"{path}/receive", receipt)
    if paid != "0":
        await buyer.make(f"{path}/payments", money(paid))
    await buyer.make(f"{path}/dispute", {"code": "damage", "reason": "Un saco roto"})
    return path


class TestCreditNote:
    async def test_is_offered_taken_and_refunded(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        path = await disputed(coop, supplier, catalogue, paid="350.00")
        offer = {"outcome": "credit_note", "amount": "200.00", "note": "FC01-118"}
        offered = await supplier.make(f"{path}/offer-settlement", offer)
        assert account(offered) == ("400.00", "0.00", "350.00", "0.00")
        [told] = offered["disputes"]
        assert (told["state"], told["reason"], told["amount"]["amount"]) == (
            "offered", "damage", "200.00",
        )  # fmt: skip
        for other in (
            {"outcome": "credit_note", "amount": "200.01"},
            {"outcome": "replacement"},
        ):
            refused = await coop.post(f"{path}/settle", other)
            assert [e["code"] for e in refused.json()["errors"]] == ["settlement-differs"]
        taken = {"outcome": "credit_note", "amount": "200.00"}
        settled = await coop.make(f"{path}/settle", taken)
        assert settled["state"] == "received"
        assert account(settled) == ("400.00", "200.00", "350.00", "150.00")
        assert (settled["disputes"][0]["state"], settled["disputes"][0]["note"]) == (
            "settled", "FC01-118",
        )  # fmt: skip
        over = await coop.post(f"{path}/payments", money("0.01"))
        assert [(e["code"], e["left"]) for e in over.json()["errors"]] == [("overpaid", "0.00")]
        early = await coop.post(f"{path}/close")
        assert [e["code"] for e in early.json()["errors"]] == ["refund-due"]
        too_much = await coop.post(f"{path}/refunds", money("350.01"))
        assert [(e["code"], e["left"]) for e in too_much.json()["errors"]] == [
            ("refunded-beyond", "350.00")
        ]
        back = await coop.make(f"{path}/refunds", money("150.00", reference="DEV-1"))
        assert account(back) == ("400.00", "200.00", "200.00", "0.00")
        assert [(r["amount"]["amount"], r["reference"]) for r in back["refunds"]] == [
            ("150.00", "DEV-1")
        ]
        assert (await coop.make(f"{path}/close"))["state"] == "closed"

    async def test_never_exceeds_the_order(
        self, callers: Callers, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        path = await disputed(coop, supplier, catalogue)
        before = await callers.entries_of(supplier)
        offer = {"outcome": "credit_note", "amount": "400.01"}
        refused = await supplier.post(f"{path}/offer-settlement", offer)
        assert [(e["code"], e["left"]) for e in refused.json()["errors"]] == [
            ("credit-beyond", "400.00")
        ]
        assert await callers.entries_of(supplier) == before
        for wrong in (
            {"outcome": "credit_note"},
            {"outcome": "nothing", "amount": "1.00"},
            {"outcome": "apology"},
        ):
            assert (await supplier.post(f"{path}/offer-settlement", wrong)).status_code == 422


class TestReplacement:
    async def test_is_received_anew(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        path = await disputed(coop, supplier, catalogue)
        await supplier.make(f"{path}/offer-settlement", {"outcome": "replacement"})
        again = await coop.make(f"{path}/settle", {"outcome": "replacement"})
        assert again["state"] == "dispatched"
        [line] = again["lines"]
        assert (line["received_quantity"], line["damaged_quantity"]) == ("2.000", "0.000")
        receipt = {"lines": [{"line_id": line["id"], "received_quantity": "2.001"}]}
        over = await coop.post(f"{path}/receive", receipt)
        assert [(e["code"], e["left"]) for e in over.json()["errors"]] == [
            ("more-than-dispatched", "2.000")
        ]
        receipt["lines"][0]["received_quantity"] = "2"
        done = await coop.make(f"{path}/receive", receipt)
        assert (done["state"], done["lines"][0]["received_quantity"]) == ("received", "4.000")
        assert len(done["receipts"]) == 2

    async def test_needs_something_to_replace(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        order = await received_order(coop, supplier, catalogue)
        path = f"/v1/orders/{order['id']}"
        await coop.make(f"{path}/dispute", {"code": "quality"})
        refused = await supplier.post(f"{path}/offer-settlement", {"outcome": "replacement"})
        assert [e["code"] for e in refused.json()["errors"]] == ["nothing-to-replace"]


class TestNothing:
    async def test_goes_back_to_where_it_was(
        self, coop: Caller, supplier: Caller, catalogue: dict[str, Any]
    ) -> None:
        path = await disputed(coop, supplier, catalogue)
        await supplier.make(f"{path}/offer-settlement", {"outcome": "replacement"})
        given_up = await coop.make(f"{path}/settle", {"outcome": "nothing"})
        assert (given_up["state"], given_up["disputes"][0]["outcome"]) == ("received", "nothing")
        assert given_up["lines"][0]["damaged_quantity"] == "1.000"
        order = await new_order(coop, catalogue, accepted_by=supplier)
        path = f"/v1/orders/{order['id']}"
        await supplier.make(f"{path}/dispatch", dispatch_wish(order))
        await coop.make(f"{path}/dispute", {"code": "late"})
        # Not received yet when it was contested, so still to be received.
        back = await coop.make(f"{path}/settle", {"outcome": "nothing"})
        assert back["state"] == "dispatched"
        await coop.make(f"{path}/dispute", {"code": "late"})
        twice = (await coop.get(path)).json()["disputes"]
        assert [x["state"] for x in twice] == ["settled", "open"]


async def test_a_refund_opens_the_way_out(
    coop: Caller, supplier: Caller, catalogue: dict[str, Any]
) -> None:
    order = await new_order(coop, catalogue, accepted_by=supplier)
    path = f"/v1/orders/{order['id']}"
    await coop.make(f"{path}/payments", money("60.00"))
    assert (await coop.post(f"{path}/cancel")).status_code == 409
    await coop.make(f"{path}/refunds", money("60.00"))
    assert (await coop.make(f"{path}/cancel"))["state"] == "cancelled"
    assert (await coop.post(f"{path}/refunds", money("0.01"))).status_code == 409


@pytest.mark.parametrize("state", sorted(set(OrderState) - PAYABLE))
async def test_a_refund_needs_an_order_that_could_be_paid(
    callers: Callers,
    coop: Caller,
    supplier: Caller,
    catalogue: dict[str, Any],
    state: OrderState,
) -> None:
    order = await new_order(coop, catalogue)
    await put_into(callers, order, state)
    before = await callers.entries_of(coop)
    path = f"/v1/orders/{order['id']}/refunds"
    refused = await coop.post(path, money("0.01"))
    assert (refused.status_code, refused.json()["code"]) == (409, "state-not-allowed")
    assert (await supplier.post(path, money("0.01"))).status_code == 403
    stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
    assert (await stranger.post(path, money("0.01"))).status_code == 404
    assert await callers.entries_of(coop) == before


@pytest.mark.parametrize("seed", range(5))
async def test_money_is_conserved_whatever_is_paid_credited_and_refunded(
    coop: Caller, supplier: Caller, catalogue: dict[str, Any], seed: int
) -> None:
    """What was paid is payments less refunds, and never beyond what the order costs but by what is
    due back.
    """
    dice = random.Random(seed)  # noqa: S311 - not a secret
    path = await disputed(coop, supplier, catalogue, paid="123.45")
    for _ in range(12):
        amount = f"{Decimal(dice.randrange(1, 20_000)) / 100:.2f}"
        credit = {"outcome": "credit_note", "amount": amount}
        act = dice.choice(["payments", "refunds", "credit", "dispute"])
        if act == "credit":
            await supplier.post(f"{path}/offer-settlement", credit)
            await coop.post(f"{path}/settle", credit)
        elif act == "dispute":
            await coop.post(f"{path}/dispute", {"code": "other"})
        else:
            await coop.post(f"{path}/{act}", money(amount))
        order = (await coop.get(path)).json()
        total, credited, paid, back = map(Decimal, account(order))
        payments = sum(Decimal(x["amount"]["amount"]) for x in order["payments"])
        refunds = sum(Decimal(x["amount"]["amount"]) for x in order["refunds"])
        agreed = sum(
            Decimal(x["amount"]["amount"])
            for x in order["disputes"]
            if x["state"] == "settled" and x["outcome"] == "credit_note"
        )
        assert (paid, credited) == (payments - refunds, agreed)
        assert 0 <= paid <= total - credited + back
        assert back == max(paid - (total - credited), 0)
        assert credited <= total
