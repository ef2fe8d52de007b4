"""What may become a lot, and whose kilos it holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final
from uuid import UUID

from api.core.money import GRAM, allocate, quantize_kg

DRYING_BAND: Final = (Decimal("0.33"), Decimal("0.45"))
"""Plausible dry kilos per wet kilo (sector default; the operator may narrow it)."""
SHARE_STEP: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Source:
    """A delivery or lot that gives kilos: what is left of it, its form, whose cocoa it is, and the
    day from which on it was there.
    """

    unused_kg: Decimal
    form: str
    producers: frozenset[UUID]
    since: date


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a lot is refused: the pointer, the code, the sentences."""

    pointer: str
    code: str
    es: str
    en: str


def reasons_against_inputs(
    form: str, custody: str, drawn: Sequence[tuple[Source, Decimal]]
) -> list[Reason]:
    """Every input must have the kilos and the form; identity preserved means one producer."""
    reasons = []
    for index, (source, kg) in enumerate(drawn):
        if kg > source.unused_kg:
            reasons.append(
                Reason(
                    f"/inputs/{index}/kg",
                    "not-enough-kilos",
                    f"quedan {source.unused_kg} kg",
                    f"{source.unused_kg} kg are left",
                )
            )
        if source.form != form:
            reasons.append(
                Reason(
                    f"/inputs/{index}",
                    "other-form",
                    "un lote no mezcla cacao húmedo y seco",
                    "a lot does not mix wet and dry cocoa",
                )
            )
    producers = frozenset().union(*(source.producers for source, _ in drawn))
    if custody == "identity_preserved" and len(producers) > 1:
        reasons.append(
            Reason(
                "/custody",
                "more-than-one-producer",
                "identidad preservada exige un solo productor",
                "identity preserved means a single producer",
            )
        )
    return reasons


def reasons_against_day(
    made_on: date, today: date, sources: Iterable[Source], pointer: str = "/made_on"
) -> list[Reason]:
    """Nothing is made, or leaves, before what it is made of was there, nor on a day to come."""
    if made_on > today:
        return [Reason(pointer, "in-the-future", "la fecha es futura", "the day is to come")]
    there = max((source.since for source in sources), default=made_on)
    if made_on >= there:
        return []
    es, en = f"un origen es del {there}", f"a source is of {there}"
    return [Reason(pointer, "before-its-source", es, en)]


def reason_against_drying(wet_kg: Decimal, dry_kg: Decimal) -> Reason | None:
    """Dry kilos must lie within the band of the wet kilos."""
    least, most = (wet_kg * share for share in DRYING_BAND)
    if least <= dry_kg <= most:
        return None
    return Reason(
        "/dry_kg",
        "implausible-yield",
        f"de {wet_kg} kg húmedos salen entre {least:.3f} y {most:.3f} kg secos",
        f"{wet_kg} kg wet give between {least:.3f} and {most:.3f} kg dry",
    )


def shares(weights: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    """Parts of a whole, to six decimals, adding up to exactly 1.

    Rounded down; the steps that are missing go to the largest remainders, ties by id.
    """
    total = sum(weights.values(), Decimal(0))
    exact = {key: weight / total for key, weight in weights.items()}
    cut = {key: share.quantize(SHARE_STEP, ROUND_DOWN) for key, share in exact.items()}
    missing = int((1 - sum(cut.values(), Decimal(0))) / SHARE_STEP)
    by_remainder = sorted(exact, key=lambda key: (cut[key] - exact[key], key))
    for key in by_remainder[:missing]:
        cut[key] += SHARE_STEP
    return cut


def rounded(kilos: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    """Kilos to the gram, adding up to what they add up to."""
    total = quantize_kg(sum(kilos.values(), Decimal(0)))
    return dict(zip(kilos, allocate(total, list(kilos.values()), GRAM), strict=True))


Drawn = tuple[UUID | None, UUID | None, Fraction]
"""Kilos for a lot: from a delivery, or from another lot."""


def kilos_by_delivery(
    lot_id: UUID,
    inputs: Iterable[tuple[UUID, UUID | None, UUID | None, Decimal]],
    made: Mapping[UUID, Decimal] = MappingProxyType({}),
) -> dict[UUID, Decimal]:
    """How many of a lot's kilos stem from each delivery; or, where ``made`` tells how many kilos
    every lot had, how much of each delivery's own weight went into it, as it was before drying.

    ``inputs`` are (lot, delivery or None, source lot or None, kg) of the lot and all before it. A
    lot's kilos are alike, so drawing a part of it draws that part of all that went in.
    """
    into: dict[UUID, list[Drawn]] = {}
    for lot, delivery, source, kg in inputs:
        into.setdefault(lot, []).append((delivery, source, Fraction(kg)))
    content: dict[UUID, dict[UUID, Fraction]] = {}

    # By hand, not by recursion: cocoa may pass through any number of lots.
    waiting = [lot_id]
    while waiting:
        drawn = into.get(waiting[-1], [])
        before = [source for _, source, _ in drawn if source and source not in content]
        if before:
            waiting += before
        else:
            lot = waiting.pop()
            content[lot] = _per_kilo(drawn, content, made.get(lot))
    weight = Fraction(made[lot_id]) if lot_id in made else _weight(into.get(lot_id, []))
    return {
        delivery: Decimal((part * weight).numerator) / Decimal((part * weight).denominator)
        for delivery, part in content[lot_id].items()
    }


def _weight(drawn: Sequence[Drawn]) -> Fraction:
    return sum((kg for _, _, kg in drawn), Fraction(0))


def _per_kilo(
    drawn: Sequence[Drawn],
    content: Mapping[UUID, Mapping[UUID, Fraction]],
    made: Decimal | None,
) -> dict[UUID, Fraction]:
    """How much of each delivery is in a kilo of a lot, by what was drawn and what it made."""
    weight = _weight(drawn) if made is None else Fraction(made)
    found: dict[UUID, Fraction] = {}
    for delivery, source, kg in drawn:
        parts = {delivery: Fraction(1)} if delivery else content[source] if source else {}
        for key, part in parts.items():
            found[key] = found.get(key, Fraction(0)) + part * kg / weight
    return found
