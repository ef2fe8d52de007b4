"""Rate limits: a fixed window per caller, counted in this process.

Written here because the libraries either count behind a lock with a timer thread per window or
speak the old header style (docs/decisions/0008-rate-limits.md).
"""

from dataclasses import dataclass, field
from time import monotonic
from typing import Final

WINDOW_SECONDS: Final = 60
_MOST_CALLERS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of a caller's window: requests, and seconds until it starts anew."""

    remaining: int
    resets_in: int

    @property
    def spent(self) -> bool:
        """Whether this request is one too many."""
        return self.remaining < 0


@dataclass(slots=True)
class Throttle:
    """Counts requests per caller and window."""

    limit: int
    _window: int = 0
    _counts: dict[str, int] = field(default_factory=dict)

    def hit(self, caller: str) -> Quota:
        """Count one request of this caller."""
        clock = monotonic()
        window = int(clock // WINDOW_SECONDS)
        if window != self._window or len(self._counts) > _MOST_CALLERS:
            self._window, self._counts = window, {}
        count = self._counts.get(caller, 0) + 1
        self._counts[caller] = count
        return Quota(self.limit - count, WINDOW_SECONDS - int(clock % WINDOW_SECONDS))
