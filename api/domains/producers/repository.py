"""Queries. An organisation sees its own producers; others' through a consent in force."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import (
    ARRAY,
    Text,
    Uuid,
    all_,
    and_,
    any_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert

from api.core.clock import now
from api.core.documents import Query, document, instant
from api.core.ids import new_id
from api.core.paging import Listing
from api.core.problems import FieldError
from api.domains.consents.repository import PURPOSE, in_force
from api.domains.producers.problems import PersonalDataErased
from api.domains.producers.rules import DISCLOSED
from api.domains.producers.states import ProducerState
from api.domains.producers.vocabulary import DocumentType
from api.models.clusters import ClusterMember
from api.models.orders import DeliveryContact
from api.models.plots import PlotOverlap
from api.models.producers import Person, Producer
from api.transactions import UnitOfWork

_p = Producer.__table__.c  # type: ignore[attr-defined]
_i = Person.__table__.c  # type: ignore[attr-defined]
_m = ClusterMember.__table__.c  # type: ignore[attr-defined]
_own = _p.organization_id == bindparam("actor")
_consent = in_force()


def _shown(field: str, value: Any) -> Any:
    """A personal field: one's own always, another's where the stated purpose needs it."""
    purposes = [purpose.value for purpose, fields in DISCLOSED.items() if field in fields]
    needed = any_(literal(purposes, ARRAY(Text()))) == PURPOSE
    # Of a merged registration others learn which one stands for it, and read that.
    stands = _p.state != ProducerState.MERGED
    return case((or_(_own, and_(needed, stands)), value), else_=null())


_document: Final = case(
    (_i.document_number.is_not(None), document(type=_i.document_type, number=_i.document_number)),
    else_=null(),
)


def _shape(disclosure: Any) -> Any:
    return document(
        id=_p.id,
        version=_p.version,
        created_at=instant(_p.created_at),
        updated_at=instant(_p.updated_at),
        organization_id=_p.organization_id,
        state=_p.state,
        merged_into=_p.merged_into,
        document=_shown("document", _document),
        given_names=_shown("given_names", _p.given_names),
        family_names=_shown("family_names", _p.family_names),
        birth_year=_shown("birth_year", _p.birth_year),
        sex=_shown("sex", _p.sex),
        language=_shown("language", _p.language),
        phone=_shown("phone", _p.phone),
        ruc=_shown("ruc", _p.ruc),
        ubigeo=_p.ubigeo,
        association_status=_p.association_status,
        external_id=_shown("external_id", _p.external_id),
        registered_on=_p.registered_on,
        captured_at=instant(_p.captured_at),
        disclosure=disclosure,
    )


_of_purpose = document(purpose=PURPOSE, consent_id=_consent.c.consent_id)
OWN_SHAPE: Final = _shape(null())
"""What an organisation sees of a producer of its own; bind ``purpose`` as None."""
_registered = select(OWN_SHAPE).join(_i.id.table, _i.id == _p.person_id).where(_own)
_disclosed = select(_shape(_of_purpose)).join(_i.id.table, _i.id == _p.person_id)

PRODUCER: Final = Query(
    _registered.add_columns(_p.version).where(_p.id == bindparam("producer_id"))
)
"""One's own; bind ``purpose`` as None."""

DISCLOSED_PRODUCER: Final = Query(
    select(
        _shape(case((_own, null()), else_=_of_purpose)),
        # Another's has no ETag: each of its reads is a read, and leaves a trace.
        case((_own, _p.version), else_=0),
    )
    .join(_i.id.table, _i.id == _p.person_id)
    .outerjoin(_consent, _consent.c.producer_id == func.coalesce(_p.merged_into, _p.id))
    .where(_p.id == bindparam("producer_id"), or_(_own, _consent.c.consent_id.is_not(None)))
)
"""One's own, or another's for a purpose; consents of who was merged are the survivor's."""

