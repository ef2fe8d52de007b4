"""Two registrations of one person become one."""

import asyncio
from typing import Any

import orjson
import pytest

from api.core.clock import today
from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.credit_applications import farmer, new_credit, offered_application
from tests.factories.deliveries import delivery_wish, new_centre, new_delivery
from tests.factories.farm_plans import accepted_plan
from tests.factories.loans import active_loan
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer, registration
from tests.routers.test_imports import send, table

Producer = dict[str, Any]


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


def at(producer: Producer, action: str = "") -> str:
    return f"/v1/producers/{producer['id']}{action}"


async def merged(coop: Caller, ending: Producer, standing: Producer) -> Producer:
    return await coop.make(at(ending, "/merge"), {"into": standing["id"]})


async def items(caller: Caller, path: str) -> list[dict[str, Any]]:
    answer = await caller.get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def events(callers: Callers, event: str, subject: Producer) -> list[dict[str, Any]]:
    rows = await callers.platform.database.pool.fetch(
        "SELECT body FROM ledger_entries WHERE event = $1 AND subject_id = $2::text::uuid"
        " ORDER BY id",
        event,
        subject["id"],
    )
    return [orjson.loads(row[0]) for row in rows]


class TestWhatMoves:
    async def test_the_ended_one_names_the_other_and_stays_readable(
        self, coop: Caller, callers: Callers
    ) -> None:
        ending, standing = await new_producer(coop), await new_producer(coop)
        left = await merged(coop, ending, standing)
        assert left == ending | {
            "state": "merged",
            "merged_into": standing["id"],
            "version": 2,
            "updated_at": left["updated_at"],
        }
        assert (await coop.get(at(ending))).json() == left
        assert (await coop.get(at(standing))).json() == standing
        [event] = await events(callers, "producer.merged", ending)
        assert event["data"] == {"merged_into": standing["id"], "moved": {}}

    async def test_plots_deliveries_and_their_kilos(self, coop: Caller) -> None:
        ending, standing = await new_producer(coop), await new_producer(coop)
        first, second = await new_plot(coop, ending["id"]), await new_plot(coop, standing["id"])
        centre = await new_centre(coop)
        made = [await new_delivery(coop, plot=p, centre=centre) for p in (first, second)]
        await merged(coop, ending, standing)
        query = f"producer_id={standing['id']}"
        assert {p["id"] for p in await items(coop, f"/v1/plots?{query}")} == {
            first["id"],
            second["id"],
        }
        told = await items(coop, f"/v1/deliveries?{query}")
        assert {d["id"]: d["net_kg"] for d in told} == {d["id"]: d["net_kg"] for d in made}
        assert await items(coop, f"/v1/deliveries?producer_id={ending['id']}") == []
        facts = (await coop.get(at(standing, "/facts"))).json()["facts"]
        known = {each["fact"]: each["value"] for each in facts}
        # 200 kg wet at 0.33.
        assert (known["plots"], known["delivered_kg"]) == ("2", "66.000")
        # The next delivery from the plot is the survivor's.
        more = await new_delivery(coop, plot=first | {"producer_id": standing["id"]}, centre=centre)
        assert more["producer_id"] == standing["id"]

    async def test_memberships_become_one_and_the_representative_stays_somebody(
        self, coop: Caller
    ) -> None:
        ending, standing = await new_producer(coop), await new_producer(coop)
        both = await new_cluster(coop, [standing["id"]], joined_on="2025-01-01")
        path = f"/v1/clusters/{both['id']}"
        await coop.make(f"{path}/members", {"producer_id": ending["id"], "joined_on": "2024-01-01"})
        alone = await new_cluster(coop, [ending["id"]], representative_id=ending["id"])
        await merged(coop, ending, standing)
        current = await items(coop, f"{path}/members?on={today()}")
        assert [(m["producer_id"], m["joined_on"]) for m in current] == [
            (standing["id"], "2024-01-01")
        ]
        assert (await coop.get(path)).json()["members"] == 1
        other = (await coop.get(f"/v1/clusters/{alone['id']}")).json()
        assert (other["members"], other["representative_id"]) == (1, standing["id"])

    async def test_of_two_plans_in_force_the_later_stands(
        self, coop: Caller, callers: Callers
    ) -> None:
        ta = await callers.new(Role.TA_PROVIDER)
        ending, earlier = await farmer(coop, ta)
        standing = await new_producer(coop)
        plot = await new_plot(coop, standing["id"])
        await new_consent(coop, standing["id"], "service_delivery", ta)
        later = await accepted_plan(coop, ta, standing, [plot])
        await merged(coop, ending, standing)
        states = {
            plan["id"]: (plan["state"], plan["producer_id"])
            for plan in await items(coop, "/v1/farm-plans")
        }
        assert states == {
            earlier["id"]: ("superseded", standing["id"]),
            later["id"]: ("accepted", standing["id"]),
        }

    async def test_credit_goes_on(self, callers: Callers) -> None:
        credit = await new_credit(callers)
        offered = await offered_application(credit)
        standing = await new_producer(credit.coop)
        await merged(credit.coop, credit.producer, standing)
        path = f"/v1/credit-applications/{offered['id']}"
        assert (await credit.caja.get(path)).json()["producer_id"] == standing["id"]
        accepted = await credit.coop.make(f"{path}/accept")
        loan = (await credit.caja.get(f"/v1/loans/{accepted['loan_id']}")).json()
        assert loan["producer_id"] == standing["id"]

    async def test_a_loan_is_retained_from_the_survivors_cocoa(self, callers: Callers) -> None:
        credit = await new_credit(callers)
        loan = await active_loan(callers, credit)
        standing = await new_producer(credit.coop)
        plot = await new_plot(credit.coop, standing["id"])
        await merged(credit.coop, credit.producer, standing)
        wish = await delivery_wish(credit.coop, plot=plot)
        wish["retention"] = {
            "loan_id": loan["id"],
            "amount": {"amount": "100.00", "currency": "PEN"},
        }
        answer = await credit.coop.post("/v1/deliveries", wish)
        assert answer.status_code == 201, answer.text


