import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.core.actor import Actor
from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import NotFound, RuleBroken
from api.domains.deliveries.vocabulary import CocoaForm, DeliveryDocument
from api.domains.loans import service
from api.models.deliveries import CollectionCentre, Delivery
from api.policies import Role
from api.routers import loans as router
from api.transactions import Event, unit_of_work
from tests.callers import Caller, Callers
from tests.days import DAY
from tests.factories.clusters import new_cluster
from tests.factories.credit_applications import Credit, at, new_credit, pen
from tests.factories.deliveries import delivery_wish
from tests.factories.loans import (
    LOANS,
    active_loan,
    approved_loan,
    of,
    paid_in_kind,
    paid_in_money,
    repayment,
)
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer
from tests.factories.purchase_commitments import signed_commitment

D = Decimal


def first_due() -> date:
    """The first due date of ``offer_wish``: 1559.14 on a loan of 1,800 paid out today."""
    return today() + 180 * DAY


def second_due() -> date:
    """The other: 624.39."""
    return today() + 350 * DAY


@pytest.fixture
async def credit(callers: Callers) -> Credit:
    return await new_credit(callers)


@contextmanager
def on(day: date) -> Iterator[None]:
    """As if today were another day, for loans."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "today", lambda: day)
        patch.setattr(router, "today", lambda: day)
        yield


async def loan_on(caller: Caller, loan: dict[str, Any], day: date | None = None) -> dict[str, Any]:
    answer = await caller.get(of(loan) + (f"?as_of={day}" if day else ""))
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def refused(
    callers: Callers, caller: Caller, path: str, wish: dict[str, Any], status: int = 409
) -> list[dict[str, Any]]:
    """The errors of a POST that must be refused and write nothing."""
    before = await callers.entries_of(caller)
    answer = await caller.post(path, wish)
    assert answer.status_code == status, answer.text
    assert await callers.entries_of(caller) == before
    errors: list[dict[str, Any]] = answer.json()["errors"]
    return errors


def cash(line: str, amount: str, **changes: Any) -> dict[str, Any]:
    return {"amount": pen(amount), "channel": "cash", "farm_plan_line_id": line, **changes}


class TestWho:
    async def test_anonymous_is_401(self, callers: Callers, credit: Credit) -> None:
        nobody, loan = callers.anonymous(), await approved_loan(credit)
        assert (await nobody.get(LOANS)).status_code == 401
        assert (await nobody.get(of(loan))).status_code == 401
        for action in ("/disbursements", "/repayments", "/write-off"):
            assert (await nobody.post(of(loan, action), {})).status_code == 401

    async def test_the_borrowers_side_reads_and_enters_nothing(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan = await active_loan(callers, credit)
        before = await callers.entries_of(credit.coop)
        answer = await credit.coop.post(of(loan, "/disbursements"), cash(credit.labour, "1"))
        assert (answer.status_code, answer.json()["permission"]) == (403, "loans:disburse")
        assert (await credit.coop.post(of(loan, "/write-off"))).status_code == 403
        answer = await credit.coop.post(of(loan, "/repayments"), repayment("1", str(today())))
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
        assert await callers.entries_of(credit.coop) == before
        assert await loan_on(credit.coop, loan) == await loan_on(credit.caja, loan)

    async def test_others_do_not_know_of_it(self, callers: Callers, credit: Credit) -> None:
        loan = await active_loan(callers, credit)
        stranger = await callers.new(Role.CREDIT_INSTITUTION, Role.PRODUCER_ORGANIZATION)
        assert (await stranger.get(of(loan))).status_code == 404
        assert (await stranger.get(LOANS)).json()["items"] == []
        wishes = {
            "/disbursements": cash(credit.labour, "1"),
            "/repayments": repayment("1", str(today())),
            "/write-off": None,
        }
        for action, wish in wishes.items():
            assert (await stranger.post(of(loan, action), wish)).status_code == 404
        assert await callers.entries_of(stranger) == 0

    async def test_movements_need_a_key_and_are_entered_once(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan = await active_loan(callers, credit)
        path, wish = of(loan, "/repayments"), repayment("100", str(today()))
        answer = await credit.caja.call("POST", path, json=wish)
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
        key = {"Idempotency-Key": str(new_id())}
        first = await credit.caja.post(path, wish, headers=key)
        again = await credit.caja.post(path, wish, headers=key)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.headers["location"] == of(loan)
        assert again.json() == first.json()
        assert (await loan_on(credit.caja, loan))["repaid"] == "100.00"


class TestDisburse:
    async def test_in_kind_pays_the_supplier(self, credit: Credit) -> None:
        loan = await approved_loan(credit)
        order = await credit.order(credit.fertilizer)
        wish = {
            "amount": pen("700.00"),
            "order_id": order["id"],
            "external_reference": "CR-2026-00871",
        }
        paid = await credit.caja.make(of(loan, "/disbursements"), wish)
        assert (paid["state"], paid["disbursed"], paid["payoff"]) == ("active", "700.00", "700.00")
        assert paid["external_reference"] == "CR-2026-00871"
        [movement] = paid["movements"]
        assert (movement["channel"], movement["order_id"]) == ("order_payment", order["id"])
        assert movement["farm_plan_line_id"] == credit.fertilizer
        read = (await credit.coop.get(f"/v1/orders/{order['id']}")).json()
        assert read["paid_amount"] == pen("700.00")
        assert [(p["source"], p["loan_id"]) for p in read["payments"]] == [("loan", loan["id"])]

    async def test_in_kind_tells_the_supplier_of_no_loan(
        self, callers: Callers, credit: Credit
    ) -> None:
        """By its loan it would know which orders, and which lines of one, are for one producer."""
        loan = await approved_loan(credit)
        order = await credit.order(credit.fertilizer)
        wish = {"amount": pen("700.00"), "order_id": order["id"]}
        await credit.caja.make(of(loan, "/disbursements"), wish)
        path = f"/v1/orders/{order['id']}"
        for caller, shown in (
            (credit.coop, loan["id"]),
            (credit.caja, loan["id"]),
            (credit.supplier, None),
        ):
            [payment] = (await caller.get(path)).json()["payments"]
            assert (payment["source"], payment["loan_id"]) == ("loan", shown)
        told = await callers.platform.database.pool.fetch(
            "SELECT body FROM ledger_entries WHERE strpos(body, $1) > 0 AND strpos(body, $2) > 0",
            str(credit.supplier.organization_id),
            loan["id"],
        )
        assert told == []

    async def test_in_parts_the_application_follows(self, credit: Credit) -> None:
        loan = await approved_loan(credit)
        path = f"/v1/credit-applications/{loan['credit_application_id']}"
        await paid_in_money(credit, loan, "400.00")
        halfway = (await credit.coop.get(path)).json()
        assert halfway["state"] == "disbursing"
        assert [line["disbursed"] for line in halfway["lines"]] == [pen("0.00"), pen("400.00")]
        await paid_in_money(credit, loan, "500.00")
        await paid_in_kind(credit, loan)
        done = (await credit.coop.get(path)).json()
        assert (done["state"], done["shares"][0]["disbursed"]) == ("active", pen("1800.00"))
        assert await credit.financed() == ["900.00", "900.00"]

    async def test_paid_in_full_frees_what_the_lines_did_not_need(self, credit: Credit) -> None:
        loan = await approved_loan(credit, offer={"amount": pen("1000.00")})
        await paid_in_kind(credit, loan, "800.00")
        assert await credit.financed() == ["900.00", "900.00"]
        paid = await paid_in_money(credit, loan, "200.00")
        assert (paid["principal"], paid["disbursed"]) == ("1000.00", "1000.00")
        assert await credit.financed() == ["800.00", "200.00"]

    async def test_nobody_pays_interest_on_what_was_not_paid_out(self, credit: Credit) -> None:
        loan = await approved_loan(credit)
        half = await paid_in_money(credit, loan)
        # By hand: 900 x (1.36^(180/360) - 1), then 270 x (1.36^(170/360) - 1).
        assert [row["interest"] for row in half["schedule"]] == ["149.57", "42.19"]
        due = [str(first_due()), str(second_due())]
        assert [row["due_date"] for row in half["schedule"]] == due
        whole = await paid_in_kind(credit, loan)
        assert [row["interest"] for row in whole["schedule"]] == ["299.14", "84.39"]

    async def test_bears_interest_from_its_own_day(self, credit: Credit) -> None:
        loan = await approved_loan(credit)
        await paid_in_money(credit, loan)
        with on(today() + 30 * DAY):
            wish = cash(credit.labour, "0.01", disbursed_on=str(today() + 31 * DAY))
            answer = await credit.caja.post(of(loan, "/disbursements"), wish)
            assert answer.json()["errors"][0]["code"] == "in-the-future"
            order = await credit.order(credit.fertilizer)
        wish = {"amount": pen("900.00"), "order_id": order["id"]}
        with on(today() + 30 * DAY):
            wish["disbursed_on"] = str(today())
            later = await credit.caja.make(of(loan, "/disbursements"), wish)
        assert [row["interest"] for row in later["schedule"]] == ["299.14", "84.39"]

    async def test_never_beyond_the_principal(self, callers: Callers, credit: Credit) -> None:
        loan = await approved_loan(credit, offer={"amount": pen("1000.00")})
        await paid_in_kind(credit, loan, "800.00")
        path = of(loan, "/disbursements")
        [error] = await refused(callers, credit.caja, path, cash(credit.labour, "200.01"))
        assert (error["pointer"], error["code"]) == ("/amount", "beyond-principal")
        assert error["left"] == "200.00"

    async def test_never_beyond_a_line_nor_its_order(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan = await approved_loan(credit)
        path = of(loan, "/disbursements")
        [error] = await refused(callers, credit.caja, path, cash(credit.labour, "900.01"))
        assert (error["code"], error["left"]) == ("beyond-lines", "900.00")
        small = await credit.order(credit.fertilizer, quantity="2")
        wish = {"amount": pen("190.01"), "order_id": small["id"]}
        [error] = await refused(callers, credit.caja, path, wish)
        assert (error["code"], error["left"]) == ("beyond-lines", "190.00")
        await credit.caja.make(path, {**wish, "amount": pen("190.00")})
        [error] = await refused(callers, credit.caja, path, {**wish, "amount": pen("0.01")})
        assert (error["code"], error["left"]) == ("beyond-lines", "0.00")

    async def test_only_orders_and_lines_of_the_application(
        self, callers: Callers, credit: Credit
    ) -> None:
        lines = [{"farm_plan_line_id": credit.labour, "amount": pen("900.00")}]
        loan = await approved_loan(credit, lines=lines)
        path = of(loan, "/disbursements")
        order = await credit.order(credit.fertilizer)
        wish = {"amount": pen("100.00"), "order_id": order["id"]}
        [error] = await refused(callers, credit.caja, path, wish)
        assert (error["pointer"], error["code"]) == ("/order_id", "order-outside-application")
        [error] = await refused(callers, credit.caja, path, cash(credit.fertilizer, "1"))
        assert error["code"] == "line-outside-application"

    async def test_only_labour_is_paid_in_money(self, callers: Callers, credit: Credit) -> None:
        loan = await approved_loan(credit)
        path = of(loan, "/disbursements")
        [error] = await refused(callers, credit.caja, path, cash(credit.fertilizer, "1"))
        assert (error["pointer"], error["code"]) == ("/farm_plan_line_id", "not-labour")

    async def test_another_cooperatives_order_is_404(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan, other = await approved_loan(credit), await new_credit(callers)
        order = await other.order(other.fertilizer)
        before = await callers.entries_of(credit.caja)
        for order_id in (order["id"], str(new_id())):
            wish = {"amount": pen("1"), "order_id": order_id}
            assert (await credit.caja.post(of(loan, "/disbursements"), wish)).status_code == 404
        assert await callers.entries_of(credit.caja) == before

    async def test_nobody_is_paid_before_the_supplier_accepts(self, credit: Credit) -> None:
        loan = await approved_loan(credit)
        order = await credit.order(credit.fertilizer, accepted=False)
        wish = {"amount": pen("100"), "order_id": order["id"]}
        answer = await credit.caja.post(of(loan, "/disbursements"), wish)
        assert (answer.status_code, answer.json()["state"]) == (409, "placed")
        assert (await loan_on(credit.caja, loan))["state"] == "approved"

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"channel": "cash"},
            {"order_id": str(new_id()), "channel": "cash"},
            {"order_id": str(new_id()), "farm_plan_line_id": str(new_id())},
        ],
    )
    async def test_is_either_in_kind_or_in_money(
        self, callers: Callers, credit: Credit, changes: dict[str, Any]
    ) -> None:
        loan = await approved_loan(credit)
        wish = {"amount": pen("1"), **changes}
        path = of(loan, "/disbursements")
        [error] = await refused(callers, credit.caja, path, wish, 422)
        assert error["code"] == "order-or-labour"

    async def test_not_before_the_agreement(self, callers: Callers, credit: Credit) -> None:
        loan = await approved_loan(credit)
        wish = cash(credit.labour, "1", disbursed_on=str(today() - DAY))
        [error] = await refused(callers, credit.caja, of(loan, "/disbursements"), wish)
        assert (error["pointer"], error["code"]) == ("/disbursed_on", "before-agreement")

    async def test_not_once_repayment_began(self, callers: Callers, credit: Credit) -> None:
        loan = await approved_loan(credit)
        await paid_in_money(credit, loan, "400.00")
        with on(first_due()):
            wish = cash(credit.labour, "100.00")
            [error] = await refused(callers, credit.caja, of(loan, "/disbursements"), wish)
        assert error["code"] == "after-repayment-began"

    async def test_of_many_at_once_no_centimo_too_much(self, credit: Credit) -> None:
        loan = await approved_loan(credit)
        wish = cash(credit.labour, "200.00")
        answers = await asyncio.gather(
            *(credit.caja.post(of(loan, "/disbursements"), wish) for _ in range(8))
        )
        assert sorted(answer.status_code for answer in answers) == [201] * 4 + [409] * 4
        assert (await loan_on(credit.caja, loan))["disbursed"] == "800.00"

    async def test_of_many_payments_of_one_order_at_once_none_too_much(
        self, credit: Credit
    ) -> None:
        loan = await approved_loan(credit)
        order = await credit.order(credit.fertilizer, quantity="4")
        wish = {"amount": pen("150.00"), "order_id": order["id"]}
        answers = await asyncio.gather(
            *(credit.caja.post(of(loan, "/disbursements"), wish) for _ in range(5))
        )
        assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 3
        read = (await credit.coop.get(f"/v1/orders/{order['id']}")).json()
        assert read["paid_amount"] == pen("300.00")

    async def test_an_order_is_paid_or_cancelled_and_neither_waits_for_the_other_for_ever(
        self, callers: Callers
    ) -> None:
        """The payment is the last of the loan: what its plan lines do not need is freed with it."""
        for _ in range(3):
            credit = await new_credit(callers)
            loan = await approved_loan(credit, {"amount": pen("700.00")})
            order = await credit.order(credit.fertilizer)
            path = f"/v1/orders/{order['id']}"
            wish = {"amount": pen("700.00"), "order_id": order["id"]}
            paid, cancelled = await asyncio.gather(
                credit.caja.post(of(loan, "/disbursements"), wish),
                credit.coop.post(f"{path}/cancel", {"reason": "Se postergó"}),
            )
            assert (paid.status_code, cancelled.status_code) in {(201, 409), (409, 200)}
            read = (await credit.coop.get(path)).json()
            state = ("accepted", pen("700.00")) if paid.is_success else ("cancelled", pen("0.00"))
            assert (read["state"], read["paid_amount"]) == state

    async def test_an_order_for_several_lines_is_shared_out_to_the_centimo(
        self, callers: Callers
    ) -> None:
        credit = await new_credit(callers, borrower="solidarity_group")
        juan, plan = await credit.join()
        cluster = await new_cluster(credit.coop, [credit.producer["id"], juan["id"]])
        theirs = plan["lines"][0]["id"]
        lines = [
            {"farm_plan_line_id": credit.fertilizer, "amount": pen("333.33")},
            {"farm_plan_line_id": theirs, "amount": pen("666.67")},
        ]
        loan = await approved_loan(credit, cluster_id=cluster["id"], lines=lines)
        order = await credit.order(credit.fertilizer, theirs)
        wish = {"amount": pen("100.01"), "order_id": order["id"]}
        paid = await credit.caja.make(of(loan, "/disbursements"), wish)
        parts = {m["farm_plan_line_id"]: m["amount"] for m in paid["movements"]}
        assert parts == {credit.fertilizer: "33.34", theirs: "66.67"}
        assert paid["cluster_id"] == cluster["id"]


class TestRepay:
    async def test_pays_interest_then_principal_and_settles_at_zero(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan = await active_loan(callers, credit)
        path = of(loan, "/repayments")
        with on(first_due()):
            first = await credit.caja.make(path, repayment("1559.14", str(first_due())))
        assert first["movements"][-1]["allocation"] == {
            "charges": "0.00",
            "interest": "299.14",
            "principal": "1260.00",
            "advance": "0.00",
        }
        assert (first["state"], first["outstanding_principal"]) == ("active", "540.00")
        assert first["next_due"] == {"on": str(second_due()), "amount": "624.39"}
        with on(second_due()):
            last = await credit.caja.make(path, repayment("624.39", str(second_due())))
        assert (last["state"], last["payoff"], last["next_due"]) == ("settled", "0.00", None)
        assert last["paid"]["principal"] == "1800.00"
        assert last["repaid"] == "2183.53"
        again = await credit.caja.post(path, repayment("1", str(second_due())))
        assert (again.status_code, again.json()["state"]) == (409, "settled")

    async def test_refuses_more_than_is_owed_and_says_what_is(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan = await active_loan(callers, credit)
        day = today() + 60 * DAY
        # By hand: 1800 x 1.36^(60/360).
        owed = (1800 * D("1.36") ** (D(60) / 360)).quantize(D("0.01"))
        with on(day):
            wish = repayment(str(owed + D("0.01")), str(day))
            [error] = await refused(callers, credit.caja, of(loan, "/repayments"), wish)
            assert (error["pointer"], error["code"]) == ("/amount", "beyond-owed")
            assert (error["owed"], error["currency"]) == (str(owed), "PEN")
            paid = await credit.caja.make(of(loan, "/repayments"), repayment(str(owed), str(day)))
        assert paid["state"] == "settled"
        parts = paid["movements"][-1]["allocation"]
        assert D(parts["interest"]) + D(parts["principal"]) == owed

    async def test_ahead_of_time_it_waits_for_the_due_date(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan = await active_loan(callers, credit)
        paid = await credit.caja.make(of(loan, "/repayments"), repayment("600.00", str(today())))
        assert paid["movements"][-1]["allocation"]["advance"] == "600.00"
        assert paid["next_due"]["amount"] == "959.14"
        due = await loan_on(credit.coop, loan, first_due())
        assert due["movements"][-1]["allocation"]["interest"] == "299.14"
        assert due["due"]["total"] == "959.14"

    @pytest.mark.parametrize("mode", ["lower_instalment", "shorter_term"])
    async def test_early_it_reduces_principal_at_once(
        self, callers: Callers, credit: Credit, mode: str
    ) -> None:
        loan = await active_loan(callers, credit)
        wish = repayment("600.00", str(today()), early=mode)
        paid = await credit.caja.make(of(loan, "/repayments"), wish)
        assert paid["outstanding_principal"] == "1200.00"
        assert paid["movements"][-1]["allocation"]["principal"] == "600.00"
        totals = [D(row["total"]) for row in paid["schedule"]]
        assert sum(totals) < D("2183.53") - 600
        if mode == "lower_instalment":
            assert [row["principal"] for row in paid["schedule"]] == ["840.00", "360.00"]
        else:
            assert [row["principal"] for row in paid["schedule"]] == ["1200.00"]
        before = await loan_on(credit.coop, loan, today() - DAY)
        assert (before["repaid"], len(before["schedule"])) == ("0.00", 2)

    async def test_arrears_and_class_as_of_any_day(self, callers: Callers, credit: Credit) -> None:
        loan = await active_loan(callers, credit)
        expected = [(0, 0, "normal"), (8, 8, "normal"), (9, 9, "cpp"), (31, 31, "deficiente")]
        for after, days, sbs_class in expected:
            found = await loan_on(credit.coop, loan, first_due() + after * DAY)
            assert (found["days_in_arrears"], found["sbs_class"]) == (days, sbs_class)
        listing = (await credit.coop.get(f"{LOANS}?as_of={first_due() + 61 * DAY}")).json()["items"]
        assert [(each["days_in_arrears"], each["sbs_class"]) for each in listing] == [
            (61, "dudoso")
        ]
        assert "schedule" not in listing[0]

    async def test_not_before_it_was_paid_out_and_not_to_come(
        self, callers: Callers, credit: Credit
    ) -> None:
        path = of(await active_loan(callers, credit), "/repayments")
        wish = repayment("1", str(today() - DAY))
        [error] = await refused(callers, credit.caja, path, wish)
        assert error["code"] == "before-chapter"
        wish = repayment("1", str(today() + DAY))
        [error] = await refused(callers, credit.caja, path, wish, 422)
        assert (error["pointer"], error["code"]) == ("/paid_on", "in-the-future")
        wish = repayment("1", str(today())) | {"amount": {"amount": "1", "currency": "USD"}}
        [error] = await refused(callers, credit.caja, path, wish, 422)
        assert error["code"] == "currencies-differ"

    async def test_not_of_a_loan_that_was_not_paid_out(self, credit: Credit) -> None:
        loan = await approved_loan(credit)
        answer = await credit.caja.post(of(loan, "/repayments"), repayment("1", str(today())))
        assert (answer.status_code, answer.json()["allowed_actions"]) == (
            409,
            ["disburse", "cancel"],
        )

    async def test_of_many_at_once_nothing_is_repaid_twice(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan = await active_loan(callers, credit)
        wish = repayment("500.00", str(today()))
        answers = await asyncio.gather(
            *(credit.caja.post(of(loan, "/repayments"), wish) for _ in range(6))
        )
        assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 3
        found = await loan_on(credit.caja, loan)
        assert (found["repaid"], found["payoff"]) == ("1500.00", "300.00")
        assert found["paid"]["advance"] == "1500.00"

    async def test_of_two_that_would_end_it_one_does(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan = await active_loan(callers, credit)
        wish = repayment("1800.00", str(today()))
        answers = await asyncio.gather(
            *(credit.caja.post(of(loan, "/repayments"), wish) for _ in range(2))
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        found = await loan_on(credit.caja, loan)
        assert (found["state"], found["repaid"]) == ("settled", "1800.00")


class TestEnd:
    async def test_settling_frees_the_pledge_and_what_was_never_paid_out(
        self, callers: Callers
    ) -> None:
        credit = await new_credit(callers)
        cluster = await new_cluster(credit.coop, [credit.producer["id"]])
        buyer = await callers.new(Role.BUYER)
        commitment = await signed_commitment(buyer, credit.coop, cluster)
        guarantee = {"purchase_commitment_id": commitment["id"], "pledged_kg": "300.000"}
        loan = await approved_loan(credit, **guarantee)
        await paid_in_money(credit, loan, "400.00")
        path = f"/v1/purchase-commitments/{commitment['id']}"
        assert (await credit.coop.get(path)).json()["pledged_kg"] == "300.000"
        await credit.caja.make(of(loan, "/repayments"), repayment("400.00", str(today())))
        assert (await credit.coop.get(path)).json()["pledged_kg"] == "0.000"
        assert await credit.financed() == ["0.00", "400.00"]
        application = {"id": loan["credit_application_id"]}
        assert (await credit.coop.get(at(application))).json()["state"] == "active"

    async def test_written_off_it_stays_owed_and_takes_no_more(
        self, callers: Callers, credit: Credit
    ) -> None:
        loan = await active_loan(callers, credit)
        lost = await credit.caja.make(of(loan, "/write-off"))
        assert (lost["state"], lost["outstanding_principal"]) == ("written_off", "1800.00")
        answer = await credit.caja.post(of(loan, "/repayments"), repayment("1", str(today())))
        assert (answer.status_code, answer.json()["allowed_actions"]) == (409, [])
        assert (await credit.caja.post(of(loan, "/write-off"))).status_code == 409

    async def test_list_filters(self, callers: Callers, credit: Credit) -> None:
        loan = await active_loan(callers, credit)
        for query, found in (
            ("state=active", 1),
            ("state=settled", 0),
            (f"producer_id={credit.producer['id']}", 1),
            (f"cluster_id={new_id()}", 0),
            (f"organization_id={credit.caja.organization_id}", 1),
            (f"credit_application_id={loan['credit_application_id']}", 1),
        ):
            items = (await credit.coop.get(f"{LOANS}?{query}")).json()["items"]
            assert len(items) == found, query


class Retaining:
    """A cooperative that weighs cocoa of a producer and keeps something for a loan."""

    def __init__(self, callers: Callers, coop: Caller) -> None:
        self.callers = callers
        self.organization_id = coop.organization_id

    async def retain(
        self,
        loan: dict[str, Any],
        producer_id: str,
        amount: str,
        currency: str = "PEN",
        day: date | None = None,
    ) -> UUID:
        """What the room of deliveries does: weigh, flush, keep a part; the delivery's id."""
        actor = Actor(new_id(), self.organization_id, frozenset(), frozenset())
        async with unit_of_work(self.callers.platform.database, actor) as uow:
            centre = CollectionCentre(
                organization_id=self.organization_id, name="Acopio", ubigeo="220601"
            )
            delivery = Delivery(
                organization_id=self.organization_id,
                collection_centre_id=centre.id,
                producer_id=UUID(producer_id),
                delivered_on=day or today(),
                form=CocoaForm.DRY,
                gross_kg=D(101),
                tare_kg=D(1),
                net_kg=D(100),
                unused_kg=D(100),
                currency=currency,
                price_per_kg=D(20),
                amount=D(2000),
                retained_amount=D(amount),
                loan_id=UUID(loan["id"]),
                document_kind=DeliveryDocument.LIQUIDACION_DE_COMPRA,
                document_number="E001-1",
            )
            uow.add(centre, delivery)
            uow.record(Event("collection_centre.opened", ("collection_centre", centre.id)))
            uow.record(Event("delivery.recorded", ("delivery", delivery.id)))
            await uow.session.flush()
            await service.repay_by_retention(
                uow, UUID(loan["id"]), D(amount), day or today(), delivery.id
            )
        return delivery.id


