"""A catalogue is drafted, published, withdrawn. Only drafts are edited; stock always changes."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class CatalogueState(StrEnum):
    """Where a catalogue stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
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
        "withdraw": Transition(
            frozenset({_S.PUBLISHED}), _S.WITHDRAWN,
            Permission.CATALOGUES_WRITE, "catalogue.withdrawn",
        ),
    }),
)  # fmt: skip