_filters: Final = {
    "q": _p.search_name.like(all_(bindparam("q", type_=ARRAY(Text())))),
    "state": _p.state == bindparam("state"),
    # The code is the registering organisation's own: nobody else finds a producer by it.
    "external_id": and_(_own, _p.external_id == bindparam("external_id")),
    "organization_id": _p.organization_id == bindparam("organization_id"),
    "cluster_id": exists().where(
        _m.cluster_id == bindparam("cluster_id"),
        _m.producer_id == _p.id,
        _m.joined_on <= bindparam("today"),
        or_(_m.left_on.is_(None), _m.left_on > bindparam("today")),
    ),
}
PRODUCERS: Final = Listing("producers", _registered, order=[_p.id], filters=_filters)
DISCLOSED_PRODUCERS: Final = Listing(
    "disclosed_producers",
    _disclosed.join(_consent, _consent.c.producer_id == _p.id).where(~_own),
    order=[_p.id],
    filters=_filters,
)


async def person_for_update(uow: UnitOfWork, kind: DocumentType, number: str) -> Person:
    """The person with this document, made if there is none, locked until the end.

    Everybody who registers the document waits here for everybody else who does.
    """
    new = {"document_type": kind, "document_number": number, "version": 1}
    values = {**new, "id": new_id(), "created_at": now(), "updated_at": now()}
    statement = select(Person).where(_i.document_type == kind, _i.document_number == number)
    found: list[Any] = []
    while not found:  # A correction elsewhere may take away the person we have just waited for.
        await uow.execute(insert(Person).values(values).on_conflict_do_nothing())
        found = await uow.rows(statement.with_for_update())
    person: Person = found[0][0]
    return person


