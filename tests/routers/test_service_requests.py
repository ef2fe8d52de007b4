"""Assistance asked for over HTTP, answered, visited and completed."""

from dataclasses import dataclass
from typing import Any

import pytest

from api.core.clock import today
from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.days import DAY, dated
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.field_batches import send, statuses, visit_item
from tests.factories.producers import new_producer
from tests.factories.visits import new_visit, visit_wish

REQUESTS = "/v1/service-requests"


@dataclass
class Need:
    """A cooperative with a producer who lets a provider serve them."""

    coop: Caller
    ta: Caller
    producer: dict[str, Any]
    consent: dict[str, Any]

    def wish(self, **changes: Any) -> dict[str, Any]:
        subject = {} if "cluster_id" in changes else {"producer_id": self.producer["id"]}
        return {
            "provider_id": str(self.ta.organization_id),
            "practice": "pest_and_disease",
            "need": "Moniliasis en las mazorcas tiernas.",
            **subject,
            **changes,
        }

    async def asked(self, *actions: str, **changes: Any) -> dict[str, Any]:
        made = await self.coop.make(REQUESTS, self.wish(**changes))
        for action in actions:
            made = await self.ta.make(of(made, f"/{action}"))
        return made


@pytest.fixture
async def need(callers: Callers) -> Need:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    ta = await callers.new(Role.TA_PROVIDER)
    producer = await new_producer(coop)
    consent = await new_consent(coop, producer["id"], "service_delivery", ta)
    return Need(coop, ta, producer, consent)


def of(request: dict[str, Any], action: str = "") -> str:
    return f"{REQUESTS}/{request['id']}{action}"


class TestAsk:
    async def test_anonymous_is_401(self, callers: Callers, need: Need) -> None:
        assert (await callers.anonymous().post(REQUESTS, need.wish())).status_code == 401

    async def test_a_provider_does_not_ask(self, callers: Callers, need: Need) -> None:
        answer = await need.ta.post(REQUESTS, need.wish())
        assert (answer.status_code, answer.json()["permission"]) == (403, "service_requests:write")
        assert await callers.entries_of(need.ta) == 0

    async def test_gives_the_request_back_to_both_sides(self, callers: Callers, need: Need) -> None:
        made = await need.asked(wanted_by=today().isoformat())
        assert (made["state"], made["visits"]) == ("requested", 0)
        assert (await need.ta.get(of(made))).json() == made
        for filters in ("", f"?producer_id={need.producer['id']}", "?state=requested"):
            assert (await need.ta.get(f"{REQUESTS}{filters}")).json()["items"] == [made]
        assert (await need.ta.get(f"{REQUESTS}?state=accepted")).json()["items"] == []
        stranger = await callers.new(Role.TA_PROVIDER)
        assert (await stranger.get(of(made))).status_code == 404
        assert (await stranger.post(of(made, "/accept"))).status_code == 404
        body = await callers.platform.database.pool.fetchval(
            "SELECT body FROM ledger_entries WHERE subject_id = $1", made["id"]
        )
        assert str(need.ta.organization_id) in body
        assert "Moniliasis" not in body

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"producer_id": None}, "/producer_id"),
            ({"wanted_by": -DAY}, "/wanted_by"),
            ({"provider_id": str(new_id())}, "/provider_id"),
        ],
    )
    async def test_refuses_what_cannot_be(
        self, callers: Callers, need: Need, changes: dict[str, Any], pointer: str
    ) -> None:
        before = await callers.entries_of(need.coop)
        answer = await need.coop.post(REQUESTS, need.wish(**dated(changes)))
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
        assert await callers.entries_of(need.coop) == before

    async def test_another_organisations_producer_is_404(
        self, callers: Callers, need: Need
    ) -> None:
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        assert (await other.post(REQUESTS, need.wish())).status_code == 404
        cluster = await new_cluster(need.coop)
        assert (await other.post(REQUESTS, need.wish(cluster_id=cluster["id"]))).status_code == 404

    async def test_a_producer_must_consent_to_the_provider(
        self, callers: Callers, need: Need
    ) -> None:
        other = await callers.new(Role.TA_PROVIDER)
        wish = need.wish(provider_id=str(other.organization_id))
        answer = await need.coop.post(REQUESTS, wish)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "no-consent")
        await new_consent(need.coop, need.producer["id"], "service_delivery", Role.TA_PROVIDER)
        assert (await need.coop.post(REQUESTS, wish)).status_code == 201


