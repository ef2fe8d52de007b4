"""``mazorca …``: run the platform, look after it, play with it.

One file per group of commands; importing this package imports little, so that ``--help`` and the
second start are quick.
"""

import typer

from api.cli import database, demo, importing, keys, ledger, overlaps, show, worker
from api.cli.run import run

app = typer.Typer(name="mazorca", help=__doc__, no_args_is_help=True, add_completion=False)
app.command()(run)
app.command()(worker.worker)
app.command()(database.migrate)
app.command()(database.operator)
app.command()(demo.demo)
app.command()(show.openapi)
app.command()(show.states)
app.add_typer(importing.app, name="import", help="Take files in: producers, plots, territories.")
app.add_typer(ledger.app, name="ledger", help="Export the ledger; verify an export.")
app.add_typer(overlaps.app, name="overlaps", help="Look after the overlaps of plots.")
app.add_typer(keys.app, name="keys", help="Look after signing keys.")

__all__ = ["app"]
