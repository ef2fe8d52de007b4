"""Identifiers: UUIDv7, so that ids made one after the other lie, and sort, one after the other."""

import os
import time
from typing import Final
from uuid import UUID

_VERSION_7: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62
_COUNTER_BITS: Final = 12


class _Clock:
    """Milliseconds, then a counter within them, that never go back in this process."""

    def __init__(self) -> None:
        self._last = 0

    def tick(self) -> int:
        now = time.time_ns() // 1_000_000 << _COUNTER_BITS
        self._last = max(self._last + 1, now)
        return self._last


_clock: Final = _Clock()


def new_id() -> UUID:
    """A new UUIDv7 (RFC 9562 §5.7, §6.2 method 1): 48 bits of Unix milliseconds, a counter of 12
    bits, 62 random bits. Later calls in a process give greater ids.

    Made here because PostgreSQL before 18 and Python before 3.14 have no generator.
    """
    milliseconds, counter = divmod(_clock.tick(), 1 << _COUNTER_BITS)
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=milliseconds << 80 | _VERSION_7 | counter << 64 | _VARIANT | random)
