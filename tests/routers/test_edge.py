"""What holds for every request."""

import asyncio
import json
from uuid import uuid4

import httpx
import pytest
from http_sf import parse

from api.policies import Role
from api.routers.platform import Platform
from tests.callers import Caller, Callers, new_ruc


@pytest.fixture
async def caller(callers: Callers) -> Caller:
    return await callers.new(Role.BUYER)


async def send(
    http: httpx.AsyncClient, caller: Caller, body: bytes, **headers: str
) -> httpx.Response:
    return await http.post(
        "/v1/clients",
        content=body,
        headers={
            "Authorization": f"Bearer {caller.token}",
            "Content-Type": "application/json",
            **headers,
        },
    )


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b'{"name": "a", "name": "b"}',
            b'{"name": NaN}',
            b'{"name": "\xff"}',
            b"[" * 100_000,
            b'{"name": Infinity}',
        ],
        ids=["cut", "member twice", "NaN", "not UTF-8", "nested too deep", "Infinity"],
    )
    async def test_what_is_not_json_is_malformed(
        self, http: httpx.AsyncClient, callers: Callers, caller: Caller, body: bytes
    ) -> None:
        before = await callers.entries_of(caller)
        answer = await send(http, caller, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed-request")
        assert await callers.entries_of(caller) == before

    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            ({"name": "a", "nmae": "b"}, "/nmae", "extra-forbidden"),
            ({"name": "a", "70914862": "b"}, "", "extra-forbidden"),
            ({}, "/name", "missing"),
            ({"name": 7}, "/name", "string-type"),
            ({"name": "x" * 201}, "/name", "string-too-long"),
            ({"name": "a\u0000b"}, "/name", "string-pattern-mismatch"),
            ([], "", "model-attributes-type"),
        ],
    )
    async def test_a_wrong_field_is_named_and_its_value_is_not(
        self, http: httpx.AsyncClient, caller: Caller, body: object, pointer: str, code: str
    ) -> None:
        answer = await send(http, caller, json.dumps(body).encode())
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
        assert "input" not in answer.text
        assert "xxx" not in answer.text

    async def test_a_body_without_a_type_is_refused(
        self, http: httpx.AsyncClient, caller: Caller
    ) -> None:
        headers = {"Authorization": f"Bearer {caller.token}"}
        answer = await http.post("/v1/clients", content=b'{"name": "a"}', headers=headers)
        assert answer.status_code == 422

    async def test_a_body_that_is_too_large_is_413(
        self, http: httpx.AsyncClient, caller: Caller
    ) -> None:
        answer = await send(http, caller, b'{"name": "' + b"x" * 21_000_000 + b'"}')
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


class TestLanguages:
    @pytest.mark.parametrize(
        ("asked", "given"),
        [
            ("", "es"),
            ("en", "en"),
            ("en-GB,es;q=0.5", "en"),
            ("fr, es;q=0.8, en;q=0.3", "es"),
            ("de", "es"),
            ("en;q=oops", "es"),
        ],
    )
    async def test_follow_the_caller(self, http: httpx.AsyncClient, asked: str, given: str) -> None:
        answer = await http.get("/v1/clients", headers={"Accept-Language": asked})
        assert answer.status_code == 401
        assert answer.headers["content-language"] == given
        assert answer.json()["code"] == "unauthenticated"


class TestHeaders:
    async def test_quota_headers_are_structured_fields(self, caller: Caller) -> None:
        answer = await caller.get("/v1/clients")
        for name in ("ratelimit", "ratelimit-policy"):
            parse(answer.headers[name].encode(), name=None, tltype="list")

    async def test_head_is_get_without_a_body(self, caller: Caller) -> None:
        got = await caller.get(f"/v1/organizations/{caller.organization_id}")
        head = await caller.call("HEAD", f"/v1/organizations/{caller.organization_id}")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == got.headers["etag"]

    async def test_a_wrong_method_names_the_right_ones(self, caller: Caller) -> None:
        answer = await caller.call("DELETE", "/v1/clients")
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]

    async def test_the_request_id_is_ours_unless_a_sane_one_is_given(
        self, http: httpx.AsyncClient
    ) -> None:
        given = await http.get("/healthz", headers={"X-Request-Id": "abc-123"})
        assert given.headers["x-request-id"] == "abc-123"
        mad = await http.get("/healthz", headers={"X-Request-Id": "a b\tc"})
        assert mad.headers["x-request-id"] != "a b\tc"

    async def test_an_address_that_is_not_there_is_a_problem_too(self, caller: Caller) -> None:
        answer = await caller.get("/v1/nothing")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


