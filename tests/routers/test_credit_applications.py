import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api.core.actor import Actor
from api.core.clock import today
from api.core.ids import new_id
from api.domains.credit_applications import service
from api.domains.readiness_reports.vocabulary import Verdict
from api.models.readiness_reports import ReadinessReport
from api.policies import Role
from api.transactions import Event, unit_of_work
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.credit_applications import (
    APPLICATIONS,
    Credit,
    accepted_application,
    application_wish,
    at,
    decline_wish,
    drafted_application,
    farmer,
    new_credit,
    offer_wish,
    offered_application,
    pen,
    submitted_application,
)
from tests.factories.credit_products import draft_product, published_product
from tests.factories.farm_plans import approved_plan, fertilizer_line
from tests.factories.loans import LOANS, paid_in_money
from tests.factories.plots import new_plot, point
from tests.factories.purchase_commitments import signed_commitment

DAY = timedelta(days=1)
ACTIONS = ["/submit", "/review", "/offer", "/decline", "/accept", "/withdraw", "/expire"]


@pytest.fixture
async def credit(callers: Callers) -> Credit:
    return await new_credit(callers)


async def pledging(callers: Callers, **commitment: Any) -> tuple[Credit, dict[str, Any]]:
    """A credit whose producer belongs to a cluster with a signed commitment."""
    credit = await new_credit(callers, requires_commitment=True)
    cluster = await new_cluster(credit.coop, [credit.producer["id"]])
    buyer = await callers.new(Role.BUYER)
    return credit, await signed_commitment(buyer, credit.coop, cluster, **commitment)


async def pledged(credit: Credit, commitment: dict[str, Any]) -> str:
    path = f"/v1/purchase-commitments/{commitment['id']}"
    return str((await credit.coop.get(path)).json()["pledged_kg"])


def body_for(action: str) -> Any:
    return {"/offer": offer_wish(), "/decline": decline_wish()}.get(action)


async def report_of(
    callers: Callers, caja: Caller, coop: Caller, producer_id: str
) -> ReadinessReport:
    actor = Actor(new_id(), caja.organization_id, frozenset(), frozenset())
    async with unit_of_work(callers.platform.database, actor) as uow:
        report = ReadinessReport(
            organization_id=caja.organization_id,
            producer_organization_id=coop.organization_id,
            producer_id=UUID(producer_id),
            as_of=today(),
            verdict=Verdict.READY,
            points=80,
            points_possible=100,
            criteria=[],
            facts_hash="0" * 64,
            model_version="1",
            consents=[],
        )
        uow.add(report)
        uow.record(Event("readiness_report.made", ("readiness_report", report.id)))
    return report


class TestWho:
    async def test_anonymous_is_401(self, callers: Callers, credit: Credit) -> None:
        nobody, made = callers.anonymous(), await submitted_application(credit)
        wish = application_wish(credit)
        assert (await nobody.post(APPLICATIONS, wish)).status_code == 401
        assert (await nobody.get(APPLICATIONS)).status_code == 401
        for action in ACTIONS:
            assert (await nobody.post(at(made, action), body_for(action))).status_code == 401

    async def test_each_side_has_its_actions(self, callers: Callers, credit: Credit) -> None:
        made = await submitted_application(credit)
        before = [await callers.entries_of(each) for each in (credit.coop, credit.caja)]
        for action in ("/review", "/offer", "/decline", "/expire"):
            answer = await credit.coop.post(at(made, action), body_for(action))
            assert (answer.status_code, answer.json()["permission"]) == (
                403,
                "credit_applications:decide",
            )
        for action in ("/submit", "/accept", "/withdraw"):
            answer = await credit.caja.post(at(made, action))
            assert (answer.status_code, answer.json()["permission"]) == (
                403,
                "credit_applications:write",
            )
        answer = await credit.caja.post(APPLICATIONS, application_wish(credit))
        assert answer.status_code == 403
        after = [await callers.entries_of(each) for each in (credit.coop, credit.caja)]
        assert after == before

    async def test_others_do_not_know_of_it(self, callers: Callers, credit: Credit) -> None:
        made = await submitted_application(credit)
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION, Role.CREDIT_INSTITUTION)
        assert (await stranger.get(at(made))).status_code == 404
        assert (await stranger.get(APPLICATIONS)).json()["items"] == []
        for action in ACTIONS:
            assert (await stranger.post(at(made, action), body_for(action))).status_code == 404
        assert await callers.entries_of(stranger) == 0

    async def test_with_both_roles_one_still_acts_on_ones_own_side(self, callers: Callers) -> None:
        coop = await callers.new(Role.PRODUCER_ORGANIZATION, Role.CREDIT_INSTITUTION)
        credit = await new_credit(callers, coop)
        made = await submitted_application(credit)
        before = await callers.entries_of(coop)
        for action in ("/review", "/offer", "/decline", "/expire"):
            answer = await coop.post(at(made, action), body_for(action))
            assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
        assert await callers.entries_of(coop) == before

    async def test_moves_of_credit_need_a_key_and_are_answered_once(self, credit: Credit) -> None:
        wish, key = application_wish(credit), {"Idempotency-Key": str(new_id())}
        answer = await credit.coop.call("POST", APPLICATIONS, json=wish)
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
        first = await credit.coop.post(APPLICATIONS, wish, headers=key)
        again = await credit.coop.post(APPLICATIONS, wish, headers=key)
        assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")


