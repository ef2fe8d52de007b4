"""The Merkle tree of RFC 6962 §2.1 (the same tree as RFC 9162 §2.1 with SHA-256).

A tree of any size is made of perfect subtrees, and a perfect subtree never changes once its
last leaf is there. ``(level, index)`` names the one over the leaves from ``index * 2**level`` up
to, not including, ``(index + 1) * 2**level``; level 0 is a leaf hash. Keeping these nodes is
therefore enough for every root and every proof at every size, past ones too:

- ``Frontier`` appends leaves and hands out each node as it becomes complete;
- ``inclusion_path`` and ``consistency_path`` say which nodes a proof is made of, without data,
  so that they can be fetched at once; ``assemble`` then makes the proof;
- ``verify_inclusion`` and ``verify_consistency`` need no tree at all.

All hashes are 32 bytes. At size n a path names at most ``2 * log2(n)`` nodes.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

Node: TypeAlias = tuple[int, int]
"""A perfect subtree: (level, index)."""

Path: TypeAlias = list[tuple[Node, ...]]
"""For each hash of a proof, the perfect subtrees it is folded from, left to right."""

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves."""


class MissingNode(LookupError):
    """A node that must have been stored is not there: the stored tree is damaged."""


def leaf_hash(body: bytes) -> bytes:
    """Hash of an entry; the prefix keeps an entry from posing as an inner node."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root by the recursive definition (RFC 6962 §2.1): the reference, O(n) hashes."""
    if not leaf_hashes:
        return EMPTY_ROOT
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    split = _split(len(leaf_hashes))
    return node_hash(root(leaf_hashes[:split]), root(leaf_hashes[split:]))


def frontier_nodes(size: int) -> list[Node]:
    """The perfect subtrees a tree of ``size`` leaves consists of, left to right, largest first."""
    _require(size >= 0)
    return _cover(0, size)


class Frontier:
    """The right edge of a growing tree: at most log2(n) + 1 hashes, enough to append for ever.

    It changes in place. Where storing the new nodes fails, drop it and ``restore`` another.
    """

    __slots__ = ("_edge", "_size")

    def __init__(self) -> None:
        self._size = 0
        # By level; there is a subtree of level k on the edge where bit k of the size is set.
        self._edge: dict[int, bytes] = {}

    @classmethod
    def restore(cls, size: int, nodes: Mapping[Node, bytes]) -> "Frontier":
        """The frontier at ``size``, from the stored hashes of ``frontier_nodes(size)``."""
        frontier = cls()
        frontier._edge = {node[0]: _stored(nodes, node) for node in frontier_nodes(size)}
        frontier._size = size
        return frontier

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    def root(self) -> bytes:
        """Root of the whole tree (RFC 6962 Merkle Tree Hash)."""
        edge = [self._edge[level] for level, _ in frontier_nodes(self._size)]
        return _fold(edge) if edge else EMPTY_ROOT

    def append(self, leaf_hashes: Iterable[bytes]) -> list[tuple[int, int, bytes]]:
        """Add leaves; the nodes this completes as (level, index, hash), leaves included.

        About two nodes for each leaf, level by level; each node is handed out exactly once in the
        life of a tree.
        """
        completed: list[tuple[int, int, bytes]] = []
        level, index, row = 0, self._size, list(leaf_hashes)
        self._size += len(row)
        while row:
            completed += [(level, position, node) for position, node in enumerate(row, index)]
            if index & 1:
                row.insert(0, self._edge[level])
            if len(row) & 1:
                self._edge[level] = row[-1]
            # Neighbours in pairs; the last of an odd row is the new edge and waits for its sibling.
            each = iter(row)
            row = [node_hash(left, right) for left, right in zip(each, each, strict=False)]
            level, index = level + 1, index >> 1
        return completed


def inclusion_path(position: int, size: int) -> Path:
    """What proves that the leaf at ``position`` is in the tree of ``size`` (RFC 6962 §2.1.1).

    ``ValueError`` unless ``0 <= position < size``.
    """
    _require(0 <= position < size)
    begin, end = 0, size
    siblings: list[tuple[int, int]] = []
    while end - begin > 1:
        split = begin + _split(end - begin)
        if position < split:
            siblings.append((split, end))
            end = split
        else:
            siblings.append((begin, split))
            begin = split
    return [tuple(_cover(*sibling)) for sibling in reversed(siblings)]


