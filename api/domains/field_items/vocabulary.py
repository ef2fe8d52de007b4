"""The closed lists of this room."""

from enum import StrEnum


class FieldKind(StrEnum):
    """What a field app captures, in the order in which one may name the other."""

    PRODUCER = "producer"
    PLOT = "plot"
    VISIT = "visit"
    DELIVERY = "delivery"


class ItemStatus(StrEnum):
    """What became of an item: written; here already; against a rule; against what somebody else
    wrote meanwhile; or held back, since the new thing that it names was not written.
    """

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    CONFLICT = "conflict"
    WAITING = "waiting"
