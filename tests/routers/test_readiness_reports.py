import hashlib
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest

from api.core.canonical import canonical
from api.core.clock import today
from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.days import DAY, dated
from tests.factories.catalogues import new_catalogue
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.credit_applications import APPLICATIONS, new_credit, pen
from tests.factories.credit_products import draft_product, published_product
from tests.factories.deliveries import new_delivery
from tests.factories.loans import active_loan, repayment
from tests.factories.producers import new_producer
from tests.factories.readiness_reports import (
    REPORTS,
    Value,
    readiness_report,
    ready_producer,
    value_chain,
)


@pytest.fixture
async def value(callers: Callers) -> Value:
    return await value_chain(callers)


@pytest.fixture
async def producer(value: Value) -> dict[str, Any]:
    return await ready_producer(value)


def of(report: dict[str, Any]) -> str:
    return f"{REPORTS}/{report['id']}"


def by_code(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for each in report["criteria"]}


def unmet(report: dict[str, Any], *kinds: str) -> set[str]:
    return {
        each["code"]
        for each in report["criteria"]
        if not each["met"] and (not kinds or each["kind"] in kinds)
    }


async def accesses(value: Value, producer: dict[str, Any]) -> list[str]:
    found = await value.coop.get(f"/v1/producers/{producer['id']}/access-log")
    return [each["operation"] for each in found.json()["items"]]


class TestAsk:
    async def test_anonymous_is_401(self, callers: Callers, producer: dict[str, Any]) -> None:
        answer = await callers.anonymous().post(REPORTS, {"producer_id": producer["id"]})
        assert answer.status_code == 401

    async def test_only_credit_institutions(
        self, callers: Callers, value: Value, producer: dict[str, Any]
    ) -> None:
        for caller in (value.coop, value.buyer):
            before = await callers.entries_of(caller)
            answer = await caller.post(REPORTS, {"producer_id": producer["id"]})
            assert (answer.status_code, answer.json()["permission"]) == (403, "readiness:query")
            assert await callers.entries_of(caller) == before

    async def test_without_consent_nothing_is_told_or_written(
        self, callers: Callers, value: Value, producer: dict[str, Any]
    ) -> None:
        other = await callers.new(Role.CREDIT_INSTITUTION)
        await new_consent(value.coop, producer["id"], "traceability_disclosure", other)
        answer = await other.post(REPORTS, {"producer_id": producer["id"]})
        assert (answer.status_code, answer.json()["code"]) == (403, "consent-required")
        assert await callers.entries_of(other) == 0
        assert await accesses(value, producer) == []

    async def test_revocation_takes_effect_at_once(self, value: Value) -> None:
        producer = await value.producer(consents=False)
        consent = await new_consent(value.coop, producer["id"], "credit_readiness", value.caja)
        report = await value.report(producer_id=producer["id"])
        await value.coop.make(f"/v1/consents/{consent['id']}/revoke")
        answer = await value.caja.post(REPORTS, {"producer_id": producer["id"]})
        assert answer.status_code == 403
        assert (await value.caja.get(of(report))).status_code == 404
        assert (await value.caja.get(REPORTS)).json()["items"] == []
        assert (await value.coop.get(of(report))).status_code == 200

    @pytest.mark.parametrize(
        ("wish", "pointer"),
        [
            ({}, "/cluster_id"),
            ({"producer_id": str(new_id()), "cluster_id": str(new_id())}, "/cluster_id"),
            ({"producer_id": str(new_id()), "as_of": DAY}, "/as_of"),
        ],
        ids=["neither", "both", "tomorrow"],
    )
    async def test_refuses_what_cannot_be_answered(
        self, value: Value, wish: dict[str, Any], pointer: str
    ) -> None:
        answer = await value.caja.post(REPORTS, dated(wish))
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]

    async def test_unknown_subjects_and_products_are_404(
        self, callers: Callers, value: Value, producer: dict[str, Any]
    ) -> None:
        other = await callers.new(Role.CREDIT_INSTITUTION)
        hidden = await draft_product(other)
        for wish in (
            {"producer_id": str(new_id())},
            {"cluster_id": str(new_id())},
            {"producer_id": producer["id"], "credit_product_id": str(new_id())},
            {"producer_id": producer["id"], "credit_product_id": hidden["id"]},
        ):
            assert (await value.caja.post(REPORTS, wish)).status_code == 404


