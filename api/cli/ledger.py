"""Commands on the ledger."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from api.cli.database import reachable_database
from api.core.keys import KeyRing
from api.core.notes import open_note
from api.domains.ledger.export import (
    CHECKPOINTS_FILE,
    ENTRIES_FILE,
    KEY_FILE,
    entry_line,
    join_checkpoints,
    split_checkpoints,
)
from api.domains.ledger.rules import verify_log
from api.settings import settings

app = typer.Typer(no_args_is_help=True)

_SIZE = "SELECT coalesce(max(tree_size), 0) FROM ledger_checkpoints"
_ENTRIES = (
    "SELECT l.position, e.body FROM ledger_leaves l JOIN ledger_entries e ON e.id = l.entry_id"
    " WHERE l.position < %s ORDER BY l.position"
)
_NOTES = "SELECT note FROM ledger_checkpoints WHERE tree_size <= %s ORDER BY tree_size"


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A folder to write into")],
) -> None:
    """Write the whole ledger as files that anybody can verify without us."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = settings()
    signer = KeyRing(chosen.keys).ledger_signer(chosen.log_origin)
    with reachable_database(chosen) as dsn, psycopg.connect(dsn) as connection:
        found = connection.execute(_SIZE).fetchone()
        size = found[0] if found else 0
        with (folder / ENTRIES_FILE).open("wb") as entries:
            for position, body in connection.cursor(name="entries").execute(_ENTRIES, (size,)):
                entries.write(entry_line(position, body.encode()))
        notes = (note for (note,) in connection.cursor(name="notes").execute(_NOTES, (size,)))
        with (folder / CHECKPOINTS_FILE).open("w", encoding="utf-8") as checkpoints:
            checkpoints.writelines(join_checkpoints(notes))
    (folder / KEY_FILE).write_text(f"{signer.vkey}\n", encoding="utf-8")
    typer.echo(f"{size} entries in {folder}")


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from stream


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="An export")],
    key: Annotated[
        str | None, typer.Option(help="The log's verifier key, had from elsewhere; else key.txt")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="Files with checkpoints that you kept")
    ] = None,
) -> None:
    """Check an export: every entry, the order, every signature. No database is needed."""
    with (folder / CHECKPOINTS_FILE).open(encoding="utf-8") as stream:
        notes = list(split_checkpoints(stream))
    vkey = key or (folder / KEY_FILE).read_text(encoding="utf-8").strip()
    known = [
        open_note(note, [vkey])
        for path in checkpoint or []
        for note in split_checkpoints(path.read_text(encoding="utf-8").splitlines())
    ]
    verdict = verify_log(_lines(folder / ENTRIES_FILE), notes, vkey, known=known)
    for problem in verdict.problems:
        typer.echo(f"{problem.fault}: {problem.first} to {problem.last}")
    if not verdict.intact:
        raise typer.Exit(1)
    typer.echo(f"intact: {verdict.entries} entries, root {verdict.root.hex()}")
