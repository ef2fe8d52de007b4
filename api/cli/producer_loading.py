"""A file of producers that a running server imports, and what it says of the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from api.cli.program import Program
from api.domains.imports.table_file import CSV, JSON, NDJSON

PATH: Final = "/v1/imports/producers"
ENDINGS: Final = {".csv": CSV, ".ndjson": NDJSON, ".jsonl": NDJSON, ".json": JSON}
COUNTS: Final = ("created", "updated", "unchanged", "refused", "held_back")


class NoFormat(ValueError):
    """The ending of the file's name is none of those that are known."""


@dataclass(frozen=True, slots=True)
class Told:
    """Lines for people, and whether any row was refused."""

    lines: tuple[str, ...]
    refused: bool


def load(program: Program, file: Path, choice: Mapping[str, object]) -> Told:
    """Import a file, taken as the choice says (none is None): a line for each fault of each refused
    row, then the counts.
    """
    media_type = ENDINGS.get(file.suffix.lower())
    if media_type is None:
        raise NoFormat(f"the name must end with one of {', '.join(ENDINGS)}")
    program.sign_in()
    query = urlencode({name: value for name, value in choice.items() if value is not None})
    made = program.send(f"{PATH}?{query}", file.read_bytes(), media_type)
    refused = program.items(f"{PATH}/{made['id']}/rows?status=refused&limit=100")
    lines = [line for row in refused for line in _lines(row, program.language)]
    counts = ", ".join(f"{name.replace('_', ' ')} {made[name]}" for name in COUNTS)
    return Told((*lines, f"{made['rows']} rows: {counts}"), bool(refused))


def _lines(row: dict[str, Any], language: str) -> list[str]:
    named = f"{row['row']} ({row['external_id']})" if row["external_id"] else str(row["row"])
    return [f"{named}: {each['field']}: {each['code']}: {each[language]}" for each in row["errors"]]
