"""Visits over HTTP: who records, who confirms, who reads, and what stays of an erased person."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from api.core.clock import today
from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.days import DAY, dated
from tests.factories.consents import new_consent
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer
from tests.factories.visits import new_visit, visit_wish

VISITS = "/v1/visits"


@dataclass
class Field:
    """A cooperative, a provider that a producer lets serve them, and the producer's land."""

    coop: Caller
    ta: Caller
    producer: dict[str, Any]
    plot: dict[str, Any]
    consent: dict[str, Any]

    async def visit(self, **changes: Any) -> dict[str, Any]:
        return await new_visit(self.ta, self.producer["id"], **changes)

    def wish(self, **changes: Any) -> dict[str, Any]:
        return visit_wish(self.producer["id"], **changes)


@pytest.fixture
async def field(callers: Callers) -> Field:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    ta = await callers.new(Role.TA_PROVIDER)
    producer = await new_producer(coop)
    plot = await new_plot(coop, producer["id"])
    consent = await new_consent(coop, producer["id"], "service_delivery", ta)
    return Field(coop, ta, producer, plot, consent)


def of(visit: dict[str, Any], action: str = "") -> str:
    return f"{VISITS}/{visit['id']}{action}"


async def log_of(field: Field) -> list[tuple[str, str]]:
    answer = await field.coop.get(f"/v1/producers/{field.producer['id']}/access-log")
    return [(line["organization_id"], line["operation"]) for line in answer.json()["items"]]


class TestRecord:
    async def test_anonymous_is_401(self, callers: Callers, field: Field) -> None:
        assert (await callers.anonymous().post(VISITS, field.wish())).status_code == 401

    async def test_a_caja_does_not_visit(self, callers: Callers, field: Field) -> None:
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        answer = await caja.post(VISITS, field.wish())
        assert (answer.status_code, answer.json()["permission"]) == (403, "visits:write")
        assert await callers.entries_of(caja) == 0

    async def test_without_consent_it_is_refused(self, callers: Callers, field: Field) -> None:
        stranger = await callers.new(Role.TA_PROVIDER)
        answer = await stranger.post(VISITS, field.wish())
        assert (answer.status_code, answer.json()["code"]) == (403, "consent-required")
        await field.coop.make(f"/v1/consents/{field.consent['id']}/revoke")
        before = await callers.entries_of(field.ta)
        assert (await field.ta.post(VISITS, field.wish())).status_code == 403
        assert await callers.entries_of(field.ta) == before

    async def test_gives_the_visit_back(self, field: Field) -> None:
        chosen = str(new_id())
        wish = field.wish(
            id=chosen,
            plot_ids=[field.plot["id"]],
            captured_at="2026-11-20T15:04:05Z",
            next_visit_on=(today() + timedelta(days=60)).isoformat(),
        )
        answer = await field.ta.post(VISITS, wish)
        assert (answer.status_code, answer.headers["location"]) == (201, f"{VISITS}/{chosen}")
        assert answer.headers["cache-control"] == "private, no-store"
        made = answer.json()
        assert {name: made[name] for name in wish} == wish | {
            "captured_at": "2026-11-20T15:04:05.000000Z"
        }
        assert made["state"] == "recorded"
        assert made["organization_id"] == str(field.ta.organization_id)
        assert made["producer_organization_id"] == str(field.coop.organization_id)
        assert (await field.coop.get(of(made))).json() == made
        assert (await field.ta.get(of(made))).json() == made
        twice = await field.ta.post(VISITS, wish)
        assert (twice.status_code, twice.json()["code"]) == (409, "already-exists")
        assert [fault["pointer"] for fault in twice.json()["errors"]] == ["/id"]

    async def test_a_cooperative_that_assists_records_its_own(self, field: Field) -> None:
        made = await new_visit(field.coop, field.producer["id"])
        confirmed = await field.coop.make(of(made, "/confirm"), {"channel": "paper"})
        assert confirmed["state"] == "confirmed"

    async def test_an_unknown_producer_is_404(self, callers: Callers, field: Field) -> None:
        answer = await field.ta.post(VISITS, visit_wish(str(new_id())))
        assert answer.status_code == 404

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"visited_on": DAY}, "/visited_on"),
            ({"next_visit_on": 0 * DAY}, "/next_visit_on"),
            ({"captured_at": "2999-01-01T00:00:00Z"}, "/captured_at"),
            ({"technician_code": "Juan Pérez"}, "/technician_code"),
            ({"practice": "dancing"}, "/practice"),
            ({"evidence": [{"sha256": "0", "media_type": "image/jpeg"}]}, "/evidence/0/sha256"),
        ],
    )
    async def test_refuses_what_cannot_be(
        self, callers: Callers, field: Field, changes: dict[str, Any], pointer: str
    ) -> None:
        before = await callers.entries_of(field.ta)
        answer = await field.ta.post(VISITS, field.wish(**dated(changes)))
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
        assert await callers.entries_of(field.ta) == before

    async def test_refuses_the_plot_of_another_producer(self, field: Field) -> None:
        neighbour = await new_producer(field.coop)
        plot = await new_plot(field.coop, neighbour["id"])
        wish = field.wish(plot_ids=[field.plot["id"], plot["id"]])
        answer = await field.ta.post(VISITS, wish)
        assert (answer.status_code, answer.json()["code"]) == (409, "rule-broken")
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/plot_ids/1"]


