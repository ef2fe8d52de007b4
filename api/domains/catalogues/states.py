"""A catalogue is drafted, published, withdrawn. Only drafts are edited; stock always changes.

What is published is changed by revising it: the next revision is drafted beside it, and supersedes
it in the moment of its own publication.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class CatalogueState(StrEnum):
    """Where a catalogue stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


_S = CatalogueState

LIFECYCLE: Final = Lifecycle(
    name="catalogue",
    initial=_S.DRAFT,
    transitions=MappingProxyType({
        "edit": Transition(
            frozenset({_S.DRAFT}), _S.DRAFT,
            Permission.CATALOGUES_WRITE, "catalogue.changed",
        ),
        "publish": Transition(
            frozenset({_S.DRAFT}), _S.PUBLISHED,
            Permission.CATALOGUES_WRITE, "catalogue.published",
        ),
        "revise": Transition(
            frozenset({_S.PUBLISHED}), _S.PUBLISHED,
            Permission.CATALOGUES_WRITE, "catalogue.revised",
        ),
        "supersede": Transition(
            frozenset({_S.PUBLISHED}), _S.SUPERSEDED,
            Permission.CATALOGUES_WRITE, "catalogue.superseded",
        ),
        "withdraw": Transition(
            frozenset({_S.DRAFT, _S.PUBLISHED}), _S.WITHDRAWN,
            Permission.CATALOGUES_WRITE, "catalogue.withdrawn",
        ),
    }),
)  # fmt: skip

OVER: Final = frozenset({_S.SUPERSEDED, _S.WITHDRAWN})
"""Where nothing changes any more, not even stock."""
