"""The story ends badly where the ledger does not prove what it says."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

import pytest
from rich.console import Console

from api.core.canonical import canonical
from api.core.merkle import (
    Frontier,
    Node,
    assemble,
    consistency_path,
    inclusion_path,
    leaf_hash,
)
from api.core.notes import Checkpoint, Signer, generate_key, sign
from api.demo.caller import Caller
from api.demo.proof import Unproven, keep_checkpoint, prove_order
from api.demo.stage import Story
from api.policies import Role

ORDER_ID = str(uuid4())
KEPT = 5
SIZE = 13
ORDER_AT = 9


def body(position: int) -> bytes:
    event = "order.placed" if position == ORDER_AT else "order.paid"
    return canonical(
        {"id": f"entry-{position}", "event": event, "subject": {"type": "order", "id": ORDER_ID}}
    )


def text(value: bytes) -> str:
    return b64encode(value).decode()


@dataclass
class Ledger:
    """A ledger that answers as the API does; ``bodies`` is what it tells, ``grown`` how much."""

    bodies: list[bytes] = field(default_factory=lambda: [body(n) for n in range(SIZE)])
    signer: Signer = field(default_factory=lambda: Signer("here/ledger", generate_key()))
    size: int = KEPT

    def nodes(self) -> dict[Node, bytes]:
        made = Frontier().append([leaf_hash(each) for each in self.bodies[: self.size]])
        return {(level, index): node for level, index, node in made}

    def checkpoint(self) -> dict[str, Any]:
        frontier = Frontier()
        frontier.append([leaf_hash(each) for each in self.bodies[: self.size]])
        note = sign(Checkpoint(self.signer.name, self.size, frontier.root()), self.signer)
        root, vkey = text(frontier.root()), str(self.signer.vkey)
        return {"tree_size": self.size, "root": root, "note": note, "verifier_key": vkey}

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        if path.endswith("/checkpoint"):
            return self.checkpoint()
        if path.endswith("/events"):
            entry = {
                "id": f"entry-{ORDER_AT}",
                "event": "order.placed",
                "subject": {"id": ORDER_ID},
            }
            return {"items": [{"position": ORDER_AT, "entry": entry}], "last": ORDER_AT}
        if path.endswith("/consistency"):
            way = consistency_path(query["from"], query["to"])
            return {"hashes": [text(each) for each in assemble(way, self.nodes())]}
        way = inclusion_path(ORDER_AT, self.size)
        hashes = [text(each) for each in assemble(way, self.nodes())]
        return {"position": ORDER_AT, "hashes": hashes, "checkpoint": self.checkpoint()}

    def raw(self, path: str) -> bytes:
        return body(int(path.rpartition("-")[2]))


def story_of(ledger: Ledger) -> Story:
    caller = cast(Caller, ledger)
    callers = {Role.OBSERVER.value: caller, Role.PRODUCER_ORGANIZATION.value: caller}
    story = Story(callers, Console(quiet=True), "TEST", order={"id": ORDER_ID})
    keep_checkpoint(story)
    ledger.size = SIZE
    return story


def test_an_honest_ledger_proves_the_order() -> None:
    prove_order(story_of(Ledger()))


def test_an_entry_that_is_not_in_the_tree_is_not_proven() -> None:
    ledger = Ledger()
    story = story_of(ledger)
    ledger.bodies[ORDER_AT] = canonical({"event": "order.placed", "changed": True})
    with pytest.raises(Unproven, match="inclusion"):
        prove_order(story)


def test_a_history_rewritten_and_signed_anew_is_found() -> None:
    ledger = Ledger()
    story = story_of(ledger)
    ledger.bodies[1] = canonical({"event": "order.paid", "changed": True})
    with pytest.raises(Unproven, match="does not begin"):
        prove_order(story)


def test_a_checkpoint_by_another_key_is_not_believed() -> None:
    ledger = Ledger()
    story = story_of(ledger)
    ledger.signer = Signer("here/ledger", generate_key())
    with pytest.raises(Unproven, match="not believed"):
        prove_order(story)
