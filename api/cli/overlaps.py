"""Commands on overlaps."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.database import reachable_database
from api.settings import Settings, settings

if TYPE_CHECKING:
    from api.domains.plot_overlaps.service import Checked

app = typer.Typer(no_args_is_help=True)

DIFFERENT: Final = 1
PATIENCE_MS: Final = 600_000


@app.callback()
def overlaps() -> None:
    """Look after the overlaps of plots."""


@app.command()
def check(
    *,
    mend: Annotated[bool, typer.Option("--mend", help="Keep and end what differs")] = False,
) -> None:
    """Find the overlaps of all plots anew, in one batch, and tell where what stands differs.

    Ends with 1 where something differs and is not mended.
    """
    chosen = settings()
    with reachable_database(chosen) as dsn:
        checked, mended = asyncio.run(_check(dsn, chosen, mend=mend))
    for word, pairs in (("missing", checked.missing), ("mistaken", checked.mistaken)):
        for plot_id, other_plot_id in pairs:
            typer.echo(f"{word}: {plot_id} {other_plot_id}")
    typer.echo(
        f"{checked.plots} plots, {checked.overlaps} overlaps: {len(checked.missing)} missing, "
        f"{len(checked.mistaken)} mistaken, {mended} mended"
    )
    if (checked.missing or checked.mistaken) and not mend:
        raise typer.Exit(DIFFERENT)


async def _check(dsn: str, chosen: Settings, *, mend: bool) -> tuple["Checked", int]:
    from api.core.actor import SYSTEM  # noqa: PLC0415 - slow to import, and only needed here
    from api.database import open_database  # noqa: PLC0415
    from api.domains.plot_overlaps import service  # noqa: PLC0415
    from api.transactions import unit_of_work  # noqa: PLC0415

    patient = {"statement_timeout_ms": PATIENCE_MS, "read_connections": 1, "write_connections": 1}
    async with open_database(dsn, chosen.model_copy(update=patient)) as database:
        async with unit_of_work(database, SYSTEM) as uow:
            checked = await service.check(uow)
        mended = 0
        for pair in (*checked.missing, *checked.mistaken) if mend else ():
            async with unit_of_work(database, SYSTEM) as uow:
                mended += await service.mend(uow, *pair)
    return checked, mended
