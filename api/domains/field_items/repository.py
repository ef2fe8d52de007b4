"""How each kind is read back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import orjson

from api.core.documents import Query
from api.domains.deliveries.repository import DELIVERY
from api.domains.field_items.vocabulary import FieldKind
from api.domains.plots.repository import PLOT
from api.domains.producers.repository import PRODUCER
from api.domains.visits.repository import VISIT
from api.transactions import UnitOfWork

READ: Final[Mapping[FieldKind, tuple[Query, str]]] = MappingProxyType({
    FieldKind.PRODUCER: (PRODUCER, "producer_id"),
    FieldKind.PLOT: (PLOT, "plot_id"),
    FieldKind.VISIT: (VISIT, "visit_id"),
    FieldKind.DELIVERY: (DELIVERY, "delivery_id"),
})  # fmt: skip
"""The document that an organisation reads of its own, and the name of the id."""


async def standing(uow: UnitOfWork, kind: FieldKind, item_id: UUID) -> dict[str, Any] | None:
    """The thing as this transaction has it; None where the actor has none with this id."""
    query, name = READ[kind]
    await uow.session.flush()
    found = await uow.fetch(query, **{name: item_id, "purpose": None})
    document: dict[str, Any] | None = orjson.loads(found[0][0]) if found else None
    return document