class TestDraft:
    async def test_gives_it_back_with_sums_and_shares(self, credit: Credit) -> None:
        answer = await credit.coop.post(APPLICATIONS, application_wish(credit))
        made = answer.json()
        assert (answer.status_code, answer.headers["location"]) == (201, at(made))
        assert answer.headers["cache-control"] == "private, no-store"
        assert (made["state"], made["amount"]) == ("draft", pen("1800.00"))
        assert made["lender_id"] == str(credit.caja.organization_id)
        assert [line["farm_plan_line_id"] for line in made["lines"]] == [
            credit.fertilizer,
            credit.labour,
        ]
        assert made["shares"] == [
            {
                "producer_id": credit.producer["id"],
                "amount": pen("1800.00"),
                "disbursed": pen("0.00"),
            }
        ]
        assert (await credit.coop.get(at(made))).json() == made

    async def test_books_nothing_and_the_caja_does_not_see_it(self, credit: Credit) -> None:
        made = await drafted_application(credit)
        assert await credit.financed() == ["0.00", "0.00"]
        assert (await credit.caja.get(at(made))).status_code == 404
        await credit.coop.make(at(made, "/withdraw"))
        assert (await credit.caja.get(at(made))).status_code == 404

    @pytest.mark.parametrize(
        ("changes", "pointer", "code"),
        [
            ({"producer_id": None}, "/producer_id", "one-subject"),
            ({"cluster_id": str(new_id())}, "/producer_id", "one-subject"),
            ({"pledged_kg": "1"}, "/pledged_kg", "pledge-incomplete"),
            (
                {"purchase_commitment_id": str(new_id())},
                "/pledged_kg",
                "pledge-incomplete",
            ),
        ],
    )
    async def test_refuses_what_contradicts_itself(
        self,
        callers: Callers,
        credit: Credit,
        changes: dict[str, Any],
        pointer: str,
        code: str,
    ) -> None:
        before = await callers.entries_of(credit.coop)
        wish = {**application_wish(credit), **changes}
        answer = await credit.coop.post(APPLICATIONS, wish)
        assert answer.status_code == 422
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
        assert await callers.entries_of(credit.coop) == before

    async def test_refuses_a_line_twice(self, credit: Credit) -> None:
        wish = application_wish(credit)
        answer = await credit.coop.post(APPLICATIONS, {**wish, "lines": wish["lines"][:1] * 2})
        assert [e["pointer"] for e in answer.json()["errors"]] == ["/lines/1/farm_plan_line_id"]

    async def test_is_judged_line_by_line(self, callers: Callers, credit: Credit) -> None:
        before = await callers.entries_of(credit.coop)
        lines = [
            {"farm_plan_line_id": credit.fertilizer, "amount": pen("912.01")},
            {"farm_plan_line_id": credit.labour, "amount": {"amount": "1", "currency": "USD"}},
        ]
        answer = await credit.coop.post(APPLICATIONS, application_wish(credit, lines=lines))
        errors = answer.json()["errors"]
        assert answer.status_code == 409
        assert [(e["pointer"], e["code"]) for e in errors] == [
            ("/lines/0/amount", "share-exceeded"),
            ("/lines/1/amount/currency", "currencies-differ"),
        ]
        assert errors[0]["left"] == "912.00"
        assert await callers.entries_of(credit.coop) == before

    async def test_only_from_a_plan_in_force(self, credit: Credit) -> None:
        plot = await new_plot(
            credit.coop, credit.producer["id"], geometry=point(), declared_area_ha="1.0000"
        )
        approved = await approved_plan(credit.ta, credit.producer, [plot], [fertilizer_line()])
        lines = [{"farm_plan_line_id": approved["lines"][0]["id"], "amount": pen("600")}]
        answer = await credit.coop.post(APPLICATIONS, application_wish(credit, lines=lines))
        assert [e["code"] for e in answer.json()["errors"]] == ["plan-not-accepted"]

    async def test_what_is_another_cooperatives_is_404(
        self, callers: Callers, credit: Credit
    ) -> None:
        other = await new_credit(callers)
        lines = application_wish(other)["lines"]
        subject = {"producer_id": other.producer["id"]}
        unknown = {"credit_product_id": str(new_id())}
        for changes in (subject, {"lines": lines}, unknown):
            answer = await credit.coop.post(APPLICATIONS, application_wish(credit, **changes))
            assert answer.status_code == 404

    async def test_only_under_a_published_product(self, credit: Credit) -> None:
        draft = await draft_product(credit.caja)
        answer = await credit.coop.post(
            APPLICATIONS, application_wish(credit, credit_product_id=draft["id"])
        )
        assert answer.status_code == 404
        await credit.caja.make(f"/v1/credit-products/{credit.product['id']}/withdraw")
        answer = await credit.coop.post(APPLICATIONS, application_wish(credit))
        assert (answer.status_code, answer.json()["code"]) == (
            409,
            "credit-product-not-published",
        )

    async def test_names_a_report_of_the_lender_about_the_applicant(
        self, callers: Callers, credit: Credit
    ) -> None:
        other_caja = await callers.new(Role.CREDIT_INSTITUTION)
        own = await report_of(callers, credit.caja, credit.coop, credit.producer["id"])
        strange = await report_of(callers, other_caja, credit.coop, credit.producer["id"])
        made = await drafted_application(credit, readiness_report_id=str(own.id))
        assert made["readiness_report_id"] == str(own.id)
        wish = application_wish(credit, readiness_report_id=str(strange.id))
        answer = await credit.coop.post(APPLICATIONS, wish)
        assert [e["code"] for e in answer.json()["errors"]] == ["report-does-not-fit"]
        wish = application_wish(credit, readiness_report_id=str(new_id()))
        assert (await credit.coop.post(APPLICATIONS, wish)).status_code == 404


