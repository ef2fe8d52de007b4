"""What may become a lot, and whose kilos it holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

DRYING_BAND: Final = (Decimal("0.33"), Decimal("0.45"))
"""Plausible dry kilos per wet kilo (sector default; the operator may narrow it)."""
SHARE_STEP: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Source:
    """A delivery or lot that gives kilos: what is left of it, its form, whose cocoa it is."""

    unused_kg: Decimal
    form: str
    producers: frozenset[UUID]


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


def kilos_by_delivery(
    lot_id: UUID, inputs: Iterable[tuple[UUID, UUID | None, UUID | None, Decimal]]
) -> dict[UUID, Decimal]:
    """How much of each delivery's own weight ended up in a lot.

    ``inputs`` are (lot, delivery or None, source lot or None, kg) of the lot and all before it. A
    lot's kilos are alike, so drawing a part of it draws that part of all that went in.
    """
    into: dict[UUID, list[tuple[UUID | None, UUID | None, Fraction]]] = {}
    for lot, delivery, source, kg in inputs:
        into.setdefault(lot, []).append((delivery, source, Fraction(kg)))
    content: dict[UUID, dict[UUID, Fraction]] = {}

    def per_kilo(lot: UUID) -> dict[UUID, Fraction]:
        if lot not in content:
            weight = sum(kg for _, _, kg in into.get(lot, ()))
            drawn: dict[UUID, Fraction] = {}
            for delivery, source, kg in into.get(lot, ()):
                parts = {delivery: Fraction(1)} if delivery else per_kilo(source) if source else {}
                for key, part in parts.items():
                    drawn[key] = drawn.get(key, Fraction(0)) + part * kg / weight
            content[lot] = drawn
        return content[lot]

    weight = sum(kg for _, _, kg in into.get(lot_id, ()))
    return {
        delivery: Decimal((part * weight).numerator) / Decimal((part * weight).denominator)
        for delivery, part in per_kilo(lot_id).items()
    }
