"""What a visit must be. Pure: days, plots and hashes come in, reasons go out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from api.core.problems import FieldError
from api.domains.producers.rules import moment_faults


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about a visit; ``evidence`` are the hashes of its files."""

    visited_on: date
    next_visit_on: date | None
    captured_at: datetime | None
    plot_ids: Sequence[UUID]
    evidence: Sequence[str]


def _fault(pointer: str, code: str, es: str, en: str) -> FieldError:
    return FieldError(pointer, code, {"es": es, "en": en})


IN_FUTURE: Final = _fault("/visited_on", "in-the-future", "está en el futuro", "lies in the future")
NEXT_BEFORE: Final = _fault(
    "/next_visit_on",
    "dates-in-order",
    "no es posterior a «visited_on»",
    "is not after 'visited_on'",
)


def faults(visit: Facts, today: date, now: datetime) -> list[FieldError]:
    """What is wrong with a visit as it was sent; ``today`` is the day in Peru."""
    found = list(moment_faults(None, visit.captured_at, now))
    if visit.visited_on > today:
        found.append(IN_FUTURE)
    if visit.next_visit_on is not None and visit.next_visit_on <= visit.visited_on:
        found.append(NEXT_BEFORE)
    return [
        *found,
        *_repeated("/plot_ids", visit.plot_ids),
        *_repeated("/evidence", visit.evidence),
    ]


def reasons_against_plots(
    plot_ids: Sequence[UUID], of_producer: Collection[UUID]
) -> list[FieldError]:
    """Which plots are not the producer's."""
    return [
        _fault(
            f"/plot_ids/{number}",
            "plot-unknown",
            "no es una parcela de este productor",
            "is no plot of this producer",
        )
        for number, plot_id in enumerate(plot_ids)
        if plot_id not in of_producer
    ]


def _repeated(pointer: str, values: Sequence[object]) -> list[FieldError]:
    return [
        _fault(f"{pointer}/{number}", "repeated", "está dos veces", "is there twice")
        for number, value in enumerate(values)
        if value in values[:number]
    ]