class TestCourse:
    async def test_the_producers_side_confirms_and_the_provider_hears(self, field: Field) -> None:
        made = await field.visit()
        refused = await field.ta.post(of(made, "/confirm"), {"channel": "app"})
        assert refused.status_code == 403
        confirmed = await field.coop.make(of(made, "/confirm"), {"channel": "voice"})
        assert (confirmed["state"], confirmed["confirmation_channel"]) == ("confirmed", "voice")
        assert confirmed["confirmed_on"] == today().isoformat()
        again = await field.coop.post(of(made, "/dispute"), {"reason": "No."})
        assert (again.status_code, again.json()["allowed_actions"]) == (409, [])

    async def test_both_sides_hear_of_it_without_what_was_written(
        self, callers: Callers, field: Field
    ) -> None:
        made = await field.visit(plot_ids=[field.plot["id"]])
        await field.coop.make(of(made, "/dispute"), {"reason": "Fue otra parcela."})
        rows = await callers.platform.database.pool.fetch(
            "SELECT event, body FROM ledger_entries WHERE subject_id = $1 ORDER BY id",
            made["id"],
        )
        assert [row["event"] for row in rows] == ["visit.recorded", "visit.disputed"]
        assert str(field.coop.organization_id) in rows[0]["body"]
        assert field.plot["id"] in rows[0]["body"]
        assert str(field.ta.organization_id) in rows[1]["body"]
        for row in rows:
            assert made["finding"] not in row["body"]
            assert "otra parcela" not in row["body"]

    async def test_a_correction_asks_the_producers_side_again(self, field: Field) -> None:
        made = await field.visit(plot_ids=[field.plot["id"]])
        disputed = await field.coop.make(of(made, "/dispute"), {"reason": "Fue otra parcela."})
        assert disputed["dispute_reason"] == "Fue otra parcela."
        stale = await field.ta.patch(of(made), {"plot_ids": []}, '"v1"')
        assert stale.status_code == 412
        answer = await field.ta.patch(of(made), {"plot_ids": []}, f'"v{disputed["version"]}"')
        corrected = answer.json()
        assert (corrected["state"], corrected["dispute_reason"]) == ("recorded", None)
        assert corrected["plot_ids"] == []
        assert corrected["version"] > disputed["version"]
        mine = await field.coop.patch(of(made), {"practice": "harvest"}, answer.headers["etag"])
        assert mine.status_code == 403
        same = await field.ta.patch(of(made), {"plot_ids": []}, answer.headers["etag"])
        assert same.json() == corrected

    async def test_a_correction_keeps_the_rules(self, field: Field) -> None:
        made = await field.visit()
        later = (today() + timedelta(days=1)).isoformat()
        answer = await field.ta.patch(of(made), {"visited_on": later}, '"v1"')
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/visited_on")
        other = await new_plot(field.coop, (await new_producer(field.coop))["id"])
        answer = await field.ta.patch(of(made), {"plot_ids": [other["id"]]}, '"v1"')
        assert answer.status_code == 409
        await field.coop.make(f"/v1/consents/{field.consent['id']}/revoke")
        answer = await field.ta.patch(of(made), {"practice": "harvest"}, '"v1"')
        assert (answer.status_code, answer.json()["code"]) == (403, "consent-required")
        assert (await field.ta.get(of(made))).json() == made

    async def test_what_was_annulled_stays_so(self, field: Field) -> None:
        made = await field.visit()
        assert (await field.coop.post(of(made, "/annul"))).status_code == 403
        assert (await field.ta.make(of(made, "/annul")))["state"] == "annulled"
        answer = await field.coop.post(of(made, "/confirm"), {"channel": "app"})
        assert answer.json()["code"] == "state-not-allowed"

    async def test_one_of_twenty_confirmations_counts(self, callers: Callers, field: Field) -> None:
        made = await field.visit()
        answers = await asyncio.gather(
            *(field.coop.post(of(made, "/confirm"), {"channel": "app"}) for _ in range(20))
        )
        assert sorted(a.status_code for a in answers) == [200, *[409] * 19]
        seen = await callers.platform.database.pool.fetchval(
            "SELECT count(*) FROM ledger_entries WHERE subject_id = $1", made["id"]
        )
        assert seen == 2


