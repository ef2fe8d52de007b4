"""A log in memory, for tests: entries, checkpoints at chosen sizes, and its export."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.core.canonical import canonical
from api.core.merkle import Frontier, leaf_hash
from api.core.notes import Checkpoint, Signer, generate_key, sign
from api.domains.ledger.export import entry_line

ORIGIN = "mazorca.example/ledger"
SIGNER = Signer(ORIGIN, generate_key())
VKEY = str(SIGNER.vkey)
FORGED = canonical({"event": "order.accepted", "kg": "9999.000"})


@dataclass(frozen=True)
class Log:
    bodies: list[bytes]
    notes: list[str]

    @property
    def lines(self) -> list[bytes]:
        return [entry_line(position, body) for position, body in enumerate(self.bodies)]


def body_of(position: int) -> bytes:
    # With a quote, a backslash and letters beyond ASCII, which an export has to carry unharmed.
    return canonical(
        {"event": "order.accepted", "kg": f"{position}.500", "note": 'ñ "\\"', "n": position}
    )


def checkpoint_of(bodies: Iterable[bytes], origin: str = ORIGIN) -> Checkpoint:
    frontier = Frontier()
    frontier.append([leaf_hash(body) for body in bodies])
    return Checkpoint(origin, frontier.size, frontier.root())


def log_of(bodies: list[bytes], sizes: Iterable[int], signer: Signer = SIGNER) -> Log:
    """The log of ``bodies``, with a checkpoint signed at each of ``sizes``."""
    notes = [sign(checkpoint_of(bodies[:size], signer.name), signer) for size in sizes]
    return Log(bodies, notes)


def log(size: int, sizes: Iterable[int]) -> Log:
    return log_of([body_of(position) for position in range(size)], sizes)
