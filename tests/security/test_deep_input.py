"""Deeply nested input is refused, not an error of the platform's."""

import base64

import httpx
import pytest

from api.policies import Role
from tests.callers import Callers


@pytest.mark.parametrize("depth", [300, 900, 5000])
async def test_deep_bodies_with_an_idempotency_key(callers: Callers, depth: int) -> None:
    caller = await callers.new(Role.PRODUCER_ORGANIZATION)
    headers = {"Idempotency-Key": f"deep-{depth}", "Content-Type": "application/json"}
    body = '{"a":' + "[" * depth + "]" * depth + "}"
    answer = await caller.call("POST", "/v1/orders", content=body, headers=headers)
    assert answer.status_code in {400, 422}, answer.text


async def test_a_token_with_a_deep_header(http: httpx.AsyncClient) -> None:
    header = base64.urlsafe_b64encode(b"[" * 3000).rstrip(b"=").decode()
    answer = await http.get("/v1/plots", headers={"Authorization": f"Bearer {header}.e30.eA"})
    assert answer.status_code == 401
