import asyncio
from datetime import timedelta
from typing import Any

import pytest

from api.core.clock import today
from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.consents import consent, new_consent
from tests.factories.producers import new_producer


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def other(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def caja(callers: Callers) -> Caller:
    return await callers.new(Role.CREDIT_INSTITUTION)


@pytest.fixture
async def producer(coop: Caller) -> dict[str, Any]:
    return await new_producer(coop)


def pointers(answer: Any) -> list[tuple[str, str]]:
    return [(e["pointer"], e["code"]) for e in answer.json()["errors"]]


class TestGrant:
    async def test_is_recorded_as_given(self, coop: Caller, caja: Caller, producer: Any) -> None:
        sent = consent(producer["id"], "credit_readiness", caja, evidence_hash="ab" * 32)
        answer = await coop.post("/v1/consents", sent)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert {k: made[k] for k in sent} == sent
        assert (made["state"], made["recipient_role"]) == ("granted", None)
        read = await coop.get(answer.headers["location"])
        assert (read.json(), read.headers["cache-control"]) == (made, "private, no-store")

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"recipient_role": None}, ("/recipient_role", "one-recipient")),
            ({"recipient_organization_id": str(new_id())}, ("/recipient_role", "one-recipient")),
            (
                {"recipient_role": None, "recipient_organization_id": str(new_id())},
                ("/recipient_organization_id", "unknown-organization"),
            ),
            ({"valid_until": "2001-01-01"}, ("/valid_until", "dates-in-order")),
            ({"text_hash": "AB" * 32}, ("/text_hash", "string-pattern-mismatch")),
            ({"purpose": "marketing"}, ("/purpose", "enum")),
            ({"channel": None}, ("/channel", "enum")),
            ({"state": "revoked"}, ("/state", "extra-forbidden")),
        ],
    )
    async def test_a_wrong_payload(
        self, coop: Caller, callers: Callers, producer: Any, changes: Any, expected: Any
    ) -> None:
        before = await callers.entries_of(coop)
        sent = {**consent(producer["id"], "incentives", Role.CREDIT_INSTITUTION), **changes}
        answer = await coop.post("/v1/consents", sent)
        assert answer.status_code == 422
        assert pointers(answer) == [expected]
        assert await callers.entries_of(coop) == before

    async def test_not_to_an_unverified_organisation(
        self, coop: Caller, callers: Callers, caja: Caller, producer: Any
    ) -> None:
        operator = await callers.new(Role.OPERATOR)
        await operator.make(f"/v1/organizations/{caja.organization_id}/suspend")
        answer = await coop.post("/v1/consents", consent(producer["id"], "incentives", caja))
        assert pointers(answer) == [("/recipient_organization_id", "unknown-organization")]

    @pytest.mark.parametrize(("age", "status"), [(13, 409), (14, 409), (15, 201)])
    async def test_nobody_who_may_be_under_fourteen(
        self, coop: Caller, age: int, status: int
    ) -> None:
        begins = today()
        child = await new_producer(coop, birth_year=begins.year - age)
        sent = consent(child["id"], "incentives", Role.TA_PROVIDER, valid_from=begins.isoformat())
        answer = await coop.post("/v1/consents", sent)
        assert answer.status_code == status
        if status == 409:
            assert pointers(answer) == [("/producer_id", "too-young")]

    async def test_once_per_purpose_recipient_and_day(
        self, coop: Caller, caja: Caller, producer: Any
    ) -> None:
        first = await new_consent(coop, producer["id"], "incentives", caja)
        again = consent(producer["id"], "incentives", caja, valid_from=first["valid_until"])
        again["valid_until"] = "2090-01-01"
        answer = await coop.post("/v1/consents", again)
        assert (answer.status_code, answer.json()["code"]) == (409, "consent-exists")
        assert answer.json()["consent_id"] == first["id"]
        await new_consent(coop, producer["id"], "credit_readiness", caja)
        await new_consent(coop, producer["id"], "incentives", Role.CREDIT_INSTITUTION)
        await coop.make(f"/v1/consents/{first['id']}/revoke")
        await coop.make("/v1/consents", again)

    async def test_ten_at_once_make_one(self, coop: Caller, caja: Caller, producer: Any) -> None:
        sent = consent(producer["id"], "incentives", caja)
        answers = await asyncio.gather(*(coop.post("/v1/consents", sent) for _ in range(10)))
        assert sorted(a.status_code for a in answers) == [201] + [409] * 9
        path = f"/v1/consents?producer_id={producer['id']}&include=total"
        assert (await coop.get(path)).json()["total"] == 1

    async def test_only_for_ones_own_producers(
        self, other: Caller, caja: Caller, producer: Any, callers: Callers
    ) -> None:
        answer = await other.post("/v1/consents", consent(producer["id"], "incentives", caja))
        assert answer.status_code == 404
        assert await callers.entries_of(other) == 0


