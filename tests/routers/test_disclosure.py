"""Reads of producers by organisations that did not register them."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from asyncpg import PostgresError

from api.core.clock import today
from api.core.ids import new_id
from api.domains.consents.rules import ConsentFacts, covers
from api.domains.consents.service import consented
from api.domains.consents.states import ConsentState
from api.domains.consents.vocabulary import Purpose
from api.policies import Role
from api.reads import Reader
from api.transactions import UnitOfWork, unit_of_work
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.producers import new_producer

PERSONAL = frozenset(
    {"document", "given_names", "family_names", "birth_year", "sex", "language", "phone", "ruc"}
)
NEEDED = {
    "service_delivery": {"given_names", "family_names", "language", "phone"},
    "credit_readiness": PERSONAL - {"sex"},
    "traceability_disclosure": {"given_names", "family_names"},
    "incentives": {"document", "given_names", "family_names", "phone"},
}


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def caja(callers: Callers) -> Caller:
    return await callers.new(Role.CREDIT_INSTITUTION)


@pytest.fixture
async def producer(coop: Caller) -> dict[str, Any]:
    return await new_producer(coop, external_id="SOC-1")


async def log_of(coop: Caller, producer: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await coop.get(f"/v1/producers/{producer['id']}/access-log")
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def listed_by(caller: Caller, coop: Caller, purpose: str) -> list[dict[str, Any]]:
    query = f"purpose={purpose}&organization_id={coop.organization_id}&limit=100"
    found: list[dict[str, Any]] = (await caller.get(f"/v1/producers?{query}")).json()["items"]
    return found


class TestOne:
    @pytest.mark.parametrize("purpose", NEEDED)
    async def test_a_purpose_shows_what_it_needs(
        self, coop: Caller, caja: Caller, producer: Any, purpose: str
    ) -> None:
        made = await new_consent(coop, producer["id"], purpose, caja)
        answer = await caja.get(f"/v1/producers/{producer['id']}?purpose={purpose}")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        hidden = PERSONAL - NEEDED[purpose] | {"external_id"}
        expected = {**producer, **dict.fromkeys(hidden)}
        expected["disclosure"] = {"purpose": purpose, "consent_id": made["id"]}
        assert shown == expected
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "private, no-store"

    async def test_without_any_consent_it_does_not_exist(
        self, caja: Caller, coop: Caller, producer: Any
    ) -> None:
        for query in ("", *(f"?purpose={purpose}" for purpose in Purpose)):
            hidden = await caja.get(f"/v1/producers/{producer['id']}{query}")
            unknown = await caja.get(f"/v1/producers/{new_id()}{query}")
            assert hidden.status_code == unknown.status_code == 404
            same = hidden.json() | {"instance": ""}, unknown.json() | {"instance": ""}
            assert same[0] == same[1]
        assert await log_of(coop, producer) == []

    async def test_a_consent_that_has_not_begun_shows_nothing(
        self, coop: Caller, caja: Caller, producer: Any
    ) -> None:
        begins = (today() + timedelta(days=1)).isoformat()
        await new_consent(coop, producer["id"], "incentives", caja, valid_from=begins)
        answer = await caja.get(f"/v1/producers/{producer['id']}?purpose=incentives")
        assert answer.status_code == 404

    async def test_who_knows_of_the_producer_is_told_what_is_missing(
        self, coop: Caller, caja: Caller, producer: Any
    ) -> None:
        await new_consent(coop, producer["id"], "incentives", caja)
        await new_consent(coop, producer["id"], "credit_readiness", Role.CREDIT_INSTITUTION)
        for query in ("", "?purpose=traceability_disclosure"):
            answer = await caja.get(f"/v1/producers/{producer['id']}{query}")
            assert (answer.status_code, answer.json()["code"]) == (403, "consent-required")
            assert answer.json()["purposes"] == ["credit_readiness", "incentives"]
        assert await log_of(coop, producer) == []

    async def test_revocation_holds_from_the_next_request(
        self, coop: Caller, caja: Caller, producer: Any
    ) -> None:
        made = await new_consent(coop, producer["id"], "incentives", caja)
        path = f"/v1/producers/{producer['id']}?purpose=incentives"
        assert (await caja.get(path)).status_code == 200
        await coop.make(f"/v1/consents/{made['id']}/revoke")
        answer = await caja.get(path)
        assert (answer.status_code, answer.json()["purposes"]) == (403, [])
        assert await listed_by(caja, coop, "incentives") == []
        assert len(await log_of(coop, producer)) == 1

    async def test_ones_own_is_whole_and_leaves_no_trace(self, coop: Caller, producer: Any) -> None:
        answer = await coop.get(f"/v1/producers/{producer['id']}?purpose=incentives")
        assert (answer.json(), answer.headers["etag"]) == (producer, '"v1"')
        assert await log_of(coop, producer) == []

    async def test_another_registration_of_the_person_is_another_matter(
        self, coop: Caller, caja: Caller, callers: Callers, producer: Any
    ) -> None:
        second = await callers.new(Role.PRODUCER_ORGANIZATION)
        theirs = await new_producer(second, document=producer["document"])
        await new_consent(second, theirs["id"], "incentives", caja)
        answer = await caja.get(f"/v1/producers/{producer['id']}?purpose=incentives")
        assert answer.status_code == 404

    async def test_the_recipient_may_read_and_not_change(
        self, coop: Caller, callers: Callers, producer: Any
    ) -> None:
        second = await callers.new(Role.PRODUCER_ORGANIZATION)
        await new_consent(coop, producer["id"], "service_delivery", second)
        path = f"/v1/producers/{producer['id']}"
        assert (await second.get(f"{path}?purpose=service_delivery")).status_code == 200
        assert (await second.patch(path, {"sex": "male"}, '"v1"')).status_code == 404
        assert (await second.get(f"{path}/access-log")).status_code == 404


class TestLog:
    async def test_every_read_is_noted_newest_first(
        self, coop: Caller, caja: Caller, producer: Any
    ) -> None:
        made = await new_consent(coop, producer["id"], "credit_readiness", caja)
        path = f"/v1/producers/{producer['id']}?purpose=credit_readiness"
        await caja.get(path)
        await caja.get(path, headers={"If-None-Match": '"v1"'})
        await listed_by(caja, coop, "credit_readiness")
        await caja.get("/v1/producers?purpose=credit_readiness&q=nobody")
        log = await log_of(coop, producer)
        assert [entry["operation"] for entry in log] == [
            "list_producers",
            "get_producer",
            "get_producer",
        ]
        assert {(e["organization_id"], e["purpose"], e["consent_id"]) for e in log} == {
            (str(caja.organization_id), "credit_readiness", made["id"])
        }
        filtered = f"/v1/producers/{producer['id']}/access-log?purpose=incentives"
        assert (await coop.get(filtered)).json()["items"] == []

    async def test_where_it_cannot_be_written_nothing_is_disclosed(
        self, coop: Caller, caja: Caller, producer: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await new_consent(coop, producer["id"], "credit_readiness", caja)

        async def fail(_self: UnitOfWork) -> None:
            raise ConnectionResetError

        monkeypatch.setattr(UnitOfWork, "commit", fail)
        for path in (f"/v1/producers/{producer['id']}", "/v1/producers"):
            answer = await caja.get(f"{path}?purpose=credit_readiness")
            assert answer.status_code == 500
            assert producer["family_names"] not in answer.text

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE data_accesses SET operation = 'nothing' WHERE producer_id = $1",
            "DELETE FROM data_accesses WHERE producer_id = $1",
        ],
    )
    async def test_it_cannot_be_cleaned(
        self, coop: Caller, caja: Caller, callers: Callers, producer: Any, change: str
    ) -> None:
        await new_consent(coop, producer["id"], "incentives", caja)
        await caja.get(f"/v1/producers/{producer['id']}?purpose=incentives")
        before = await log_of(coop, producer)
        with pytest.raises(PostgresError, match="data_accesses"):
            async with callers.platform.database.transaction() as (_, driver):
                await driver.execute(change, UUID(producer["id"]))
        assert await log_of(coop, producer) == before
        assert len(before) == 1


def caja_actor(callers: Callers, caller: Caller) -> Any:
    """The caller as the services know it."""
    return callers.platform.tokens.actor(caller.token)


class TestMembers:
    async def test_onlookers_see_those_who_consented_as_ids(
        self, coop: Caller, caja: Caller, producer: Any
    ) -> None:
        silent = await new_producer(coop)
        cluster = await new_cluster(coop, [producer["id"], silent["id"]])
        path = f"/v1/clusters/{cluster['id']}/members"
        made = await new_consent(coop, producer["id"], "incentives", caja)

        refused = await caja.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "consent-required")
        assert (await caja.get(f"{path}?purpose=credit_readiness")).json()["items"] == []
        [shown] = (await caja.get(f"{path}?purpose=incentives")).json()["items"]
        assert shown["producer_id"] == producer["id"]
        assert (shown["given_names"], shown["family_names"]) == (None, None)
        assert shown["disclosure"] == {"purpose": "incentives", "consent_id": made["id"]}
        assert (await caja.get(f"/v1/clusters/{cluster['id']}")).json()["members"] == 2
        [entry] = await log_of(coop, producer)
        assert entry["operation"] == "list_cluster_members"
        assert await log_of(coop, silent) == []


def every_consent(caja: Caller, stranger: Caller) -> Iterator[dict[str, Any]]:
    """Consents of every purpose asked for or not, recipient, span of days and state."""
    day = today()
    spans = [(-2, -1), (-1, 0), (0, 0), (0, 1), (1, 2)]
    recipients = [caja, stranger, Role.CREDIT_INSTITUTION, Role.TA_PROVIDER]
    purposes = ["credit_readiness", "incentives"]
    for purpose, recipient, (start, end), revoked in product(
        purposes, recipients, spans, (False, True)
    ):
        yield {
            "purpose": purpose,
            "recipient": recipient,
            "valid_from": (day + timedelta(days=start)).isoformat(),
            "valid_until": (day + timedelta(days=end)).isoformat(),
            "revoked": revoked,
        }


async def test_the_rule_and_the_queries_agree(coop: Caller, caja: Caller, callers: Callers) -> None:
    """``rules.covers`` decides who is listed, who is found and what ``consented`` says."""
    stranger = await callers.new(Role.CREDIT_INSTITUTION)
    asked = Purpose.CREDIT_READINESS
    expected: dict[str, str] = {}
    everybody: list[str] = []
    for case in every_consent(caja, stranger):
        revoked = case.pop("revoked")
        producer = await new_producer(coop)
        made = await new_consent(coop, producer["id"], **case)
        if revoked:
            made = await coop.make(f"/v1/consents/{made['id']}/revoke")
        everybody.append(producer["id"])
        facts = ConsentFacts(
            Purpose(made["purpose"]),
            UUID(made["recipient_organization_id"]) if made["recipient_organization_id"] else None,
            made["recipient_role"],
            date.fromisoformat(made["valid_from"]),
            date.fromisoformat(made["valid_until"]),
            ConsentState(made["state"]),
        )
        if covers(facts, asked, caja.organization_id, {"credit_institution"}, today()):
            expected[producer["id"]] = made["id"]
    assert len(expected) == 6

    listed = await listed_by(caja, coop, asked)
    assert {item["id"]: item["disclosure"]["consent_id"] for item in listed} == expected
    found = [
        producer_id
        for producer_id in everybody
        if (await caja.get(f"/v1/producers/{producer_id}?purpose={asked}")).is_success
    ]
    assert set(found) == set(expected)

    ids = [UUID(producer_id) for producer_id in everybody]
    actor = caja_actor(callers, caja)
    platform = callers.platform
    said = {
        str(k): str(v)
        for k, v in (
            await consented(Reader(platform.database, actor, platform.cursors), ids, asked)
        ).items()
    }
    assert said == expected
    async with unit_of_work(platform.database, actor) as uow:
        written = await consented(uow, ids, asked)
    assert {str(k): str(v) for k, v in written.items()} == expected


async def test_a_consent_to_the_organisation_goes_before_one_to_its_role(
    coop: Caller, caja: Caller, producer: Any
) -> None:
    to_role = await new_consent(coop, producer["id"], "incentives", Role.CREDIT_INSTITUTION)
    to_caja = await new_consent(coop, producer["id"], "incentives", caja)
    path = f"/v1/producers/{producer['id']}?purpose=incentives"
    assert (await caja.get(path)).json()["disclosure"]["consent_id"] == to_caja["id"]
    [listed] = await listed_by(caja, coop, "incentives")
    assert listed["disclosure"]["consent_id"] == to_caja["id"]
    await coop.make(f"/v1/consents/{to_caja['id']}/revoke")
    assert (await caja.get(path)).json()["disclosure"]["consent_id"] == to_role["id"]
