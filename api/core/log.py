"""Structured logs: one JSON line an event, never with personal data.

Only ids, codes, counts and durations are logged; ``_refuse`` drops any field that is not on the
list, so that a name or a document cannot slip in.
"""

import sys
from collections.abc import MutableMapping
from typing import Any, Final

import orjson
import structlog

ADMITTED: Final = frozenset(
    {
        "event", "level", "timestamp", "request_id", "method", "route", "status", "milliseconds",
        "client_id", "organization_id", "kind", "count", "position", "size", "seconds", "address",
        "task", "code", "attempt", "path", "version", "revision",
    }
)  # fmt: skip


def _refuse(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: value for key, value in entry.items() if key in ADMITTED}


def _render(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> bytes:
    return orjson.dumps(entry, default=str)


structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _refuse,
        _render,
    ],
    logger_factory=structlog.BytesLoggerFactory(file=sys.stdout.buffer),
    wrapper_class=structlog.make_filtering_bound_logger(20),
    cache_logger_on_first_use=True,
)

log: Final = structlog.get_logger()
