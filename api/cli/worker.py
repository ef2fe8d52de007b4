"""The worker process."""

import asyncio
import signal

from api.settings import settings


def worker() -> None:
    """Sequence the ledger and do background jobs until stopped. Any number may run; one acts."""
    from api.jobs.worker import work  # noqa: PLC0415

    chosen = settings()
    if chosen.database_url is None:
        raise SystemExit("DATABASE_URL is not set; `mazorca run` starts a worker of its own")
    dsn = chosen.database_url.get_secret_value()

    async def until_stopped() -> None:
        task = asyncio.create_task(work(dsn, chosen))
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, task.cancel)
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(until_stopped())