class TestRetention:
    @pytest.fixture
    async def scale(self, callers: Callers, credit: Credit) -> Retaining:
        return Retaining(callers, credit.coop)

    async def test_is_a_repayment_that_names_its_delivery(
        self, callers: Callers, credit: Credit, scale: Retaining
    ) -> None:
        loan = await active_loan(callers, credit)
        delivery_id = await scale.retain(loan, credit.producer["id"], "300.00")
        found = await loan_on(credit.caja, loan)
        last = found["movements"][-1]
        assert (last["channel"], last["delivery_id"]) == ("retention", str(delivery_id))
        assert (found["repaid"], found["payoff"]) == ("300.00", "1500.00")

    async def test_can_settle_the_loan(
        self, callers: Callers, credit: Credit, scale: Retaining
    ) -> None:
        loan = await active_loan(callers, credit)
        await scale.retain(loan, credit.producer["id"], "1800.00")
        assert (await loan_on(credit.caja, loan))["state"] == "settled"

    @pytest.mark.parametrize(
        ("amount", "currency", "pointer", "code"),
        [
            ("1800.01", "PEN", "/retention/amount", "beyond-owed"),
            ("100.00", "USD", "/retention/amount/currency", "currencies-differ"),
        ],
    )
    async def test_is_refused_with_its_own_pointer(
        self,
        callers: Callers,
        credit: Credit,
        scale: Retaining,
        amount: str,
        currency: str,
        pointer: str,
        code: str,
    ) -> None:
        loan = await active_loan(callers, credit)
        with pytest.raises(RuleBroken) as broken:
            await scale.retain(loan, credit.producer["id"], amount, currency)
        assert [(e.pointer, e.code) for e in broken.value.errors] == [(pointer, code)]
        assert (await loan_on(credit.caja, loan))["repaid"] == "0.00"

    async def test_nobody_pays_for_another_producer(
        self, callers: Callers, credit: Credit, scale: Retaining
    ) -> None:
        loan = await active_loan(callers, credit)
        neighbour = await new_producer(credit.coop)
        with pytest.raises(RuleBroken) as broken:
            await scale.retain(loan, neighbour["id"], "100.00")
        assert [e.code for e in broken.value.errors] == ["not-the-borrower"]

    async def test_only_for_an_active_loan_of_ones_own_producers(
        self, callers: Callers, credit: Credit, scale: Retaining
    ) -> None:
        producer_id = credit.producer["id"]
        approved = await approved_loan(credit)
        with pytest.raises(NotFound):
            await scale.retain(approved, producer_id, "1.00")
        other = await new_credit(callers)
        theirs = await active_loan(callers, other)
        with pytest.raises(NotFound):
            await scale.retain(theirs, producer_id, "1.00")

    async def test_many_at_once_never_exceed_what_is_owed(
        self, callers: Callers, credit: Credit, scale: Retaining
    ) -> None:
        loan = await active_loan(callers, credit)
        results = await asyncio.gather(
            *(scale.retain(loan, credit.producer["id"], "700.00") for _ in range(4)),
            return_exceptions=True,
        )
        assert sum(isinstance(result, RuleBroken) for result in results) == 2
        found = await loan_on(credit.caja, loan)
        assert (found["repaid"], found["payoff"]) == ("1400.00", "400.00")