class TestVerdict:
    async def test_a_ready_producer(self, value: Value, producer: dict[str, Any]) -> None:
        product = await published_product(value.caja)
        answer = await value.caja.post(
            REPORTS, {"producer_id": producer["id"], "credit_product_id": product["id"]}
        )
        assert answer.status_code == 201
        report = answer.json()
        assert answer.headers["location"] == of(report)
        assert answer.headers["cache-control"] == "private, no-store"
        assert unmet(report, "gate", "capacity") == set()
        assert report["verdict"] == "ready"
        assert report["points"] >= report["points_needed"]
        assert report["calibrated"] is False
        assert report["producer_organization_id"] == str(value.coop.organization_id)
        debt = by_code(report)["debt_service"]
        assert debt["basis"]["amount"] == "1872.00"
        assert debt["threshold"] == "1.200"

    async def test_somebody_just_registered_sees_every_gap_and_what_closes_it(
        self, callers: Callers, value: Value
    ) -> None:
        supplier = await callers.new(Role.INPUT_SUPPLIER)
        visit = {"category": "technical_assistance", "unit": "HUR", "price": "0.01"}
        catalogue = await new_catalogue(supplier, [visit], coverage=["250401"])
        producer = await value.producer(ubigeo="250401")
        report = await value.report(producer_id=producer["id"])
        assert report["verdict"] == "not_ready"
        assert unmet(report, "gate") == {
            "farm_plan",
            "farm_plan_current",
            "investment_plan",
            "market_commitment",
        }
        closes = by_code(report)["farm_plan"]["closes_with"]
        assert closes["category"] == "technical_assistance"
        assert closes["items"][0] == catalogue["items"][0]["id"]
        assert by_code(report)["identity"]["closes_with"] is None

    async def test_a_product_that_demands_a_reference_year_is_told_not_assessed(
        self, value: Value, producer: dict[str, Any]
    ) -> None:
        report = await readiness_report(value, producer, reference_policy="eu_2020")
        found = by_code(report)["deforestation"]
        assert (found["value"], found["absent_because"]) == ("no_data", "not_assessed")
        assert report["verdict"] == "not_ready"

    async def test_a_market_is_demanded_only_by_products_that_say_so(self, value: Value) -> None:
        producer = await value.producer()
        await value.planned(producer)
        strict = await readiness_report(value, producer)
        assert unmet(strict, "gate") == {"market_commitment"}
        free = await readiness_report(value, producer, requires_commitment=False)
        assert unmet(free, "gate") == set()

    async def test_a_commitment_counts_by_the_harvest_in_its_window(self, value: Value) -> None:
        producer = await value.producer()
        await value.planned(producer)
        first, _ = value.harvests()
        await value.market(producer, window_until=(first + timedelta(days=40)).isoformat())
        report = await value.report(producer_id=producer["id"])
        assert by_code(report)["market_commitment"]["value"] == "0.5000"
        assert by_code(report)["season"]["met"] is False

    async def test_a_commitment_counts_by_the_kilos_that_it_takes(self, value: Value) -> None:
        producer = await value.producer()
        await value.planned(producer)
        await value.market(producer, kg_dry="1.000")
        report = await readiness_report(value, producer)
        expected = Decimal(report["facts"]["expected_kg"])
        assert 2000 < expected < 2300  # 3.1 ha of which 700 kg/ha are expected
        share = (1 / expected).quantize(Decimal("0.0001"), ROUND_DOWN)
        assert by_code(report)["market_commitment"]["value"] == f"{share}"
        assert unmet(report, "gate") == {"market_commitment"}

    async def test_kilos_pledged_for_one_are_no_market_of_another(self, value: Value) -> None:
        one, two = [await value.producer(), await value.producer()]
        plan, _ = [await value.planned(one), await value.planned(two)]
        cluster = await value.market(one, two, kg_dry="2500.000")
        path = f"/v1/purchase-commitments?cluster_id={cluster['id']}"
        [commitment] = (await value.coop.get(path)).json()["items"]
        product = await published_product(value.caja)
        wish = {
            "credit_product_id": product["id"],
            "producer_id": one["id"],
            "term_months": 12,
            "lines": [{"farm_plan_line_id": plan["lines"][0]["id"], "amount": pen("900.00")}],
            "purchase_commitment_id": commitment["id"],
            "pledged_kg": "2500.000",
        }
        made = await value.coop.make(APPLICATIONS, wish)
        both = [await readiness_report(value, each) for each in (one, two)]
        assert [unmet(each, "gate") for each in both] == [set(), set()]
        await value.coop.make(f"{APPLICATIONS}/{made['id']}/submit")
        pledged, other = [await readiness_report(value, each) for each in (one, two)]
        assert by_code(pledged)["market_commitment"]["value"] == "1.0000"
        assert by_code(other)["market_commitment"]["value"] == "0.0000"
        assert unmet(other, "gate") == {"market_commitment"}

    async def test_of_what_a_group_pledges_each_has_the_part_that_its_credit_has(
        self, value: Value
    ) -> None:
        members = [await value.producer(), await value.producer()]
        plans = [await value.planned(each) for each in members]
        cluster = await value.market(*members, kg_dry="2000.000")
        path = f"/v1/purchase-commitments?cluster_id={cluster['id']}"
        [commitment] = (await value.coop.get(path)).json()["items"]
        product = await published_product(value.caja, borrower="solidarity_group")
        amounts = (pen("900.00"), pen("300.00"))
        wish = {
            "credit_product_id": product["id"],
            "cluster_id": cluster["id"],
            "term_months": 12,
            "lines": [
                {"farm_plan_line_id": plan["lines"][0]["id"], "amount": amount}
                for plan, amount in zip(plans, amounts, strict=True)
            ],
            "purchase_commitment_id": commitment["id"],
            "pledged_kg": "2000.000",
        }
        made = await value.coop.make(APPLICATIONS, wish)
        await value.coop.make(f"{APPLICATIONS}/{made['id']}/submit")
        for member, kilos in zip(members, (1500, 500), strict=True):
            report = await readiness_report(value, member)
            share = kilos / Decimal(report["facts"]["expected_kg"])
            told = by_code(report)["market_commitment"]["value"]
            assert told == f"{share.quantize(Decimal('0.0001'), ROUND_DOWN)}"

    async def test_a_farm_that_cannot_pay_is_not_ready(
        self, value: Value, producer: dict[str, Any]
    ) -> None:
        report = await readiness_report(value, producer, minimum_dscr="99.000")
        assert unmet(report, "gate", "capacity") == {"debt_service"}
        assert report["verdict"] == "not_ready"

    async def test_deliveries_count_as_dry_kilos_on_their_day(self, value: Value) -> None:
        producer = await value.producer()
        plan = await value.planned(producer)
        plot = {"id": plan["zones"][0]["plot_id"], "producer_id": producer["id"]}
        await new_delivery(value.coop, plot=plot)
        report = await value.report(producer_id=producer["id"])
        # 100 kg of wet beans yield 33 kg at least.
        assert report["facts"]["delivered_kg"] == "33.000"
        assert report["facts"]["delivery_months"] == 1
        before = (today() - timedelta(days=1)).isoformat()
        earlier = await value.report(producer_id=producer["id"], as_of=before)
        assert earlier["facts"]["delivery_months"] == 0

    async def test_as_of_a_day_before_the_plan_there_was_none(
        self, value: Value, producer: dict[str, Any]
    ) -> None:
        before = (today() - timedelta(days=1)).isoformat()
        report = await value.report(producer_id=producer["id"], as_of=before)
        assert report["as_of"] == before
        assert report["facts"]["farm_plan_id"] is None
        assert {"farm_plan", "investment_plan", "market_commitment"} <= unmet(report)


