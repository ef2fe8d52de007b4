"""The closed lists of this room."""

from enum import StrEnum


class ClusterKind(StrEnum):
    """A legal association, or a group hosted by an organisation that answers for it."""

    ASSOCIATED = "associated"
    NOT_ASSOCIATED = "not_associated"
