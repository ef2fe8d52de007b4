"""Routes that say who may call them, and JSON that means one thing only."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from api.policies import Permission
from api.routers.deps import Requires, keyed_write
from api.routers.lean import plan


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise json.JSONDecodeError("duplicate member", "", 0)
    return members


def _no_constant(_name: str) -> NoReturn:
    raise json.JSONDecodeError("not a JSON number", "", 0)


class StrictRequest(Request):
    """A request whose JSON has no duplicate members, no NaN and no Infinity."""

    async def json(self) -> Any:
        """The body, parsed once."""
        if not hasattr(self, "_json"):
            try:
                self._json = json.loads(
                    await self.body(),
                    object_pairs_hook=_unique_pairs,
                    parse_constant=_no_constant,
                )
            except (UnicodeDecodeError, RecursionError):
                raise json.JSONDecodeError("not UTF-8 JSON", "", 0) from None
        return self._json


def _permissions(dependant: Dependant) -> list[Permission]:
    own = [dependant.call.permission] if isinstance(dependant.call, Requires) else []
    return own + [p for child in dependant.dependencies for p in _permissions(child)]


def _is_keyed(dependant: Dependant) -> bool:
    """Whether a write must carry an idempotency key."""
    return dependant.call is keyed_write or any(map(_is_keyed, dependant.dependencies))


class GuardedRoute(APIRoute):
    """A route with exactly one permission; any other is refused at import."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        found = _permissions(self.dependant)
        if len(found) != 1:
            raise RuntimeError(f"{endpoint.__name__} must require exactly one permission")
        self.permission = found[0]
        security = [{}] if self.permission is Permission.PUBLIC else [{"oauth2": [found[0].value]}]
        self._lean = plan(endpoint) if self.methods == {"GET"} else None
        self.openapi_extra = {
            **(self.openapi_extra or {}),
            "security": security,
            "x-permission": self.permission.value,
            "x-keyed": _is_keyed(self.dependant),
        }

    @property
    def is_lean(self) -> bool:
        """Whether requests are served by a plan, without FastAPI's dependencies."""
        return self._lean is not None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request: a plain read by its plan, all else by FastAPI."""
        if self._lean is None or scope["method"] != "GET":
            await super().handle(scope, receive, send)
            return
        response = await self._lean(Request(scope, receive))
        await response(scope, receive, send)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given a strict request."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict


def room(prefix: str, tag: str) -> APIRouter:
    """The router of a room."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=GuardedRoute)
