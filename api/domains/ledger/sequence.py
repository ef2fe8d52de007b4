"""Giving committed entries their order: positions, tree, signed checkpoint. Pure.

``extend`` takes the tree as it stands and the next entries, and says what must be stored; the
sequencer job reads and writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from api.core.merkle import Frontier, leaf_hash


@dataclass(frozen=True, slots=True)
class Extension:
    """Rows to store for a batch of entries, and the tree's new size and root."""

    leaves: list[tuple[int, UUID, bytes]]
    nodes: list[tuple[int, int, bytes]]
    parties: list[tuple[UUID, int]]
    size: int
    root: bytes


def parties_of(body: str) -> set[UUID]:
    """The organisations that an entry concerns: who acted, and those it names."""
    entry = orjson.loads(body)
    named = [entry["subject"], *entry["related"]]
    organizations = {UUID(s["id"]) for s in named if s["type"] == "organization"}
    return organizations | {UUID(entry["actor"]["organization_id"])}


def extend(frontier: Frontier, entries: Sequence[tuple[UUID, str]]) -> Extension:
    """Append entries (id, body) to the tree; ``frontier`` moves on."""
    first = frontier.size
    hashes = [leaf_hash(body.encode()) for _, body in entries]
    completed = frontier.append(hashes)
    leaves = [
        (first + n, entry_id, leaf)
        for n, ((entry_id, _), leaf) in enumerate(zip(entries, hashes, strict=True))
    ]
    parties = [
        (party, first + n) for n, (_, body) in enumerate(entries) for party in parties_of(body)
    ]
    nodes = [node for node in completed if node[0] > 0]
    return Extension(leaves, nodes, parties, frontier.size, frontier.root())
