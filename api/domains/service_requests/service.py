"""Asking for assistance, and answering."""

from datetime import date
from typing import Any
from uuid import UUID

from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import InvalidPayload, NotAllowed, NotFound, RuleBroken
from api.domains.clusters.repository import memberships
from api.domains.consents.service import expect_service, lets_serve
from api.domains.organizations.repository import verified
from api.domains.service_requests import repository, rules
from api.domains.service_requests.schemas import DeclineIn, ServiceRequestIn
from api.domains.service_requests.states import LIFECYCLE, ServiceRequestState
from api.models.service_requests import ServiceRequest
from api.policies import Role
from api.transactions import Event, UnitOfWork


async def ask(uow: UnitOfWork, wish: ServiceRequestIn) -> UUID:
    """A request for one of the actor's own producers or clusters.

    422 for what cannot be, 404 for what is not its own, 409 where the producer has not consented to
    be served by the provider.
    """
    named = sum(one is not None for one in (wish.producer_id, wish.cluster_id))
    found = rules.faults(named, wish.wanted_by, today())
    provider = await verified(uow, wish.provider_id, Role.TA_PROVIDER)
    if found or provider is None:
        raise InvalidPayload(errors=[*found, *([] if provider else [rules.UNKNOWN_PROVIDER])])
    if wish.cluster_id and not await repository.is_own_cluster(uow, wish.cluster_id):
        raise NotFound("cluster")
    if wish.producer_id:
        producer = await repository.own_producer(uow, wish.producer_id)
        if producer is None or not producer.is_active:
            raise NotFound("producer")
        own = provider.id == uow.actor.organization_id
        if not own and not await lets_serve(uow, producer.id, provider):
            raise RuleBroken(errors=[rules.NO_CONSENT])
    request = ServiceRequest(
        **wish.model_dump(),
        id=new_id(),
        organization_id=uow.actor.organization_id,
        state=LIFECYCLE.initial,
    )
    uow.add(request)
    _record(uow, "service_request.made", request, {"practice": request.practice.value})
    return request.id


async def accept(uow: UnitOfWork, request_id: UUID) -> None:
    """The provider will do it; of a producer who consents still."""
    request, event = await _begin(uow, request_id, "accept")
    if request.producer_id:
        await expect_service(uow, request.organization_id, request.producer_id)
    request.answered_on = today()
    _record(uow, event, request, {})


async def decline(uow: UnitOfWork, request_id: UUID, wish: DeclineIn) -> None:
    """The provider will not do it, and says why."""
    request, event = await _begin(uow, request_id, "decline")
    request.answered_on, request.decline_reason = today(), wish.reason
    _record(uow, event, request, {})


async def withdraw(uow: UnitOfWork, request_id: UUID) -> None:
    """The producer's side no longer wants it."""
    request, event = await _begin(uow, request_id, "withdraw")
    _record(uow, event, request, {})


async def complete(uow: UnitOfWork, request_id: UUID) -> None:
    """It was done: at least one visit answers it (409 otherwise)."""
    request, event = await _begin(uow, request_id, "complete")
    visits = await repository.visits_to(uow, request.id)
    if not visits:
        raise RuleBroken(errors=[rules.NOT_VISITED])
    request.completed_on = today()
    _record(uow, event, request, {"visits": visits})


async def expect_answered(
    uow: UnitOfWork, request_id: UUID, producer_id: UUID, visited_on: date
) -> None:
    """409 unless the actor has accepted the request, for this producer or a cluster that they were
    in on the day of the visit; 404 for a request that the actor was not asked.
    """
    request = await repository.asked_of_actor(uow, request_id)
    if request is None:
        raise NotFound("service request")
    if request.state is not ServiceRequestState.ACCEPTED:
        raise RuleBroken(errors=[rules.NOT_ACCEPTED])
    if request.cluster_id is None:
        meant = request.producer_id == producer_id
    else:
        meant = any(
            one.joined_on <= visited_on and (one.left_on is None or visited_on < one.left_on)
            for one in await memberships(uow, request.cluster_id, producer_id)
        )
    if not meant:
        raise RuleBroken(errors=[rules.OTHER_SUBJECT])


async def _begin(uow: UnitOfWork, request_id: UUID, action: str) -> tuple[ServiceRequest, str]:
    """The request, locked and in its next state, and the event's name."""
    request = await repository.party_for_update(uow, request_id)
    if request is None:
        raise NotFound("service request")
    asks = action == "withdraw"
    whose = request.organization_id if asks else request.provider_id
    if whose != uow.actor.organization_id:
        raise NotAllowed(
            es="lo hace quien pidió" if asks else "lo hace el proveedor",
            en="who asked does it" if asks else "the provider does it",
        )
    transition = LIFECYCLE.apply(action, request.state)
    request.state = transition.target
    return request, transition.event


def _record(uow: UnitOfWork, event: str, request: ServiceRequest, data: dict[str, Any]) -> None:
    """The other side's feed tells of it."""
    sides = {request.organization_id, request.provider_id} - {uow.actor.organization_id}
    subjects = (("producer", request.producer_id), ("cluster", request.cluster_id))
    related = (
        *(("organization", side) for side in sides),
        *((kind, row_id) for kind, row_id in subjects if row_id),
    )
    uow.record(Event(event, ("service_request", request.id), data, related))
