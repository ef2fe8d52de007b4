"""``mazorca demo``: the platform's story, played as partner apps would."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.settings import settings

LINE = 160


def demo(
    url: Annotated[str, typer.Option(help="Where Mazorca runs")] = "http://127.0.0.1:8000",
    credentials: Annotated[
        Path | None, typer.Option(help="Default: demo-credentials.json in the data folder")
    ] = None,
) -> None:
    """Play the whole story on a running server, step by step: people, land, plan, credit, inputs,
    cocoa, and the trace back. Ends with 0 where the last lot is traced to plots, inputs and loan.
    """
    import httpx  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    from api.demo.caller import Refused  # noqa: PLC0415
    from api.demo.cocoa import Untraced  # noqa: PLC0415
    from api.demo.credentials import FILE_NAME, read  # noqa: PLC0415
    from api.demo.proof import Unproven  # noqa: PLC0415
    from api.demo.story import play  # noqa: PLC0415

    path = credentials or settings().data_dir / FILE_NAME
    # Into a file or a pipe, lines stay whole.
    console = Console(width=None if sys.stdout.isatty() else LINE)
    errors = Console(stderr=True, soft_wrap=True)
    try:
        known = read(path)
    except (OSError, ValueError):
        errors.print(f"No demonstration credentials in {path}; --credentials names the file.")
        raise typer.Exit(2) from None
    try:
        play(url, known, console)
    except httpx.TransportError as unreachable:
        errors.print(f"No answer from {url}: {type(unreachable).__name__}")
        raise typer.Exit(2) from None
    except (Refused, Untraced, Unproven) as failed:
        errors.print(str(failed), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from None
    console.print("[bold green]The story is complete.[/]")
