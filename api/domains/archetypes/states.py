"""A table of rules is drafted, comes into force, and is superseded by the next that does."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class ArchetypeTableState(StrEnum):
    """Where a table of rules stands."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


_S = ArchetypeTableState

LIFECYCLE: Final = Lifecycle(
    name="archetype_table",
    initial=_S.DRAFT,
    transitions=MappingProxyType({
        "enact": Transition(
            frozenset({_S.DRAFT}), _S.IN_FORCE,
            Permission.ARCHETYPES_WRITE, "archetype_table.enacted",
        ),
        "supersede": Transition(
            frozenset({_S.IN_FORCE}), _S.SUPERSEDED,
            Permission.ARCHETYPES_WRITE, "archetype_table.superseded",
        ),
    }),
)  # fmt: skip
