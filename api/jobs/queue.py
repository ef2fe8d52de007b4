"""The job queue: procrastinate on the platform's own PostgreSQL."""

from typing import Final

import procrastinate

from api.database import driver_dsn


def connector(dsn: str) -> procrastinate.PsycopgConnector:
    """A connection pool for a worker."""
    return procrastinate.PsycopgConnector(conninfo=driver_dsn(dsn), min_size=1, max_size=4)


# The address is only known when a worker starts: it opens the queue with its own connector.
queue: Final = procrastinate.App(
    connector=procrastinate.PsycopgConnector(),
    import_paths=[
        "api.jobs.archetypes",
        "api.jobs.demand_pools",
        "api.jobs.housekeeping",
        "api.jobs.imports",
        "api.jobs.orders",
        "api.jobs.quote_requests",
        "api.jobs.stalled",
    ],
)
