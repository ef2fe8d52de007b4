"""Queries. A consent shows itself to the producer's organisation and to its recipient."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Subquery,
    Text,
    Uuid,
    any_,
    bindparam,
    exists,
    insert,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from api.core.documents import Query, document, instant
from api.core.paging import Listing
from api.domains.consents.rules import ConsentFacts
from api.domains.consents.states import ConsentState
from api.domains.consents.vocabulary import Purpose
from api.domains.organizations.states import OrganizationState
from api.models.consents import Consent, DataAccess
from api.models.organizations import Organization
from api.models.producers import Producer
from api.reads import Reader
from api.transactions import UnitOfWork

_c = Consent.__table__.c  # type: ignore[attr-defined]
_a = DataAccess.__table__.c  # type: ignore[attr-defined]
_p = Producer.__table__.c  # type: ignore[attr-defined]

PURPOSE: Final = bindparam("purpose", type_=Text())
_TODAY: Final = bindparam("today", type_=Date())
_addressed = or_(
    _c.recipient_organization_id == bindparam("actor"),
    _c.recipient_role == any_(bindparam("roles", type_=ARRAY(Text()))),
)
_visible = or_(_c.organization_id == bindparam("actor"), _addressed)

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    producer_id=_c.producer_id,
    purpose=_c.purpose,
    recipient_organization_id=_c.recipient_organization_id,
    recipient_role=_c.recipient_role,
    text_version=_c.text_version,
    text_hash=_c.text_hash,
    channel=_c.channel,
    evidence_hash=_c.evidence_hash,
    valid_from=_c.valid_from,
    valid_until=_c.valid_until,
    state=_c.state,
    revoked_at=instant(_c.revoked_at),
)
CONSENT: Final = Query(select(SHAPE, _c.version).where(_c.id == bindparam("consent_id"), _visible))
CONSENTS: Final = Listing(
    "consents",
    select(SHAPE).where(_visible),
    order=[_c.id],
    filters={
        "producer_id": _c.producer_id == bindparam("producer_id"),
        "purpose": _c.purpose == bindparam("purpose"),
        "state": _c.state == bindparam("state"),
    },
)
ACCESSES: Final = Listing(
    "accesses",
    select(
        document(
            id=_a.id,
            producer_id=_a.producer_id,
            organization_id=_a.organization_id,
            client_id=_a.client_id,
            purpose=_a.purpose,
            consent_id=_a.consent_id,
            operation=_a.operation,
            accessed_at=instant(_a.accessed_at),
        )
    )
    .join(_p.id.table, _p.id == _a.producer_id)
    .where(
        or_(_p.id == bindparam("producer_id"), _p.merged_into == bindparam("producer_id")),
        _p.organization_id == bindparam("actor"),
    ),
    order=[_a.id],
    descending=True,
    filters={
        "organization_id": _a.organization_id == bindparam("organization_id"),
        "purpose": _a.purpose == bindparam("purpose"),
    },
)
"""Reads of a producer, and of the registrations that the producer stands for."""


def _covering(purpose: Any) -> tuple[Any, ...]:
    """What ``rules.covers`` says, as conditions on a row; both are held together by a test."""
    return (
        _c.purpose == purpose,
        _c.state == ConsentState.GRANTED,
        _TODAY.between(_c.valid_from, _c.valid_until),
        _addressed,
    )


def in_force() -> Subquery:
    """Per producer one consent that covers the actor today for the stated purpose: columns
    ``producer_id``, ``consent_id``; a consent to the organisation itself goes before one to a role.

    For statements that page over other organisations' producers; bind ``purpose``.
    """
    return (
        select(_c.producer_id, _c.id.label("consent_id"))
        .ext(distinct_on(_c.producer_id))
        .where(*_covering(PURPOSE))
        .order_by(_c.producer_id, _c.recipient_organization_id.is_(None), _c.id)
        .subquery("in_force")
    )


def consented_to_actor(producer_id: Any, purpose: Purpose) -> Any:
    """A condition for statements of other rooms: a consent of the producer in this column covers
    the actor today for one fixed purpose.
    """
    return exists().where(_c.producer_id == producer_id, *_covering(purpose))


def covering(producer_id: Any, purpose: Purpose) -> Any:
    """The same as a value: the consent that covers the actor, NULL where there is none; one to the
    organisation itself goes before one to a role.
    """
    return (
        select(_c.id)
        .where(_c.producer_id == producer_id, *_covering(purpose))
        .order_by(_c.recipient_organization_id.is_(None), _c.id)
        .limit(literal_column("1"))
        .scalar_subquery()
    )


_FACTS: Final = (
    _c.purpose,
    _c.recipient_organization_id,
    _c.recipient_role,
    _c.valid_from,
    _c.valid_until,
    _c.state,
)
_OF_PRODUCERS: Final = (
    select(_c.producer_id, _c.id, *_FACTS)
    .where(
        _c.producer_id == any_(bindparam("producer_ids", type_=ARRAY(Uuid()))),
        _c.purpose == PURPOSE,
    )
    .order_by(_c.producer_id, _c.recipient_organization_id.is_(None), _c.id)
)
_OF_PRODUCERS_READ: Final = Query(_OF_PRODUCERS)
BEGUN: Final = Query(
    select(*_FACTS).where(
        _c.producer_id == bindparam("producer_id"), _addressed, _c.valid_from <= _TODAY
    )
)
"""The consents of a producer that are or were addressed to the actor."""


def facts_of(row: Any) -> ConsentFacts:
    """The facts of a consent from a row of either driver that names them."""
    return ConsentFacts(
        Purpose(row["purpose"]),
        row["recipient_organization_id"],
        row["recipient_role"],
        row["valid_from"],
        row["valid_until"],
        ConsentState(row["state"]),
    )


async def of_producers(
    source: Reader | UnitOfWork, producer_ids: Collection[UUID], purpose: str
) -> list[Any]:
    """The consents of these producers for one purpose: ``producer_id``, ``id`` and the facts."""
    values = {"producer_ids": list(producer_ids), "purpose": purpose}
    if isinstance(source, Reader):
        return await source.rows(_OF_PRODUCERS_READ, **values)
    return list((await source.execute(_OF_PRODUCERS, values)).mappings())


async def own_producer(uow: UnitOfWork, producer_id: UUID) -> Producer | None:
    """A producer of the actor's organisation, locked: its consents are decided one by one."""
    return await uow.locked(Producer, producer_id, _p.organization_id == uow.actor.organization_id)


async def is_verified(uow: UnitOfWork, organization_id: UUID) -> bool:
    """Whether there is such an organisation and the operator has verified it."""
    organization = await uow.find(Organization, Organization.id == organization_id)
    return organization is not None and organization.state is OrganizationState.VERIFIED


async def own_for_update(uow: UnitOfWork, consent_id: UUID) -> Consent | None:
    """A consent that the actor's organisation recorded, locked."""
    return await uow.locked(Consent, consent_id, _c.organization_id == uow.actor.organization_id)


async def granted_for_update(uow: UnitOfWork, producer_ids: Collection[UUID]) -> list[Consent]:
    """The consents of these producers that nobody has revoked, locked in the order of their ids."""
    granted = (_c.producer_id.in_(producer_ids), _c.state == ConsentState.GRANTED)
    statement = select(Consent).where(*granted).order_by(_c.id).with_for_update()
    return [row for (row,) in await uow.rows(statement)]


async def add_accesses(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Write the access log."""
    await uow.execute(insert(DataAccess), rows)
