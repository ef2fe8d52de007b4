import asyncio

import httpx
import pytest

from api.policies import Role
from api.routers.platform import Platform
from tests.callers import Caller, Callers, new_ruc


@pytest.fixture
async def registered(callers: Callers) -> dict[str, str]:
    body = {"legal_name": "Caja", "ruc": new_ruc(), "roles": ["credit_institution"]}
    made = await callers.anonymous().make("/v1/organizations", body)
    return {**made["credentials"], "organization_id": made["organization"]["id"]}


async def token_of(http: httpx.AsyncClient, who: dict[str, str], **form: str) -> httpx.Response:
    return await http.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials", **form},
        auth=(who["client_id"], who["client_secret"]),
    )


async def signed_in(http: httpx.AsyncClient, who: dict[str, str]) -> dict[str, str]:
    token = (await token_of(http, who)).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


async def soon(
    http: httpx.AsyncClient, path: str, headers: dict[str, str], status: int = 401
) -> bool:
    """Whether the answer to a token comes to be this one, once the process has heard of it."""
    for _ in range(1200):
        if (await http.get(path, headers=headers)).status_code == status:
            return True
        await asyncio.sleep(0.1)
    return False


class TestToken:
    async def test_basic_and_form_are_both_taken(
        self, http: httpx.AsyncClient, registered: dict[str, str]
    ) -> None:
        assert (await token_of(http, registered)).status_code == 200
        form = {"grant_type": "client_credentials", "client_id": registered["client_id"]}
        form["client_secret"] = registered["client_secret"]
        answer = await http.post("/oauth2/token", data=form)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "refresh_token" not in answer.json()

    async def test_a_wrong_secret_and_an_unknown_client_look_the_same(
        self, http: httpx.AsyncClient, registered: dict[str, str]
    ) -> None:
        wrong = await token_of(http, {**registered, "client_secret": "mzk_wrong"})
        unknown = await token_of(http, {**registered, "client_id": registered["organization_id"]})
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.json() == unknown.json() == {"error": "invalid_client"}

    async def test_an_unverified_organisation_can_only_look_at_itself(
        self, http: httpx.AsyncClient, callers: Callers, registered: dict[str, str]
    ) -> None:
        scope = (await token_of(http, registered)).json()["scope"]
        assert scope == "clients:manage organizations:read"
        operator = await callers.new(Role.OPERATOR)
        await operator.make(f"/v1/organizations/{registered['organization_id']}/verify")
        scope = (await token_of(http, registered)).json()["scope"]
        assert "readiness:query" in scope

    async def test_a_suspended_organisation_sees_itself_and_prepares_nothing(
        self, http: httpx.AsyncClient, callers: Callers, registered: dict[str, str]
    ) -> None:
        operator = await callers.new(Role.OPERATOR)
        path = f"/v1/organizations/{registered['organization_id']}"
        await operator.make(f"{path}/verify")
        await operator.make(f"{path}/suspend")
        assert (await token_of(http, registered)).json()["scope"] == "organizations:read"

    async def test_fewer_scopes_can_be_asked_for_and_more_cannot(
        self, http: httpx.AsyncClient, registered: dict[str, str]
    ) -> None:
        fewer = await token_of(http, registered, scope="organizations:read")
        assert fewer.json()["scope"] == "organizations:read"
        more = await token_of(http, registered, scope="organizations:verify")
        assert (more.status_code, more.json()) == (400, {"error": "invalid_scope"})


