import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.farm_plans import (
    accepted_plan,
    approved_plan,
    draft_plan,
    fertilizer_line,
    labour_line,
    plan,
    plot_of,
)
from tests.factories.producers import new_producer
from tests.factories.visits import new_visit

PLANS = "/v1/farm-plans"


@dataclass
class Farm:
    coop: Caller
    ta: Caller
    producer: dict[str, Any]
    plot: dict[str, Any]
    consent: dict[str, Any]

    async def draft(self, **changes: Any) -> dict[str, Any]:
        return await draft_plan(self.ta, self.producer, [self.plot], **changes)

    async def approved(self, **changes: Any) -> dict[str, Any]:
        return await approved_plan(self.ta, self.producer, [self.plot], **changes)

    async def accepted(self, **changes: Any) -> dict[str, Any]:
        return await accepted_plan(self.coop, self.ta, self.producer, [self.plot], **changes)

    def wish(self, **changes: Any) -> dict[str, Any]:
        return plan(self.producer, [self.plot], **changes)


@pytest.fixture
async def farm(callers: Callers) -> Farm:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    ta = await callers.new(Role.TA_PROVIDER)
    producer = await new_producer(coop)
    plot = await plot_of(coop, producer)
    consent = await new_consent(coop, producer["id"], "service_delivery", ta)
    return Farm(coop, ta, producer, plot, consent)


def of(plan: dict[str, Any], action: str = "") -> str:
    return f"{PLANS}/{plan['id']}{action}"


