"""The last chapter: the ledger proves itself, checked with nothing but what it publishes."""

import time
from base64 import b64decode
from typing import Final

from api.core.merkle import leaf_hash, verify_consistency, verify_inclusion
from api.core.notes import Checkpoint, NoteFault, open_note
from api.demo.stage import Document, Story, short

PATIENCE_SECONDS: Final = 30
PAGE: Final = 1000


class Unproven(Exception):
    """The ledger could not show what it promises."""


def keep_checkpoint(story: Story) -> None:
    """An observer keeps the ledger's signed checkpoint of today"""
    story.checkpoint = _checkpoint(story)
    story.say(f"{story.checkpoint['tree_size']} entries, root {story.checkpoint['root'][:12]}…")


def prove_order(story: Story) -> None:
    """The ledger proves that the order stands in it, and that nothing before was changed"""
    entry_id = _entry_of(story, "order.placed", story.order["id"])
    proof = story.cooperative.get(f"/v1/ledger/entries/{entry_id}/proof")
    newer = proof["checkpoint"]
    signed = _believed(story, newer)
    leaf = leaf_hash(story.cooperative.raw(f"/v1/ledger/entries/{entry_id}"))
    hashes = [b64decode(each) for each in proof["hashes"]]
    if not verify_inclusion(leaf, proof["position"], signed.size, hashes, signed.root):
        raise Unproven("the inclusion proof does not hold")
    _prove_consistency(story, signed.size, signed.root)
    story.say(
        f"entry {short(entry_id)} at position {proof['position']} of {signed.size}:"
        f" {len(hashes)} hashes lead to the signed root"
    )


def _prove_consistency(story: Story, size: int, root: bytes) -> None:
    kept = _believed(story, story.checkpoint)
    found = story.callers["observer"].get(
        "/v1/ledger/consistency", **{"from": kept.size, "to": size}
    )
    hashes = [b64decode(each) for each in found["hashes"]]
    if not verify_consistency(kept.size, kept.root, size, root, hashes):
        raise Unproven("the log of today does not begin with the one of before")


def _believed(story: Story, checkpoint: Document) -> Checkpoint:
    """What a checkpoint says, once its signature by the log's key as we know it was checked."""
    try:
        return open_note(checkpoint["note"], [story.checkpoint["verifier_key"]])
    except NoteFault as fault:
        raise Unproven(f"the checkpoint is not believed: {fault}") from None


def _checkpoint(story: Story) -> Document:
    found: Document = story.callers["observer"].get("/v1/ledger/checkpoint")
    return found


def _entry_of(story: Story, event: str, subject_id: str) -> str:
    """The id of an event's entry, as soon as the sequencer has given it its position."""
    after = story.checkpoint["tree_size"] - 1
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        page = story.cooperative.get("/v1/events", after=after, limit=PAGE)
        for item in page["items"]:
            entry = item["entry"]
            if entry["event"] == event and entry["subject"]["id"] == subject_id:
                return str(entry["id"])
        after = page["last"]
        if not page["items"]:
            time.sleep(0.2)
    raise Unproven(f"no entry {event} within {PATIENCE_SECONDS} s")