async def forget_unregistered(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete a person whom no organisation has registered any more: a mistyped document."""
    await uow.locked(Person, person_id)
    await uow.session.flush()
    registered = exists().where(_p.person_id == person_id)
    await uow.execute(delete(_i.id.table).where(_i.id == person_id, ~registered))


async def own_registration(uow: UnitOfWork, person_id: UUID) -> UUID | None:
    """The id of the registration that stands for the person with the actor's organisation."""
    statement = (
        select(func.coalesce(_p.merged_into, _p.id))
        .where(
            _p.person_id == person_id,
            _p.organization_id == uow.actor.organization_id,
            _p.state != ProducerState.ERASED,
        )
        .order_by(_p.merged_into.is_not(None))
        .limit(1)
    )
    found = await uow.rows(statement)
    return found[0][0] if found else None


async def document_of(uow: UnitOfWork, producer: Producer) -> Person:
    """The person of a registration that has not ended, by whose document it is known."""
    found: Person = (await uow.rows(select(Person).where(_i.id == producer.person_id)))[0][0]
    return found


async def own_for_update(uow: UnitOfWork, producer_id: UUID) -> Producer | None:
    """A producer of the actor's organisation, locked."""
    return await uow.locked(Producer, producer_id, _p.organization_id == uow.actor.organization_id)


async def merged_into(uow: UnitOfWork, producer_id: UUID) -> list[Producer]:
    """The registrations for which a producer stands, locked in the order of their ids."""
    return await _locked(uow, Producer, _p.merged_into == producer_id)


async def is_erased(uow: UnitOfWork, producer_id: UUID) -> bool:
    """Whether the person was erased, with whatever registrations stood for them."""
    statement = select(_p.id).join(_i.id.table, _i.id == _p.person_id)
    gone = (_p.id == producer_id, _i.erased_at.is_not(None))
    return bool(await uow.rows(statement.where(*gone)))


async def about(uow: UnitOfWork, table: Any, producer_ids: Collection[UUID]) -> list[Any]:
    """All rows of a table about these producers (plots, visits, requests), locked."""
    return await _locked(uow, table, table.producer_id.in_(producer_ids))


async def forget_contacts(uow: UnitOfWork, producer_ids: Collection[UUID]) -> None:
    """Delete what orders still hold of these producers to deliver to them."""
    found = DeliveryContact.__table__.c  # type: ignore[attr-defined]
    await uow.execute(delete(found.id.table).where(found.producer_id.in_(producer_ids)))


async def noted_overlaps(uow: UnitOfWork, plot_ids: Collection[UUID]) -> list[PlotOverlap]:
    """The overlaps of these plots that somebody wrote a note on, locked."""
    found = PlotOverlap.__table__.c  # type: ignore[attr-defined]
    theirs = or_(found.plot_id.in_(plot_ids), found.other_plot_id.in_(plot_ids))
    return await _locked(uow, PlotOverlap, theirs, found.note.is_not(None))


async def _locked(uow: UnitOfWork, table: Any, *conditions: Any) -> list[Any]:
    statement = select(table).where(*conditions).order_by(table.id).with_for_update(of=table)
    return [row for (row,) in await uow.rows(statement)]


_EMPTY_ANSWERS: Final = text(
    "UPDATE idempotency_keys SET status = :status, headers = '{}', body = ''"
    " WHERE EXISTS (SELECT FROM unnest(CAST(:needles AS bytea[])) AS needle"
    " WHERE position(needle IN body) > 0)"
)


async def empty_answers(uow: UnitOfWork, ids: Collection[UUID]) -> None:
    """Empty the kept answers that name any of these. The keys stay, so that a retry does nothing
    twice: it is told that the answer is gone.
    """
    needles = [str(row_id).encode() for row_id in ids]
    await uow.execute(_EMPTY_ANSWERS, {"needles": needles, "status": PersonalDataErased.status})


_FORGET_ITEMS: Final = text(
    "DELETE FROM field_batch_items WHERE subject_id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Uuid())))


async def forget_items(uow: UnitOfWork, ids: Collection[UUID]) -> None:
    """Delete the fingerprints of what field apps sent about these: they were made of it."""
    await uow.execute(_FORGET_ITEMS, {"ids": list(ids)})


_FORGET_FILES: Final = text(
    "WITH gone AS (DELETE FROM import_files AS f USING imports AS i"
    " WHERE i.id = f.import_id AND i.organization_id = :organization_id RETURNING f.import_id)"
    " UPDATE imports SET state = :state, errors = CAST(:errors AS jsonb), version = version + 1,"
    " updated_at = :now WHERE id IN (SELECT import_id FROM gone)"
)


async def forget_waiting_files(uow: UnitOfWork, state: str, fault: FieldError) -> None:
    """Delete the organisation's files that wait to be imported: nobody can tell whom they name. One
    that is being imported is waited for, so this comes before anything else is locked.
    """
    told = [{"field": "", "code": fault.code, **fault.detail}]
    values = {
        "organization_id": uow.actor.organization_id,
        "state": state,
        "errors": orjson.dumps(told).decode(),
        "now": now(),
    }
    await uow.execute(_FORGET_FILES, values)


_FORGET_CODES: Final = text(
    "UPDATE import_rows AS r SET external_id = NULL FROM imports AS i"
    " WHERE i.id = r.import_id AND i.organization_id = :organization_id"
    " AND r.external_id = ANY(:codes)"
).bindparams(bindparam("codes", type_=ARRAY(Text())))


async def forget_imported_codes(uow: UnitOfWork, codes: Collection[str]) -> None:
    """Empty the organisation's own codes where rows of its files were refused under them."""
    values = {"organization_id": uow.actor.organization_id, "codes": list(codes)}
    await uow.execute(_FORGET_CODES, values)


OWN: Final = Query(select(_p.id).where(_p.id == bindparam("producer_id"), _own))
"""Whether a producer is the actor's own."""
ACTIVE: Final = Query(
    select(_p.id)
    .where(_p.id == bindparam("producer_id"), _own, _p.state == ProducerState.ACTIVE)
    .with_for_update(read=True)
)
"""The actor's own producer that has not ended, and does not until the transaction has."""
