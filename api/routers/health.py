"""``/healthz``, ``/readyz``, ``/metrics``: for those who run the platform."""

from typing import Any

import orjson
from fastapi import Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.routers.deps import Anyone, platform_of
from api.routers.guarded import room

router = room("", "operations")
PUBLIC = [Depends(Anyone())]
HEALTH = "application/health+json"


def _health(checks: dict[str, Any], *, ready: bool) -> Response:
    body = {"status": "pass" if ready else "fail", "checks": checks}
    headers = {} if ready else {"Retry-After": "2"}
    return Response(orjson.dumps(body), 200 if ready else 503, headers, media_type=HEALTH)


@router.get("/healthz", dependencies=PUBLIC)
async def get_health() -> Response:
    """Whether the process answers."""
    return _health({}, ready=True)


@router.get("/readyz", dependencies=PUBLIC)
async def get_readiness(request: Request) -> Response:
    """Whether the database answers, is migrated, and the ledger's sequencer keeps up."""
    checks = await platform_of(request).database.checks()
    return _health(checks, ready=all(check["status"] == "pass" for check in checks.values()))


@router.get("/metrics", dependencies=PUBLIC)
async def get_metrics() -> Response:
    """Prometheus metrics of this process."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