def consistency_path(old_size: int, new_size: int) -> Path:
    """What proves that the tree of ``old_size`` is the beginning of the tree of ``new_size``.

    RFC 6962 §2.1.2. Empty where there is nothing to prove: from size 0, or to the same size.
    ``ValueError`` unless ``0 <= old_size <= new_size``.
    """
    _require(0 <= old_size <= new_size)
    if old_size in (0, new_size):
        return []
    begin, end = 0, new_size
    ranges: list[tuple[int, int]] = []
    while old_size != end:
        split = begin + _split(end - begin)
        if old_size <= split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((begin, split))
            begin = split
    # Only on the left edge is what remains the old tree itself, whose root the verifier has.
    if begin > 0:
        ranges.append((begin, end))
    return [tuple(_cover(*span)) for span in reversed(ranges)]


def path_nodes(path: Path) -> list[Node]:
    """Every node ``assemble`` will look up for ``path``, for one query."""
    return [node for nodes in path for node in nodes]


def assemble(path: Path, nodes: Mapping[Node, bytes]) -> list[bytes]:
    """The proof along ``path`` from stored hashes; ``MissingNode`` where one is absent."""
    return [_fold([_stored(nodes, node) for node in element]) for element in path]


def verify_inclusion(
    leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether ``proof`` shows that leaf hash ``leaf`` stands at ``position`` (RFC 9162 §2.1.3.2).

    ``leaf`` is a leaf hash, not an entry. False for whatever is wrong, malformed input included.
    """
    if not (_sizes(position, size) and _hashes(leaf, root, *proof) and position < size):
        return False
    fn, sn, computed = position, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            computed = node_hash(sibling, computed)
            fn, sn = _climb(fn, sn)
        else:
            computed = node_hash(computed, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and computed == root


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether ``proof`` shows the old tree to be the beginning of the new (RFC 9162 §2.1.4.2).

    From size 0 or to the same size the proof is empty, and the roots must say so themselves.
    False for whatever is wrong, malformed input included.
    """
    sane = _sizes(old_size, new_size) and _hashes(old_root, new_root, *proof)
    if not sane or old_size > new_size:
        return False
    if old_size == 0:
        grown = new_size > 0 or new_root == EMPTY_ROOT
        return not proof and old_root == EMPTY_ROOT and grown
    if old_size == new_size:
        return not proof and old_root == new_root
    if not proof:
        return False
    # A perfect old tree is a node of the new one, and the proof leaves it out.
    first, *steps = [old_root, *proof] if old_size & (old_size - 1) == 0 else proof
    old = new = first
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    for step in steps:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node_hash(step, old), node_hash(step, new)
            fn, sn = _climb(fn, sn)
        else:
            new = node_hash(new, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == old_root and new == new_root


def _climb(fn: int, sn: int) -> tuple[int, int]:
    """Past the levels where the node on the right edge has no sibling (RFC 9162, both loops)."""
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _split(count: int) -> int:
    """The largest power of two smaller than ``count`` (which is at least 2)."""
    return 1 << (count - 1).bit_length() - 1


def _cover(begin: int, end: int) -> list[Node]:
    """Perfect subtrees over the leaves [begin, end), a range that is a subtree of some tree."""
    nodes: list[Node] = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append((level, begin >> level))
        begin += 1 << level
    return nodes


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Root over the perfect subtrees of one tree, left to right: the right edge joins first."""
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def _stored(nodes: Mapping[Node, bytes], node: Node) -> bytes:
    try:
        return nodes[node]
    except KeyError:
        raise MissingNode(f"node (level {node[0]}, index {node[1]}) is not stored") from None


def _hashes(*values: object) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_SIZE for value in values)


def _sizes(*values: object) -> bool:
    return all(isinstance(value, int) and value >= 0 for value in values)


def _require(in_range: bool) -> None:
    if not in_range:
        raise ValueError("position or size outside the tree")
