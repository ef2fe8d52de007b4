"""Queries. Who asks and who is asked see a request."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from api.core.documents import Query, document, instant
from api.core.paging import Listing
from api.domains.visits.states import VisitState
from api.models.clusters import Cluster
from api.models.producers import Producer
from api.models.service_requests import ServiceRequest
from api.models.visits import Visit
from api.transactions import UnitOfWork

_r = ServiceRequest.__table__.c  # type: ignore[attr-defined]
_v = Visit.__table__.c  # type: ignore[attr-defined]
_p = Producer.__table__.c  # type: ignore[attr-defined]
_c = Cluster.__table__.c  # type: ignore[attr-defined]
_party = or_(_r.organization_id == bindparam("actor"), _r.provider_id == bindparam("actor"))


def _visits_to(request_id: Any) -> Any:
    return select(func.count()).where(
        _v.service_request_id == request_id, _v.state != VisitState.ANNULLED
    )


SHAPE: Final = document(
    id=_r.id,
    version=_r.version,
    created_at=instant(_r.created_at),
    updated_at=instant(_r.updated_at),
    organization_id=_r.organization_id,
    provider_id=_r.provider_id,
    producer_id=_r.producer_id,
    cluster_id=_r.cluster_id,
    state=_r.state,
    practice=_r.practice,
    need=_r.need,
    wanted_by=_r.wanted_by,
    answered_on=_r.answered_on,
    decline_reason=_r.decline_reason,
    completed_on=_r.completed_on,
    visits=_visits_to(_r.id).scalar_subquery(),
)
SERVICE_REQUEST: Final = Query(
    select(SHAPE, _r.version).where(_r.id == bindparam("service_request_id"), _party)
)
SERVICE_REQUESTS: Final = Listing(
    "service_requests",
    select(SHAPE).where(_party),
    order=[_r.id],
    descending=True,
    filters={
        name: getattr(_r, name) == bindparam(name)
        for name in ("state", "provider_id", "organization_id", "producer_id", "cluster_id")
    },
)


async def own_producer(uow: UnitOfWork, producer_id: UUID) -> Producer | None:
    """A registration of the actor's organisation, that stays as it is until the end."""
    own = (_p.id == producer_id, _p.organization_id == uow.actor.organization_id)
    found = await uow.rows(select(Producer).where(*own).with_for_update(read=True))
    return found[0][0] if found else None


async def is_own_cluster(uow: UnitOfWork, cluster_id: UUID) -> bool:
    """Whether the actor's organisation hosts the cluster."""
    own = (_c.id == cluster_id, _c.organization_id == uow.actor.organization_id)
    return bool(await uow.rows(select(_c.id).where(*own)))


async def party_for_update(uow: UnitOfWork, request_id: UUID) -> ServiceRequest | None:
    """A request that the actor made or was asked, locked."""
    actor = uow.actor.organization_id
    party = or_(_r.organization_id == actor, _r.provider_id == actor)
    return await uow.locked(ServiceRequest, request_id, party)


async def asked_of_actor(uow: UnitOfWork, request_id: UUID) -> ServiceRequest | None:
    """A request that the actor was asked, that stays as it is until the end."""
    asked = (_r.id == request_id, _r.provider_id == uow.actor.organization_id)
    statement = select(ServiceRequest).where(*asked).with_for_update(read=True)
    found = await uow.rows(statement)
    return found[0][0] if found else None


async def visits_to(uow: UnitOfWork, request_id: UUID) -> int:
    """How many visits answer a request."""
    return int((await uow.rows(_visits_to(request_id)))[0][0])
