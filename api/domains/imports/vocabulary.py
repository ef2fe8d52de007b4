"""The closed lists of this room."""

from enum import StrEnum
from typing import Final

IMPORT: Final = "imports.take_in"
"""The job that imports a file that waits."""


class ImportKind(StrEnum):
    """What the rows of a file are."""

    PRODUCERS = "producers"
    PLOTS = "plots"


class ImportMode(StrEnum):
    """What one bad row does to the others: all of them wait, or none."""

    ATOMIC = "atomic"
    PARTIAL = "partial"


class RowStatus(StrEnum):
    """What became of a row; ``held_back``: nothing is wrong with it, but with others of its file,
    which is to be taken whole.
    """

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    HELD_BACK = "held_back"
