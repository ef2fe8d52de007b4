"""The tree of RFC 6962 as its definitions spell it out, over leaves made up for tests."""

from functools import cache
from hashlib import sha256

from api.core.merkle import Frontier, Node, node_hash

LEAVES = [sha256(b"leaf %d" % position).digest() for position in range(4_000)]


def grow(leaves: list[bytes]) -> dict[Node, bytes]:
    return {(level, index): value for level, index, value in Frontier().append(leaves)}


NODES = grow(LEAVES)


def split(count: int) -> int:
    power = 1
    while power * 2 < count:
        power *= 2
    return power


@cache
def mth(begin: int, end: int) -> bytes:
    """MTH(D[begin:end]), RFC 6962 §2.1."""
    if end - begin == 1:
        return LEAVES[begin]
    middle = begin + split(end - begin)
    return node_hash(mth(begin, middle), mth(middle, end))


def path_by_definition(position: int, begin: int, end: int) -> list[bytes]:
    """PATH(m, D[n]), RFC 6962 §2.1.1."""
    if end - begin == 1:
        return []
    middle = begin + split(end - begin)
    if position < middle:
        return [*path_by_definition(position, begin, middle), mth(middle, end)]
    return [*path_by_definition(position, middle, end), mth(begin, middle)]


def subproof_by_definition(old: int, begin: int, end: int, known: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b), RFC 6962 §2.1.2, with ``old`` counted from the tree's start."""
    if old == end:
        return [] if known else [mth(begin, end)]
    middle = begin + split(end - begin)
    if old <= middle:
        return [*subproof_by_definition(old, begin, middle, known), mth(middle, end)]
    return [*subproof_by_definition(old, middle, end, False), mth(begin, middle)]
