"""Commands on the database."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from api.settings import Settings, settings


@contextmanager
def reachable_database(chosen: Settings) -> Iterator[str]:
    """The DSN of the installation's database: the one configured, else the embedded one, started
    (or joined, where it runs already) for as long as this block lasts.
    """
    if chosen.database_url is not None:
        yield chosen.database_url.get_secret_value()
        return
    # Imported here: an installation with its own server never needs the embedded one.
    from api.embedded import EmbeddedPostgres  # noqa: PLC0415

    chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with EmbeddedPostgres(chosen.data_dir) as embedded:
        yield embedded.dsn


def migrate(
    revision: Annotated[str, typer.Argument(help="Where to go")] = "head",
    *,
    down: Annotated[bool, typer.Option("--down", help="Go back to an earlier revision")] = False,
) -> None:
    """Bring the database to a revision."""
    from api.migrations import migrate as bring  # noqa: PLC0415
    from api.migrations import revert  # noqa: PLC0415

    with reachable_database(settings()) as dsn:
        (revert if down else bring)(dsn, revision)


def operator(
    legal_name: Annotated[str, typer.Option(help="Who runs this installation")],
    ruc: Annotated[str, typer.Option(help="Its RUC")],
) -> None:
    """Found the operator of a new installation; prints its client id and secret, this once."""
    from pydantic import ValidationError  # noqa: PLC0415

    from api.core.problems import Problem  # noqa: PLC0415
    from api.demo.seed import found_operator  # noqa: PLC0415

    try:
        with reachable_database(settings()) as dsn:
            found = asyncio.run(found_operator(dsn, settings(), legal_name, ruc))
    except ValidationError:
        raise typer.BadParameter("the name is empty, or the RUC's check digit is wrong") from None
    except Problem as refused:
        typer.echo(refused.sentence("en"), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"client_id={found.client_id}\nclient_secret={found.client_secret}")
