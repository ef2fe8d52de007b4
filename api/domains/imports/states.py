"""A file that is imported within its request is done at once; one that waits is queued until a
worker takes it up, and fails where it cannot be read or where somebody named in it may not be kept.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class ImportState(StrEnum):
    """Where an import stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


_S = ImportState
_OPEN: Final = frozenset({_S.QUEUED, _S.RUNNING})

# The platform itself takes these steps. They are not recorded: what a file changes is.
LIFECYCLE: Final = Lifecycle(
    name="import",
    initial=_S.QUEUED,
    transitions=MappingProxyType({
        # Again, where a worker was lost.
        "start": Transition(_OPEN, _S.RUNNING, Permission.PLOTS_WRITE, "import.started"),
        "finish": Transition(_OPEN, _S.DONE, Permission.PLOTS_WRITE, "import.finished"),
        "fail": Transition(_OPEN, _S.FAILED, Permission.PLOTS_WRITE, "import.failed"),
    }),
)  # fmt: skip