class TestLoans:
    async def test_loans_on_the_platform_are_facts_with_their_class(self, callers: Callers) -> None:
        credit = await new_credit(callers)
        loan = await active_loan(callers, credit)
        wish = {"producer_id": credit.producer["id"]}
        facts = (await credit.caja.make(REPORTS, wish))["facts"]
        assert facts["loan_ids"] == [loan["id"]]
        assert (facts["arrears_class"], facts["loans_settled"]) == ("normal", 0)
        # What a credit pays for is not to be financed again: S/ 900 of 1,140 and of 1,200.
        left = {each["purpose"]: each["amount"] for each in facts["unfinanced_costs"]}
        assert left == {"fertilizer": "240.00", "labour": "300.00"}
        payoff = (await credit.caja.get(f"/v1/loans/{loan['id']}")).json()["payoff"]
        path = f"/v1/loans/{loan['id']}/repayments"
        await credit.caja.make(path, repayment(payoff, today().isoformat()))
        report = await credit.caja.make(REPORTS, wish)
        assert report["facts"]["loans_settled"] == 1
        assert by_code(report)["arrears"]["sources"] == [{"type": "loan", "id": loan["id"]}]


class TestReproducible:
    async def test_the_same_facts_give_the_same_hash_that_anybody_can_check(
        self, value: Value, producer: dict[str, Any]
    ) -> None:
        product = await published_product(value.caja)
        wish = {"producer_id": producer["id"], "credit_product_id": product["id"]}
        first, second = await value.report(**wish), await value.report(**wish)
        assert first["id"] != second["id"]
        assert first["facts_hash"] == second["facts_hash"]
        assert first["criteria"] == second["criteria"]
        digest = hashlib.sha256(canonical(first["facts"])).hexdigest()
        assert digest == first["facts_hash"]
        await value.planned(producer)
        assert (await value.report(**wish))["facts_hash"] != first["facts_hash"]

    async def test_who_somebody_is_changes_nothing(
        self, value: Value, producer: dict[str, Any]
    ) -> None:
        first = await value.report(producer_id=producer["id"])
        path = f"/v1/producers/{producer['id']}"
        tag = (await value.coop.get(path)).headers["etag"]
        changes = {
            "sex": "male",
            "birth_year": 1950,
            "language": "qu",
            "given_names": "Juan",
            "family_names": "Mamani",
        }
        assert (await value.coop.patch(path, changes, tag)).status_code == 200
        second = await value.report(producer_id=producer["id"])
        assert second["facts_hash"] == first["facts_hash"]
        assert (second["points"], second["verdict"]) == (first["points"], first["verdict"])

    async def test_what_was_told_stays_as_it_was(
        self, value: Value, producer: dict[str, Any]
    ) -> None:
        report = await value.report(producer_id=producer["id"])
        await value.planned(producer)
        found = (await value.coop.get(of(report))).json()
        assert {**found, "disclosure": None} == {**report, "disclosure": None}