class TestCluster:
    async def test_applies_with_a_share_per_member(self, callers: Callers) -> None:
        credit = await new_credit(callers, borrower="solidarity_group")
        juan, plan = await credit.join()
        cluster = await new_cluster(credit.coop, [credit.producer["id"], juan["id"]])
        lines = [
            {"farm_plan_line_id": credit.fertilizer, "amount": pen("500.00")},
            {"farm_plan_line_id": plan["lines"][0]["id"], "amount": pen("300.00")},
            {"farm_plan_line_id": plan["lines"][1]["id"], "amount": pen("0.01")},
        ]
        made = await submitted_application(credit, cluster_id=cluster["id"], lines=lines)
        shares = {each["producer_id"]: each["amount"]["amount"] for each in made["shares"]}
        assert shares == {credit.producer["id"]: "500.00", juan["id"]: "300.01"}
        assert (await credit.caja.get(at(made))).json()["shares"] == made["shares"]
        assert await credit.financed(plan) == ["300.00", "0.01"]

    async def test_not_for_who_is_no_member_today(self, callers: Callers) -> None:
        credit = await new_credit(callers, borrower="solidarity_group")
        cluster = await new_cluster(credit.coop, [])
        wish = application_wish(credit, cluster_id=cluster["id"])
        answer = await credit.coop.post(APPLICATIONS, wish)
        assert [e["code"] for e in answer.json()["errors"]] == ["not-of-the-applicant"] * 2

    async def test_borrows_under_a_product_for_groups_alone(
        self, callers: Callers, credit: Credit
    ) -> None:
        cluster = await new_cluster(credit.coop, [credit.producer["id"]])
        wish = application_wish(credit, cluster_id=cluster["id"])
        answer = await credit.coop.post(APPLICATIONS, wish)
        assert [e["code"] for e in answer.json()["errors"]] == ["borrower-not-served"]

    async def test_of_another_cooperative_is_404(self, callers: Callers, credit: Credit) -> None:
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        cluster = await new_cluster(stranger, [])
        wish = application_wish(credit, cluster_id=cluster["id"])
        assert (await credit.coop.post(APPLICATIONS, wish)).status_code == 404

    async def test_consent_of_every_member_with_a_share_is_needed(self, callers: Callers) -> None:
        credit = await new_credit(callers, borrower="solidarity_group")
        juan, plan = await farmer(credit.coop, credit.ta)
        idle, _ = await farmer(credit.coop, credit.ta)
        members = [credit.producer["id"], juan["id"], idle["id"]]
        cluster = await new_cluster(credit.coop, members)
        lines = [
            *application_wish(credit)["lines"],
            {"farm_plan_line_id": plan["lines"][0]["id"], "amount": pen("300.00")},
        ]
        made = await drafted_application(credit, cluster_id=cluster["id"], lines=lines)
        before = await callers.entries_of(credit.coop)
        answer = await credit.coop.post(at(made, "/submit"))
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (403, "consent-required")
        assert problem["producer_ids"] == [juan["id"]]
        assert await callers.entries_of(credit.coop) == before
        assert await credit.financed(plan) == ["0.00", "0.00"]
        # To every credit institution; ended at once, because other tests' institutions see it too.
        role = Role.CREDIT_INSTITUTION
        given = await new_consent(credit.coop, juan["id"], "credit_readiness", role)
        assert (await credit.coop.make(at(made, "/submit")))["state"] == "submitted"
        await credit.coop.make(f"/v1/consents/{given['id']}/revoke")


