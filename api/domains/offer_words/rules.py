"""How words are misspelt: letters that sound alike in Spanish, and one slip of the pen. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

LEAST: Final = 4
"""Letters of a word that is learnt and corrected: shorter ones are all near to each other."""
MOST: Final = 40
"""Letters of the longest word that is learnt and corrected: no language needs more, and what one
costs grows with the square of them.
"""
_LONG: Final = 8
"""Letters from which on two slips are forgiven, if they are found."""

_PLAIN: Final = str.maketrans("áéíóúüñàèìòùâêîôûç", "aeiouunaeiouaeiouc")
_WORD: Final = re.compile(rf"(?<![\w-])[^\W\d_]{{{LEAST},}}(?![\w-])")
"""Of letters alone; not what is excluded by ``-``, and no part of a code."""
_QUOTED: Final = re.compile(r'("[^"]*"?)')
_SOUNDS: Final = (
    (re.compile(r"c(?=[ei])"), "s"),
    (re.compile(r"qu(?=[ei])"), "k"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"ch"), "!"),
    (re.compile(r"c"), "k"),
    (re.compile(r"[zx]"), "s"),
    (re.compile(r"v"), "b"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def plain(word: str) -> str:
    """In lower case, without accents."""
    return word.lower().translate(_PLAIN)


def words_of(query: str) -> list[str]:
    """The words of a search that may be misspelt: what stands in quotes is meant as it stands, and
    so is what is not of the letters that words are learnt in.
    """
    loose = _QUOTED.split(query)[::2]
    found = dict.fromkeys(plain(word) for part in loose for word in _WORD.findall(part))
    return [word for word in found if word.isascii() and len(word) <= MOST]


def corrected(query: str, corrections: Mapping[str, str]) -> str:
    """The search with words put right."""
    parts = _QUOTED.split(query)
    parts[::2] = [
        _WORD.sub(lambda found: corrections.get(plain(found[0]), found[0]), part)
        for part in parts[::2]
    ]
    return "".join(parts)


def folded(word: str) -> str:
    """A plain word as it sounds to most who write it."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def slips(word: str) -> set[str]:
    """The sound of a plain word, and what is left of it without any one letter."""
    sound = folded(word)
    return {sound, *(sound[:place] + sound[place + 1 :] for place in range(len(sound)))}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Which of the known words was meant, if any is near enough. The same for the same words."""
    sound = folded(word)
    apart = {each: distance(sound, folded(each)) for each in known}
    least = min(apart.values(), default=_LONG)
    if least > (1 if len(word) < _LONG else 2):
        return None
    return min((distance(word, each), each) for each, found in apart.items() if found == least)[1]


def distance(one: str, other: str) -> int:
    """Letters to add, leave out, change or swap with their neighbour (Damerau 1964, restricted)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]
