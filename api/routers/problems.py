"""Refusals on the wire: ``application/problem+json`` (RFC 9457), in Spanish or English.

Nothing of the request is echoed: FastAPI's own 422 would answer with the password or the DNI.
"""

import traceback
from pathlib import Path
from typing import Any, Final

import orjson
from asyncpg import PostgresError
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.core.database_errors import Busy, problem_of
from api.core.field_errors import field_errors
from api.core.log import log
from api.core.problems import (
    InvalidPayload,
    MalformedRequest,
    NotFound,
    Problem,
)

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "/problems/"
"""Problem types are relative references that resolve in this installation's own docs."""


class MethodNotAllowed(Problem):
    """The address exists, and does not do that."""

    status = 405
    code = "method-not-allowed"
    title = {"es": "Método no permitido", "en": "Method not allowed"}
    text = {
        "es": "Esa dirección no atiende ese método; vea la cabecera Allow.",
        "en": "That address does not serve that method; see the Allow header.",
    }


class BodyTooLarge(Problem):
    """More bytes than the installation takes."""

    status = 413
    code = "body-too-large"
    title = {"es": "Cuerpo demasiado grande", "en": "Body too large"}
    text = {
        "es": "El cuerpo supera el máximo de esta instalación.",
        "en": "The body is larger than this installation takes.",
    }


def language_of(request: Request) -> str:
    """``es`` unless the caller prefers ``en`` (Accept-Language with weights)."""
    best, chosen = 0.0, "es"
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        primary = tag.split("-")[0].lower()
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if primary in ("es", "en") and quality > best:
            best, chosen = quality, primary
    return chosen


def render(request: Request, problem: Problem) -> Response:
    """The answer for a refusal."""
    language = language_of(request)
    body: dict[str, Any] = {
        "type": TYPES + problem.code,
        "title": problem.title[language],
        "status": problem.status,
        "detail": problem.sentence(language),
        "instance": f"urn:request:{request.scope.get('request_id', 'unknown')}",
        "code": problem.code,
    }
    if problem.errors:
        body["errors"] = [
            {"pointer": e.pointer, "code": e.code, "detail": e.detail[language], **e.facts}
            for e in problem.errors
        ]
    headers = {
        "Content-Language": language,
        "Vary": "Accept-Language, Authorization",
        "Cache-Control": "no-store",
        **problem.headers,
    }
    return Response(
        orjson.dumps({**problem.extensions, **body}),
        problem.status,
        headers,
        media_type=MEDIA_TYPE,
    )


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return render(request, error)


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(e["type"] == "json_invalid" for e in error.errors()):
        return render(request, MalformedRequest())
    return render(request, InvalidPayload(errors=field_errors(error.errors())))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        return render(request, MalformedRequest())
    if error.status_code == 404:
        return render(request, NotFound("address"))
    if error.status_code == 405:
        return render(request, MethodNotAllowed(headers={"Allow": _allowed(request)}))
    return render(request, BodyTooLarge() if error.status_code == 413 else Problem())


def _allowed(request: Request) -> str:
    """Every method of the address; the framework names those of the first route only."""
    methods: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        pattern = getattr(context, "path_regex", None)
        if pattern is not None and pattern.match(request.url.path):
            methods |= context.methods or set()
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods))


async def _database(request: Request, error: Exception) -> Response:
    """A driver's error, as it is or wrapped by SQLAlchemy."""
    problem = problem_of(error)
    return unexpected(request, error) if problem is None else render(request, problem)


async def _pool(request: Request, _error: Exception) -> Response:
    return render(request, Busy())


def unexpected(request: Request, error: Exception) -> Response:
    """The answer to a fault of ours, logged by its kind and place; never with what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename] or frames
    log.error(
        "unexpected",
        kind=type(error).__name__,
        path=f"{Path(ours[-1].filename).name}:{ours[-1].lineno}",
        request_id=request.scope.get("request_id"),
    )
    return render(request, Problem())


def install(app: FastAPI) -> None:
    """Make every refusal of the app a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PostgresError, _database)
    app.add_exception_handler(PoolTimeout, _pool)