class TestConsents:
    async def test_are_the_survivors_and_the_recipient_is_told(
        self, coop: Caller, callers: Callers
    ) -> None:
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        ending, standing = await new_producer(coop), await new_producer(coop)
        made = await new_consent(coop, ending["id"], "credit_readiness", caja)
        assert (await caja.get(at(ending, "?purpose=credit_readiness"))).status_code == 200
        await merged(coop, ending, standing)
        shown = (await caja.get(at(standing, "?purpose=credit_readiness"))).json()
        assert shown["disclosure"]["consent_id"] == made["id"]
        assert shown["given_names"] == standing["given_names"]
        # Of the ended one the caja learns which stands for it, and nothing of the person.
        old = (await caja.get(at(ending, "?purpose=credit_readiness"))).json()
        assert (old["state"], old["merged_into"]) == ("merged", standing["id"])
        personal = ("given_names", "family_names", "document", "phone", "birth_year", "ruc")
        assert [old[name] for name in personal] == [None] * 6
        told = [
            e
            for e in await events(callers, "producer.replaced", ending)
            if str(caja.organization_id) in str(e)
        ]
        assert len(told) == 1
        log = await items(coop, at(standing, "/access-log"))
        assert [line["producer_id"] for line in log] == [
            ending["id"],
            standing["id"],
            ending["id"],
        ]

    async def test_of_two_that_say_the_same_one_ends(self, coop: Caller, callers: Callers) -> None:
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        ending, standing = await new_producer(coop), await new_producer(coop)
        first = await new_consent(coop, ending["id"], "incentives", caja)
        second = await new_consent(coop, standing["id"], "incentives", caja)
        await merged(coop, ending, standing)
        states = [
            (await caja.get(f"/v1/consents/{made['id']}")).json()["state"]
            for made in (first, second)
        ]
        assert states == ["revoked", "granted"]
        await coop.make(f"/v1/consents/{second['id']}/revoke")
        answer = await caja.get(at(standing, "?purpose=incentives"))
        assert answer.status_code == 403

    async def test_strangers_learn_of_no_merge(self, coop: Caller, callers: Callers) -> None:
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        ending, standing = await new_producer(coop), await new_producer(coop)
        await merged(coop, ending, standing)
        for purpose in ("credit_readiness", "incentives"):
            assert (await caja.get(at(ending, f"?purpose={purpose}"))).status_code == 404


