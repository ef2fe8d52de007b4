"""Many things to be done, one after the other: none that fails keeps the others waiting."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from api.core.log import log

T = TypeVar("T")


async def apart(event: str, act: Callable[[T], Awaitable[None]], things: Iterable[T]) -> int:
    """Do something with each thing, in a transaction of its own; with how many it went well.

    What fails for a reason that nobody foresaw stays as it is, is told in the log as ``event`` and
    tried again when the job comes by.
    """
    count = 0
    for each in things:
        try:
            await act(each)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others do not wait for it
            log.error(event, kind=type(error).__name__)
        else:
            count += 1
    return count
