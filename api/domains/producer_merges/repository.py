"""All rows that refer to a producer, locked in one order."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from api.domains.consents.states import ConsentState
from api.models.archetypes import ArchetypeAssignment
from api.models.base import Table, referring_to
from api.models.clusters import ClusterMember
from api.models.consents import Consent, DataAccess
from api.models.credit_applications import CreditApplication, CreditApplicationLine
from api.models.deliveries import Delivery
from api.models.farm_plans import FarmPlan
from api.models.plots import Plot
from api.models.producers import Producer
from api.models.readiness_reports import ReadinessReport
from api.transactions import UnitOfWork

STAY: Final = frozenset({ArchetypeAssignment, DataAccess, ReadinessReport})
"""What was said or done at a time, about the registration that it was said of."""
_APART: Final = frozenset({ClusterMember, Consent, Producer})
"""What cannot just change hands."""
_FIRST: Final = (CreditApplication, CreditApplicationLine, FarmPlan, Plot)
"""Applications before plans before plots, as those who change them lock them; deliveries last:
whoever records one holds its plots, and after these are held there can be no new one."""


def moving() -> Iterator[tuple[type[Table], str]]:
    """The tables whose rows change hands, each with the column that names the producer. A table
    that is added later does so, too, unless it is named here.
    """
    found = [pair for pair in referring_to("producers.id") if pair[0] not in STAY | _APART]
    place = {table: n for n, table in enumerate(_FIRST)}
    last = len(place)
    yield from sorted(
        found,
        key=lambda pair: (pair[0] is Delivery, place.get(pair[0], last), pair[0].__name__),
    )


async def pair_for_update(uow: UnitOfWork, *producer_ids: UUID) -> dict[UUID, Producer]:
    """Registrations of the actor's organisation, locked in the order of their ids.

    Rows that refer to them may be added meanwhile: who adds a delivery has its plots, and would
    otherwise wait for us while we wait for the plots.
    """
    mine = Producer.organization_id == uow.actor.organization_id
    rows = await locked(uow, Producer, Producer.id.in_(producer_ids), mine)  # type: ignore[attr-defined]
    return {row.id: row for row in rows}


async def merged_before(uow: UnitOfWork, producer_id: UUID) -> list[Producer]:
    """The registrations for which a producer has stood so far."""
    return await locked(uow, Producer, Producer.merged_into == producer_id)


async def naming(
    uow: UnitOfWork, table: type[Table], column: str, producer_ids: Collection[UUID]
) -> list[Any]:
    """The rows of a table that name one of these producers."""
    return await locked(uow, table, getattr(table, column).in_(producer_ids))


async def granted(uow: UnitOfWork, producer_id: UUID) -> list[Consent]:
    """The consents of a producer that nobody has revoked."""
    state: Any = Consent.state
    theirs: Any = Consent.producer_id == producer_id
    return await locked(uow, Consent, theirs, state == ConsentState.GRANTED)


async def locked(uow: UnitOfWork, table: type[Any], *conditions: Any) -> list[Any]:
    """Rows by id, locked for a change that leaves their keys alone."""
    statement = (
        select(table)
        .where(*conditions)
        .order_by(table.id)
        .with_for_update(of=table, key_share=True)
        .execution_options(populate_existing=True)
    )
    return [row for (row,) in await uow.rows(statement)]


def subjects_of(rows: Sequence[Any]) -> set[tuple[str, UUID]]:
    """By what names the ledger knows these rows."""
    return {
        (row.ledger_subject, getattr(row, row.ledger_key)) for row in rows if row.ledger_subject
    }


def parties_of(rows: Sequence[Any]) -> set[UUID]:
    """The organisations that these rows name."""
    names = ("organization_id", "lender_id", "recipient_organization_id")
    found = {getattr(row, name, None) for row in rows for name in names}
    return {party for party in found if party is not None}