class TestRead:
    async def test_the_producers_side_sees_who_asked(
        self, callers: Callers, value: Value, producer: dict[str, Any]
    ) -> None:
        report = await value.report(producer_id=producer["id"])
        assert report["disclosure"]["purpose"] == "credit_readiness"
        assert report["disclosure"]["consent_id"] in report["consents"]
        theirs = (await value.coop.get(of(report))).json()
        assert (theirs["organization_id"], theirs["disclosure"]) == (
            str(value.caja.organization_id),
            None,
        )
        listing = await value.coop.get(f"{REPORTS}?producer_id={producer['id']}")
        assert [each["id"] for each in listing.json()["items"]] == [report["id"]]
        strangers = (
            await callers.new(Role.CREDIT_INSTITUTION),
            await callers.new(Role.PRODUCER_ORGANIZATION),
        )
        for stranger in strangers:
            assert (await stranger.get(of(report))).status_code == 404
            assert (await stranger.get(REPORTS)).json()["items"] == []
        assert (await value.ta.get(of(report))).status_code == 403

    async def test_every_read_by_the_caja_is_in_the_access_log(
        self, value: Value, producer: dict[str, Any]
    ) -> None:
        report = await value.report(producer_id=producer["id"])
        assert await accesses(value, producer) == ["issue_readiness_report"]
        await value.caja.get(of(report))
        await value.caja.get(REPORTS)
        await value.coop.get(of(report))
        assert await accesses(value, producer) == [
            "list_readiness_reports",
            "get_readiness_report",
            "issue_readiness_report",
        ]

    async def test_the_ledger_says_what_was_asked_and_not_what_was_found(
        self, callers: Callers, value: Value, producer: dict[str, Any]
    ) -> None:
        report = await value.report(producer_id=producer["id"])
        body = await callers.platform.database.pool.fetchval(
            "SELECT body FROM ledger_entries WHERE subject_type = 'readiness_report'"
            " AND subject_id = $1::uuid",
            report["id"],
        )
        assert report["facts_hash"] in body
        for word in ("ready", "verdict", "points", "Quispe"):
            assert word not in body.replace("readiness", "")


