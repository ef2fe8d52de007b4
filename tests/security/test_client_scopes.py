"""A client never hands out more than it has."""

from time import time
from uuid import UUID

import pytest

from api.core.actor import Actor
from api.policies import Role, permissions_of
from api.routers.platform import Platform
from tests.callers import Caller, Callers

MANAGER = ["clients:manage", "offers:read"]


async def made(caller: Caller, platform: Platform, scopes: list[str]) -> Caller:
    """A limited client of the caller's organisation, with a token of all its scopes."""
    client = await caller.make("/v1/clients", {"name": "limited", "scopes": scopes})
    return signed_in(caller, platform, UUID(client["client_id"]), scopes)


def signed_in(caller: Caller, platform: Platform, client_id: UUID, scopes: list[str]) -> Caller:
    """A token of a client of a supplier."""
    roles = frozenset({Role.INPUT_SUPPLIER})
    actor = Actor(client_id, caller.organization_id, roles, frozenset(scopes))
    token = platform.tokens.tokens.mint(actor, int(time()))
    return Caller(caller.http, caller.contract, caller.organization_id, token)


@pytest.mark.parametrize("scopes", [[], ["catalogues:write"], [*MANAGER, "ledger:read"]])
async def test_a_limited_client_makes_no_mightier_one(
    callers: Callers, platform: Platform, scopes: list[str]
) -> None:
    limited = await made(await callers.new(Role.INPUT_SUPPLIER), platform, MANAGER)
    answer = await limited.post("/v1/clients", {"name": "mightier", "scopes": scopes})
    assert answer.status_code == 403
    assert answer.json()["code"] == "not-allowed"


async def test_a_limited_client_makes_one_like_itself_and_renews_its_secret(
    callers: Callers, platform: Platform
) -> None:
    limited = await made(await callers.new(Role.INPUT_SUPPLIER), platform, MANAGER)
    like = await limited.make("/v1/clients", {"name": "like", "scopes": MANAGER})
    assert (await limited.post(f"/v1/clients/{like['client_id']}/secrets")).status_code == 201


async def test_a_limited_client_gets_no_secret_of_a_mightier_one(
    callers: Callers, platform: Platform
) -> None:
    caller = await callers.new(Role.INPUT_SUPPLIER)
    limited = await made(caller, platform, MANAGER)
    whole = await caller.make("/v1/clients", {"name": "whole", "scopes": []})
    answer = await limited.post(f"/v1/clients/{whole['client_id']}/secrets")
    assert answer.status_code == 403


async def test_all_of_today_is_not_all_of_tomorrow(callers: Callers, platform: Platform) -> None:
    """Scopes that are everything now do not make a client that grows with its organisation."""
    scopes = sorted(permissions_of(frozenset({Role.INPUT_SUPPLIER}), verified=True))
    limited = await made(await callers.new(Role.INPUT_SUPPLIER), platform, list(map(str, scopes)))
    answer = await limited.post("/v1/clients", {"name": "unlimited", "scopes": []})
    assert answer.status_code == 403


async def test_a_narrow_token_of_an_unlimited_client_is_held_to_itself(
    callers: Callers, platform: Platform
) -> None:
    caller = await callers.new(Role.INPUT_SUPPLIER)
    whole = await caller.make("/v1/clients", {"name": "whole", "scopes": []})
    narrow = signed_in(caller, platform, UUID(whole["client_id"]), ["clients:manage"])
    answer = await narrow.post("/v1/clients", {"name": "mightier", "scopes": []})
    assert answer.status_code == 403
