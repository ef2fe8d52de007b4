"""Catalogues and items, made over HTTP."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from api.core.clock import today
from tests.callers import Caller

_numbers = itertools.count(1)


def catalogue_wish(**changes: Any) -> dict[str, Any]:
    """A catalogue in soles, valid a year from yesterday, delivered to San Martín and Ucayali."""
    day = today()
    return {
        "name": "Campaña",
        "currency": "PEN",
        "valid_from": str(day - timedelta(days=1)),
        "valid_until": str(day + timedelta(days=365)),
        "coverage": ["22", "25"],
        **changes,
    }


def item_wish(**changes: Any) -> dict[str, Any]:
    """A bag of 50 kg of urea at S/ 120.00, made to order, with a SKU of its own."""
    return {
        "sku": f"SKU-{next(_numbers)}",
        "name": "Urea agrícola 46 % N",
        "description": "Fertilizante nitrogenado granulado",
        "category": "fertilizer",
        "unit": "KGM",
        "pack_size": "50",
        "price": "120.00",
        **changes,
    }


async def new_catalogue(
    supplier: Caller,
    items: Sequence[dict[str, Any]] | None = None,
    *,
    published: bool = True,
    **changes: Any,
) -> dict[str, Any]:
    """A catalogue of ``supplier``, published unless told otherwise; the document, with ``items``.

    ``items`` are changes to ``item_wish``, one dict per item; default is one item. ``changes``
    are changes to ``catalogue_wish``.
    """
    catalogue = await supplier.make("/v1/catalogues", catalogue_wish(**changes))
    path = f"/v1/catalogues/{catalogue['id']}"
    made = [
        await supplier.make(f"{path}/items", item_wish(**item))
        for item in ([{}] if items is None else items)
    ]
    if published:
        catalogue = await supplier.make(f"{path}/publish")
    return {**catalogue, "items": made}