class TestFaults:
    async def test_a_fault_of_ours_is_a_problem_that_can_be_found_in_the_log(
        self,
        caller: Caller,
        platform: Platform,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def broken(_token: str) -> None:
            raise ZeroDivisionError("Key (document_number)=(12345678)")

        monkeypatch.setattr(platform.tokens, "actor", broken)
        answer = await caller.get("/v1/clients", headers={"X-Request-Id": "find-me"})
        assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
        assert answer.json()["instance"] == "urn:request:find-me"
        assert "12345678" not in answer.text


class TestQuota:
    async def test_a_spent_window_is_429(
        self, callers: Callers, platform: Platform, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The middle of a window: no new one begins between two of the requests.
        monkeypatch.setattr("api.core.throttle.monotonic", lambda: 90.0)
        caller = await callers.new(Role.BUYER)
        await caller.get("/v1/clients")
        monkeypatch.setattr(platform.throttle, "limit", 3)
        answers = [await caller.get("/v1/clients") for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert int(answers[-1].headers["retry-after"]) > 0
        assert answers[0].headers["ratelimit"].startswith('"minute";r=2')


class TestIdempotency:
    async def test_a_retry_gets_the_first_answer(self, callers: Callers) -> None:
        operator = await callers.new(Role.OPERATOR)
        body = {"legal_name": "A", "ruc": new_ruc(), "roles": ["buyer"]}
        made = await callers.anonymous().make("/v1/organizations", body)
        path = f"/v1/organizations/{made['organization']['id']}/verify"
        headers = {"Idempotency-Key": str(uuid4())}
        first = await operator.post(path, headers=headers)
        again = await operator.post(path, headers=headers)
        assert (again.status_code, again.content) == (200, first.content)
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["etag"] == first.headers["etag"]
        assert await callers.entries_of(operator) == 1

    async def test_the_key_belongs_to_its_request(self, callers: Callers) -> None:
        operator = await callers.new(Role.OPERATOR)
        other = await callers.new(Role.BUYER)
        path = f"/v1/organizations/{other.organization_id}"
        headers = {"Idempotency-Key": str(uuid4())}
        assert (await operator.post(f"{path}/suspend", headers=headers)).status_code == 200
        reused = await operator.post(f"{path}/verify", headers=headers)
        assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")

    async def test_the_key_belongs_to_its_caller(self, callers: Callers) -> None:
        first, second = await callers.new(Role.OPERATOR), await callers.new(Role.OPERATOR)
        other = await callers.new(Role.BUYER)
        path = f"/v1/organizations/{other.organization_id}/suspend"
        headers = {"Idempotency-Key": str(uuid4())}
        assert (await first.post(path, headers=headers)).status_code == 200
        assert (await second.post(path, headers=headers)).status_code == 409

    async def test_a_refusal_is_not_remembered(self, callers: Callers) -> None:
        operator = await callers.new(Role.OPERATOR)
        other = await callers.new(Role.BUYER)
        path = f"/v1/organizations/{other.organization_id}"
        headers = {"Idempotency-Key": str(uuid4())}
        assert (await operator.post(f"{path}/verify", headers=headers)).status_code == 409
        await operator.make(f"{path}/suspend")
        assert (await operator.post(f"{path}/verify", headers=headers)).status_code == 200

    async def test_a_crowd_with_one_key_does_it_once(self, callers: Callers) -> None:
        operator = await callers.new(Role.OPERATOR)
        other = await callers.new(Role.BUYER)
        path = f"/v1/organizations/{other.organization_id}/suspend"
        headers = {"Idempotency-Key": str(uuid4())}
        answers = await asyncio.gather(*(operator.post(path, headers=headers) for _ in range(50)))
        codes = {a.status_code for a in answers}
        assert codes <= {200, 409}
        assert all(a.json()["code"] == "still-running" for a in answers if a.status_code == 409)
        assert len({a.content for a in answers if a.status_code == 200}) == 1
        assert await callers.entries_of(operator) == 1
