"""Files of records as people have them: CSV from a spreadsheet, NDJSON or a JSON array from a
program. Rows come as members of a request; what they say is judged elsewhere.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.core.problems import FieldError
from api.domains.imports import texts

CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
JSON: Final = "application/json"

_WHOLE: Final = re.compile(r"(\d{1,9})([.,]0{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the template: its name, where it stands in the request, whether it is a whole
    number, and other names under which it is found.
    """

    name: str
    path: tuple[str, ...]
    whole: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One row by its number in the file (the header is row 1 of a CSV), or what keeps it from
    being read.
    """

    row: int
    members: Mapping[str, Any] | None
    fault: FieldError | None = None


class UnreadableFile(ValueError):
    """Raised for a file of which no row can be taken; ``fault`` says why."""

    def __init__(self, fault: FieldError, **facts: int) -> None:
        super().__init__(fault.code)
        self.fault = FieldError(fault.pointer, fault.code, fault.detail, facts)


def entries(data: bytes, media_type: str, columns: Sequence[Column], most_rows: int) -> list[Entry]:
    """The rows of a file; ``UnreadableFile`` where there are none, or more than ``most_rows``."""
    readers = {CSV: _of_csv, NDJSON: _of_lines, JSON: _of_array}
    reader = readers.get(_plain_type(media_type))
    if reader is None:
        raise UnreadableFile(texts.MEDIA_TYPE)
    found: list[Entry] = []
    for entry in reader(data, columns):
        if len(found) == most_rows:
            raise UnreadableFile(texts.TOO_MANY_ROWS, limit=most_rows)
        found.append(entry)
    if not found:
        raise UnreadableFile(texts.NO_ROWS)
    return found


def is_known(media_type: str) -> bool:
    """Whether files of this media type are read here."""
    return _plain_type(media_type) in (CSV, NDJSON, JSON)


def _plain_type(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def template(columns: Sequence[Column]) -> str:
    """The header of a CSV file, with the byte-order mark that makes spreadsheets read UTF-8."""
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + ",".join(column.name for column in columns) + "\r\n"


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _of_csv(data: bytes, columns: Sequence[Column]) -> Iterator[Entry]:
    text = _decode(data)
    header = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = ((n, row) for n, row in enumerate(reader, 1) if any(cell.strip() for cell in row))
        places = _places(next(rows, (1, []))[1], columns)
        for number, row in rows:
            yield _from_cells(number, row, places)
    except csv.Error:
        raise UnreadableFile(texts.QUOTES, line=reader.line_num) from None


def _places(header: Sequence[str], columns: Sequence[Column]) -> list[Column]:
    named = {name: column for column in columns for name in (column.name, *column.aliases)}
    found: list[Column] = []
    for place, cell in enumerate(header, 1):
        column = named.get(_plain(cell))
        if column is None or column in found:
            raise UnreadableFile(texts.UNKNOWN_COLUMN, column=place)
        found.append(column)
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.strip().lower())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return kept.replace(" ", "_")


def _from_cells(number: int, row: Sequence[str], places: Sequence[Column]) -> Entry:
    if any(cell.strip() for cell in row[len(places) :]):
        return Entry(number, None, texts.ROW_LENGTH)
    members: dict[str, Any] = {}
    for cell, column in zip(row, places, strict=False):
        text = cell.strip()
        if not text:
            continue
        *parents, last = column.path
        holder = members
        for parent in parents:
            holder = holder.setdefault(parent, {})
        whole = _WHOLE.fullmatch(text) if column.whole else None
        holder[last] = int(whole[1]) if whole else text
    return Entry(number, members)


def _of_lines(data: bytes, _columns: Sequence[Column]) -> Iterator[Entry]:
    for number, line in enumerate(_decode(data).split("\n"), 1):
        if line.strip():
            try:
                members = _load(line)
            except ValueError:
                members = None
            yield _from_members(number, members)


def _of_array(data: bytes, _columns: Sequence[Column]) -> Iterator[Entry]:
    try:
        found = _load(_decode(data))
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise UnreadableFile(texts.NO_ARRAY)
    yield from _numbered(found)


def _numbered(found: Iterable[Any]) -> Iterator[Entry]:
    for number, members in enumerate(found, 1):
        yield _from_members(number, members)


def _from_members(number: int, members: Any) -> Entry:
    if isinstance(members, dict):
        return Entry(number, members)
    return Entry(number, None, texts.NOT_JSON)


def _load(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except RecursionError:
        raise ValueError("too deep") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate member")
    return members