class TestDraft:
    async def test_anonymous_is_401(self, callers: Callers, farm: Farm) -> None:
        assert (await callers.anonymous().post(PLANS, farm.wish())).status_code == 401

    async def test_the_cooperative_does_not_write_plans(self, callers: Callers, farm: Farm) -> None:
        before = await callers.entries_of(farm.coop)
        answer = await farm.coop.post(PLANS, farm.wish())
        assert (answer.status_code, answer.json()["permission"]) == (403, "farm_plans:write")
        assert await callers.entries_of(farm.coop) == before

    async def test_a_provider_without_consent_is_refused(
        self, callers: Callers, farm: Farm
    ) -> None:
        stranger = await callers.new(Role.TA_PROVIDER)
        answer = await stranger.post(PLANS, farm.wish())
        assert (answer.status_code, answer.json()["code"]) == (403, "consent-required")
        assert await callers.entries_of(stranger) == 0

    async def test_an_unknown_producer_is_404(self, farm: Farm) -> None:
        answer = await farm.ta.post(PLANS, farm.wish() | {"producer_id": str(new_id())})
        assert answer.status_code == 404

    async def test_gives_the_plan_back_with_its_totals(self, farm: Farm) -> None:
        answer = await farm.ta.post(PLANS, farm.wish())
        assert answer.status_code == 201
        made = answer.json()
        assert answer.headers["location"] == of(made)
        assert (made["state"], made["revision"], made["currency"]) == ("draft", 1, "PEN")
        assert {kind: total["amount"] for kind, total in made["totals"].items()} == {
            "input": "1140.00",
            "service": "0.00",
            "labour": "1200.00",
            "all": "2340.00",
        }
        assert made["producer_organization_id"] == str(farm.coop.organization_id)
        assert [line["ordered_quantity"] for line in made["lines"]] == ["0.000", "0.000"]
        assert made["expected_yields"][0] == {"year": 2027, "kg_per_ha": "500.000"}

    async def test_an_organisation_with_both_roles_serves_its_own_producers(
        self, callers: Callers
    ) -> None:
        both = await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)
        producer = await new_producer(both)
        plot = await plot_of(both, producer)
        assert (await accepted_plan(both, both, producer, [plot]))["state"] == "accepted"

    @pytest.mark.parametrize(
        ("changes", "pointer", "code"),
        [
            ({"ends_on": "2026-12-31"}, "/ends_on", "dates-inverted"),
            ({"ends_on": "2048-01-01"}, "/ends_on", "plan-too-long"),
            (
                {"expected_yields": [{"year": 2030, "kg_per_ha": "1"}]},
                "/expected_yields/0/year",
                "year-does-not-fit",
            ),
            ({"lines": [fertilizer_line(month="2027-02-02")]}, "/lines/0/month", None),
            ({"lines": [fertilizer_line(month="2030-01-01")]}, "/lines/0/month", None),
            ({"lines": [fertilizer_line(category="training")]}, "/lines/0/category", None),
            ({"lines": [labour_line(category="tool")]}, "/lines/0/category", None),
            ({"lines": []}, "/lines", None),
            (
                {
                    "lines": [
                        fertilizer_line(),
                        labour_line(estimated_cost={"amount": "1.00", "currency": "USD"}),
                    ]
                },
                "/lines/1/estimated_cost/currency",
                "currencies-differ",
            ),
        ],
    )
    async def test_refuses_a_plan_that_contradicts_itself(
        self, farm: Farm, changes: dict[str, Any], pointer: str, code: str | None
    ) -> None:
        answer = await farm.ta.post(PLANS, farm.wish(**changes))
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert error["pointer"] == pointer
        assert code in (None, error["code"])

    async def test_no_treatment_turns_forest_into_cocoa(self, farm: Farm) -> None:
        wish = farm.wish(conservation_ha="2.5000")
        for treatment in ("intensify", "rehabilitate", "renew", "restore", "conserve"):
            wish["zones"][0] |= {"current_use": "forest", "treatment": treatment}
            answer = await farm.ta.post(PLANS, wish)
            assert answer.status_code == 422
            assert [e["code"] for e in answer.json()["errors"]] == ["treatment-does-not-fit"]

    async def test_refuses_zones_larger_than_their_plot(self, farm: Farm) -> None:
        zone = farm.wish()["zones"][0]
        halves = [zone | {"area_ha": "1.2500"}, zone | {"area_ha": "1.2501"}]
        answer = await farm.ta.post(PLANS, farm.wish(zones=halves))
        assert answer.status_code == 409
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/zones/1/area_ha", "zones-exceed-plot")

    async def test_derives_from_visits_to_the_producer(self, farm: Farm) -> None:
        seen, more = [await new_visit(farm.ta, farm.producer["id"]) for _ in range(2)]
        gone = await new_visit(farm.ta, farm.producer["id"])
        await farm.ta.make(f"/v1/visits/{gone['id']}/annul")
        neighbour = await new_producer(farm.coop)
        other = await new_visit(farm.coop, neighbour["id"])
        for wrong in (gone["id"], other["id"], str(new_id()), seen["id"]):
            answer = await farm.ta.post(PLANS, farm.wish(visit_ids=[seen["id"], wrong]))
            assert answer.status_code == 409
            [error] = answer.json()["errors"]
            assert (error["pointer"], error["code"]) == ("/visit_ids/1", "visit-unknown")
        made = await farm.draft(visit_ids=[seen["id"]])
        assert made["visit_ids"] == [seen["id"]]
        both = {"visit_ids": [seen["id"], more["id"]]}
        edited = (await farm.ta.patch(of(made), both, '"v1"')).json()
        assert (edited["visit_ids"], edited["version"]) == (both["visit_ids"], 2)

    async def test_names_only_a_cluster_that_the_producer_is_in(self, farm: Farm) -> None:
        other = await new_cluster(farm.coop)
        answer = await farm.ta.post(PLANS, farm.wish(cluster_id=other["id"]))
        assert answer.status_code == 409
        assert [e["code"] for e in answer.json()["errors"]] == ["not-a-member"]
        cluster = await new_cluster(farm.coop, [farm.producer["id"]])
        made = await farm.draft(cluster_id=cluster["id"])
        listing = f"{PLANS}?cluster_id={cluster['id']}"
        assert (await farm.coop.get(listing)).json()["items"] == [made]

    async def test_refuses_a_plot_of_another_producer(self, callers: Callers, farm: Farm) -> None:
        neighbour = await new_producer(farm.coop)
        plot = await plot_of(farm.coop, neighbour)
        wish = farm.wish(lines=[fertilizer_line(plot_id=plot["id"])])
        answer = await farm.ta.post(PLANS, wish)
        assert answer.status_code == 409
        assert [e["pointer"] for e in answer.json()["errors"]] == ["/lines/0/plot_id"]


class TestRead:
    async def test_parties_see_a_draft_and_nobody_else(self, callers: Callers, farm: Farm) -> None:
        made = await farm.draft()
        for party in (farm.ta, farm.coop):
            assert (await party.get(of(made))).json() == made
            listing = f"{PLANS}?producer_id={farm.producer['id']}"
            assert (await party.get(listing)).json()["items"] == [made]
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        await new_consent(farm.coop, farm.producer["id"], "credit_readiness", caja)
        other_ta = await callers.new(Role.TA_PROVIDER)
        for stranger in (caja, other_ta, await callers.new(Role.PRODUCER_ORGANIZATION)):
            assert (await stranger.get(of(made))).status_code == 404

    async def test_a_caja_reads_an_approved_plan_while_consent_lasts(
        self, callers: Callers, farm: Farm
    ) -> None:
        made = await farm.approved()
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        assert (await caja.get(of(made))).status_code == 404
        given = await new_consent(farm.coop, farm.producer["id"], "credit_readiness", caja)
        assert (await caja.get(of(made))).json() == made
        # Others let every caja read theirs.
        listing = f"{PLANS}?producer_id={farm.producer['id']}"
        assert (await caja.get(listing)).json()["items"] == [made]
        await farm.coop.make(f"/v1/consents/{given['id']}/revoke")
        assert (await caja.get(of(made))).status_code == 404

    async def test_service_consent_does_not_open_the_plan_to_a_caja(
        self, callers: Callers, farm: Farm
    ) -> None:
        made = await farm.approved()
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        await new_consent(farm.coop, farm.producer["id"], "service_delivery", caja)
        assert (await caja.get(of(made))).status_code == 404


