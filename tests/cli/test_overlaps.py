"""``mazorca overlaps check`` on the tests' own database."""

import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from api.cli import app
from api.core.actor import SYSTEM
from api.routers.platform import Platform
from api.settings import Settings
from api.transactions import Event, unit_of_work
from tests.factories.plots import new_plot, square
from tests.routers.test_plot_overlaps import of_plot, place
from tests.routers.test_plots import Land, land

__all__ = ["land"]


async def run(*options: str) -> Result:
    arguments = ["overlaps", "check", *options]
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, arguments))


async def test_what_is_missing_is_named_and_mended(
    land: Land, platform: Platform, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.overlaps.settings", lambda: settings)
    lon, lat = place()
    first = await new_plot(land.coop, land.producer, geometry=square(lon, lat))
    await new_plot(land.coop, land.producer, geometry=square(round(lon + 0.0005, 6), lat))
    [kept] = await of_plot(land.coop, first)
    async with unit_of_work(platform.database, SYSTEM) as uow:
        await uow.execute(sa.text("DELETE FROM plot_overlaps WHERE id = :id"), {"id": kept["id"]})
        uow.record(Event("test.spoilt", ("plot_overlap", UUID(kept["id"]))))
    line = "missing: " + " ".join(sorted(side["plot_id"] for side in kept["sides"]))
    told = await run()
    assert (told.exit_code, line in told.output) == (1, True)
    assert await of_plot(land.coop, first) == []
    mended = await run("--mend")
    assert (mended.exit_code, line in mended.output) == (0, True)
    assert len(await of_plot(land.coop, first)) == 1
    assert line not in (await run()).output
