"""What a delivery must add up to, and what plots can yield."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

MOST_KG_DRY_PER_HA: Final = Decimal(2500)
"""A year's dry kilos per hectare that no ordinary plot exceeds: three times the upper end of the
national mean of 800-950 kg/ha. A default for the operator to replace, not an official bound."""
DRY_SHARE_OF_WET: Final = Decimal("0.45")
"""Upper end of the plausible wet-to-dry band 0.33-0.45: how much dry cocoa wet beans can stand
for at most."""
CENTIMO: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a delivery is refused: the pointer, the code, the sentences."""

    pointer: str
    code: str
    es: str
    en: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A purchase as its paper tells it: from whom, and what was weighed at which price."""

    producer_id: UUID
    weighed: tuple[object, ...]


def reason_against_document(
    paper: Paper, known: Iterable[Paper], *, of_one_producer: bool
) -> Reason | None:
    """A paper may stand for several weighings, but for each once; and a liquidación de compra,
    which the buyer issues, for one producer.
    """
    for other in known:
        if other == paper:
            return Reason(
                "/document_number",
                "already-recorded",
                "esta compra ya está registrada con ese documento",
                "this purchase is recorded with that document already",
            )
        if of_one_producer and other.producer_id != paper.producer_id:
            return Reason(
                "/document_number",
                "document-of-another",
                "ese documento es de una compra a otro productor",
                "that document is of a purchase from another producer",
            )
    return None


def price_of(net_kg: Decimal, price_per_kg: Decimal, premium_per_kg: Decimal) -> Decimal:
    """What the producer is owed: kilos times price and premium, half a céntimo rounded up."""
    return (net_kg * (price_per_kg + premium_per_kg)).quantize(CENTIMO, ROUND_HALF_UP)


def dry_equivalent(kg: Decimal, *, wet: bool) -> Decimal:
    """The most dry kilos that a weight stands for."""
    return kg * DRY_SHARE_OF_WET if wet else kg


def reasons_against_weights(
    gross_kg: Decimal, tare_kg: Decimal, plots: Mapping[str, Decimal]
) -> list[Reason]:
    """Net must be positive, and the plots' kilos must be all of it."""
    net = gross_kg - tare_kg
    if net <= 0:
        return [
            Reason(
                "/tare_kg",
                "nothing-left",
                "la tara deja cero kilos o menos",
                "the tare leaves no kilos",
            )
        ]
    total = sum(plots.values(), Decimal(0))
    if total != net:
        return [
            Reason(
                "/plots",
                "kilos-do-not-add-up",
                f"las parcelas suman {total} kg y el neto es {net} kg",
                f"the plots add up to {total} kg and the net weight is {net} kg",
            )
        ]
    return []


def reason_against_yield(
    index: int, area_ha: Decimal, before_kg_dry: Decimal, now_kg_dry: Decimal
) -> Reason | None:
    """Whether a plot would yield more in twelve months than its area can."""
    most = area_ha * MOST_KG_DRY_PER_HA
    if before_kg_dry + now_kg_dry <= most:
        return None
    left = max(most - before_kg_dry, Decimal(0)).quantize(Decimal("0.001"))
    return Reason(
        f"/plots/{index}/kg",
        "beyond-plausible-yield",
        f"supera lo que la parcela puede rendir en doce meses; quedan {left} kg secos",
        f"beyond what the plot can yield in twelve months; {left} kg dry are left",
    )
