"""The closed lists of this room."""

from enum import StrEnum
from typing import Final

UNCLASSIFIED: Final = "unclassified"
"""Where no rule is met: the code of no rule."""
NOT_JUDGED: Final = "not_judged"
"""Where no run has come to a producer yet: the code of no rule."""
CLASSIFY: Final = "archetypes.classify"
"""The name of the job that does a run."""


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
