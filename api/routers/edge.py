"""What holds for every request: id, quota, HEAD, headers, metrics, one log line. Pure ASGI."""

from functools import cache
from os import urandom
from time import perf_counter
from typing import Any, Final

from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.log import log
from api.core.problems import Problem
from api.core.throttle import WINDOW_SECONDS, Quota
from api.routers.platform import Platform
from api.routers.problems import BodyTooLarge, render, unexpected

REQUESTS: Final = Counter("mazorca_requests_total", "Requests", ["method", "route", "status"])
DURATION: Final = Histogram(
    "mazorca_request_seconds",
    "Time to answer",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_MOST_ID: Final = 64


class TooManyRequests(Problem):
    """The caller's window is spent."""

    status = 429
    code = "too-many-requests"
    title = {"es": "Demasiadas solicitudes", "en": "Too many requests"}
    text = {
        "es": "Se agotó la cuota de este minuto; reintente en {seconds} s.",
        "en": "This minute's quota is spent; retry in {seconds} s.",
    }

    def __init__(self, quota: Quota) -> None:
        super().__init__(
            seconds=quota.resets_in,
            headers={"Retry-After": str(quota.resets_in)},
            extensions={"violated-policies": ["minute"]},
        )


def _refusal(quota: Quota, headers: dict[bytes, bytes], most: int) -> Problem | None:
    """What is refused before anybody looks at it."""
    if quota.spent:
        return TooManyRequests(quota)
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > most:
        return BodyTooLarge()
    return None


class Edge:
    """The outermost layer of the platform."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (anything but HTTP passes through)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        platform: Platform = scope["app"].state.platform
        headers = dict(scope["headers"])
        method = scope["method"]
        # A copy: the server itself must still see HEAD, the application answers it as GET.
        scope = {**scope, "method": "GET" if method == "HEAD" else method}
        scope["request_id"] = _request_id(headers)
        quota = platform.throttle.hit(_caller(platform, scope, headers))
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _decorate(message, scope, quota, platform)
            elif method == "HEAD":
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        refusal = _refusal(quota, headers, platform.settings.max_body_bytes)
        try:
            if refusal is not None:
                await render(Request(scope), refusal)(scope, receive, answer)
            else:
                await self._app(scope, receive, answer)
        except Exception as error:
            # Ends here: the server would print it, and a driver's error can quote a row.
            if status:
                raise
            await unexpected(Request(scope), error)(scope, receive, answer)
        finally:
            _note(scope, method, status or 500, perf_counter() - started)


def _request_id(headers: dict[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id", b"")
    if 0 < len(given) <= _MOST_ID and given.replace(b"-", b"").isalnum():
        return given.decode("ascii")
    return urandom(16).hex()


def _caller(platform: Platform, scope: Scope, headers: dict[bytes, bytes]) -> str:
    """Whose quota: the client of a verified token, else the network address."""
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() == b"bearer":
        actor = platform.tokens.known(token.decode("latin-1"))
        if actor is not None:
            scope["client_id"] = str(actor.client_id)
            return str(scope["client_id"])
    return str(scope["client"][0]) if scope.get("client") else "unknown"


def _decorate(message: Message, scope: Scope, quota: Quota, platform: Platform) -> None:
    limit = platform.throttle.limit
    headers = MutableHeaders(raw=message.setdefault("headers", []))
    remaining = max(quota.remaining, 0)
    message["headers"] += [
        (b"x-request-id", scope["request_id"].encode()),
        (b"ratelimit-policy", b'"minute";q=%d;w=%d' % (limit, WINDOW_SECONDS)),
        (b"ratelimit", b'"minute";r=%d;t=%d' % (remaining, quota.resets_in)),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]
    if platform.settings.environment == "production":
        headers["strict-transport-security"] = "max-age=31536000"
    headers.setdefault("cache-control", "no-store")


@cache
def _meters(method: str, template: str, status: int) -> tuple[Counter, Histogram]:
    """Looked up once: as many as there are methods, routes and statuses."""
    return REQUESTS.labels(method, template, status), DURATION.labels(method, template)


def _note(scope: Scope, method: str, status: int, seconds: float) -> None:
    route: Any = scope.get("route")
    template = getattr(route, "path", None) or "unmatched"
    requests, duration = _meters(method, template, status)
    requests.inc()
    duration.observe(seconds)
    if template not in _QUIET:
        log.info(
            "request",
            request_id=scope["request_id"],
            method=method,
            route=template,
            status=status,
            milliseconds=round(seconds * 1000, 2),
            client_id=scope.get("client_id"),
        )