class TestSubmit:
    async def test_books_the_lines_and_shows_it_to_the_caja(self, credit: Credit) -> None:
        made = await submitted_application(credit)
        assert (made["state"], made["submitted_at"] is None) == ("submitted", False)
        assert await credit.financed() == ["900.00", "900.00"]
        assert (await credit.caja.get(at(made))).json() == made
        listing = f"{APPLICATIONS}?state=submitted&producer_id={credit.producer['id']}"
        assert (await credit.caja.get(listing)).json()["items"] == [made]

    async def test_a_revoked_consent_stops_it(self, callers: Callers, credit: Credit) -> None:
        made = await drafted_application(credit)
        listing = f"/v1/consents?producer_id={credit.producer['id']}&purpose=credit_readiness"
        [given] = (await credit.coop.get(listing)).json()["items"]
        await credit.coop.make(f"/v1/consents/{given['id']}/revoke")
        answer = await credit.coop.post(at(made, "/submit"))
        assert answer.json()["producer_ids"] == [credit.producer["id"]]
        assert await credit.financed() == ["0.00", "0.00"]

    async def test_consent_for_serving_does_not_do(self, callers: Callers) -> None:
        credit = await new_credit(callers)
        product = await published_product(
            await callers.new(Role.CREDIT_INSTITUTION), requires_commitment=False
        )
        made = await drafted_application(credit, credit_product_id=product["id"])
        assert (await credit.coop.post(at(made, "/submit"))).status_code == 403

    async def test_what_was_booked_since_the_draft_counts(self, credit: Credit) -> None:
        first, second = [await drafted_application(credit) for _ in range(2)]
        await credit.coop.make(at(first, "/submit"))
        answer = await credit.coop.post(at(second, "/submit"))
        assert answer.status_code == 409
        errors = answer.json()["errors"]
        assert [e["code"] for e in errors] == ["line-exhausted"] * 2
        assert [e["left"] for e in errors] == ["240.00", "300.00"]

    async def test_of_two_at_once_for_the_same_lines_one_is_booked(
        self, callers: Callers, credit: Credit
    ) -> None:
        drafts = [await drafted_application(credit) for _ in range(5)]
        answers = await asyncio.gather(*(credit.coop.post(at(each, "/submit")) for each in drafts))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 4
        assert await credit.financed() == ["900.00", "900.00"]

    async def test_drafting_and_submitting_at_once_wait_for_nobody(self, credit: Credit) -> None:
        first = await drafted_application(credit)
        wish = application_wish(credit)
        lines = list(reversed(wish["lines"]))
        answers = await asyncio.gather(
            credit.coop.post(at(first, "/submit")),
            *(credit.coop.post(APPLICATIONS, {**wish, "lines": lines}) for _ in range(4)),
        )
        statuses = [answer.status_code for answer in answers]
        assert statuses[0] == 200
        # Who drafts after the submission finds the lines booked.
        assert set(statuses[1:]) <= {201, 409}

    async def test_happens_once(self, credit: Credit) -> None:
        made = await submitted_application(credit)
        answer = await credit.coop.post(at(made, "/submit"))
        assert (answer.status_code, answer.json()["state"]) == (409, "submitted")
        assert await credit.financed() == ["900.00", "900.00"]


