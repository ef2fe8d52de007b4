"""Tables of rules for tests, and runs that are done here and now."""

import itertools
from typing import Any
from uuid import uuid4

from api.jobs.queue import connector, queue
from api.routers.platform import Platform
from tests.callers import Caller

_numbers = itertools.count()


def criterion(fact: str, operator: str, threshold: str | list[str]) -> dict[str, Any]:
    """A criterion on the wire."""
    return {"fact": fact, "operator": operator, "threshold": threshold}


def rule(code: str, *criteria: dict[str, Any]) -> dict[str, Any]:
    """A rule on the wire."""
    return {"code": code, "names": {"es": code, "en": code}, "criteria": list(criteria)}


def table(*rules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A table on the wire, under a name that no other test uses."""
    return {
        "name": f"test-{uuid4().hex[:12]}-{next(_numbers)}",
        "demonstration": False,
        "rules": list(rules),
        **changes,
    }


async def work_off(platform: Platform, dsn: str, settings: Any, concurrency: int = 1) -> None:
    """Do every job that waits, as a worker does, and stop."""
    with queue.replace_connector(connector(dsn)) as jobs:
        async with jobs.open_async():
            await jobs.run_worker_async(
                wait=False,
                concurrency=concurrency,
                install_signal_handlers=False,
                listen_notify=False,
                additional_context={"dsn": dsn, "settings": settings},
            )


async def enacted(operator: Caller, *rules: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A table in force."""
    drafted = await operator.make("/v1/archetype-tables", table(*rules, **changes))
    return await operator.make(f"/v1/archetype-tables/{drafted['id']}/enact")
