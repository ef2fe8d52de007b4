"""The short way must lead where FastAPI's own way leads, for every route there is."""

import re
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.policies import Role
from api.routers.guarded import GuardedRoute
from api.routers.signpost import Signpost
from tests.callers import Caller, Callers

ANY_ID = str(UUID(int=7))


@pytest.fixture
async def caller(callers: Callers) -> Caller:
    return await callers.new(Role.BUYER)


def paths(app: FastAPI) -> list[tuple[str, str, GuardedRoute]]:
    """Method and a path of every guarded route."""
    return [
        (method, re.sub(r"\{[^}]+\}", ANY_ID, context.path or ""), context.original_route)
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, GuardedRoute)
        for method in context.methods or ()
    ]


def scope_of(method: str, path: str) -> dict[str, object]:
    return {"type": "http", "method": method, "path": path, "root_path": ""}


def test_every_route_is_found_as_in_the_order_of_registration(app: FastAPI) -> None:
    signpost = app.router.middleware_stack
    assert isinstance(signpost, Signpost)
    in_order = list(iter_route_contexts(app.routes))
    found = paths(app)
    assert len(found) > 20
    for method, path, _ in found:
        ways = signpost.candidates(scope_of(method, path))
        first = next(way.route for way in ways if way.leads(path) is not None)
        expected = next(
            context.original_route
            for context in in_order
            if method in (context.methods or ()) and context.path_regex.match(path)
        )
        assert first is expected, f"{method} {path}"


def test_a_prefix_or_telemetry_takes_the_long_way(app: FastAPI) -> None:
    signpost = app.router.middleware_stack
    assert isinstance(signpost, Signpost)
    scope = scope_of("GET", "/v1/organizations")
    assert signpost.candidates(scope)
    assert not signpost.candidates({**scope, "root_path": "/mazorca"})
    assert not signpost.candidates({**scope, "fastapi.telemetry": None})
    assert not signpost.candidates({**scope, "type": "websocket"})


async def test_behind_a_prefix_the_answer_is_the_same(app: FastAPI, caller: Caller) -> None:
    direct = await caller.get(f"/v1/organizations/{caller.organization_id}")
    transport = httpx.ASGITransport(app, root_path="/mazorca")
    async with httpx.AsyncClient(transport=transport, base_url="http://mazorca.test") as http:
        answer = await http.get(
            f"/mazorca/v1/organizations/{caller.organization_id}",
            headers={"Authorization": f"Bearer {caller.token}"},
        )
    assert (answer.status_code, answer.content) == (200, direct.content)