class TestRead:
    async def test_strangers_do_not_see_it(self, callers: Callers, field: Field) -> None:
        made = await field.visit()
        for role in (Role.TA_PROVIDER, Role.PRODUCER_ORGANIZATION):
            stranger = await callers.new(role)
            assert (await stranger.get(of(made))).status_code == 404
            assert (await stranger.get(f"{of(made)}?purpose=service_delivery")).status_code == 404
            assert (await stranger.get(VISITS)).json()["items"] == []
            assert (await stranger.post(of(made, "/annul"))).status_code == 404

    async def test_another_provider_reads_the_history_by_consent(
        self, callers: Callers, field: Field
    ) -> None:
        made = await field.visit()
        other = await callers.new(Role.TA_PROVIDER)
        consent = await new_consent(field.coop, field.producer["id"], "service_delivery", other)
        assert (await other.get(of(made))).json()["code"] == "consent-required"
        shown = (await other.get(f"{of(made)}?purpose=service_delivery")).json()
        assert shown == made | {
            "technician_code": None,
            "disclosure": {"purpose": "service_delivery", "consent_id": consent["id"]},
        }
        query = f"{VISITS}?purpose=service_delivery&producer_id={field.producer['id']}"
        assert (await other.get(query)).json()["items"] == [shown]
        who = str(other.organization_id)
        assert await log_of(field) == [(who, "list_visits"), (who, "get_visit")]
        await field.ta.make(of(made, "/annul"))
        assert (await other.get(query)).json()["items"] == []
        assert (await other.get(f"{of(made)}?purpose=service_delivery")).status_code == 403

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 2),
            ("producer_id={producer}", 2),
            ("plot_id={plot}", 1),
            ("practice=grafting", 1),
            ("state=confirmed", 0),
            ("visited_from={today}", 1),
            ("visited_until={yesterday}", 1),
            ("next_visit_until={soon}", 1),
            ("organization_id={ta}", 2),
            ("organization_id={coop}", 0),
        ],
    )
    async def test_filters(self, field: Field, query: str, count: int) -> None:
        day = today()
        soon, yesterday = day + timedelta(days=9), day - timedelta(days=1)
        await field.visit(plot_ids=[field.plot["id"]], next_visit_on=soon.isoformat())
        await field.visit(practice="grafting", visited_on=yesterday.isoformat())
        wanted = query.format(
            producer=field.producer["id"],
            plot=field.plot["id"],
            today=day,
            yesterday=yesterday,
            soon=soon,
            ta=field.ta.organization_id,
            coop=field.coop.organization_id,
        )
        assert len((await field.coop.get(f"{VISITS}?{wanted}")).json()["items"]) == count


async def test_erasure_takes_what_was_written(field: Field) -> None:
    made = await field.visit()
    await field.coop.make(of(made, "/dispute"), {"reason": "Fue otra parcela."})
    await field.coop.make(f"/v1/producers/{field.producer['id']}/erase")
    left = (await field.ta.get(of(made))).json()
    assert (left["finding"], left["recommendation"], left["dispute_reason"]) == ("—", None, None)
    assert left["visited_on"] == made["visited_on"]


async def test_a_visit_belongs_to_the_dossier(field: Field) -> None:
    made = await field.visit(plot_ids=[field.plot["id"]])
    path = f"/v1/producers/{field.producer['id']}/export"
    [visit] = (await field.coop.get(path)).json()["visits"]
    assert (visit["id"], visit["finding"]) == (made["id"], made["finding"])
    assert [seen["plot_id"] for seen in visit["plots"]] == [field.plot["id"]]