class TestAfterwards:
    async def test_nothing_is_done_to_the_ended_one(self, coop: Caller, callers: Callers) -> None:
        ending, standing = await new_producer(coop), await new_producer(coop)
        cluster = await new_cluster(coop)
        await merged(coop, ending, standing)
        before = await callers.entries_of(coop)
        patch = await coop.patch(at(ending), {"given_names": "Rosa"}, '"v2"')
        erase = await coop.post(at(ending, "/erase"))
        again = await coop.post(at(ending, "/merge"), {"into": standing["id"]})
        for answer in (patch, erase, again):
            assert (answer.status_code, answer.json()["state"]) == (409, "merged")
            assert answer.json()["allowed_actions"] == []
        member = {"producer_id": ending["id"], "joined_on": "2026-01-01"}
        assert (await coop.post(f"/v1/clusters/{cluster['id']}/members", member)).status_code == 404
        assert await callers.entries_of(coop) == before

    async def test_its_document_and_code_lead_to_the_survivor(self, coop: Caller) -> None:
        ending = await new_producer(coop, external_id="S-1")
        standing = await new_producer(coop)
        await merged(coop, ending, standing)
        answer = await coop.post("/v1/producers", registration(document=ending["document"]))
        assert (answer.status_code, answer.json()["producer_id"]) == (409, standing["id"])
        row = {
            "document_type": "dni",
            "document_number": ending["document"]["number"],
            "given_names": "Rosa",
            "family_names": "Quispe",
            "birth_year": "1979",
            "ubigeo": "220601",
            "association_status": "associated",
        }
        told = (await send(coop, table([row]))).json()
        assert (told["refused"], told["created"]) == (1, 0)
        # A mistyped document was the ended one's: the survivor takes the right one.
        change = {"document": ending["document"]}
        assert (await coop.patch(at(standing), change, '"v1"')).status_code == 200

    async def test_a_chain_ends_at_the_last(self, coop: Caller, callers: Callers) -> None:
        first, second, third = [await new_producer(coop) for _ in range(3)]
        await merged(coop, first, second)
        await merged(coop, second, third)
        for one in (first, second):
            assert (await coop.get(at(one))).json()["merged_into"] == third["id"]
        [event] = await events(callers, "producer.merged", second)
        assert first["id"] in str(event["related"])

    async def test_the_export_has_them_all(self, coop: Caller, callers: Callers) -> None:
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        ending = await new_producer(coop, given_names="Hermelinda")
        standing = await new_producer(coop)
        await new_consent(coop, ending["id"], "incentives", caja)
        await caja.get(at(ending, "?purpose=incentives"))
        await merged(coop, ending, standing)
        export = (await coop.get(at(standing, "/export"))).json()
        [former] = export["merged_registrations"]
        assert (former["id"], former["given_names"]) == (ending["id"], "Hermelinda")
        assert former["document"] == ending["document"]
        assert [read["producer_id"] for read in export["accesses"]] == [ending["id"]]
        assert len(export["consents"]) == 1

    async def test_erasing_the_survivor_forgets_both(self, coop: Caller) -> None:
        ending = await new_producer(coop, given_names="Hermelinda", external_id="S-2")
        standing = await new_producer(coop)
        plot = await new_plot(coop, ending["id"], name="La Hermelinda")
        await merged(coop, ending, standing)
        await coop.make(at(standing, "/erase"))
        left = (await coop.get(at(ending))).json()
        assert (left["state"], left["given_names"], left["document"]) == ("merged", None, None)
        assert (await coop.get(f"/v1/plots/{plot['id']}")).json()["name"] == "—"
        assert (await new_producer(coop, document=ending["document"]))["id"] != ending["id"]


