"""What an outsider checks of an exported ledger: no database, and no trust in whoever made it.

``verify_log`` reads an export (``export``) once, as a stream. It grows the Merkle tree over the
entries and holds it against every signed checkpoint, and against the checkpoints that a witness
has kept: wherever a root agrees, everything before it is exactly what was signed or seen.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sys import maxsize

from api.core.canonical import NotCanonical, is_canonical
from api.core.merkle import EMPTY_ROOT, Frontier, leaf_hash
from api.core.notes import (
    BadSignature,
    Checkpoint,
    MalformedKey,
    NoteFault,
    UnknownKey,
    VerifierKey,
    open_note,
)
from api.domains.ledger.export import read_entry
from api.domains.ledger.vocabulary import Fault

MAX_OF_A_KIND = 10
"""Problems listed of each kind; one fault early in a file may cause millions after it."""

_BATCH = 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault, the positions it concerns, and the checkpoint that shows it, counted from 0."""

    fault: Fault
    first: int | None = None
    last: int | None = None
    checkpoint: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Entries read; size and root of the newest checkpoint they agree with; what is wrong."""

    entries: int
    size: int
    root: bytes
    problems: tuple[Problem, ...]

    @property
    def intact(self) -> bool:
        """Whether the export is complete, in order, and exactly what the log signed."""
        return not self.problems

    @property
    def first_bad(self) -> int | None:
        """The first position in doubt, where the problems name any."""
        return min((p.first for p in self.problems if p.first is not None), default=None)


def verify_log(
    entries: Iterable[str | bytes],
    checkpoints: Iterable[str],
    vkey: str,
    *,
    known: Iterable[Checkpoint] = (),
) -> Verdict:
    """Whether exported ``entries`` are what the log signed, and what witnesses saw of it.

    ``entries`` are lines, ``checkpoints`` signed notes in order of size; ``known`` are checkpoints
    the caller has kept from earlier and believes. Never raises for what the files hold. One
    Ed25519 check for each checkpoint, 5 to 6 µs for each entry, O(log n) memory.
    """
    findings = _Findings()
    try:
        key = VerifierKey.parse(vkey)
    except MalformedKey:
        findings.add(Fault.MALFORMED_KEY)
        return Verdict(0, 0, EMPTY_ROOT, findings.sorted())
    anchors = heapq.merge(
        _signed(checkpoints, key, findings),
        _witnessed(known, key, findings),
        key=lambda anchor: anchor.size,
    )
    history = _History(anchors, findings)
    lines = _follow(entries, history, findings)
    return Verdict(lines, history.size, history.root, findings.sorted())


def _follow(entries: Iterable[str | bytes], history: "_History", findings: "_Findings") -> int:
    """Read every entry into ``history``; the number of lines."""
    lines = due = 0
    for line in entries:
        lines += 1
        if due >= history.boundary:
            history.reach(due)
        try:
            position, body = read_entry(line, due)
        except NotCanonical:
            findings.add(Fault.MALFORMED_ENTRY, due, due)
            history.broken = True
            due += 1
            continue
        if not is_canonical(body):
            findings.add(Fault.NOT_CANONICAL, position, position)
        if position == due:
            history.add(body)
            due += 1
        else:
            history.broken = True
            due = findings.out_of_order(position, due)
    history.finish(due)
    return lines


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A root the entries must have at ``size``; ``number`` is None for a witness's."""

    size: int
    root: bytes
    number: int | None


def _signed(notes: Iterable[str], key: VerifierKey, findings: "_Findings") -> Iterator[_Anchor]:
    newest = 0
    for number, note in enumerate(notes):
        try:
            checkpoint = open_note(note, [key])
        except UnknownKey:
            findings.add(Fault.WRONG_KEY, checkpoint=number)
        except BadSignature:
            findings.add(Fault.FORGED_SIGNATURE, checkpoint=number)
        except NoteFault:
            findings.add(Fault.MALFORMED_CHECKPOINT, checkpoint=number)
        else:
            if checkpoint.origin != key.name:
                findings.add(Fault.WRONG_ORIGIN, checkpoint=number)
            elif checkpoint.size < newest:
                findings.add(Fault.CHECKPOINT_ORDER, checkpoint=number)
            else:
                newest = checkpoint.size
                yield _Anchor(newest, checkpoint.root, number)


def _witnessed(
    known: Iterable[Checkpoint], key: VerifierKey, findings: "_Findings"
) -> Iterator[_Anchor]:
    for checkpoint in sorted(known, key=lambda held: held.size):
        if checkpoint.origin == key.name:
            yield _Anchor(checkpoint.size, checkpoint.root, None)
        else:
            findings.add(Fault.WRONG_ORIGIN)