class TestCluster:
    async def members(self, value: Value, consenting: int, silent: int) -> list[dict[str, Any]]:
        return [
            await value.producer(consents=number < consenting)
            for number in range(consenting + silent)
        ]

    async def test_members_without_consent_are_counted_and_not_shown(self, value: Value) -> None:
        producers = await self.members(value, 5, 2)
        for each in producers[:4]:
            await value.planned(each)
        cluster = await value.market(*producers)
        report = await value.report(cluster_id=cluster["id"])
        members = report["members"]
        assert (members["members"], members["with_consent"]) == (7, 5)
        assert (members["ready"], members["suppressed"]) == (4, False)
        assert members["share_needed"] == "0.6000"
        # Four of all seven: less than the share that is needed.
        assert by_code(report)["share_ready"]["value"] == "0.5714"
        assert report["verdict"] == "not_ready"
        plans = {each["code"]: each["met"] for each in members["criteria"]}
        assert (plans["farm_plan"], plans["identity"]) == (4, 5)
        assert report["facts"] is None
        for each in producers:
            assert each["id"] not in str(report)
        assert [await accesses(value, each) for each in producers] == [
            ["issue_readiness_report"]
        ] * 5 + [[]] * 2

    async def test_enough_ready_members_make_a_cluster_ready(self, value: Value) -> None:
        producers = await self.members(value, 5, 0)
        for each in producers[:3]:
            await value.planned(each)
        cluster = await value.market(*producers)
        report = await value.report(cluster_id=cluster["id"])
        assert (report["verdict"], report["members"]["ready"]) == ("ready", 3)
        theirs = await value.coop.get(of(report))
        assert theirs.json() == report
        assert (await value.caja.get(of(report))).json() == report

    async def test_below_five_nothing_is_read(self, value: Value) -> None:
        producers = await self.members(value, 4, 3)
        cluster = await new_cluster(value.coop, [each["id"] for each in producers])
        report = await value.report(cluster_id=cluster["id"])
        assert report["verdict"] == "not_ready"
        assert report["members"] == {
            "members": 7,
            "with_consent": 4,
            "ready": None,
            "share_needed": "0.6000",
            "suppressed": True,
            "criteria": [],
        }
        assert (report["points_possible"], report["consents"]) == (0, [])
        assert [await accesses(value, each) for each in producers] == [[]] * 7

    async def test_members_are_those_of_the_day(self, value: Value) -> None:
        joined = today() - timedelta(days=10)
        producers = await self.members(value, 1, 0)
        cluster = await new_cluster(value.coop, [producers[0]["id"]], joined_on=joined.isoformat())
        earlier = (joined - timedelta(days=1)).isoformat()
        assert (await value.report(cluster_id=cluster["id"]))["members"]["members"] == 1
        report = await value.report(cluster_id=cluster["id"], as_of=earlier)
        assert report["members"]["members"] == 0


async def test_an_organisation_that_also_lends_needs_no_consent_for_its_own(
    callers: Callers,
) -> None:
    both: Caller = await callers.new(Role.PRODUCER_ORGANIZATION, Role.CREDIT_INSTITUTION)
    producer = await new_producer(both)
    report = await both.make(REPORTS, {"producer_id": producer["id"]})
    assert (report["consents"], report["disclosure"]) == ([], None)
