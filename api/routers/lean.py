"""Serving plain reads without FastAPI's dependency solver.

FastAPI documents these routes and checks their signatures; at run time solving its dependency tree
costs a read more than PostgreSQL does (bench/results.md). A GET route whose parameters are all of
the kinds below is served by a plan made once, at import; any other route is FastAPI's as usual.
"""

from collections.abc import Awaitable, Callable
from inspect import signature
from typing import Any, get_args, get_type_hints
from uuid import UUID

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends, Path, Query
from pydantic import BaseModel, ValidationError

from api.core.actor import Actor
from api.core.problems import PermissionMissing
from api.routers.deps import Anyone, Requires, current_actor, current_reader, reader

Fill = Callable[[Request, Actor], Any]
"""The value of one parameter, given the request and the caller."""

Serve = Callable[[Request], Awaitable[Response]]


def plan(endpoint: Callable[..., Awaitable[Response]]) -> Serve | None:
    """How to serve a read, or None where a parameter is of another kind."""
    hints = get_type_hints(endpoint, include_extras=True)
    fills: list[tuple[str, Fill]] = []
    permission: str | None = None
    for name in signature(endpoint).parameters:
        kind, *marks = get_args(hints[name]) or (hints[name],)
        needed = _permission(marks)
        if needed is not None:
            permission = needed
        fill = _fill(name, kind, marks)
        if fill is None:
            return None
        fills.append((name, fill))
    return _server(endpoint, fills, permission) if permission else None


def _server(
    endpoint: Callable[..., Awaitable[Response]], fills: list[tuple[str, Fill]], permission: str
) -> Serve:
    async def serve(request: Request) -> Response:
        actor = await current_actor(request)
        if permission not in actor.permissions:
            raise PermissionMissing(permission)
        return await endpoint(**{name: fill(request, actor) for name, fill in fills})

    return serve


def _permission(marks: list[Any]) -> str | None:
    for mark in marks:
        if isinstance(mark, Depends) and isinstance(mark.dependency, Requires):
            return None if isinstance(mark.dependency, Anyone) else mark.dependency.permission
    return None


def _fill(name: str, kind: Any, marks: list[Any]) -> Fill | None:
    if kind is Request:
        return lambda request, _: request
    if len(marks) != 1:
        return None
    mark = marks[0]
    if isinstance(mark, Depends):
        if isinstance(mark.dependency, Requires):
            return lambda _, actor: actor
        return reader if mark.dependency is current_reader else None
    if isinstance(mark, Query) and isinstance(kind, type) and issubclass(kind, BaseModel):
        return _query(kind)
    if isinstance(mark, Path) and kind is UUID:
        return _path_id(name)
    return None


def _query(model: type[BaseModel]) -> Fill:
    validate = model.__pydantic_validator__.validate_python

    def fill(request: Request, _: Actor) -> Any:
        try:
            return validate(dict(request.query_params))
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            raise RequestValidationError(
                [{**fault, "loc": ("query", *fault["loc"])} for fault in found]
            ) from None

    return fill


def _path_id(name: str) -> Fill:
    def fill(request: Request, _: Actor) -> UUID:
        try:
            return UUID(request.path_params[name])
        except ValueError:
            fault = {"type": "uuid_parsing", "loc": ("path", name), "msg": "not a UUID"}
            raise RequestValidationError([fault]) from None

    return fill
