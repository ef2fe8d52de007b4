"""Rows as they come from a file, each with the verdict on what it says. No database is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from api.core.field_errors import field_errors
from api.core.geo.findings import Finding, has_error
from api.core.geo.operation_area import AreaOfOperation
from api.core.problems import FieldError, InvalidPayload
from api.domains.imports import texts
from api.domains.imports.service import MOST_ROWS, Outcome
from api.domains.imports.table_file import Column
from api.domains.plot_imports.schemas import PlotRow, read_wish
from api.domains.plots import arrival
from api.domains.plots.rows import NUMBERS, TEXTS, Row, Rows, read_rows
from api.domains.plots.rules import PlotGeometry as JudgedGeometry
from api.domains.plots.service import time_faults
from api.domains.plots.vocabulary import FileFormat
from api.domains.territories.location import Location

COLUMNS: Final = [
    Column(name, (name,))
    for name in (
        "external_id",
        "producer_id",
        "producer_external_id",
        "longitude",
        "latitude",
        "declared_area_ha",
        *TEXTS,
        *NUMBERS,
    )
]
"""The template of a table of points."""


@dataclass(slots=True)
class Judged(Outcome):
    """A row with its geometry as it would be stored, and, once they are known, whose it is, the
    plot that it is about (``before``: with which geometry in force), and what it changes of it.
    """

    wish: PlotRow | None = None
    producer_code: str | None = None
    place: JudgedGeometry | None = None
    findings: tuple[Finding, ...] = ()
    producer_id: UUID | None = None
    plot: Any = None
    before: Mapping[str, Any] | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    where: Location = field(default_factory=Location)

    @property
    def moves(self) -> bool:
        """Whether land is to be compared: the plot is new, or lies elsewhere than before."""
        if not self.stands or self.place is None:
            return False
        return self.before != self.place.geojson

    def redeclare(self, declared_area_ha: Decimal) -> None:
        """Weigh the area that the plot has declared, where the row declares none."""
        assert self.place is not None
        area, about = arrival.judge_declared_area(
            self.place.kind, self.place.area_ha, declared_area_ha
        )
        self.place = replace(self.place, area_ha=area)
        kept = (found for found in self.findings if found.code not in arrival.ABOUT_AREA)
        self.findings = (*kept, *about)
        self.told()

    def place_in(self, declared: str | None) -> None:
        """Compare the declared district, the plot's own where the row names none, with where the
        land lies.
        """
        about = arrival.judge_district(declared, self.where)
        if about:
            self.findings = (*self.findings, *about)
            self.told()

    def told(self) -> None:
        """Tell the area and the warnings; refuse where the findings are more."""
        if has_error(self.findings):
            self.refuse(*arrival.faults(self.findings))
        elif self.place is not None:
            self.area_ha, self.warnings = self.place.area_ha, arrival.warnings(self.findings)


def format_of(media_type: str) -> FileFormat:
    """The format that a request's media type names; 422 for any other."""
    known = media_type.partition(";")[0].strip().lower()
    if known not in set(FileFormat):
        raise InvalidPayload(errors=[texts.PLOTS_MEDIA_TYPE])
    return FileFormat(known)


def read(data: bytes, media_type: str, area: AreaOfOperation) -> Rows:
    """The rows of a file; 422 for a file of which none can be taken."""
    found = read_rows(data, format_of(media_type), area_of_operation=area)
    if not found.readable:
        raise InvalidPayload(errors=arrival.faults(found.findings))
    if not found.rows:
        raise InvalidPayload(errors=[texts.NO_ROWS])
    if len(found.rows) > MOST_ROWS:
        facts = {"limit": MOST_ROWS}
        raise InvalidPayload(errors=[replace(texts.TOO_MANY_ROWS, facts=facts)])
    return found


def judge(rows: Sequence[Row], area: AreaOfOperation) -> list[Judged]:
    """The rows, each with everything that is wrong with it by itself."""
    found = [_judged(row) for row in rows]
    placed = [
        (judged, (row.geometry, judged.wish.declared_area_ha if judged.wish else None))
        for judged, row in zip(found, rows, strict=True)
        if not has_error(row.findings)
    ]
    verdicts = arrival.judge_arrivals([arriving for _, arriving in placed], area)
    for (judged, _), verdict in zip(placed, verdicts, strict=True):
        judged.place, judged.findings = verdict.geometry, verdict.findings
        judged.told()
    return found


def _judged(row: Row) -> Judged:
    judged = Judged(row.number, row.code, producer_code=row.producer_code)
    if has_error(row.findings):
        judged.refuse(*(_from_row(fault) for fault in arrival.faults(row.findings)))
        return judged
    said = {**row.members, "external_id": row.code, "producer_id": row.producer_id}
    wish, faults = read_wish({name: value for name, value in said.items() if value is not None})
    judged.refuse(*field_errors(faults))
    if wish is not None:
        judged.wish, judged.producer_id = wish, wish.producer_id
        judged.refuse(*time_faults(wish.planting_year, wish.captured_at))
    return judged


def _from_row(fault: FieldError) -> FieldError:
    """The fault's place within its row, not within the file."""
    within = fault.pointer.split("/", 3)[3:]
    return replace(fault, pointer=f"/{within[0]}" if within else "")


def refuse_repeats(rows: Sequence[Judged]) -> None:
    """Refuse what an earlier row of the file says already: the code, or, where there is none, the
    geometry of the same producer.
    """
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        if not row.stands or row.place is None:
            continue
        key: tuple[object, ...] = (row.external_id,)
        if row.external_id is None:
            key = (row.producer_id, row.producer_code, repr(row.place.geojson))
        if first.setdefault(key, row.row) != row.row:
            pointer = "/external_id" if row.external_id else "/geometry"
            row.refuse(texts.repeated(pointer, first[key]))
