"""Signed notes and checkpoints: what a log publishes about itself, readable and signed.

A signed note (c2sp.org/signed-note) is text, a blank line, and signature lines
``— <key name> <base64(key id ‖ signature)>``. A checkpoint (c2sp.org/tlog-checkpoint) is a note
whose text is the log's origin, its size, and the root of its Merkle tree in base64::

    mazorca.example/ledger
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — mazorca.example/ledger Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+Z…

Signatures are Ed25519 (RFC 8032, type 0x01). What anybody needs to check them is one line, the
``vkey``: ``<key name>+<key id, 8 hex digits>+<base64(0x01 ‖ public key)>``. The format is that of
Go's checksum database and of every C2SP witness, so their tools read ours.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from api.core.merkle import HASH_SIZE

MAX_NOTE = 64 * 1024
"""Longest note that is read, in characters: room for far more than the 16 signatures required."""

SIGNATURE_MARK = "— "
"""How a signature line begins."""

_ED25519 = b"\x01"
_ID_SIZE = 4
_NAME = re.compile(r"[^\s+]+")
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
# Control characters but the newline, and half characters, which UTF-8 cannot write.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_SIGNATURE_LINE = re.compile(SIGNATURE_MARK + r"([^\s+]+) ([A-Za-z0-9+/=]+)")


class NoteFault(ValueError):
    """Why a note is not believed. Messages never repeat what the note holds."""


class MalformedKey(NoteFault):
    """A vkey, a key name or a private key that is not well formed."""


class MalformedNote(NoteFault):
    """Not a signed note."""


class UnknownKey(NoteFault):
    """Well formed, but not signed by any key that was asked for."""


class BadSignature(NoteFault):
    """Names a known key, and the signature is not by it: text or signature was changed."""


class MalformedCheckpoint(NoteFault):
    """A good note whose text is not a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: ``size`` entries whose Merkle tree has ``root`` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or _FORBIDDEN.search(self.origin):
            raise MalformedCheckpoint("the origin is empty or has control characters")
        if not _SIZE.fullmatch(str(self.size)):
            raise MalformedCheckpoint("the size is not a count of entries")
        if len(self.root) != HASH_SIZE:
            raise MalformedCheckpoint("the root is not a SHA-256 hash")

    @property
    def text(self) -> str:
        """The note text that is signed."""
        return f"{self.origin}\n{self.size}\n{_encode64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """From a note text. Extension lines are allowed, as the format asks, and left aside."""
        match text.split("\n"):
            case [origin, size, root, *extension, ""] if all([origin, size, root, *extension]):
                digest = _decode64(root)
            case _:
                raise MalformedCheckpoint("a checkpoint has three lines or more, none empty")
        if not _SIZE.fullmatch(size):
            raise MalformedCheckpoint("the size is not a decimal number")
        if digest is None:
            raise MalformedCheckpoint("the root is not base64")
        return cls(origin, int(size), digest)


class VerifierKey:
    """A public key under a name: checks signatures, prints as a vkey."""

    __slots__ = ("_key", "id", "name", "public")

    def __init__(self, name: str, public: bytes) -> None:
        """``public`` is the 32-byte encoding of RFC 8032; ``MalformedKey`` if either is bad."""
        if not _NAME.fullmatch(name) or _FORBIDDEN.search(name):
            raise MalformedKey("a key name is not empty and has neither spaces nor '+'")
        try:
            self._key = Ed25519PublicKey.from_public_bytes(public)
        except ValueError:
            raise MalformedKey("not an Ed25519 public key") from None
        self.name = name
        self.public = public
        self.id = sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_ID_SIZE]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_encode64(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """From a vkey line; ``MalformedKey`` also where its id is not that of its key."""
        match = _VKEY.fullmatch(vkey.strip())
        encoded = _decode64(match[3]) if match else None
        if match is None or encoded is None or encoded[:1] != _ED25519:
            raise MalformedKey("not the vkey of an Ed25519 key")
        key = cls(match[1], encoded[1:])
        if key.id.hex() != match[2]:
            raise MalformedKey("the id in the vkey is not that of its key")
        return key

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether ``signature`` (64 bytes) is this key's over ``text``."""
        try:
            self._key.verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class Signer:
    """A private key under a name. It never prints the key."""

    __slots__ = ("_key", "vkey")

    def __init__(self, name: str, pem: str | bytes, password: bytes | None = None) -> None:
        """``pem`` as ``generate_key`` writes it; ``MalformedKey`` if it is no Ed25519 key."""
        data = pem.encode() if isinstance(pem, str) else pem
        try:
            key = serialization.load_pem_private_key(data, password)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            # Without the cause: it may quote the file.
            raise MalformedKey("not a private key in PEM, or not its password") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise MalformedKey("the private key is not Ed25519")
        self._key = key
        self.vkey = VerifierKey(name, key.public_key().public_bytes_raw())

    @property
    def name(self) -> str:
        """Key name; for a log, its origin."""
        return self.vkey.name

    def signature(self, text: str) -> bytes:
        """64 bytes over ``text``; the same text gives the same bytes (RFC 8032)."""
        return self._key.sign(text.encode())


