"""Texts that are searched for what must not be in them."""

import re

_BY_CHANCE = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"  # an id
    r"|(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])"  # a digest, the id of a request
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?"  # a moment
)


def told(text: str) -> str:
    """A text without ids, digests and moments: any of them may hold somebody's digits by chance."""
    return _BY_CHANCE.sub("#", text)
