"""``/healthz``, ``/readyz``, ``/metrics``: for those who run the platform."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import Field

from api.core.wire import Shape
from api.routers.deps import Anyone, platform_of
from api.routers.guarded import room

router = room("", "operations")
PUBLIC = [Depends(Anyone())]
HEALTH = "application/health+json"


class CheckOut(Shape):
    """One part of the platform."""

    status: Literal["pass", "fail"]
    revision: Annotated[str | None, Field(max_length=80, pattern=r"^[a-z0-9_]*$")] = None
    lag_seconds: Annotated[float | None, Field(ge=0)] = None


class HealthOut(Shape):
    """Health (draft-inadarei-api-health-check): parts by name."""

    status: Literal["pass", "fail"]
    checks: dict[str, CheckOut]


class HealthResponse(JSONResponse):
    """Its own media type."""

    media_type = HEALTH


class MetricsResponse(Response):
    """The text format that Prometheus reads."""

    media_type = CONTENT_TYPE_LATEST


_METRICS = {"schema": {"maxLength": 10_000_000, "pattern": "^[^\\x00]*$"}}
_NOT_READY = {"description": "Not ready", "model": HealthOut}


def _health(checks: dict[str, Any], *, ready: bool) -> Response:
    body = {"status": "pass" if ready else "fail", "checks": checks}
    return HealthResponse(body, 200 if ready else 503, {} if ready else {"Retry-After": "2"})


@router.get(
    "/healthz", dependencies=PUBLIC, response_model=HealthOut, response_class=HealthResponse
)
async def get_health() -> Response:
    """Whether the process answers."""
    return _health({}, ready=True)


@router.get(
    "/readyz",
    dependencies=PUBLIC,
    response_model=HealthOut,
    response_class=HealthResponse,
    responses={503: _NOT_READY},
)
async def get_readiness(request: Request) -> Response:
    """Whether the database answers, is migrated, and the ledger's sequencer keeps up."""
    checks = await platform_of(request).database.checks()
    return _health(checks, ready=all(check["status"] == "pass" for check in checks.values()))


@router.get(
    "/metrics",
    dependencies=PUBLIC,
    response_class=MetricsResponse,
    responses={200: {"content": {CONTENT_TYPE_LATEST: _METRICS}}},
)
async def get_metrics() -> Response:
    """Prometheus metrics of this process."""
    return MetricsResponse(generate_latest())
