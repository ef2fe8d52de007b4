"""The ledger as files, for whoever wants to verify it without us. A directory of three, in UTF-8:

``entries.ndjson``   one line for each entry, in order, as ``entry_line`` writes it:
                     ``{"position":n,"body":"<canonical JSON, as a string>"}``. The body is quoted
                     so that its exact bytes survive any JSON tool; its leaf is
                     ``SHA-256(0x00 ‖ body)``.
``checkpoints.txt``  signed notes in the order of their size, an empty line between two
                     (``join_checkpoints``, ``split_checkpoints``). Not every checkpoint must be
                     there, but the newest must; the closer they lie, the closer a fault is placed.
``key.txt``          the vkey of the log. An auditor should have it from elsewhere.
"""

from collections.abc import Iterable, Iterator

import orjson

from api.core.canonical import NotCanonical, parse

ENTRIES_FILE = "entries.ndjson"
CHECKPOINTS_FILE = "checkpoints.txt"
KEY_FILE = "key.txt"


def entry_line(position: int, body: bytes) -> bytes:
    """One line of ``entries.ndjson``, with its newline."""
    return b'{"position":%d,"body":%b}\n' % (position, orjson.dumps(body.decode()))


def join_checkpoints(notes: Iterable[str]) -> Iterator[str]:
    """The text of ``checkpoints.txt``, piece by piece."""
    for number, note in enumerate(notes):
        yield f"\n{note}" if number else note


def split_checkpoints(lines: Iterable[str]) -> Iterator[str]:
    """The notes in ``checkpoints.txt``, from its lines, one at a time.

    Every second empty line parts two notes; the others stand inside a note, before its signatures.
    """
    note: list[str] = []
    empty_lines = 0
    for line in lines:
        if line.strip("\r\n"):
            note.append(line)
            continue
        empty_lines += 1
        if empty_lines % 2:
            note.append("\n")
        else:
            yield "".join(note)
            note = []
    if note:
        yield "".join(note)


def read_entry(line: str | bytes, due: int) -> tuple[int, bytes]:
    """Position and body of a line; ``NotCanonical`` if it is not an entry.

    ``due`` is the position that should come, which makes the usual line quick to read.
    """
    raw = line if isinstance(line, bytes) else line.encode("utf-8", "replace")
    start = b'{"position":%d,"body":' % due
    if raw.startswith(start) and raw.endswith(b"}\n"):
        try:
            body = orjson.loads(raw[len(start) : -2])
        except orjson.JSONDecodeError:
            body = None
        if isinstance(body, str):
            return due, body.encode()
    # Any other spelling of the same entry is as good, and is read with all the care it needs.
    match parse(raw):
        case {"position": int(position), "body": str(text), **rest} if not rest and position >= 0:
            return position, text.encode()
    raise NotCanonical("not an entry")
