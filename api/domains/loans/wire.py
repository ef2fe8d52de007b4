"""The book of a loan as it is stored, and a loan as it is answered: JSON, decimals as strings.

``presented`` takes what the repository reads of a loan and adds where it stands on a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, Final

from api.core.irr import NoRate
from api.domains.credit_products.instalments import Instalment
from api.domains.credit_products.schedule import Schedule, ScheduleTotals
from api.domains.credit_products.wire import instalments_to_wire, terms_from_wire, to_wire
from api.domains.loans.book import ZERO, Began, Book, Chapter, Closing, Moved
from api.domains.loans.standing import Standing, standing
from api.domains.loans.vocabulary import LoanMovementKind

_COUNTS: Final = frozenset({"number", "days"})
_SUMMED: Final = ("principal", "interest", "insurance", "commission", "capitalised", "total")


def book_to_wire(book: Book) -> list[dict[str, Any]]:
    """The chapters; movements are rows of their own."""
    return [chapter_to_wire(each) for each in book.chapters]


def chapter_to_wire(chapter: Chapter) -> dict[str, Any]:
    """A chapter with everything that its schedule is made of."""
    schedule = chapter.schedule
    return {
        "since": to_wire(chapter.since),
        "began": to_wire(chapter.began),
        "terms": to_wire(schedule.terms),
        "instalments": instalments_to_wire(schedule),
        "upfront": to_wire(schedule.upfront),
        "tcea": to_wire(schedule.tcea),
        "tcea_reason": to_wire(schedule.tcea_reason),
        "level": to_wire(schedule.level),
        "closing": to_wire(chapter.closing),
    }


def book_from_wire(
    chapters: Iterable[Mapping[str, Any]], movements: Iterable[Mapping[str, Any]]
) -> Book:
    """The book that was stored, with its movements as the repository gives them."""
    return Book(
        tuple(_chapter(each) for each in chapters), tuple(_moved(each) for each in movements)
    )


def schedule_from_wire(wire: Mapping[str, Any]) -> Schedule:
    """The schedule as it was agreed, row by row: it is never calculated anew."""
    rows = tuple(_instalment(row) for row in wire["instalments"])
    terms = terms_from_wire(wire["terms"])
    sums = {name: sum((getattr(row, name) for row in rows), start=ZERO) for name in _SUMMED}
    # A premium lent on the first day is in the first balance and in no row.
    sums["capitalised"] += rows[0].opening - terms.disbursements[0].amount
    return Schedule(
        terms=terms,
        instalments=rows,
        totals=ScheduleTotals(**sums),
        upfront=Decimal(wire["upfront"]),
        tcea=_decimal(wire["tcea"]),
        tcea_reason=None if wire["tcea_reason"] is None else NoRate(wire["tcea_reason"]),
        level=_decimal(wire["level"]),
    )


def schedule_of_offer(offer: Mapping[str, Any]) -> Schedule:
    """The schedule that an institution offered, as the application keeps it."""
    return schedule_from_wire({**offer, "tcea_reason": offer["tcea_absent_because"]})


def presented(raw: Mapping[str, Any], as_of: date, *, whole: bool) -> dict[str, Any]:
    """The loan as it is answered; ``whole`` with its schedule and movements up to the day."""
    stored = dict(raw)
    chapters, movements = stored.pop("chapters"), stored.pop("movements")
    stands = standing(book_from_wire(chapters, movements), as_of)
    if not whole:
        return {**stored, **_standing(stands)}
    known = [each for each in movements if each["happened_on"] <= as_of.isoformat()]
    return {
        **stored,
        **_standing(stands),
        "schedule": instalments_to_wire(stands.schedule),
        "movements": [_movement(each, stands) for each in known],
    }


def _standing(stands: Standing) -> dict[str, Any]:
    due = {component.value: to_wire(amount) for component, amount in stands.due.items()}
    return {
        "as_of": to_wire(stands.as_of),
        "disbursed": to_wire(stands.disbursed),
        "repaid": to_wire(stands.repaid),
        "paid": to_wire(stands.paid),
        "due": {**due, "total": to_wire(stands.total_due)},
        "outstanding_principal": to_wire(stands.outstanding_principal),
        "accrued_interest": to_wire(stands.accrued_interest),
        "payoff": to_wire(stands.payoff),
        "next_due": to_wire(stands.next_due),
        "days_in_arrears": stands.days_in_arrears,
        "sbs_class": to_wire(stands.sbs_class),
    }


def _movement(raw: Mapping[str, Any], stands: Standing) -> dict[str, Any]:
    shown = {name: value for name, value in raw.items() if name != "chapter"}
    return {**shown, "allocation": to_wire(stands.parts.get(raw["id"]))}


def _chapter(wire: Mapping[str, Any]) -> Chapter:
    closing = wire["closing"]
    return Chapter(
        since=date.fromisoformat(wire["since"]),
        began=Began(wire["began"]),
        schedule=schedule_from_wire(wire),
        closing=None
        if closing is None
        else Closing(
            on=date.fromisoformat(closing["on"]),
            interest=Decimal(closing["interest"]),
            insurance=Decimal(closing["insurance"]),
            principal=Decimal(closing["principal"]),
        ),
    )


def _moved(wire: Mapping[str, Any]) -> Moved:
    return Moved(
        reference=wire["id"],
        kind=LoanMovementKind(wire["kind"]),
        on=date.fromisoformat(wire["happened_on"]),
        amount=Decimal(wire["amount"]),
        chapter=wire["chapter"],
    )


def _instalment(wire: Mapping[str, Any]) -> Instalment:
    values: dict[str, Any] = {
        each.name: wire[each.name] if each.name in _COUNTS else Decimal(wire[each.name])
        for each in fields(Instalment)
        if each.name != "due_date"
    }
    return Instalment(due_date=date.fromisoformat(wire["due_date"]), **values)


def _decimal(wire: str | None) -> Decimal | None:
    return None if wire is None else Decimal(wire)