def generate_key() -> str:
    """A new Ed25519 private key as PKCS #8 PEM, unencrypted: keep the file to its owner."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode()


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note of ``checkpoint``.

    ``MalformedCheckpoint`` where its origin is not the signer's name: one key speaks for one log.
    """
    if checkpoint.origin != signer.name:
        raise MalformedCheckpoint("the origin is not the name of the signing key")
    return sign_text(checkpoint.text, signer)


def sign_text(text: str, signer: Signer) -> str:
    """The signed note over any text; ``MalformedNote`` where no note could hold it."""
    if not text.endswith("\n") or _FORBIDDEN.search(text):
        raise MalformedNote("a note ends in a newline and has no other control characters")
    blob = signer.vkey.id + signer.signature(text)
    return f"{text}\n{SIGNATURE_MARK}{signer.name} {_encode64(blob)}\n"


def open_note(note: str, vkeys: Iterable[str | VerifierKey]) -> Checkpoint:
    """The checkpoint in ``note``, once a signature by one of ``vkeys`` has been checked.

    Raises ``MalformedKey``, ``MalformedNote``, ``UnknownKey``, ``BadSignature`` or
    ``MalformedCheckpoint``, all of them ``NoteFault``.
    """
    return Checkpoint.parse(open_text(note, vkeys))


def open_text(note: str, vkeys: Iterable[str | VerifierKey]) -> str:
    """The text of ``note``, believed.

    Signatures by other keys are ignored (witnesses add theirs); one that names a known key and
    does not hold makes the whole note ``BadSignature``, whatever else it carries.
    """
    keys = _by_name_and_id(vkeys)
    text, signatures = _split(note)
    believed = False
    for name, blob in signatures:
        key = keys.get((name, blob[:_ID_SIZE]))
        if key is None:
            continue
        if not key.verifies(text, blob[_ID_SIZE:]):
            raise BadSignature("a signature that names a known key is not by it")
        believed = True
    if not believed:
        raise UnknownKey("no signature by a known key")
    return text


def _by_name_and_id(vkeys: Iterable[str | VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    keys: dict[tuple[str, bytes], VerifierKey] = {}
    for vkey in vkeys:
        key = VerifierKey.parse(vkey) if isinstance(vkey, str) else vkey
        if keys.setdefault((key.name, key.id), key).public != key.public:
            raise MalformedKey("two keys share a name and an id")
    return keys


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and (key name, key id ‖ signature) of each signature line."""
    end = note.rfind("\n\n")
    lines = note[end + 2 :].split("\n")
    if len(note) > MAX_NOTE or end < 0 or _FORBIDDEN.search(note) or lines.pop() or not lines:
        raise MalformedNote("not a text, a blank line and signature lines")
    signatures: list[tuple[str, bytes]] = []
    for line in lines:
        match = _SIGNATURE_LINE.fullmatch(line)
        blob = _decode64(match[2]) if match else None
        if match is None or blob is None or len(blob) <= _ID_SIZE:
            raise MalformedNote("a signature line is not a dash, a key name and base64")
        signatures.append((match[1], blob))
    return note[: end + 1], signatures


def _encode64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode64(text: str) -> bytes | None:
    """Bytes, or None unless ``text`` is their one standard encoding (RFC 4648 §4)."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _encode64(data) == text else None
