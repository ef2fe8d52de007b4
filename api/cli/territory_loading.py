"""``mazorca import ubigeo`` and ``boundaries``: territories from files, straight into the
installation's database.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.database import reachable_database
from api.settings import settings

if TYPE_CHECKING:
    from api.domains.territories.boundary_file import RefusedFeature
    from api.domains.territories.service import Loaded
    from api.domains.territories.ubigeo_file import RefusedRow, TerritoryRow
    from api.transactions import UnitOfWork

REFUSED = 1
MOST_SHOWN = 20

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
Language = Annotated[Literal["es", "en"], typer.Option(help="Of the reasons")]


def ubigeo(files: Files, language: Language = "es") -> None:
    """Load departments, provinces and districts from CSV files with INEI and RENIEC codes.

    Whatever a file tells is added or corrected, all of it or nothing; the same file again changes
    nothing. Rows without an INEI code are left out and named. From the first district on, a
    district's code that is in no file is refused wherever one is given.
    """
    from api.domains.territories.service import load  # noqa: PLC0415
    from api.domains.territories.ubigeo_file import UnreadableUbigeoFile, read  # noqa: PLC0415

    rows: dict[str, TerritoryRow] = {}
    for file in files:
        with _readable(file, language, UnreadableUbigeoFile):
            standing, refused = read(file.read_bytes())
        rows |= {row.ubigeo: row for row in standing}
        _tell(file, refused, language)
    with _readable(files[-1], language, UnreadableUbigeoFile):
        loaded = asyncio.run(_in_database(lambda uow: load(uow, list(rows.values()))))
    missing = sum(row.reniec_code is None for row in rows.values())
    typer.echo(f"{_counted(loaded)}, {missing} without RENIEC code")


def boundaries(file: File, language: Language = "es") -> None:
    """Load where districts lie, from a GeoJSON file whose features name their INEI code.

    The code stands in a property ubigeo, inei or iddist; positions are degrees of WGS84. From then
    on a plot that lies in another district than the declared one gets a warning. The same file
    again changes nothing.
    """
    from api.domains.territories.boundary_file import (  # noqa: PLC0415
        UnreadableBoundaryFile,
        read,
    )
    from api.domains.territories.service import load_boundaries  # noqa: PLC0415

    with _readable(file, language, UnreadableBoundaryFile):
        standing, refused = read(file.read_bytes())
        loaded = asyncio.run(_in_database(lambda uow: load_boundaries(uow, standing)))
    _tell(file, refused, language)
    for fault in loaded.unknown[:MOST_SHOWN]:
        typer.echo(f"{file.name}: {fault.code}: {fault.pointer}: {fault.detail[language]}")
    typer.echo(f"{_counted(loaded)}, {len(loaded.unknown)} of no district")


@contextmanager
def _readable(file: Path, language: str, kind: type[Exception]) -> Iterator[None]:
    """Say why a file cannot be taken, and end with 1."""
    try:
        yield
    except kind as unreadable:
        detail: Mapping[str, str] = unreadable.detail  # type: ignore[attr-defined]
        typer.echo(f"{file}: {detail[language]}", err=True)
        raise typer.Exit(REFUSED) from None


def _counted(loaded: "Loaded") -> str:
    return f"{loaded.added} added, {loaded.changed} changed, {loaded.unchanged} unchanged"


def _tell(file: Path, refused: "Sequence[RefusedRow | RefusedFeature]", language: str) -> None:
    for row in refused[:MOST_SHOWN]:
        typer.echo(f"{file.name}:{row.row}: {row.code}: {row.detail[language]}")
    typer.echo(f"{file.name}: {len(refused)} refused")


async def _in_database(work: "Callable[[UnitOfWork], Awaitable[Loaded]]") -> "Loaded":
    """Do something in a transaction of the installation's database."""
    from api.core.actor import SYSTEM  # noqa: PLC0415 - slow to import, and only needed here
    from api.database import open_database  # noqa: PLC0415
    from api.transactions import unit_of_work  # noqa: PLC0415

    chosen = settings()
    with reachable_database(chosen) as dsn:
        async with open_database(dsn, chosen) as database, unit_of_work(database, SYSTEM) as uow:
            return await work(uow)
