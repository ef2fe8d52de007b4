"""Where the demonstration's client ids and secrets lie: one private file."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

FILE_NAME: Final = "demo-credentials.json"


@dataclass(frozen=True, slots=True)
class Credential:
    """Who an organisation is, and what its program signs in with."""

    organization_id: UUID
    legal_name: str
    client_id: UUID
    client_secret: str


def write(path: Path, credentials: Mapping[str, Credential]) -> None:
    """Replace the file, whole or not at all; from its first byte on, only its owner reads it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            listed = {role: asdict(each) for role, each in credentials.items()}
            json.dump(listed, stream, indent=2, ensure_ascii=False, default=str)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read(path: Path) -> dict[str, Credential]:
    """What ``write`` wrote, by role; ``OSError`` or ``ValueError`` where it is not there."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        return {
            role: Credential(
                UUID(each["organization_id"]),
                each["legal_name"],
                UUID(each["client_id"]),
                each["client_secret"],
            )
            for role, each in listed.items()
        }
    except (KeyError, TypeError, AttributeError):
        raise ValueError(f"{path} does not hold demonstration credentials") from None
