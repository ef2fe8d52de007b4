"""What may be published, and where it is delivered."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from api.core.money import quantize, quantize_money
from api.core.problems import FieldError, Text
from api.domains.catalogues.vocabulary import Category, SenasaStatus

MUST_BE_REGISTERED: Final = frozenset({Category.BIOLOGICAL})
"""Categories that are sold only with a SENASA registration (DS 001-2015-MINAGRI covers pesticides,
biological ones among them; fertilizers are outside it). An item of any other category that carries
a registration is held to it."""


@dataclass(frozen=True, slots=True)
class Registration:
    """An item's standing with SENASA; ``number`` is None where it has none."""

    sku: str
    category: Category
    number: str | None
    status: SenasaStatus | None
    valid_until: date | None


def narrowest_cover(prefixes: Iterable[str]) -> list[str]:
    """UBIGEO prefixes without repetition and without those that a shorter one covers, sorted."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not any(prefix.startswith(shorter) for shorter in kept):
            kept.append(prefix)
    return kept


def sku_faults(skus: Sequence[str], known: Container[str]) -> list[FieldError]:
    """SKUs that the catalogue does not have or that are named twice, by their position."""
    first: dict[str, int] = {}
    faults = []
    for index, sku in enumerate(skus):
        code = "sku-unknown" if sku not in known else "sku-repeated" if sku in first else None
        first.setdefault(sku, index)
        if code:
            faults.append(FieldError(f"/items/{index}/sku", code, _SKU_TEXTS[code]))
    return faults


_SKU_TEXTS: Final[dict[str, Text]] = {
    "sku-unknown": {
        "es": "El catálogo no tiene un artículo con ese SKU.",
        "en": "The catalogue has no item with that SKU.",
    },
    "sku-repeated": {
        "es": "El SKU ya está en esta lista.",
        "en": "The SKU stands in this list already.",
    },
}


def terms_faults(coverage: Iterable[str], prefixes: Sequence[str]) -> list[FieldError]:
    """Delivery terms for places where nothing is delivered, by their position."""
    places = list(coverage)
    return [
        FieldError(f"/delivery_terms/{index}/ubigeo_prefix", "outside-coverage", {
            "es": "El catálogo no cubre ese lugar.",
            "en": "The catalogue does not cover that place.",
        })
        for index, prefix in enumerate(prefixes)
        if not any(prefix.startswith(place) or place.startswith(prefix) for place in places)
    ]  # fmt: skip


def registration_fault(item: Registration, day: date) -> FieldError | None:
    """Why an item may not be sold on a day, or None."""
    pointer = f"/items/{item.sku}"
    if item.number is None:
        if item.category not in MUST_BE_REGISTERED:
            return None
        return FieldError(pointer, "registration-missing", {
            "es": "Esta categoría se vende solo con registro SENASA.",
            "en": "This category is sold only with a SENASA registration.",
        })  # fmt: skip
    if item.status is not SenasaStatus.VALID:
        return FieldError(pointer, "registration-not-valid", {
            "es": "El registro SENASA está suspendido o cancelado.",
            "en": "The SENASA registration is suspended or cancelled.",
        })  # fmt: skip
    if item.valid_until is not None and item.valid_until < day:
        return FieldError(pointer, "registration-expired", {
            "es": "El registro SENASA venció.",
            "en": "The SENASA registration has expired.",
        })  # fmt: skip
    return None


def publication_faults(
    *, items: int, valid_until: date, registrations: Iterable[Registration], day: date
) -> list[FieldError]:
    """Every reason why a catalogue may not be published on a day; none: it may."""
    faults = []
    if not items:
        faults.append(FieldError("/items", "catalogue-empty", {
            "es": "El catálogo no tiene artículos.",
            "en": "The catalogue has no items.",
        }))  # fmt: skip
    if valid_until < day:
        faults.append(FieldError("/valid_until", "catalogue-expired", {
            "es": "La vigencia del catálogo ya terminó.",
            "en": "The catalogue's validity is over.",
        }))  # fmt: skip
    return faults + [f for r in registrations if (f := registration_fault(r, day))]


def unit_price(
    price: Decimal, tiers: Sequence[tuple[Decimal, Decimal]], quantity: Decimal
) -> Decimal:
    """The price of one pack when ``quantity`` packs are bought.

    ``tiers`` are (least quantity, price); the one with the largest least quantity that is reached
    applies, else the list price.
    """
    reached = [tier for tier in tiers if tier[0] <= quantity]
    return max(reached)[1] if reached else price


@dataclass(frozen=True, slots=True)
class Cost:
    """What packs cost: the price of one, of all, with freight; and that by the item's unit."""

    unit_price: Decimal
    amount: Decimal
    delivered_amount: Decimal
    delivered_unit_price: Decimal


def delivered_cost(
    price: Decimal,
    tiers: Sequence[tuple[Decimal, Decimal]],
    *,
    quantity: Decimal,
    pack_size: Decimal,
    freight: Decimal,
) -> Cost:
    """What ``quantity`` packs cost with one delivery; per unit to four decimals.

    The search computes the same in SQL; this is its definition.
    """
    each = unit_price(price, tiers, quantity)
    amount = quantize_money(quantity * each)
    delivered = amount + freight
    return Cost(each, amount, delivered, quantize(delivered / (quantity * pack_size), _PER_UNIT))


_PER_UNIT: Final = Decimal("0.0001")
