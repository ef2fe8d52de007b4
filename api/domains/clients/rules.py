"""Secrets and scopes."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Final

from api.policies import Role, permissions_of

SECRET_PREFIX: Final = "mzk_"  # noqa: S105 - how every secret begins
"""Lets secret scanners find a leaked secret."""
MOST_SECRETS: Final = 2


def new_secret() -> str:
    """A client secret: 256 random bits."""
    return SECRET_PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored. A fast hash is enough: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


def granted(
    roles: Iterable[str], *, verified: bool, client_scopes: Iterable[str], asked: str | None
) -> frozenset[str]:
    """The scopes of a token: what the roles allow, the client has, and the caller asked for.

    A client with no scopes of its own has all that its organisation's roles allow.
    """
    allowed = permissions_of(frozenset(Role(role) for role in roles), verified=verified)
    scopes = frozenset(str(permission) for permission in allowed)
    if limited := frozenset(client_scopes):
        scopes &= limited
    return scopes & frozenset(asked.split()) if asked else scopes


def may_give(
    own: Iterable[str], permissions: frozenset[str], given: Iterable[str], roles: Iterable[str]
) -> bool:
    """Whether a client's token reaches as far as a client with the scopes ``given`` would.

    ``own`` are the scopes of the caller's client, ``permissions`` those of its token. Only an
    unlimited client with a whole token may make or renew an unlimited one: its reach grows with
    the organisation's.
    """
    known = frozenset(Role(role) for role in roles)
    whole = {str(each) for each in permissions_of(known, verified=bool(known))} <= permissions
    if whole and not frozenset(own):
        return True
    wanted = frozenset(given)
    return bool(wanted) and wanted <= permissions
