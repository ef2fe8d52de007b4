"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import (
    Count,
    Day,
    Hectares,
    Name,
    PageParameters,
    Resource,
    Shape,
    Ubigeo,
    UbigeoPrefix,
    optional,
)
from api.domains.clusters.vocabulary import ClusterKind
from api.domains.consents.schemas import Disclosure
from api.domains.consents.vocabulary import Purpose

Territory = Annotated[list[UbigeoPrefix], Field(max_length=100)]
"""Where a cluster works: departments (2 digits), provinces (4), districts (6), INEI."""


class ClusterIn(Shape):
    """A new cluster, hosted by the caller's organisation."""

    name: Name = Field(examples=["Grupo Alto Biavo"])
    kind: ClusterKind = Field(examples=["not_associated"])
    ubigeo: Ubigeo = Field(examples=["220601"], description="District (INEI)")
    territory: Territory = Field(
        default_factory=list,
        examples=[["2206", "220902"]],
        description="Where its members farm, its own district within; without any, that district",
    )
    representative_id: UUID | None = Field(
        default=None, description="One of the hosting organisation's producers"
    )


class ClusterChange(Shape):
    """What changes of a cluster."""

    name: Name = optional(examples=["Grupo Alto Biavo"])
    kind: ClusterKind = optional(examples=["associated"])
    ubigeo: Ubigeo = optional(examples=["220601"])
    territory: Territory = optional(examples=[["2206", "220902"]])
    representative_id: UUID | None = optional()


class ClusterOut(Resource):
    """A cluster with its members of today, counted."""

    organization_id: UUID
    name: Name
    kind: ClusterKind
    ubigeo: Ubigeo
    territory: Territory
    representative_id: Annotated[UUID | None, Field(description="Null to other organisations")]
    members: Count


class ClusterDetailOut(ClusterOut):
    """A cluster with what its members of today have. Other organisations get no sums over fewer
    than five members: they would tell about single persons.
    """

    area_ha: Annotated[Hectares | None, Field(description="Active plots of today's members")]
    plots: Count | None
    plots_with_polygon: Count | None


class ClusterSearch(PageParameters):
    """Filters of the list."""

    ubigeo: Annotated[
        UbigeoPrefix | None,
        Field(description="In this department, province or district, or working there (INEI)"),
    ] = None
    kind: Annotated[ClusterKind | None, Field(description="Associated or not")] = None
    organization_id: Annotated[UUID | None, Field(description="Hosted by this one")] = None


class MemberIn(Shape):
    """Somebody joins. The producer must be the hosting organisation's."""

    producer_id: UUID
    joined_on: Day = Field(examples=["2026-03-01"])
    left_on: Day | None = Field(
        default=None,
        description="Of a membership that is over: the first day without the member",
        examples=[None],
    )


class LeaveIn(Shape):
    """Somebody leaves: the first day on which they are no member."""

    left_on: Day = Field(examples=["2026-09-01"])


class MemberOut(Resource):
    """A membership. Names are for the hosting organisation alone."""

    cluster_id: UUID
    producer_id: UUID
    joined_on: Day
    left_on: Day | None
    given_names: Name | None
    family_names: Name | None
    disclosure: Disclosure | None


class MemberSearch(PageParameters):
    """Filters of the list."""

    on: Annotated[Day | None, Field(description="Who was a member on this day")] = None
    purpose: Annotated[
        Purpose | None,
        Field(description="Required of other organisations: only members whose consent covers it"),
    ] = None

    def filters(self) -> dict[str, object]:
        """The filters that the caller set."""
        return {"on": self.on} if self.on else {}
