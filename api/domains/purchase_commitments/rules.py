"""What makes a commitment sound, and how much of it can be pledged. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from api.core.problems import FieldError
from api.domains.purchase_commitments.states import PurchaseCommitmentState
from api.domains.purchase_commitments.vocabulary import PriceKind

STANDING: Final = frozenset({PurchaseCommitmentState.SIGNED, PurchaseCommitmentState.IN_FULFILMENT})
"""States in which the promise binds: it can be pledged, shipped against, broken."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Price and window of a commitment; money per kg of dry cocoa.

    ``price`` is the price itself (fixed) or the differential to the exchange reference, which may
    be below zero. ``currencies`` are those of every amount given.
    """

    price_kind: PriceKind
    price: Decimal
    floor_price: Decimal | None
    currencies: frozenset[str]
    window_from: date
    window_until: date


def reasons_incoherent(promise: Promise) -> list[FieldError]:
    """Why the promise contradicts itself; empty where it does not."""
    return list(_faults(promise))


def is_over(window_until: date, today: date) -> bool:
    """Whether the window has passed: the last day still counts."""
    return today > window_until


def free_kg(kg_dry: Decimal, pledged_kg: Decimal) -> Decimal:
    """What of a commitment can still be pledged."""
    return kg_dry - pledged_kg


def _faults(promise: Promise) -> Iterable[FieldError]:
    if len(promise.currencies) > 1:
        yield _reason(
            "/price/currency", "currencies-differ",
            "Precio, piso y premio van en una sola moneda.",
            "Price, floor and premium are in one currency.",
        )  # fmt: skip
    if promise.price_kind is PriceKind.FIXED and promise.price <= 0:
        yield _reason(
            "/price/amount", "price-not-positive",
            "Un precio fijo es mayor que cero.", "A fixed price is above zero.",
        )  # fmt: skip
    if promise.price_kind is PriceKind.FIXED and promise.floor_price is not None:
        yield _reason(
            "/floor_price", "floor-of-fixed-price",
            "Un precio fijo no lleva piso.", "A fixed price has no floor.",
        )  # fmt: skip
    if promise.window_until < promise.window_from:
        yield _reason(
            "/window_until", "dates-inverted",
            "La ventana termina antes de empezar.", "The window ends before it starts.",
        )  # fmt: skip


def _reason(pointer: str, code: str, es: str, en: str) -> FieldError:
    return FieldError(pointer, code, {"es": es, "en": en})


WINDOW_OVER: Final = _reason(
    "/window_until", "window-over",
    "La ventana de entrega ya pasó.", "The delivery window has passed.",
)  # fmt: skip
OUTSIDE_WINDOW: Final = _reason(
    "/shipped_on", "outside-window",
    "El compromiso no cubre ese día; se puede enviar sin nombrarlo.",
    "The commitment does not cover that day; it can be shipped without naming it.",
)  # fmt: skip
OWN_CLUSTER: Final = _reason(
    "/cluster_id", "own-cluster",
    "Un compromiso garantiza el mercado solo si compra otra organización.",
    "A commitment is a market guarantee only where another organisation buys.",
)  # fmt: skip
NOT_ENOUGH_LEFT: Final = _reason(
    "/pledged_kg", "commitment-exhausted",
    "Supera los kilos del compromiso que quedan sin prendar.",
    "It exceeds the kilos of the commitment that are not pledged yet.",
)  # fmt: skip
NOT_ALL_SHIPPED: Final = _reason(
    "/shipped_kg", "not-all-shipped",
    "Aún no se embarcaron todos los kilos prometidos.",
    "Not all promised kilos have been shipped yet.",
)  # fmt: skip
