"""Wire shapes."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from api.core.criteria import Operator
from api.core.wire import (
    Code,
    Count,
    Day,
    Flag,
    Instant,
    Name,
    PageParameters,
    Resource,
    Shape,
)
from api.domains.archetypes.states import ArchetypeTableState
from api.domains.archetypes.vocabulary import RunState
from api.domains.facts.vocabulary import Absence, FactName

ArchetypeCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$", min_length=1, max_length=60)
]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=100)]
Words = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", min_length=0, max_length=2100)
]
Threshold = Text | Annotated[list[Text], Field(min_length=1, max_length=20)]


class NamesIn(Shape):
    """An archetype's name in both languages."""

    es: Name = Field(examples=["Por intensificar"])
    en: Name = Field(examples=["To intensify"])


class CriterionIn(Shape):
    """A fact, an operator, a threshold. "More than 2 ha" is `gt`, "2 ha or more" is `ge`."""

    fact: FactName = Field(examples=["cocoa_area_ha"])
    operator: Operator = Field(examples=["gt"])
    threshold: Threshold = Field(
        description="As text: `2`, `associated`, `true`; several for `in`", examples=["2"]
    )


class RuleIn(Shape):
    """An archetype and the criteria that must all be met."""

    code: ArchetypeCode = Field(examples=["to_intensify"])
    names: NamesIn
    criteria: Annotated[list[CriterionIn], Field(min_length=1, max_length=20)]


class ArchetypeTableIn(Shape):
    """A version of the rules, asked in their order: the first that is met decides."""

    name: Code = Field(examples=["san-martin-2026.1"])
    demonstration: Flag = Field(
        description="True: thresholds to show the platform with, validated by nobody",
        examples=[False],
    )
    rules: Annotated[list[RuleIn], Field(min_length=1, max_length=50)]


class ArchetypeTableOut(Resource):
    """A version of the rules."""

    organization_id: Annotated[
        UUID | None, Field(description="The operator that wrote it; null: came with the platform")
    ]
    name: Code
    state: ArchetypeTableState
    demonstration: bool
    in_force_since: Instant | None
    rules: Annotated[list[RuleIn], Field(max_length=50)]


class ArchetypeTableSearch(PageParameters):
    """Filters of the list."""

    state: Annotated[ArchetypeTableState | None, Field(description="In this state")] = None


class ArchetypeRunIn(Shape):
    """Classify the whole organisation."""

    as_of: Day | None = Field(default=None, description="Today if left out", examples=[None])


class ArchetypeRunOut(Resource):
    """How far a run is. Every producer counted in `done` has an assignment."""

    organization_id: UUID
    archetype_table_id: UUID
    as_of: Day
    state: RunState
    total: Count
    done: Count
    ended_at: Instant | None


class ArchetypeRunSearch(PageParameters):
    """Filters of the list."""

    state: Annotated[RunState | None, Field(description="In this state")] = None


class ReasonOut(Shape):
    """A criterion as it was judged: the value beside the threshold. Null was not known."""

    rule: ArchetypeCode
    fact: FactName
    operator: Operator
    threshold: Words
    value: Words | None
    met: bool


class MissingOut(Shape):
    """A fact that alone left a rule open, and why it is not known."""

    fact: FactName
    because: Absence


class ArchetypeAssignmentOut(Resource):
    """Where a run put a producer: the rules asked up to the one that was met."""

    archetype_run_id: UUID
    archetype_table_id: UUID
    table_name: Code
    demonstration: bool
    as_of: Day
    producer_id: UUID
    archetype: ArchetypeCode
    reasons: Annotated[list[ReasonOut], Field(max_length=1000)]
    missing: Annotated[list[MissingOut], Field(max_length=100)]


class ArchetypeAssignmentSearch(PageParameters):
    """Filters of the list: the finished run of the latest day, unless one is named."""

    producer_id: Annotated[UUID | None, Field(description="Of this producer")] = None
    cluster_id: Annotated[UUID | None, Field(description="Of today's members")] = None
    archetype: Annotated[
        ArchetypeCode | None, Field(description="Of this archetype, or `unclassified`")
    ] = None
    archetype_run_id: Annotated[UUID | None, Field(description="Of this run")] = None

    def filters(self) -> dict[str, Any]:
        """The filters that the caller set; the latest run where none is named."""
        found = super().filters()
        return found if "archetype_run_id" in found else {**found, "latest": True}


class GroupOut(Shape):
    """How many members are of an archetype; names are null where there is no rule behind it."""

    archetype: ArchetypeCode
    names: NamesIn | None
    members: Count


class ClusterArchetypesOut(Shape):
    """A cluster's members of today by archetype, after its organisation's finished run of the
    latest day.
    """

    cluster_id: UUID
    archetype_run_id: UUID | None
    archetype_table_id: UUID | None
    demonstration: bool | None
    as_of: Day | None
    members: Count
    hidden: Annotated[
        Count, Field(description="Members of groups that are too small to be shown to others")
    ]
    groups: Annotated[list[GroupOut], Field(max_length=60)]
