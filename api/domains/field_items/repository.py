"""How each kind is read back, and whether somebody in it has been erased."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import select

from api.core.documents import Query
from api.domains.deliveries.repository import DELIVERY
from api.domains.field_items.vocabulary import FieldKind
from api.domains.plots.repository import PLOT
from api.domains.producers.repository import PRODUCER
from api.domains.visits.repository import VISIT
from api.models.producers import Person, Producer
from api.transactions import UnitOfWork

_p = Producer.__table__.c  # type: ignore[attr-defined]
_i = Person.__table__.c  # type: ignore[attr-defined]
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


async def is_erased(uow: UnitOfWork, producer_id: UUID) -> bool:
    """Whether the person was erased, with whatever registrations stood for them."""
    statement = select(_p.id).join(_i.id.table, _i.id == _p.person_id)
    gone = (_p.id == producer_id, _i.erased_at.is_not(None))
    return bool(await uow.rows(statement.where(*gone)))
