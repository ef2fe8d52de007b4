"""Commands on keys."""

import typer

from api.core.keys import KeyRing
from api.settings import settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Look after signing keys."""


@app.command()
def rotate() -> None:
    """Let the next token key sign; the one before still verifies. Restart the processes after."""
    ring = KeyRing(settings().keys)
    ring.rotate_token_keys()
    typer.echo(f"token key in use: {ring.token_keys()[0].kid}")