class TestEdit:
    async def test_replaces_a_list_that_is_sent_and_keeps_the_rest(self, farm: Farm) -> None:
        made = await farm.draft()
        line = fertilizer_line(quantity="700.000")
        answer = await farm.ta.patch(of(made), {"lines": [line]}, '"v1"')
        changed = answer.json()
        assert (changed["version"], answer.headers["etag"]) == (2, '"v2"')
        assert [each["quantity"] for each in changed["lines"]] == ["700.000"]
        assert changed["zones"] == made["zones"]
        assert changed["totals"]["all"]["amount"] == "1140.00"

    async def test_judges_the_whole_plan_again(self, callers: Callers, farm: Farm) -> None:
        made = await farm.draft()
        before = await callers.entries_of(farm.ta)
        answer = await farm.ta.patch(of(made), {"ends_on": "2027-02-28"}, '"v1"')
        pointers = [error["pointer"] for error in answer.json()["errors"]]
        assert (answer.status_code, "/lines/1/month" in pointers) == (422, True)
        assert await callers.entries_of(farm.ta) == before
        assert (await farm.ta.get(of(made))).json() == made

    async def test_needs_the_current_version_and_a_draft(self, farm: Farm) -> None:
        made = await farm.draft()
        assert (await farm.ta.patch(of(made), {}, '"v2"')).status_code == 412
        await farm.ta.make(of(made, "/submit"))
        answer = await farm.ta.patch(of(made), {"conservation_ha": "2"}, '"v2"')
        assert (answer.status_code, answer.json()["allowed_actions"]) == (
            409,
            ["return", "approve"],
        )

    async def test_the_producers_side_may_not_edit(self, callers: Callers, farm: Farm) -> None:
        both = await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)
        producer = await new_producer(both)
        plot = await plot_of(both, producer)
        await new_consent(both, producer["id"], "service_delivery", farm.ta)
        made = await draft_plan(farm.ta, producer, [plot])
        assert (await both.patch(of(made), {}, '"v1"')).status_code == 403


class TestApprove:
    async def test_returns_to_draft_and_goes_round_again(self, farm: Farm) -> None:
        made = await farm.draft()
        await farm.ta.make(of(made, "/submit"))
        assert (await farm.ta.make(of(made, "/return")))["state"] == "draft"
        await farm.ta.make(of(made, "/submit"))
        approved = await farm.ta.make(of(made, "/approve"))
        assert approved["state"] == "approved"
        assert approved["approved_on"] is not None

    async def test_revoked_consent_stops_the_provider_at_once(
        self, callers: Callers, farm: Farm
    ) -> None:
        made = await farm.draft()
        await farm.ta.make(of(made, "/submit"))
        await farm.coop.make(f"/v1/consents/{farm.consent['id']}/revoke")
        before = await callers.entries_of(farm.ta)
        answer = await farm.ta.post(of(made, "/approve"))
        assert (answer.status_code, answer.json()["code"]) == (403, "consent-required")
        assert await callers.entries_of(farm.ta) == before

    async def test_another_provider_is_404(self, callers: Callers, farm: Farm) -> None:
        made = await farm.draft()
        stranger = await callers.new(Role.TA_PROVIDER)
        for action in ("/submit", "/return", "/approve"):
            assert (await stranger.post(of(made, action))).status_code == 404


class TestAccept:
    async def test_supersedes_the_plan_in_force(self, farm: Farm) -> None:
        first = await farm.accepted()
        second = await farm.accepted()
        assert second["revision"] == first["revision"] + 1
        assert second["accepted_on"] is not None
        assert (await farm.coop.get(of(first))).json()["state"] == "superseded"

    async def test_only_an_approved_plan(self, farm: Farm) -> None:
        made = await farm.draft()
        answer = await farm.coop.post(of(made, "/accept"))
        assert (answer.status_code, answer.json()["allowed_actions"]) == (409, ["edit", "submit"])

    async def test_not_by_another_cooperative(self, callers: Callers, farm: Farm) -> None:
        made = await farm.approved()
        stranger = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await stranger.post(of(made, "/accept"))).status_code == 404
        assert (await farm.ta.post(of(made, "/accept"))).status_code == 403
        assert await callers.entries_of(stranger) == 0

    async def test_of_plans_accepted_at_once_one_stays_in_force(self, farm: Farm) -> None:
        plans = [await farm.approved() for _ in range(4)]
        answers = await asyncio.gather(*(farm.coop.post(of(each, "/accept")) for each in plans))
        assert [answer.status_code for answer in answers] == [200] * 4
        states = [(await farm.coop.get(of(each))).json()["state"] for each in plans]
        assert sorted(states) == ["accepted"] + ["superseded"] * 3
