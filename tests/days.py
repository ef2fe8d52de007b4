"""Days of tests, told by the clock when a test runs and not when its module was read."""

from datetime import datetime, time, timedelta
from typing import Any

from api.core.clock import PERU, now, today

DAY = timedelta(days=1)


def dated(changes: dict[str, Any]) -> dict[str, Any]:
    """A payload where a span of time stands for the day so far from today, as the wire has it."""
    return {
        name: str(today() + value) if isinstance(value, timedelta) else value
        for name, value in changes.items()
    }


def until_midnight() -> timedelta:
    """How long today lasts, in Peru."""
    return datetime.combine(today() + DAY, time(), PERU) - now()
