"""The garbage collector, held off while a lot is made that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_holders = 0


@contextmanager
def held_off() -> Iterator[None]:
    """No cycles are looked for meanwhile: among hundreds of thousands of objects that are all in
    use, looking for them again and again takes as long as making them. For seconds, in one thread.
    """
    global _holders  # noqa: PLW0603 - the collector is the process's own
    _holders += 1
    gc.disable()
    try:
        yield
    finally:
        _holders -= 1
        if _holders == 0:
            gc.enable()