class TestPledge:
    async def test_is_taken_from_the_commitment_with_the_submission(self, callers: Callers) -> None:
        credit, commitment = await pledging(callers)
        guarantee = {"purchase_commitment_id": commitment["id"], "pledged_kg": "300.000"}
        made = await drafted_application(credit, **guarantee)
        assert await pledged(credit, commitment) == "0.000"
        await credit.coop.make(at(made, "/submit"))
        assert await pledged(credit, commitment) == "300.000"

    async def test_is_asked_for_by_the_product(self, callers: Callers) -> None:
        credit, _ = await pledging(callers)
        answer = await credit.coop.post(APPLICATIONS, application_wish(credit))
        assert [e["code"] for e in answer.json()["errors"]] == ["commitment-required"]

    async def test_never_exceeds_what_is_left(self, callers: Callers) -> None:
        credit, commitment = await pledging(callers, kg_dry="500.000")
        guarantee = {"purchase_commitment_id": commitment["id"], "pledged_kg": "500.001"}
        made = await drafted_application(credit, **guarantee)
        before = await callers.entries_of(credit.coop)
        assert (await credit.coop.post(at(made, "/submit"))).status_code == 409
        assert await callers.entries_of(credit.coop) == before
        assert await credit.financed() == ["0.00", "0.00"]

    async def test_of_a_cluster_that_the_producer_is_not_in(self, callers: Callers) -> None:
        credit = await new_credit(callers)
        cluster = await new_cluster(credit.coop, [])
        buyer = await callers.new(Role.BUYER)
        commitment = await signed_commitment(buyer, credit.coop, cluster)
        guarantee = {"purchase_commitment_id": commitment["id"], "pledged_kg": "1"}
        answer = await credit.coop.post(APPLICATIONS, application_wish(credit, **guarantee))
        assert [e["code"] for e in answer.json()["errors"]] == ["commitment-of-another-cluster"]
        guarantee["purchase_commitment_id"] = str(new_id())
        answer = await credit.coop.post(APPLICATIONS, application_wish(credit, **guarantee))
        assert answer.status_code == 404

    @pytest.mark.parametrize("way_out", ["withdraw", "decline", "expire", "accepted"])
    async def test_every_way_out_gives_everything_back(
        self, callers: Callers, way_out: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        credit, commitment = await pledging(callers)
        guarantee = {"purchase_commitment_id": commitment["id"], "pledged_kg": "300.000"}
        if way_out in ("withdraw", "decline"):
            made = await submitted_application(credit, **guarantee)
        elif way_out == "expire":
            made = await offered_application(credit, **guarantee)
            monkeypatch.setattr(service, "today", lambda: today() + 16 * DAY)
        else:
            made = await accepted_application(credit, **guarantee)
        by, action = {
            "withdraw": (credit.coop, "/withdraw"),
            "decline": (credit.caja, "/decline"),
            "expire": (credit.caja, "/expire"),
            "accepted": (credit.coop, "/withdraw"),
        }[way_out]
        assert await credit.financed() == ["900.00", "900.00"]
        assert await pledged(credit, commitment) == "300.000"
        await by.make(at(made, action), body_for(action))
        assert await credit.financed() == ["0.00", "0.00"]
        assert await pledged(credit, commitment) == "0.000"
        # And once only: nobody can leave twice.
        assert (await by.post(at(made, action), body_for(action))).status_code == 409
        assert await credit.financed() == ["0.00", "0.00"]


class TestDecide:
    async def test_reviews_and_declines_in_writing(self, credit: Credit) -> None:
        made = await submitted_application(credit)
        assert (await credit.caja.make(at(made, "/review")))["state"] == "under_review"
        reasons = [
            {"code": "repayment_capacity", "sentence": "La cuota supera el flujo de noviembre."},
            {"code": "credit_history", "sentence": "Atraso de 45 días en otra entidad."},
        ]
        declined = await credit.caja.make(at(made, "/decline"), {"reasons": reasons})
        assert (declined["state"], declined["decline_reasons"]) == ("declined", reasons)
        read = (await credit.coop.get(at(made))).json()
        assert read["decline_reasons"] == reasons

    async def test_the_ledger_has_the_codes_and_not_the_sentences(
        self, callers: Callers, credit: Credit
    ) -> None:
        made = await submitted_application(credit)
        await credit.caja.make(at(made, "/decline"), decline_wish())
        body = await callers.platform.database.pool.fetchval(
            "SELECT body FROM ledger_entries WHERE subject_id = $1"
            " AND event = 'credit_application.declined'",
            UUID(made["id"]),
        )
        assert '"reasons":["repayment_capacity"]' in body
        assert "flujo" not in body

    @pytest.mark.parametrize(
        "reasons",
        [[], [{"code": "gut_feeling", "sentence": "No."}], [{"code": "guarantee", "sentence": ""}]],
    )
    async def test_never_declines_without_reasons(
        self, credit: Credit, reasons: list[dict[str, str]]
    ) -> None:
        made = await submitted_application(credit)
        answer = await credit.caja.post(at(made, "/decline"), {"reasons": reasons})
        assert answer.status_code == 422
        assert (await credit.coop.get(at(made))).json()["state"] == "submitted"

    async def test_offers_the_exact_schedule(self, credit: Credit) -> None:
        made = await offered_application(credit)
        offer, day = made["offer"], today()
        rows = offer["instalments"]
        assert (made["state"], made["offer_expires_on"]) == ("offered", str(day + 15 * DAY))
        assert [row["due_date"] for row in rows] == [str(day + 180 * DAY), str(day + 350 * DAY)]
        assert [row["principal"] for row in rows] == ["1260.00", "540.00"]
        # By hand: 1800 x (1.36^(180/360) - 1), then 540 x (1.36^(170/360) - 1).
        assert [row["interest"] for row in rows] == ["299.14", "84.39"]
        assert (offer["amount"], offer["tea"], offer["cost"]) == ("1800.00", "0.360000", "383.53")
        assert "terms" not in offer
        assert (await credit.coop.get(at(made))).json()["offer"] == offer

    async def test_may_offer_less_and_cheaper_but_not_more(self, credit: Credit) -> None:
        made = await submitted_application(credit)
        for changes, code in (
            ({"amount": pen("1800.01")}, "beyond-application"),
            ({"tea": "0.360001"}, "beyond-published-tea"),
            ({"amount": {"amount": "1000", "currency": "USD"}}, "currencies-differ"),
            ({"dates": []}, "harvest-schedule"),
        ):
            answer = await credit.caja.post(at(made, "/offer"), offer_wish(**changes))
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
        wish = offer_wish(amount=pen("1200.00"), tea="0.300000")
        offer = (await credit.caja.make(at(made, "/offer"), wish))["offer"]
        assert (offer["amount"], offer["tea"]) == ("1200.00", "0.300000")

    async def test_a_withdrawn_product_still_serves_who_applied(self, credit: Credit) -> None:
        made = await submitted_application(credit)
        await credit.caja.make(f"/v1/credit-products/{credit.product['id']}/withdraw")
        offered = await credit.caja.make(at(made, "/offer"), offer_wish())
        assert offered["state"] == "offered"


class TestAccept:
    async def test_opens_the_loan_with_the_schedule_offered(self, credit: Credit) -> None:
        made = await accepted_application(credit)
        assert (made["state"], made["loan_id"] is None) == ("accepted", False)
        loan = (await credit.coop.get(f"{LOANS}/{made['loan_id']}")).json()
        assert (loan["state"], loan["principal"]) == ("approved", "1800.00")
        assert loan["schedule"] == made["offer"]["instalments"]
        assert (loan["disbursed"], loan["payoff"], loan["days_in_arrears"]) == ("0.00", "0.00", 0)

    async def test_happens_once_also_at_once(self, callers: Callers, credit: Credit) -> None:
        made = await offered_application(credit)
        answers = await asyncio.gather(*(credit.coop.post(at(made, "/accept")) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 3
        listing = f"{LOANS}?credit_application_id={made['id']}"
        assert len((await credit.coop.get(listing)).json()["items"]) == 1

    async def test_not_after_the_offer_expired(
        self, credit: Credit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = await offered_application(credit)
        answer = await credit.caja.post(at(made, "/expire"))
        assert (answer.status_code, answer.json()["code"]) == (409, "offer-open")
        monkeypatch.setattr(service, "today", lambda: today() + 16 * DAY)
        answer = await credit.coop.post(at(made, "/accept"))
        assert (answer.status_code, answer.json()["code"]) == (409, "offer-expired")
        assert (await credit.caja.make(at(made, "/expire")))["state"] == "expired"

    async def test_withdrawn_before_any_money_the_loan_is_cancelled(self, credit: Credit) -> None:
        made = await accepted_application(credit)
        assert (await credit.coop.make(at(made, "/withdraw")))["state"] == "withdrawn"
        loan = (await credit.caja.get(f"{LOANS}/{made['loan_id']}")).json()
        assert loan["state"] == "cancelled"
        wish = {"amount": pen("1"), "channel": "cash", "farm_plan_line_id": credit.labour}
        answer = await credit.caja.post(f"{LOANS}/{made['loan_id']}/disbursements", wish)
        assert (answer.status_code, answer.json()["state"]) == (409, "cancelled")

    async def test_not_withdrawn_once_money_was_paid_out(self, credit: Credit) -> None:
        made = await accepted_application(credit)
        await paid_in_money(credit, {"id": made["loan_id"]}, "100.00")
        answer = await credit.coop.post(at(made, "/withdraw"))
        assert (answer.status_code, answer.json()["state"]) == (409, "disbursing")
        assert await credit.financed() == ["900.00", "900.00"]

    async def test_withdrawing_and_accepting_at_once_leave_no_loan_without_application(
        self, credit: Credit
    ) -> None:
        made = await offered_application(credit)
        await asyncio.gather(
            credit.coop.post(at(made, "/accept")), credit.coop.post(at(made, "/withdraw"))
        )
        found = (await credit.coop.get(at(made))).json()
        if found["loan_id"] is None:
            assert found["state"] == "withdrawn"
            assert await credit.financed() == ["0.00", "0.00"]
        else:
            loan = (await credit.coop.get(f"{LOANS}/{found['loan_id']}")).json()
            states = (found["state"], loan["state"])
            assert states in (("accepted", "approved"), ("withdrawn", "cancelled"))