class _Findings:
    """The problems, a few of each kind."""

    def __init__(self) -> None:
        self._by_fault: dict[Fault, list[Problem]] = {}

    def add(
        self,
        fault: Fault,
        first: int | None = None,
        last: int | None = None,
        checkpoint: int | None = None,
    ) -> None:
        same = self._by_fault.setdefault(fault, [])
        if len(same) < MAX_OF_A_KIND:
            same.append(Problem(fault, first, last, checkpoint))

    def out_of_order(self, position: int, due: int) -> int:
        """Note that ``position`` came where ``due`` was expected; the position due next."""
        if position > due:
            self.add(Fault.MISSING_POSITION, due, position - 1)
            return position + 1
        for fault in (Fault.MISSING_POSITION, Fault.REORDERED_POSITION):
            for gap in self._by_fault.get(fault, []):
                if gap.first is None or gap.last is None or not gap.first <= position <= gap.last:
                    continue
                if fault is Fault.MISSING_POSITION:  # Not missing after all: it came late.
                    self._by_fault[fault].remove(gap)
                    self.add(Fault.REORDERED_POSITION, gap.first, gap.last)
                return due
        self.add(Fault.DUPLICATED_POSITION, position, position)
        return due

    def sorted(self) -> tuple[Problem, ...]:
        """By position; what concerns no position comes last."""
        every = [problem for same in self._by_fault.values() for problem in same]
        return tuple(sorted(every, key=lambda p: maxsize if p.first is None else p.first))


class _History:
    """The tree over the entries so far, held against every root that is known for it."""

    def __init__(self, anchors: Iterator[_Anchor], findings: _Findings) -> None:
        self.size, self.root = 0, EMPTY_ROOT  # of the newest checkpoint that agrees
        self.broken = False  # an entry is out of place, so no later root can agree
        self.boundary = maxsize  # where the next anchor waits
        self._anchors, self._findings = anchors, findings
        self._frontier, self._batch = Frontier(), list[bytes]()
        self._signed: int | None = None  # size of the newest checkpoint, agreeing or not
        self._agreed = 0  # newest size at which any root agrees
        self._witnessed = 0  # newest size at which a witness's root agrees
        self._changed: _Anchor | None = None  # first checkpoint that disagrees, since then
        self._disputed: _Anchor | None = None  # first root of a witness that disagrees, since then
        self._rewritten = False  # told once: every later root of that witness disagrees too
        self._advance()

    def add(self, body: bytes) -> None:
        """The next entry."""
        if not self.broken:
            self._batch.append(leaf_hash(body))
            if len(self._batch) == _BATCH:
                self._grow()

    def reach(self, count: int) -> None:
        """Compare with every anchor up to ``count`` entries, which is where the stream stands."""
        while self._anchor is not None and self._anchor.size <= count:
            if not self.broken:
                self._grow()
                agrees = self._frontier.root() == self._anchor.root
                (self._agree if agrees else self._disagree)(self._anchor)
            self._advance()

    def finish(self, count: int) -> None:
        """There are no more entries: name what is still open."""
        self.reach(count)
        longest = count
        while self._anchor is not None:
            longest = max(longest, self._anchor.size)
            self._advance()
        if longest > count:
            self._findings.add(Fault.TRUNCATED, count, longest - 1)
        if self._signed is None:
            self._findings.add(Fault.NO_CHECKPOINT)
        elif self._signed < count:
            self._findings.add(Fault.UNSIGNED_TAIL, self._signed, count - 1)
        disagreeing = [anchor for anchor in (self._changed, self._disputed) if anchor is not None]
        if disagreeing:
            closest = min(disagreeing, key=lambda anchor: anchor.size)
            self._report(Fault.CHANGED_ENTRIES, self._agreed, closest)

    def _agree(self, anchor: _Anchor) -> None:
        # The entries are as signed or seen here, so it is the roots before that tell otherwise.
        if self._changed is not None:
            self._report(Fault.CONFLICTING_CHECKPOINTS, self._agreed, self._changed)
        if self._disputed is not None:
            self._report_rewritten(self._disputed)
        self._changed = self._disputed = None
        self._agreed = anchor.size
        if anchor.number is None:
            self._witnessed = anchor.size
        else:
            self.size, self.root = anchor.size, anchor.root

    def _disagree(self, anchor: _Anchor) -> None:
        settled = self._agreed == anchor.size  # another root of this very size agrees
        if anchor.number is None:
            if settled:
                self._report_rewritten(anchor)
            else:
                self._disputed = self._disputed or anchor
        elif settled:
            self._report(Fault.CONFLICTING_CHECKPOINTS, 0, anchor)
        else:
            self._changed = self._changed or anchor

    def _report_rewritten(self, anchor: _Anchor) -> None:
        if not self._rewritten:
            self._report(Fault.REWRITTEN_HISTORY, self._witnessed, anchor)
        self._rewritten = True

    def _report(self, fault: Fault, first: int, anchor: _Anchor) -> None:
        if first < anchor.size:
            self._findings.add(fault, first, anchor.size - 1, anchor.number)
        else:
            self._findings.add(fault, checkpoint=anchor.number)

    def _grow(self) -> None:
        self._frontier.append(self._batch)
        self._batch.clear()

    def _advance(self) -> None:
        self._anchor = next(self._anchors, None)
        self.boundary = maxsize if self._anchor is None else self._anchor.size
        if self._anchor is not None and self._anchor.number is not None:
            self._signed = self._anchor.size