class TestCourse:
    async def test_accepted_visited_completed(self, need: Need) -> None:
        made = await need.asked("accept")
        assert (made["state"], made["answered_on"]) == ("accepted", today().isoformat())
        early = await need.ta.post(of(made, "/complete"))
        assert (early.status_code, early.json()["errors"][0]["code"]) == (409, "not-visited")
        wrong = await new_visit(need.ta, need.producer["id"], service_request_id=made["id"])
        await need.ta.make(f"/v1/visits/{wrong['id']}/annul")
        assert (await need.ta.post(of(made, "/complete"))).status_code == 409
        visit = await new_visit(need.ta, need.producer["id"], service_request_id=made["id"])
        listed = await need.coop.get(f"/v1/visits?service_request_id={made['id']}&state=recorded")
        assert [one["id"] for one in listed.json()["items"]] == [visit["id"]]
        done = await need.ta.make(of(made, "/complete"))
        assert (done["state"], done["visits"]) == ("completed", 1)
        assert done["completed_on"] == today().isoformat()
        again = await need.coop.post(of(made, "/withdraw"))
        assert again.json()["allowed_actions"] == []

    async def test_declined_with_a_reason(self, need: Need) -> None:
        made = await need.asked()
        refused = await need.coop.post(of(made, "/withdraw"))
        assert refused.json()["state"] == "withdrawn"
        made = await need.asked()
        answer = await need.ta.make(of(made, "/decline"), {"reason": "Sin técnico este mes."})
        assert (answer["state"], answer["decline_reason"]) == ("declined", "Sin técnico este mes.")

    async def test_each_side_does_its_own(self, callers: Callers) -> None:
        both = [await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER) for _ in range(2)]
        producer = await new_producer(both[0])
        consent = await new_consent(both[0], producer["id"], "service_delivery", both[1])
        made = await Need(both[0], both[1], producer, consent).asked()
        for caller, action in ((both[0], "accept"), (both[0], "complete"), (both[1], "withdraw")):
            answer = await caller.post(of(made, f"/{action}"))
            assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")

    async def test_who_no_longer_consents_is_not_accepted(self, need: Need) -> None:
        made = await need.asked()
        await need.coop.make(f"/v1/consents/{need.consent['id']}/revoke")
        answer = await need.ta.post(of(made, "/accept"))
        assert (answer.status_code, answer.json()["code"]) == (403, "consent-required")
        assert (await need.ta.get(of(made))).json() == made


class TestVisits:
    async def test_a_visit_answers_what_was_accepted_for_the_producer(
        self, callers: Callers, need: Need
    ) -> None:
        open_ = await need.asked()
        neighbour = await new_producer(need.coop)
        await new_consent(need.coop, neighbour["id"], "service_delivery", need.ta)
        accepted = await need.asked("accept")
        cases = [
            (need.producer, open_["id"], 409, "request-not-accepted"),
            (neighbour, accepted["id"], 409, "other-subject"),
            (need.producer, str(new_id()), 404, None),
        ]
        before = await callers.entries_of(need.ta)
        for producer, request_id, status, code in cases:
            wish = visit_wish(producer["id"], service_request_id=request_id)
            answer = await need.ta.post("/v1/visits", wish)
            assert answer.status_code == status
            assert code in (None, *(e["code"] for e in answer.json().get("errors", [])))
        assert await callers.entries_of(need.ta) == before

    async def test_a_cluster_is_visited_member_by_member(self, need: Need) -> None:
        cluster = await new_cluster(need.coop, [need.producer["id"]])
        made = await need.asked("accept", cluster_id=cluster["id"])
        visit = visit_item(need.producer["id"], service_request_id=made["id"])
        assert statuses(await send(need.ta, visit)) == ["applied"]
        assert (await need.ta.make(of(made, "/complete")))["visits"] == 1


async def test_erasure_takes_what_was_written(need: Need) -> None:
    made = await need.asked()
    await need.ta.make(of(made, "/decline"), {"reason": "No."})
    path = f"/v1/producers/{need.producer['id']}"
    [told] = (await need.coop.get(f"{path}/export")).json()["service_requests"]
    assert told["need"] == made["need"]
    await need.coop.make(f"{path}/erase")
    left = (await need.ta.get(of(made))).json()
    assert (left["need"], left["decline_reason"], left["state"]) == ("—", None, "declined")
