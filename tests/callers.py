"""Organisations that call the API in tests, over HTTP, in this process."""

import itertools
from dataclasses import dataclass, field
from time import time
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter
from stdnum.pe import ruc as stdnum_ruc

from api.core.actor import SYSTEM, Actor
from api.core.ids import new_id
from api.domains.organizations import service
from api.domains.organizations.schemas import OrganizationIn
from api.policies import Role, permissions_of
from api.routers.platform import Platform
from api.transactions import unit_of_work

_numbers = itertools.count(uuid4().int % 6_000_000)


def new_ruc() -> str:
    """A valid RUC that no other test uses: those that are written out begin otherwise."""
    body = f"204{next(_numbers):07d}"
    return body + stdnum_ruc.calc_check_digit(body)


@dataclass
class Contract:
    """Holds every answer in tests to the shape that the route declares."""

    app: FastAPI
    _shapes: list[tuple[Any, frozenset[str], Any]] = field(default_factory=list)

    def check(self, response: httpx.Response) -> None:
        """A 2xx JSON answer must be of the route's response model, to the last member."""
        if not response.is_success or not response.content:
            return
        if response.headers["content-type"] != "application/json":
            return
        if not self._shapes:
            for context in iter_route_contexts(self.app.routes):
                model = getattr(context, "response_model", None)
                if model is not None:
                    adapter = TypeAdapter(model)
                    self._shapes.append(
                        (context.path_regex, frozenset(context.methods or ()), adapter)
                    )
        for pattern, methods, adapter in self._shapes:
            if response.request.method in methods and pattern.match(response.request.url.path):
                adapter.validate_json(response.content)
                return


@dataclass
class Caller:
    """An organisation with a token."""

    http: httpx.AsyncClient
    contract: Contract
    organization_id: UUID
    token: str = ""

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request with the caller's token, its answer checked against the contract."""
        headers = {"Accept-Language": "en", **options.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        response = await self.http.request(method, path, headers=headers, **options)
        self.contract.check(response)
        return response

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """GET."""
        return await self.call("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """POST with a fresh idempotency key, unless headers name one."""
        headers = {"Idempotency-Key": str(new_id()), **options.pop("headers", {})}
        return await self.call("POST", path, json=body, headers=headers, **options)

    async def patch(self, path: str, body: Any, etag: str) -> httpx.Response:
        """PATCH of the version with this ETag."""
        return await self.call("PATCH", path, json=body, headers={"If-Match": etag})

    async def put(self, path: str, body: Any, etag: str) -> httpx.Response:
        """PUT over the version with this ETag."""
        return await self.call("PUT", path, json=body, headers={"If-Match": etag})

    async def make(self, path: str, body: Any = None) -> dict[str, Any]:
        """POST that must succeed; the document."""
        response = await self.post(path, body)
        assert response.is_success, response.text
        found: dict[str, Any] = response.json()
        return found


@dataclass
class Callers:
    """Makes organisations."""

    http: httpx.AsyncClient
    platform: Platform
    contract: Contract

    async def new(self, *roles: Role, name: str = "Organisation") -> Caller:
        """A verified organisation with these roles, and every permission they give."""
        wish = OrganizationIn(legal_name=name, ruc=new_ruc(), roles=list(roles))
        async with unit_of_work(self.platform.database, SYSTEM) as uow:
            organization_id, credentials = await service.register(uow, wish, as_operator=True)
            await uow.session.flush()
            await service.act(uow, organization_id, "verify")
        actor = Actor(
            credentials.client_id,
            organization_id,
            frozenset(roles),
            frozenset(str(p) for p in permissions_of(frozenset(roles), verified=True)),
        )
        token = self.platform.tokens.tokens.mint(actor, int(time()))
        return Caller(self.http, self.contract, organization_id, token)

    def anonymous(self) -> Caller:
        """Nobody."""
        return Caller(self.http, self.contract, UUID(int=0))

    async def entries_of(self, caller: Caller) -> int:
        """How many ledger entries an organisation has made: what a refused request must not
        change."""
        return int(
            await self.platform.database.pool.fetchval(
                "SELECT count(*) FROM ledger_entries WHERE organization_id = $1",
                caller.organization_id,
            )
        )
