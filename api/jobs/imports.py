"""Importing files that wait."""

from typing import Final
from uuid import UUID

import procrastinate

from api.core.actor import SYSTEM
from api.core.geo.operation_area import AreaOfOperation
from api.core.log import log
from api.core.problems import FieldError, Problem
from api.database import Database, open_database
from api.domains.imports import service
from api.domains.imports.vocabulary import IMPORT, ImportKind
from api.domains.plot_imports import service as plots
from api.domains.plots.arrival import AREAS
from api.domains.producer_imports import service as producers
from api.jobs.queue import queue
from api.settings import Settings
from api.transactions import unit_of_work

ATTEMPTS: Final = 4
RETRY: Final = procrastinate.RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=2)
PATIENCE_MS: Final = 120_000
"""Nobody waits for the answer: a file may wait for its turn, and for the land, this long."""
INTERNAL: Final = FieldError("", Problem.code, Problem.text)


@queue.task(name=IMPORT, pass_context=True, retry=RETRY)
async def take_in(context: procrastinate.JobContext, import_id: str) -> None:
    """Import a file in one transaction; begun again, it starts anew, and what has ended stays."""
    dsn: str = context.additional_context["dsn"]
    chosen: Settings = context.additional_context["settings"]
    patient = {"statement_timeout_ms": PATIENCE_MS, "lock_timeout_ms": PATIENCE_MS}
    # One connection imports, another says how far it is.
    few = chosen.model_copy(update={"read_connections": 1, "write_connections": 2, **patient})
    async with open_database(dsn, few) as database:
        try:
            await _import(database, UUID(import_id), AREAS[chosen.area_of_operation])
        except Problem as refusal:
            await _fail(database, UUID(import_id), _told(refusal))
        except Exception:
            # The first attempt counts as none.
            if context.job.attempts >= ATTEMPTS:
                await _fail(database, UUID(import_id), [INTERNAL])
            raise


async def _import(database: Database, import_id: UUID, area: AreaOfOperation) -> None:
    async with unit_of_work(database, SYSTEM) as uow:
        begun = await service.begin(uow, import_id)
    if begun is None:
        return
    kind, actor = begun

    async def progress(done: int, total: int) -> None:
        async with unit_of_work(database, SYSTEM) as aside:
            await service.note(aside, import_id, done, total)

    async with unit_of_work(database, actor) as uow:
        sent = await service.waiting_file(uow, import_id, progress)
        if sent is None:
            return
        if kind is ImportKind.PLOTS:
            await plots.run(uow, sent, area)
        else:
            await producers.run(uow, sent)
    log.info("imports.done", kind=kind.value)


async def _fail(database: Database, import_id: UUID, faults: list[FieldError]) -> None:
    async with unit_of_work(database, SYSTEM) as uow:
        await service.fail(uow, import_id, faults)


def _told(refusal: Problem) -> list[FieldError]:
    sentences = {language: refusal.sentence(language) for language in ("es", "en")}
    return list(refusal.errors) or [FieldError("", refusal.code, sentences)]
