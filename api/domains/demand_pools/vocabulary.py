"""The closed lists of this room."""

from enum import StrEnum


class PledgeState(StrEnum):
    """Whether a pledge counts."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"


class PoolFailure(StrEnum):
    """Why a pool came to nothing."""

    BELOW_MINIMUM = "below_minimum"
    NOT_ORDERABLE = "not_orderable"
    """Offer, stock or the like did not allow the order when time was over."""