class TestDelivery:
    @pytest.fixture
    async def plot(self, credit: Credit) -> dict[str, Any]:
        return await new_plot(credit.coop, credit.producer["id"])

    async def deliver(self, credit: Credit, plot: dict[str, Any], loan_id: str, amount: str) -> Any:
        retention = {"loan_id": loan_id, "amount": pen(amount)}
        wish = await delivery_wish(credit.coop, plot=plot, retention=retention)
        return await credit.coop.post("/v1/deliveries", wish)

    async def test_keeps_a_part_of_its_price_for_the_loan(
        self, callers: Callers, credit: Credit, plot: dict[str, Any]
    ) -> None:
        loan = await active_loan(callers, credit)
        answer = await self.deliver(credit, plot, loan["id"], "300.00")
        assert answer.status_code == 201
        last = (await loan_on(credit.caja, loan))["movements"][-1]
        assert (last["delivery_id"], last["amount"]) == (answer.json()["id"], "300.00")

    async def test_of_nothing_is_refused(
        self, callers: Callers, credit: Credit, plot: dict[str, Any]
    ) -> None:
        loan = await active_loan(callers, credit)
        answer = await self.deliver(credit, plot, loan["id"], "0.00")
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == ["/retention/amount/amount"]

    async def test_for_an_unknown_loan_is_404_and_nothing_is_written(
        self, callers: Callers, credit: Credit, plot: dict[str, Any]
    ) -> None:
        approved = await approved_loan(credit)
        before = await callers.entries_of(credit.coop)
        for loan_id in (str(new_id()), approved["id"]):
            answer = await self.deliver(credit, plot, loan_id, "1.00")
            assert answer.status_code == 404
        assert await callers.entries_of(credit.coop) == before + 2  # the centres of the wishes

    async def test_of_many_at_once_none_waits_for_ever(
        self, callers: Callers, credit: Credit, plot: dict[str, Any]
    ) -> None:
        loan = await active_loan(callers, credit)
        answers = await asyncio.gather(
            *(self.deliver(credit, plot, loan["id"], "500.00") for _ in range(5))
        )
        assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 2
        assert (await loan_on(credit.caja, loan))["payoff"] == "300.00"
