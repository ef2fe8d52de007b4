"""The straight way to a route.

FastAPI asks every room in turn whether a path is its own: with thirty rooms that costs more than
to verify the token and to read the row. Here a path's method, first segments and depth lead to the
few routes that it can be. What is not found here (an unknown address, a wrong method) is left to
FastAPI's router, so that it answers as ever.
"""

from collections import defaultdict
from collections.abc import Iterator
from re import Pattern
from typing import Any, Final, NamedTuple

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from starlette.types import ASGIApp, Receive, Scope, Send

from api.routers.guarded import GuardedRoute

_Key = tuple[str, str, int]


class Way(NamedTuple):
    """A route, what its paths look like, and what serves it."""

    pattern: Pattern[str]
    route: GuardedRoute
    app: ASGIApp

    def leads(self, path: str) -> dict[str, str] | None:
        """The path's parameters, or None where the path is another route's."""
        found = self.pattern.match(path)
        return found.groupdict() if found else None


def _key(method: str, path: str) -> _Key:
    """Method, the first two segments, and the depth: what a template shares with its paths."""
    return method, "/".join(path.split("/", 3)[:3]), path.count("/")


class Signpost:
    """Stands before the application's router, which keeps the routes."""

    def __init__(self, router: APIRouter) -> None:
        self._router: Final = router
        self._ways: dict[_Key, list[Way]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve by the route that matches, the first in the order of registration."""
        for way in self.candidates(scope):
            parameters = way.leads(scope["path"])
            if parameters is not None:
                scope["router"] = self._router
                scope["route"] = way.route
                scope["endpoint"] = way.route.endpoint
                scope["path_params"] = parameters
                await way.app(scope, receive, send)
                return
        await self._router.app(scope, receive, send)

    def candidates(self, scope: Scope) -> list[Way]:
        """The routes that a request can be for; none for those that take the long way.

        They are those behind a prefix, and those with telemetry, which wants to hear of the route.
        """
        if scope["type"] != "http" or scope.get("root_path") or "fastapi.telemetry" in scope:
            return []
        if not self._ways:
            self._ways = defaultdict(list)
            for key, way in _ways(self._router):
                self._ways[key].append(way)
        return self._ways.get(_key(scope["method"], scope["path"]), [])


def _ways(router: APIRouter) -> Iterator[tuple[_Key, Way]]:
    for context in iter_route_contexts(router.routes):
        route: Any = context.original_route
        # A parameter within the first segments, or one that spans several, has no key.
        template = context.path or ""
        plain = "{" not in "/".join(template.split("/", 3)[:3]) and ":" not in template
        if isinstance(route, GuardedRoute) and plain:
            app = route.handle if route.is_lean else context.app
            for method in context.methods or ():
                yield _key(method, template), Way(context.path_regex, route, app)