class TestRefused:
    async def test_into_itself_or_what_has_ended(self, coop: Caller, callers: Callers) -> None:
        one, gone = await new_producer(coop), await new_producer(coop)
        await coop.make(at(gone, "/erase"))
        before = await callers.entries_of(coop)
        itself = await coop.post(at(one, "/merge"), {"into": one["id"]})
        assert (itself.status_code, itself.json()["errors"][0]["code"]) == (422, "itself")
        ended = await coop.post(at(one, "/merge"), {"into": gone["id"]})
        assert (ended.status_code, ended.json()["code"]) == (409, "rule-broken")
        assert ended.json()["errors"][0]["code"] == "ended"
        erased = await coop.post(at(gone, "/merge"), {"into": one["id"]})
        assert (erased.status_code, erased.json()["state"]) == (409, "erased")
        assert await callers.entries_of(coop) == before
        assert (await coop.get(at(one))).json() == one

    async def test_who(self, coop: Caller, callers: Callers) -> None:
        one, two = await new_producer(coop), await new_producer(coop)
        second = await callers.new(Role.PRODUCER_ORGANIZATION)
        theirs = await new_producer(second)
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        await new_consent(coop, one["id"], "incentives", caja)
        wish = {"into": two["id"]}
        for caller, status in ((callers.anonymous(), 401), (caja, 403), (second, 404)):
            before = await callers.entries_of(caller)
            assert (await caller.post(at(one, "/merge"), wish)).status_code == status
            assert await callers.entries_of(caller) == before
        for ending, into in ((one, theirs["id"]), (theirs, one["id"]), (one, str(new_id()))):
            answer = await coop.post(at(ending, "/merge"), {"into": into})
            assert answer.status_code == 404
        unkeyed = await coop.call("POST", at(one, "/merge"), json=wish)
        assert (unkeyed.status_code, unkeyed.json()["code"]) == (400, "idempotency-key-missing")
        for producer in (one, two):
            assert (await coop.get(at(producer))).json() == producer


class TestAtOnce:
    async def test_two_into_each_other(self, coop: Caller) -> None:
        for _ in range(5):
            one, two = await new_producer(coop), await new_producer(coop)
            answers = await asyncio.gather(
                coop.post(at(one, "/merge"), {"into": two["id"]}),
                coop.post(at(two, "/merge"), {"into": one["id"]}),
            )
            assert sorted(answer.status_code for answer in answers) == [200, 409]
            states = [(await coop.get(at(p))).json()["state"] for p in (one, two)]
            assert sorted(states) == ["active", "merged"]

    async def test_what_is_written_meanwhile_is_the_survivors(self, coop: Caller) -> None:
        centre = await new_centre(coop)
        for _ in range(5):
            ending, standing = await new_producer(coop), await new_producer(coop)
            plot = await new_plot(coop, ending["id"])
            cluster = await new_cluster(coop)
            wish = await delivery_wish(coop, plot=plot, centre=centre)
            member = {"producer_id": ending["id"], "joined_on": "2025-01-01"}
            answers = await asyncio.gather(
                coop.post("/v1/deliveries", wish),
                coop.post(at(ending, "/merge"), {"into": standing["id"]}),
                coop.post(f"/v1/clusters/{cluster['id']}/members", member),
                coop.post("/v1/deliveries", wish | {"document_number": str(new_id())[:20]}),
            )
            assert answers[1].status_code == 200, answers[1].text
            assert all(a.status_code < 500 for a in answers), [a.text for a in answers]
            for path in ("/v1/deliveries", "/v1/plots"):
                assert await items(coop, f"{path}?producer_id={ending['id']}") == []
            told = await items(coop, f"/v1/deliveries?producer_id={standing['id']}")
            assert len(told) == [answers[n].status_code for n in (0, 3)].count(201)
            members = await items(coop, f"/v1/clusters/{cluster['id']}/members")
            assert {m["producer_id"] for m in members} <= {standing["id"]}

    async def test_an_erasure_and_a_merge(self, coop: Caller) -> None:
        for _ in range(5):
            ending = await new_producer(coop, given_names="Hermelinda")
            standing = await new_producer(coop)
            answers = await asyncio.gather(
                coop.post(at(standing, "/erase")),
                coop.post(at(ending, "/merge"), {"into": standing["id"]}),
            )
            assert answers[0].status_code == 200
            name = (await coop.get(at(ending))).json()["given_names"]
            assert name == ("Hermelinda" if answers[1].status_code == 409 else None)
