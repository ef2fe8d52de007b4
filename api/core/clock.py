"""The only place that asks what time it is."""

from datetime import UTC, date, datetime, timedelta, timezone

PERU = timezone(timedelta(hours=-5), "PET")
"""Peru keeps UTC-5 all year."""


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The current calendar day in Peru: due dates and validity are local days."""
    return datetime.now(PERU).date()
