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

from api.core.field_errors import field_errors
from api.core.log import log
from api.core.problems import (
    Conflict,
    InvalidPayload,
    MalformedRequest,
    NotFound,
    Problem,
)

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "/problems/"
"""Problem types are relative references that resolve in this installation's own docs."""


class AlreadyExists(Conflict):
    """A unique value is taken."""

    code = "already-exists"
    title = {"es": "Ya existe", "en": "Already exists"}
    text = {
        "es": "Otro registro ya usa ese valor ({constraint}).",
        "en": "Another record already uses that value ({constraint}).",
    }


class UnknownReference(Conflict):
    """An id in the payload names nothing, or something that is still referred to."""

    code = "unknown-reference"
    title = {"es": "Referencia desconocida", "en": "Unknown reference"}
    text = {
        "es": "Un identificador no corresponde a nada ({constraint}).",
        "en": "An identifier refers to nothing ({constraint}).",
    }


class ConstraintBroken(Conflict):
    """A rule that the database itself holds."""

    code = "constraint-broken"
    title = {"es": "Regla de datos incumplida", "en": "Data rule broken"}
    text = {
        "es": "El cambio incumple la regla {constraint}.",
        "en": "The change breaks the rule {constraint}.",
    }


class Busy(Problem):
    """Too much at once; nothing was changed."""

    status = 503
    code = "busy"
    title = {"es": "Servicio ocupado", "en": "Service busy"}
    text = {
        "es": "No se pudo atender a tiempo; nada cambió. Reintente con la misma clave.",
        "en": "It could not be served in time; nothing changed. Retry with the same key.",
    }

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


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


_BY_STATE: Final = {"23505": AlreadyExists, "23503": UnknownReference, "23514": ConstraintBroken}
_OUT_OF_RANGE: Final = {"22003", "22008", "22021"}
_BUSY_STATES: Final = {"40001", "40P01", "55P03", "57014", "53300"}


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
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    state = str(getattr(cause, "sqlstate", "") or getattr(cause, "pgcode", ""))
    if state in _BY_STATE:
        # SQLAlchemy's own exception stands between; the driver's names the constraint.
        told = cause if hasattr(cause, "constraint_name") else cause.__cause__
        constraint = str(getattr(told, "constraint_name", None) or "-")
        return render(request, _BY_STATE[state](constraint=constraint))
    if state in _OUT_OF_RANGE:
        return render(request, InvalidPayload())
    if state in _BUSY_STATES:
        return render(request, Busy())
    return unexpected(request, error)


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
