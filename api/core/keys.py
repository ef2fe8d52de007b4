"""The installation's secrets as files: token keys, the ledger's key, the cursor secret.

Each is made on first use, mode 0600. Token keys have three states: ``next`` is published before
it signs, ``current`` signs, ``previous`` still verifies; ``mazorca keys rotate`` moves them on.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.core.notes import Signer, generate_key
from api.core.tokens import SigningKey, new_key_pem

TOKEN_KEY_STATES: Final = ("current", "next", "previous")


def keep(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's bytes; made first, atomically and readable by us alone, where it is absent."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(make())
        stream.flush()
        os.fsync(stream.fileno())
    try:
        # link, not rename: of two processes at first start, both end with the same key.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The folder of keys."""

    folder: Path

    def token_keys(self) -> tuple[SigningKey, ...]:
        """Current, next and (where there is one) previous token key."""
        keys = [
            SigningKey.from_pem(keep(self._token_key(state), new_key_pem))
            for state in ("current", "next")
        ]
        if self._token_key("previous").exists():
            keys.append(SigningKey.from_pem(self._token_key("previous").read_bytes()))
        return tuple(keys)

    def rotate_token_keys(self) -> None:
        """Next becomes current, current becomes previous, a new next is made."""
        self.token_keys()
        self._token_key("current").replace(self._token_key("previous"))
        self._token_key("next").replace(self._token_key("current"))
        keep(self._token_key("next"), new_key_pem)

    def cursor_secret(self) -> bytes:
        """What signs list cursors."""
        return keep(self.folder / "cursor.secret", lambda: secrets.token_bytes(32))

    def ledger_signer(self, origin: str) -> Signer:
        """Who signs the ledger's checkpoints. The name is fixed at first use: a ledger keeps it
        when the installation moves to another address.
        """
        name = keep(self.folder / "ledger.name", origin.encode).decode()
        return Signer(name, keep(self.folder / "ledger.pem", lambda: generate_key().encode()))

    def _token_key(self, state: str) -> Path:
        return self.folder / f"token-{state}.pem"
