"""Files of territories as they are published: CSV with the codes of INEI and RENIEC and the names.

What a row names (a department, a province, a district) is told by its INEI code, and its name is
taken from the column of that level. Other columns are left alone. Codes are text: nothing is
guessed of one that has lost its leading zero.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.core.names import plain
from api.domains.territories import ubigeo_texts as texts
from api.domains.territories.rules import CODE, level_of
from api.domains.territories.vocabulary import TerritoryLevel

_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "inei": ("inei", "ubigeo", "ubigeo inei", "cod inei", "cod ubigeo inei", "iddist"),
    "reniec": ("reniec", "ubigeo reniec", "cod reniec", "cod ubigeo reniec"),
    "department": ("departamento", "nombdep", "desc dep inei"),
    "province": ("provincia", "nombprov", "desc prov inei"),
    "district": ("distrito", "nombdist", "desc ubigeo inei"),
    "capital": ("capital", "capital legal", "nomcap"),
}
_LONGEST: Final = 200


class UnreadableUbigeoFile(ValueError):
    """Raised for a file of which no row can be taken; ``detail`` says why in both languages."""

    def __init__(self, detail: Mapping[str, str]) -> None:
        super().__init__(detail["en"])
        self.detail = detail


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """A row that stands. A value of None is one that the file does not tell."""

    row: int
    ubigeo: str
    level: TerritoryLevel
    name: str
    department: str | None = None
    province: str | None = None
    reniec_code: str | None = None
    capital: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was left out: its number in the file (the header is row 1), and why."""

    row: int
    code: str
    detail: Mapping[str, str]


def read(data: bytes) -> tuple[list[TerritoryRow], list[RefusedRow]]:
    """The rows of a file; ``UnreadableUbigeoFile`` where it has no column of codes or names."""
    standing: dict[str, TerritoryRow] = {}
    refused: list[RefusedRow] = []
    for number, cells in _cells(data):
        found = _row(number, cells)
        if isinstance(found, RefusedRow):
            refused.append(found)
        elif found.ubigeo in standing:
            refused.append(RefusedRow(number, *texts.repeated(standing[found.ubigeo].row)))
        else:
            standing[found.ubigeo] = found
    return list(standing.values()), refused


def _cells(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        places = _places(next(reader, []))
        for number, row in enumerate(reader, 2):
            cells = {name: row[place].strip() for name, place in places.items() if place < len(row)}
            if any(cells.values()):
                yield number, cells
    except csv.Error:
        raise UnreadableUbigeoFile(texts.NO_CSV) from None


def _places(header: Sequence[str]) -> dict[str, int]:
    columns = [plain(cell) for cell in header]
    found = {
        name: place
        for name, aliases in _ALIASES.items()
        for place in [next((columns.index(a) for a in aliases if a in columns), None)]
        if place is not None
    }
    if "inei" not in found or not found.keys() & set(TerritoryLevel):
        raise UnreadableUbigeoFile(texts.NO_COLUMNS)
    return found


def _row(number: int, cells: Mapping[str, str]) -> TerritoryRow | RefusedRow:
    ubigeo, reniec = cells.get("inei", ""), cells.get("reniec", "")
    if not CODE.fullmatch(ubigeo):
        lost = ubigeo.isascii() and ubigeo.isdigit() and len(ubigeo) == 5
        return RefusedRow(number, *(texts.ZERO_LOST if lost else texts.NO_INEI_CODE))
    level = level_of(ubigeo)
    name = _name(cells, level)
    if name is None:
        return RefusedRow(number, *texts.NO_NAME)
    return TerritoryRow(
        number,
        ubigeo,
        level,
        name,
        department=_name(cells, TerritoryLevel.DEPARTMENT),
        province=_name(cells, TerritoryLevel.PROVINCE) if not ubigeo.endswith("0000") else None,
        reniec_code=reniec if CODE.fullmatch(reniec) else None,
        capital=_text(cells.get("capital")),
    )


def _name(cells: Mapping[str, str], level: TerritoryLevel) -> str | None:
    return _text(cells.get(level.value))


def _text(cell: str | None) -> str | None:
    """A cell's words on one line; None where it holds nothing."""
    words = " ".join((cell or "").split())
    return words if 0 < len(words) <= _LONGEST and words.isprintable() else None