class TestRevoke:
    async def test_once(self, coop: Caller, caja: Caller, producer: Any) -> None:
        made = await new_consent(coop, producer["id"], "incentives", caja)
        path = f"/v1/consents/{made['id']}/revoke"
        revoked = await coop.make(path)
        assert revoked["state"] == "revoked"
        assert revoked["revoked_at"] >= made["created_at"]
        again = await coop.post(path)
        assert (again.status_code, again.json()["allowed_actions"]) == (409, [])

    async def test_ten_at_once_revoke_once(
        self, coop: Caller, caja: Caller, producer: Any, callers: Callers
    ) -> None:
        made = await new_consent(coop, producer["id"], "incentives", caja)
        before = await callers.entries_of(coop)
        path = f"/v1/consents/{made['id']}/revoke"
        answers = await asyncio.gather(*(coop.post(path) for _ in range(10)))
        assert sorted(a.status_code for a in answers) == [200] + [409] * 9
        assert await callers.entries_of(coop) == before + 1


class TestList:
    async def test_the_producers_side_and_the_recipients(
        self, coop: Caller, caja: Caller, callers: Callers, producer: Any
    ) -> None:
        to_caja = await new_consent(coop, producer["id"], "credit_readiness", caja)
        to_role = await new_consent(coop, producer["id"], "incentives", Role.CREDIT_INSTITUTION)
        to_ta = await new_consent(coop, producer["id"], "service_delivery", Role.TA_PROVIDER)
        revoked = await coop.make(f"/v1/consents/{to_role['id']}/revoke")
        other_caja = await callers.new(Role.CREDIT_INSTITUTION)

        async def seen(caller: Caller, query: str = "") -> list[str]:
            path = f"/v1/consents?producer_id={producer['id']}{query}"
            return [item["id"] for item in (await caller.get(path)).json()["items"]]

        assert await seen(coop) == [to_caja["id"], to_role["id"], to_ta["id"]]
        assert await seen(coop, "&state=revoked") == [revoked["id"]]
        assert await seen(coop, "&purpose=service_delivery") == [to_ta["id"]]
        assert await seen(caja) == [to_caja["id"], to_role["id"]]
        assert await seen(other_caja) == [to_role["id"]]
        assert (await other_caja.get(f"/v1/consents/{to_caja['id']}")).status_code == 404
        assert (await caja.get(f"/v1/consents/{to_caja['id']}")).json() == to_caja

    async def test_a_recipient_hears_of_it_in_its_feed(
        self, coop: Caller, caja: Caller, callers: Callers, producer: Any
    ) -> None:
        made = await new_consent(coop, producer["id"], "incentives", caja)
        await coop.make(f"/v1/consents/{made['id']}/revoke")
        named = {"type": "organization", "id": str(caja.organization_id)}
        rows = await callers.platform.database.pool.fetch(
            "SELECT event, body::jsonb -> 'related' @> $2::text::jsonb AS told"
            " FROM ledger_entries WHERE organization_id = $1 AND subject_type = 'consent'"
            " ORDER BY id",
            coop.organization_id,
            f'[{{"type": "{named["type"]}", "id": "{named["id"]}"}}]',
        )
        assert [tuple(row) for row in rows] == [
            ("consent.granted", True),
            ("consent.revoked", True),
        ]


ROUTES = [
    ("POST", "/v1/consents", "consents:write"),
    ("GET", "/v1/consents", "consents:read"),
    ("GET", "/v1/consents/{id}", "consents:read"),
    ("POST", "/v1/consents/{id}/revoke", "consents:write"),
]


@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
async def test_four_callers(
    coop: Caller,
    other: Caller,
    callers: Callers,
    producer: Any,
    method: str,
    path: str,
    permission: str,
) -> None:
    made = await new_consent(coop, producer["id"], "incentives", Role.CREDIT_INSTITUTION)
    sent = consent(producer["id"], "credit_readiness", Role.CREDIT_INSTITUTION)
    body = sent if (method, path) == ROUTES[0][:2] else None
    target = path.format(id=made["id"])
    buyer = await callers.new(Role.BUYER)

    assert (await callers.anonymous().call(method, target, json=body)).status_code == 401
    refused = await buyer.call(method, target, json=body)
    assert (refused.status_code, refused.json()["permission"]) == (403, permission)
    if method == "GET" and "{id}" not in path:
        assert (await other.get(target)).json()["items"] == []
    else:
        assert (await other.call(method, target, json=body)).status_code == 404
    assert await callers.entries_of(buyer) == await callers.entries_of(other) == 0
    assert (await coop.get(f"/v1/consents/{made['id']}")).json() == made
    assert (await coop.call(method, target, json=body)).is_success


async def test_a_recipient_cannot_revoke(coop: Caller, other: Caller, producer: Any) -> None:
    made = await new_consent(coop, producer["id"], "incentives", other)
    assert (await other.get(f"/v1/consents/{made['id']}")).status_code == 200
    assert (await other.post(f"/v1/consents/{made['id']}/revoke")).status_code == 404


async def test_dates_in_the_past_are_kept_for_what_was_on_paper(
    coop: Caller, caja: Caller, producer: Any
) -> None:
    past = (today() - timedelta(days=300)).isoformat()
    made = await new_consent(coop, producer["id"], "incentives", caja, valid_from=past)
    assert made["valid_from"] == past
