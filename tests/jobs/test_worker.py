"""A worker as it runs: what it has done leaves nothing behind in its queue."""

import asyncio
from pathlib import Path

from api.jobs.worker import work
from api.policies import Role
from tests.factories.archetypes import criterion, enacted, rule
from tests.factories.territories import a_platform_of_its_own

RUNS = "/v1/archetype-runs"
PATIENCE_SECONDS = 120
_LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'run_id' = $1"


async def test_jobs_that_are_done_are_not_kept(server: str, tmp_path: Path) -> None:
    async with a_platform_of_its_own(server, tmp_path) as callers:
        await enacted(await callers.new(Role.OPERATOR), rule("any", criterion("plots", "ge", "0")))
        coop = await callers.new(Role.PRODUCER_ORGANIZATION)
        run = await coop.make(RUNS, {})
        pool, chosen = callers.platform.database.pool, callers.platform.settings
        assert await pool.fetchval(_LEFT, run["id"]) == 1
        assert chosen.database_url is not None
        worker = asyncio.create_task(work(chosen.database_url.get_secret_value(), chosen))
        try:
            for _ in range(20 * PATIENCE_SECONDS):
                if not await pool.fetchval(_LEFT, run["id"]):
                    break
                await asyncio.sleep(0.05)
            assert await pool.fetchval(_LEFT, run["id"]) == 0
        finally:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)
        assert (await coop.get(f"{RUNS}/{run['id']}")).json()["state"] == "done"
