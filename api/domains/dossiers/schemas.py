"""Wire shapes."""

from typing import Annotated, Any

from pydantic import Field

from api.core.wire import Instant, Shape
from api.domains.producers.schemas import ProducerOut

Row = dict[str, Any]
Rows = Annotated[list[Row], Field(max_length=100_000)]
"""Rows as they are kept: decimals as strings, times as RFC 3339, each with its own rows inside."""


class DossierOut(Shape):
    """What the organisation holds about a producer, whole, as of ``exported_at``."""

    exported_at: Instant
    registration: ProducerOut
    merged_registrations: Annotated[
        Rows, Field(description="Of the same person, which this one stands for")
    ]
    plots: Annotated[
        Rows,
        Field(description="With every version of their geometry, overlaps and inputs received"),
    ]
    memberships: Rows
    consents: Rows
    accesses: Annotated[Rows, Field(description="Who of other organisations read what, and when")]
    service_requests: Annotated[Rows, Field(description="For the producer alone")]
    visits: Annotated[Rows, Field(description="With the plots that were seen")]
    farm_plans: Annotated[
        Rows, Field(description="With zones and lines, each with what was ordered for it")
    ]
    investment_plans: Rows
    archetype_assignments: Annotated[
        Rows, Field(description="Where each run of archetypes put the producer, and why")
    ]
    pledges: Annotated[Rows, Field(description="What was pledged to demand pools")]
    delivery_contacts: Annotated[Rows, Field(description="Of orders that are under way")]
    deliveries: Annotated[Rows, Field(description="With the plots that they came from")]
    credit_applications: Annotated[
        Rows, Field(description="With the producer's own share of a group's credit alone")
    ]
    loans: Annotated[Rows, Field(description="The producer's own, with what was paid")]
    readiness_reports: Annotated[Rows, Field(description="About the producer alone")]
