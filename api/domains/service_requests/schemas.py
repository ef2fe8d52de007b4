"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import Count, Day, PageParameters, Resource, Sentence, Shape
from api.domains.service_requests.states import ServiceRequestState
from api.domains.visits.vocabulary import Practice


class ServiceRequestIn(Shape):
    """Assistance wanted for one producer, or for a cluster."""

    provider_id: Annotated[UUID, Field(description="The assistance provider who is asked")]
    producer_id: UUID | None = None
    cluster_id: UUID | None = None
    practice: Practice = Field(examples=["pest_and_disease"])
    need: Sentence = Field(examples=["Moniliasis en las mazorcas tiernas."])
    wanted_by: Day | None = Field(default=None, examples=["2027-01-15"])


class DeclineIn(Shape):
    """Why the provider does not do it."""

    reason: Sentence = Field(examples=["No hay técnico en la zona este mes."])


class ServiceRequestOut(Resource):
    """A request."""

    organization_id: Annotated[UUID, Field(description="Who asks")]
    provider_id: UUID
    producer_id: UUID | None
    cluster_id: UUID | None
    state: ServiceRequestState
    practice: Practice
    need: Sentence
    wanted_by: Day | None
    answered_on: Day | None
    decline_reason: Sentence | None
    completed_on: Day | None
    visits: Annotated[Count, Field(description="Visits that answer it, without the annulled")]


class ServiceRequestSearch(PageParameters):
    """Filters of the list."""

    state: Annotated[ServiceRequestState | None, Field(description="In this state")] = None
    provider_id: Annotated[UUID | None, Field(description="Asked of this provider")] = None
    organization_id: Annotated[UUID | None, Field(description="Asked by this organisation")] = None
    producer_id: Annotated[UUID | None, Field(description="For this producer")] = None
    cluster_id: Annotated[UUID | None, Field(description="For this cluster")] = None
