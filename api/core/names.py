"""Names as a search compares them: accents and the order of words are forgiven."""

import unicodedata
from typing import Final

_JOINING: Final = frozenset("'’‘ʼ`")


def plain(text: str) -> str:
    """Words as the search compares them: lower case, no accents, ``ñ`` as ``n``, one blank between.

    Apostrophes join (O'Higgins, T'ika), everything else that is no letter or digit parts.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (
        c if c.isalnum() else " "
        for c in folded
        if not unicodedata.combining(c) and c not in _JOINING
    )
    return " ".join("".join(kept).split())


def search_name(*names: str) -> str:
    """What is stored for the search: each word with a blank before it."""
    return f" {plain(' '.join(names))}"


def name_patterns(wanted: str) -> list[str]:
    """LIKE patterns that ``search_name`` must all match: each word begins one of its words, in
    whatever order. Empty where nothing in ``wanted`` is a letter or a digit.
    """
    return [f"% {word}%" for word in plain(wanted).split()]
