"""What of a search is given to PostgreSQL. Pure."""

from typing import Final

MOST_EXCLUDED: Final = 20
"""Hyphens that a search may have: each may exclude a word, and PostgreSQL fails at some thirty that
wait for one.
"""


def searchable(words: str) -> str:
    """A search without the hyphens that nobody means: those beyond ``MOST_EXCLUDED`` are spaces."""
    *kept, rest = words.split("-", MOST_EXCLUDED)
    return "-".join([*kept, rest.replace("-", " ")])
