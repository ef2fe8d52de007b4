"""Wire shapes."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from api.core.wire import (
    Code,
    Day,
    Instant,
    PageParameters,
    Resource,
    Sentence,
    Sha256,
    Shape,
    optional,
)
from api.domains.consents.schemas import Disclosure
from api.domains.consents.vocabulary import Channel
from api.domains.visits.states import VisitState
from api.domains.visits.vocabulary import Practice

MediaType = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,99}$", max_length=121)
]
"""An internet media type (RFC 6838), lower case: ``image/jpeg``."""
Technician = Annotated[
    Code, Field(description="The provider's own code for who went; never a name or a document")
]


class Evidence(Shape):
    """A file that stays with who took it: what it is, and the hash that proves it unchanged."""

    sha256: Sha256 = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    media_type: MediaType = Field(examples=["image/jpeg"])


PlotIds = Annotated[list[UUID], Field(max_length=50)]
EvidenceList = Annotated[list[Evidence], Field(max_length=20)]


class VisitIn(Shape):
    """A visit as it was made. ``id`` may be chosen by an app that works offline; ``captured_at`` is
    when it was noted down there, ``created_at`` of the answer when it arrived here.
    """

    id: UUID | None = None
    producer_id: UUID
    visited_on: Day = Field(examples=["2026-11-20"])
    technician_code: Technician = Field(examples=["TEC-07"])
    practice: Practice = Field(examples=["pruning"])
    finding: Sentence = Field(examples=["Escoba de bruja en un tercio de las plantas."])
    recommendation: Sentence | None = Field(
        default=None, examples=["Poda sanitaria antes de las lluvias; enterrar lo cortado."]
    )
    service_request_id: UUID | None = Field(
        default=None, description="The request that it answers, which the provider has accepted"
    )
    plot_ids: PlotIds = Field(default=[], description="Land that was seen; empty: none")
    evidence: EvidenceList = []
    next_visit_on: Day | None = Field(default=None, examples=["2027-01-15"])
    captured_at: Instant | None = Field(default=None, examples=["2026-11-20T15:04:05Z"])


class VisitChange(Shape):
    """What is corrected of a visit; a list that is sent replaces the whole list."""

    visited_on: Day = optional(examples=["2026-11-20"])
    technician_code: Technician = optional(examples=["TEC-07"])
    practice: Practice = optional(examples=["grafting"])
    finding: Sentence = optional(examples=["Moniliasis en la parte baja."])
    recommendation: Sentence | None = optional()
    plot_ids: PlotIds = optional()
    evidence: EvidenceList = optional()
    next_visit_on: Day | None = optional(examples=["2027-01-15"])


class ConfirmationIn(Shape):
    """How the producer confirmed that the visit was made, and as it is told."""

    channel: Channel = Field(examples=["voice"])


class DisputeIn(Shape):
    """What the producer's side says is not so."""

    reason: Sentence = Field(examples=["La visita fue a la parcela de al lado."])


class VisitOut(Resource):
    """A visit. To an organisation that is no party to it ``disclosure`` names the consent."""

    organization_id: Annotated[UUID, Field(description="Who assisted")]
    producer_organization_id: UUID
    producer_id: UUID
    service_request_id: Annotated[
        UUID | None, Field(description="Null to who is no party to the visit")
    ]
    state: VisitState
    visited_on: Day
    technician_code: Annotated[Code | None, Field(description="Null to who is no party to it")]
    practice: Practice
    finding: Sentence
    recommendation: Sentence | None
    plot_ids: PlotIds
    evidence: EvidenceList
    next_visit_on: Day | None
    captured_at: Instant | None
    confirmed_on: Day | None
    confirmation_channel: Channel | None
    dispute_reason: Annotated[Sentence | None, Field(description="Null to who is no party to it")]
    disclosure: Disclosure | None


class VisitReading(Shape):
    """What a reader of others' visits states."""

    purpose: Annotated[
        Literal["service_delivery"] | None,
        Field(description="What another's visit is read for; the producer's consent must cover it"),
    ] = None


class VisitSearch(PageParameters):
    """Filters of the list."""

    producer_id: Annotated[UUID | None, Field(description="Of this producer")] = None
    plot_id: Annotated[UUID | None, Field(description="To this plot")] = None
    service_request_id: Annotated[UUID | None, Field(description="Answering this request")] = None
    organization_id: Annotated[UUID | None, Field(description="Made by this organisation")] = None
    state: Annotated[VisitState | None, Field(description="In this state")] = None
    practice: Annotated[Practice | None, Field(description="About this practice")] = None
    visited_from: Annotated[Day | None, Field(description="On this day or later")] = None
    visited_until: Annotated[Day | None, Field(description="On this day or earlier")] = None
    next_visit_until: Annotated[
        Day | None, Field(description="To be followed by a visit on this day or earlier")
    ] = None
    purpose: Annotated[
        Literal["service_delivery"] | None,
        Field(
            description="Lists visits that others made to producers who consent to this purpose;"
            " without it, those that one made or that are of one's producers are listed"
        ),
    ] = None

    def filters(self) -> dict[str, Any]:
        """The filters that the caller set."""
        found = super().filters()
        found.pop("purpose", None)
        return found
