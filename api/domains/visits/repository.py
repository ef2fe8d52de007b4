"""Queries. A visit shows itself to who made it and to the producer's organisation; to others by a
consent in force, for the history of assistance without codes of staff and quarrels.
"""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, case, delete, null, or_, select

from api.core.documents import Query, children, document, instant
from api.core.paging import Listing
from api.domains.consents.repository import PURPOSE, in_force
from api.domains.visits.states import VisitState
from api.models.plots import Plot
from api.models.producers import Producer
from api.models.visits import Visit, VisitPlot
from api.transactions import UnitOfWork

_v = Visit.__table__.c  # type: ignore[attr-defined]
_vp = VisitPlot.__table__.c  # type: ignore[attr-defined]
_plot = Plot.__table__.c  # type: ignore[attr-defined]
_producer = Producer.__table__.c  # type: ignore[attr-defined]
_party = or_(
    _v.organization_id == bindparam("actor"), _v.producer_organization_id == bindparam("actor")
)
_consent = in_force()


def _to_parties(value: Any) -> Any:
    return case((_party, value), else_=null())


def _shape(disclosure: Any) -> Any:
    return document(
        id=_v.id,
        version=_v.version,
        created_at=instant(_v.created_at),
        updated_at=instant(_v.updated_at),
        organization_id=_v.organization_id,
        producer_organization_id=_v.producer_organization_id,
        producer_id=_v.producer_id,
        service_request_id=_to_parties(_v.service_request_id),
        state=_v.state,
        visited_on=_v.visited_on,
        technician_code=_to_parties(_v.technician_code),
        practice=_v.practice,
        finding=_v.finding,
        recommendation=_v.recommendation,
        plot_ids=children(_vp.plot_id, _vp.visit_id == _v.id, order_by=_vp.id),
        evidence=_v.evidence,
        next_visit_on=_v.next_visit_on,
        captured_at=instant(_v.captured_at),
        confirmed_on=_v.confirmed_on,
        confirmation_channel=_v.confirmation_channel,
        dispute_reason=_to_parties(_v.dispute_reason),
        disclosure=disclosure,
    )


_of_purpose = document(purpose=PURPOSE, consent_id=_consent.c.consent_id)
_this = _v.id == bindparam("visit_id")
_told = _v.state != VisitState.ANNULLED
"""What was annulled is nobody's history of assistance."""

VISIT: Final = Query(select(_shape(null()), _v.version).where(_this, _party))
DISCLOSED_VISIT: Final = Query(
    select(
        _shape(case((_party, null()), else_=_of_purpose)),
        # Another's has no ETag: each of its reads is a read, and leaves a trace.
        case((_party, _v.version), else_=0),
    )
    .outerjoin(_consent, _consent.c.producer_id == _v.producer_id)
    .where(_this, or_(_party, _consent.c.consent_id.is_not(None) & _told))
)
"""One's own, or another's for a purpose."""

_filters: Final = {
    "producer_id": _v.producer_id == bindparam("producer_id"),
    "plot_id": select(_vp.id)
    .where(_vp.visit_id == _v.id, _vp.plot_id == bindparam("plot_id"))
    .exists(),
    "service_request_id": _party & (_v.service_request_id == bindparam("service_request_id")),
    "organization_id": _v.organization_id == bindparam("organization_id"),
    "state": _v.state == bindparam("state"),
    "practice": _v.practice == bindparam("practice"),
    "visited_from": _v.visited_on >= bindparam("visited_from"),
    "visited_until": _v.visited_on <= bindparam("visited_until"),
    "next_visit_until": _v.next_visit_on <= bindparam("next_visit_until"),
}
VISITS: Final = Listing(
    "visits",
    select(_shape(null())).where(_party),
    order=[_v.id],
    descending=True,
    filters=_filters,
)
DISCLOSED_VISITS: Final = Listing(
    "disclosed_visits",
    select(_shape(_of_purpose))
    .join(_consent, _consent.c.producer_id == _v.producer_id)
    .where(~_party, _told),
    order=[_v.id],
    descending=True,
    filters=_filters,
)
PRODUCER_OF: Final = Query(select(_v.producer_id).where(_this))
"""Whose visit it is, whoever asks: to say why it is not shown."""


async def producer(uow: UnitOfWork, producer_id: UUID) -> Producer | None:
    """A registration, whoever's, that stays as it is until the transaction ends."""
    statement = select(Producer).where(_producer.id == producer_id).with_for_update(read=True)
    found = await uow.rows(statement)
    return found[0][0] if found else None


async def plots_of(uow: UnitOfWork, producer_id: UUID, plot_ids: Collection[UUID]) -> set[UUID]:
    """Which of these plots are the producer's."""
    statement = select(_plot.id).where(_plot.producer_id == producer_id, _plot.id.in_(plot_ids))
    return {row[0] for row in await uow.rows(statement)} if plot_ids else set()


async def party_for_update(uow: UnitOfWork, visit_id: UUID) -> Visit | None:
    """A visit that the actor made, or to a producer of the actor's, locked."""
    actor = uow.actor.organization_id
    party = or_(_v.organization_id == actor, _v.producer_organization_id == actor)
    return await uow.locked(Visit, visit_id, party)


async def seen_plots(uow: UnitOfWork, visit_id: UUID) -> list[UUID]:
    """The plots of a visit, in the order in which they were named."""
    statement = select(_vp.plot_id).where(_vp.visit_id == visit_id).order_by(_vp.id)
    return [row[0] for row in await uow.rows(statement)]


async def forget_plots(uow: UnitOfWork, visit_id: UUID) -> None:
    """Take the list away, before another is written."""
    await uow.execute(delete(VisitPlot).where(_vp.visit_id == visit_id))
