"""``mazorca import``: files of plots, sent over HTTP as a partner's program would; and the public
facts that whoever runs an installation loads into its database.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar
from uuid import UUID

import typer

from api.cli import territory_loading
from api.settings import settings

if TYPE_CHECKING:
    from api.cli.plot_loading import Outcome
    from api.cli.program import Program
    from api.domains.plots.rows import Row

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True)
app.command()(territory_loading.ubigeo)
app.command()(territory_loading.boundaries)

REFUSED = 1
UNREACHED = 2


@app.callback()
def importing() -> None:
    """Take files in: producers and plots at a running server, territories into the database."""


@app.command()
def plots(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    cluster: Annotated[
        UUID | None,
        typer.Option(help="Its representative, else its first member, gets rows without producer"),
    ] = None,
    producer: Annotated[
        UUID | None, typer.Option(help="Whose the rows are that name no producer_id")
    ] = None,
    url: Annotated[str, typer.Option(help="Where Mazorca runs")] = "http://127.0.0.1:8000",
    client_id: Annotated[str | None, typer.Option(envvar="MAZORCA_CLIENT_ID")] = None,
    client_secret: Annotated[str | None, typer.Option(envvar="MAZORCA_CLIENT_SECRET")] = None,
    language: Annotated[Literal["es", "en"], typer.Option(help="Of the reasons")] = "es",
    strict: Annotated[bool, typer.Option(help="End with 1 if any row was refused")] = False,
) -> None:
    """Register the plots of a GeoJSON, KML or CSV file, and tell what became of each.

    A row is registered under its own code (external_id, plot_id, codigo, id; without one, the
    file's name and its place), so the same file twice registers nothing twice, and another
    geometry under a known code is a new version. Without a client id and secret, those of the
    demonstration's cooperative are used. Ends with 0 where every row was
    accepted or refused, with 2 where the server could not be reached or did not let us in.
    """
    from rich.console import Console  # noqa: PLC0415 - slow to import, and only needed here

    from api.cli.plot_report import report  # noqa: PLC0415

    rows = _rows(file, language)
    signed = (url, *_credentials(client_id, client_secret), language)
    outcomes = _load(rows, signed, cluster, producer)
    report(Console(), outcomes)
    if strict and any(outcome.refused for outcome in outcomes):
        raise typer.Exit(REFUSED)


def _rows(file: Path, language: str) -> Sequence["Row"]:
    """The file's rows; ends with 1 where it cannot be read."""
    from api.domains.plots.rows import rows_of  # noqa: PLC0415

    found = rows_of(file.read_bytes(), file.name)
    for finding in found.findings:
        typer.echo(f"{finding.severity}: {finding.code}: {finding.detail[language]}", err=True)
    if not found.readable:
        raise typer.Exit(REFUSED)
    return found.rows


@app.command()
def producers(  # noqa: PLR0913 - each option is an argument
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    partial: Annotated[bool, typer.Option("--partial", help="Take good rows beside bad")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be, do nothing")] = (
        False
    ),
    cluster: Annotated[UUID | None, typer.Option(help="They are its members afterwards")] = None,
    joined_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Since when who joins is a member; else today"),
    ] = None,
    url: Annotated[str, typer.Option(help="Where Mazorca runs")] = "http://127.0.0.1:8000",
    client_id: Annotated[str | None, typer.Option(envvar="MAZORCA_CLIENT_ID")] = None,
    client_secret: Annotated[str | None, typer.Option(envvar="MAZORCA_CLIENT_SECRET")] = None,
    language: Annotated[Literal["es", "en"], typer.Option(help="Of the reasons")] = "es",
) -> None:
    """Register the producers of a CSV, NDJSON or JSON file (by the ending of its name), and tell
    what is wrong with which row. With --cluster, they become members of that cluster; who is one
    already stays it. Ends with 1 where a row was refused: without --partial, nothing was done then.
    """
    from api.cli.producer_loading import NoFormat, load  # noqa: PLC0415

    signed = (url, *_credentials(client_id, client_secret), language)
    choice = {
        "mode": "partial" if partial else "atomic",
        "dry_run": str(dry_run).lower(),
        "cluster_id": cluster,
        "joined_on": joined_on and joined_on.date(),
    }
    try:
        told = _served(signed, lambda program: load(program, file, choice))
    except NoFormat as unknown:
        raise typer.BadParameter(str(unknown)) from None
    for line in told.lines:
        typer.echo(line)
    if told.refused:
        raise typer.Exit(REFUSED)


def _load(
    rows: Sequence["Row"],
    signed: tuple[str, str, str, str],
    cluster: UUID | None,
    producer: UUID | None,
) -> list["Outcome"]:
    from api.cli.plot_loading import Loader  # noqa: PLC0415

    return _served(signed, lambda program: Loader(program).load(rows, cluster, producer))


def _served(signed: tuple[str, str, str, str], do: Callable[["Program"], T]) -> T:
    """What a signed-in program does; ends with 2 where the server did not answer or let us in."""
    import httpx  # noqa: PLC0415

    from api.cli.program import NotServed, Program  # noqa: PLC0415

    url, client_id, client_secret, language = signed
    try:
        with httpx.Client(base_url=url, timeout=120) as http:
            return do(Program(http, client_id, client_secret, language))
    except httpx.TransportError as unreachable:
        typer.echo(f"No answer from {url}: {type(unreachable).__name__}", err=True)
    except NotServed as refusal:
        typer.echo(str(refusal), err=True)
    raise typer.Exit(UNREACHED)


def _credentials(client_id: str | None, client_secret: str | None) -> tuple[str, str]:
    """Those given, else the demonstration's cooperative's; ends with 2 where there are none."""
    from api.demo.credentials import FILE_NAME, read  # noqa: PLC0415
    from api.policies import Role  # noqa: PLC0415

    if client_id and client_secret:
        return client_id, client_secret
    path = settings().data_dir / FILE_NAME
    try:
        known = read(path)[Role.PRODUCER_ORGANIZATION]
    except (OSError, ValueError, KeyError):
        typer.echo(
            f"Name --client-id and --client-secret; there is no demonstration in {path}.", err=True
        )
        raise typer.Exit(UNREACHED) from None
    return str(known.client_id), known.client_secret
