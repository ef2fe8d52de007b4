"""What partners and auditors ask of the ledger."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from api.core.merkle import (
    EMPTY_ROOT,
    Path,
    assemble,
    consistency_path,
    inclusion_path,
    path_nodes,
)
from api.core.notes import Checkpoint, Signer, sign
from api.core.problems import NotFound
from api.domains.ledger import repository
from api.domains.ledger.problems import NotSequenced, SizeUnknown
from api.reads import Reader


def encode(value: bytes) -> str:
    """A hash as text."""
    return b64encode(value).decode()


async def _hashes(reader: Reader, path: Path) -> list[str]:
    nodes = await repository.nodes(reader, path_nodes(path)) if path else {}
    return [encode(element) for element in assemble(path, nodes)]


async def checkpoint(reader: Reader, signer: Signer) -> dict[str, Any]:
    """The newest checkpoint; of the empty log where nothing was sequenced yet."""
    found = await repository.newest_checkpoint(reader)
    if found is None:
        found = (0, EMPTY_ROOT, sign(Checkpoint(signer.name, 0, EMPTY_ROOT), signer))
    size, root, note = found
    return {"tree_size": size, "root": encode(root), "note": note, "verifier_key": str(signer.vkey)}


async def entry(reader: Reader, entry_id: UUID) -> bytes:
    """An entry's canonical JSON, as hashed."""
    found = await repository.entry(reader, entry_id)
    if found is None:
        raise NotFound("entry")
    return found[0].encode()


async def inclusion(reader: Reader, entry_id: UUID, signer: Signer) -> dict[str, Any]:
    """The proof that an entry is in the newest signed tree."""
    found = await repository.entry(reader, entry_id)
    if found is None:
        raise NotFound("entry")
    newest = await checkpoint(reader, signer)
    _, position, leaf = found
    if position is None or leaf is None or position >= newest["tree_size"]:
        raise NotSequenced(headers={"Retry-After": "1"})
    path = inclusion_path(position, newest["tree_size"])
    return {
        "position": position,
        "leaf_hash": encode(leaf),
        "hashes": await _hashes(reader, path),
        "checkpoint": newest,
    }


async def consistency(reader: Reader, from_size: int, to_size: int) -> dict[str, Any]:
    """The proof that nothing before ``from_size`` was changed or removed up to ``to_size``."""
    found = await repository.newest_checkpoint(reader)
    size = found[0] if found else 0
    if not from_size <= to_size <= size:
        raise SizeUnknown(size=size)
    path = consistency_path(from_size, to_size)
    return {"from_size": from_size, "to_size": to_size, "hashes": await _hashes(reader, path)}