class TestRevocation:
    async def test_a_revoked_token_opens_nothing(
        self, http: httpx.AsyncClient, registered: dict[str, str], platform: Platform
    ) -> None:
        token = (await token_of(http, registered)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert (await http.get("/v1/clients", headers=headers)).status_code == 200
        auth = (registered["client_id"], registered["client_secret"])
        answer = await http.post("/oauth2/revoke", data={"token": token}, auth=auth)
        assert answer.status_code == 200
        refused = await http.get("/v1/clients", headers=headers)
        assert refused.status_code == 401
        assert 'error="invalid_token"' in refused.headers["www-authenticate"]
        stored = "SELECT count(*) FROM revoked_tokens WHERE client_id = $1::uuid"
        assert await platform.database.pool.fetchval(stored, registered["client_id"]) == 1

    async def test_nobody_revokes_the_token_of_another(
        self, http: httpx.AsyncClient, callers: Callers, registered: dict[str, str]
    ) -> None:
        victim = await callers.new(Role.BUYER)
        auth = (registered["client_id"], registered["client_secret"])
        await http.post("/oauth2/revoke", data={"token": victim.token}, auth=auth)
        assert (await victim.get("/v1/clients")).status_code == 200

    async def test_a_suspended_organisations_tokens_end(
        self,
        http: httpx.AsyncClient,
        callers: Callers,
        registered: dict[str, str],
    ) -> None:
        operator = await callers.new(Role.OPERATOR)
        path = f"/v1/organizations/{registered['organization_id']}"
        await operator.make(f"{path}/verify")
        old = await signed_in(http, registered)
        assert (await http.get("/v1/offers", headers=old)).status_code == 200
        await operator.make(f"{path}/suspend")
        assert await soon(http, "/v1/offers", old)
        assert (await http.get(path, headers=old)).status_code == 401
        new = await signed_in(http, registered)
        assert (await http.get(path, headers=new)).json()["state"] == "suspended"
        assert (await http.get("/v1/offers", headers=new)).status_code == 403
        await operator.make(f"{path}/verify")
        newest = await signed_in(http, registered)
        assert await soon(http, "/v1/offers", newest, 200)

    async def test_a_revoked_clients_tokens_end_and_those_of_others_do_not(
        self, http: httpx.AsyncClient, callers: Callers
    ) -> None:
        caller = await callers.new(Role.BUYER)
        gone, stays = [
            await caller.make("/v1/clients", {"name": name, "scopes": ["offers:read"]})
            for name in ("old", "new")
        ]
        tokens = [await signed_in(http, each) for each in (gone, stays)]
        await caller.make(f"/v1/clients/{gone['client_id']}/revoke")
        assert await soon(http, "/v1/offers", tokens[0])
        assert (await http.get("/v1/offers", headers=tokens[1])).status_code == 200


class TestIntrospection:
    async def test_tells_of_ones_own_tokens_only(
        self, http: httpx.AsyncClient, callers: Callers, registered: dict[str, str]
    ) -> None:
        auth = (registered["client_id"], registered["client_secret"])
        token = (await token_of(http, registered)).json()["access_token"]
        mine = await http.post("/oauth2/introspect", data={"token": token}, auth=auth)
        assert mine.json()["active"] is True
        other: Caller = await callers.new(Role.BUYER)
        theirs = await http.post("/oauth2/introspect", data={"token": other.token}, auth=auth)
        assert theirs.json() == {"active": False}


class TestClients:
    async def test_secrets_change_over_without_a_pause(
        self, http: httpx.AsyncClient, callers: Callers
    ) -> None:
        caller = await callers.new(Role.BUYER)
        first = await caller.make("/v1/clients", {"name": "app", "scopes": ["offers:read"]})
        path = f"/v1/clients/{first['client_id']}"
        second = await caller.make(f"{path}/secrets")
        assert (await token_of(http, first)).json()["scope"] == "offers:read"
        assert (await token_of(http, second)).status_code == 200
        third = await caller.post(f"{path}/secrets")
        assert (third.status_code, third.json()["code"]) == (409, "two-secrets-live")
        oldest = (await caller.get(path)).json()["secrets"][0]["id"]
        await caller.make(f"{path}/secrets/{oldest}/revoke")
        assert (await token_of(http, first)).status_code == 401
        assert (await token_of(http, second)).status_code == 200
        await caller.make(f"{path}/revoke")
        assert (await token_of(http, second)).status_code == 401

    async def test_a_scope_that_does_not_exist_is_named(self, callers: Callers) -> None:
        caller = await callers.new(Role.BUYER)
        answer = await caller.post("/v1/clients", {"name": "app", "scopes": ["moon:read"]})
        assert [e["pointer"] for e in answer.json()["errors"]] == ["/scopes/0"]

    async def test_clients_of_others_are_not_found(self, callers: Callers) -> None:
        mine, theirs = await callers.new(Role.BUYER), await callers.new(Role.BUYER)
        made = await theirs.make("/v1/clients", {"name": "app"})
        path = f"/v1/clients/{made['client_id']}"
        before = await callers.entries_of(mine)
        assert (await mine.get(path)).status_code == 404
        assert (await mine.post(f"{path}/secrets")).status_code == 404
        assert (await mine.post(f"{path}/revoke")).status_code == 404
        assert await callers.entries_of(mine) == before


async def test_metadata_names_every_endpoint(http: httpx.AsyncClient) -> None:
    found = (await http.get("/.well-known/oauth-authorization-server")).json()
    assert found["token_endpoint"].endswith("/oauth2/token")
    assert (await http.get("/.well-known/jwks.json")).json()["keys"]
