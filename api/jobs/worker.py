"""One worker: the ledger's sequencer beside the job queue."""

import asyncio

from api.core.keys import KeyRing
from api.jobs.queue import connector, queue
from api.jobs.sequencer import Sequencer
from api.settings import Settings


async def work(dsn: str, settings: Settings) -> None:
    """Sequence and do jobs until cancelled."""
    signer = KeyRing(settings.keys).ledger_signer(settings.log_origin)
    sequencer = Sequencer(dsn, signer, settings.checkpoint_seconds)
    with queue.replace_connector(connector(dsn)) as jobs:
        async with jobs.open_async(), asyncio.TaskGroup() as tasks:
            tasks.create_task(sequencer.run())
            tasks.create_task(
                jobs.run_worker_async(
                    install_signal_handlers=False,
                    concurrency=2,
                    # Some come every minute: in a year, millions of rows about nothing.
                    delete_jobs="successful",
                    additional_context={"dsn": dsn, "settings": settings},
                )
            )
