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
from api.core.notes import SIGNATURE_MARK

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

    A note ends with the empty line after its signatures, so a spoilt one spoils no other.
    """
    note: list[str] = []
    signed = False
    for line in lines:
        text = line.rstrip("\r\n")
        if text or (note and not signed):
            note.append(f"{text}\n")
            signed = text.startswith(SIGNATURE_MARK)
        elif note:
            yield "".join(note)
            note, signed = [], False
    if note:
        yield "".join(note)


def read_entry(line: str | bytes, due: int) -> tuple[int, bytes]:
    """Position and body of a line; ``NotCanonical`` if it is not an entry.

    ``due`` is the position that should come, which makes the usual line quick to read.
    """
    raw = line if isinstance(line, bytes) else _utf8(line)
    start = b'{"position":%d,"body":' % due
    if raw.startswith(start) and raw.endswith(b"}\n"):
        try:
            body = orjson.loads(raw[len(start) : -2])
        except orjson.JSONDecodeError:
            body = None
        if isinstance(body, str):
            return due, body.encode()
    # Any other spelling of the same entry is as good, and is read with all the care it needs.
    entry = parse(raw)
    if isinstance(entry, dict) and entry.keys() == {"position", "body"}:
        position, text = entry["position"], entry["body"]
        if type(position) is int and position >= 0 and isinstance(text, str):
            return position, text.encode()
    raise NotCanonical("not an entry")


def _utf8(line: str) -> bytes:
    try:
        return line.encode()
    except UnicodeEncodeError:
        raise NotCanonical("half a character is not an entry") from None
