"""Whole sets of persons and registrations, in one statement each."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, func, literal, or_, select, text

from api.core.clock import now
from api.core.ids import new_id
from api.models.producers import Producer
from api.transactions import UnitOfWork

Document = tuple[str, str]
"""Type and number."""

_p = Producer.__table__.c  # type: ignore[attr-defined]
_NEW: Final = text(
    "INSERT INTO persons (id, version, created_at, updated_at, document_type, document_number)"
    " SELECT id, 1, :now, :now, kind, number FROM unnest(:ids, :kinds, :numbers)"
    " AS new(id, kind, number) ORDER BY kind, number ON CONFLICT DO NOTHING"
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid())),
    bindparam("kinds", type_=ARRAY(Text())),
    bindparam("numbers", type_=ARRAY(Text())),
)


_KNOWN: Final = text(
    "SELECT p.document_type, p.document_number, p.id FROM persons AS p"
    " JOIN unnest(:kinds, :numbers) AS wanted(kind, number)"
    " ON p.document_type = wanted.kind AND p.document_number = wanted.number"
    " ORDER BY p.document_type, p.document_number FOR UPDATE OF p"
).bindparams(
    bindparam("kinds", type_=ARRAY(Text())),
    bindparam("numbers", type_=ARRAY(Text())),
)


async def persons(uow: UnitOfWork, documents: Collection[Document]) -> dict[Document, UUID]:
    """The persons known by these documents, locked in the documents' order."""
    wanted = sorted(documents)
    values: dict[str, Any] = {
        "kinds": [kind for kind, _ in wanted],
        "numbers": [number for _, number in wanted],
    }
    found = await uow.execute(_KNOWN, values)
    return {(kind, number): person_id for kind, number, person_id in found}


async def add_persons(uow: UnitOfWork, documents: Collection[Document]) -> dict[Document, UUID]:
    """The persons with these documents, made where there is none."""
    new = sorted(documents)
    values: dict[str, Any] = {
        "ids": [new_id() for _ in new],
        "kinds": [kind for kind, _ in new],
        "numbers": [number for _, number in new],
        "now": now(),
    }
    await uow.execute(_NEW, values)
    return await persons(uow, documents)


async def own(
    uow: UnitOfWork, person_ids: Collection[UUID], codes: Collection[str]
) -> list[Producer]:
    """The organisation's registrations of these persons or with these codes, locked."""
    statement = (
        select(Producer)
        .where(
            _p.organization_id == uow.actor.organization_id,
            or_(
                _p.person_id.in_(select(func.unnest(literal(list(person_ids), ARRAY(Uuid()))))),
                _p.external_id.in_(select(func.unnest(literal(list(codes), ARRAY(Text()))))),
            ),
        )
        .order_by(_p.id)
        .with_for_update()
    )
    return [row for (row,) in await uow.rows(statement)]


async def ids_in_use(uow: UnitOfWork, ids: Collection[UUID]) -> set[UUID]:
    """Which of these ids are taken, whoever has them."""
    wanted = any_(literal(list(ids), ARRAY(Uuid())))
    return {row[0] for row in await uow.rows(select(_p.id).where(_p.id == wanted))}
