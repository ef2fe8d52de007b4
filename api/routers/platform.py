"""What one process serves with: connections, keys, counters. Made by ``api.main``."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from time import time
from typing import Final

from asyncpg import PostgresError

from api.core.actor import Actor
from api.core.notes import Signer
from api.core.paging import Cursors
from api.core.throttle import Throttle
from api.core.tokens import TokenError, Tokens
from api.database import Database
from api.settings import Settings

_MOST_TOKENS: Final = 20_000
_REVOKED: Final = "SELECT token_id FROM revoked_tokens WHERE expires_at > now()"


@dataclass
class TokenCache:
    """Verifies a token's signature once, and remembers the actor until expiry or revocation."""

    tokens: Tokens
    revoked: set[str] = field(default_factory=set)
    _known: dict[str, tuple[Actor, int]] = field(default_factory=dict)

    def actor(self, token: str) -> Actor:
        """Who holds this token; ``TokenError`` where nobody does."""
        known = self._known.get(token)
        if known is None:
            known = self.tokens.open(token)
            if len(self._known) >= _MOST_TOKENS:
                self._known.clear()
            self._known[token] = known
        actor, expires = known
        if expires <= time():
            del self._known[token]
            raise TokenError("expired")
        if actor.token_id in self.revoked:
            raise TokenError("revoked")
        return actor

    async def watch(self, database: Database) -> None:
        """Keep up with revocations made in other processes, once a second, for ever."""
        while True:
            with suppress(OSError, PostgresError):
                rows = await database.pool.fetch(_REVOKED)
                self.revoked = {row[0] for row in rows}
            await asyncio.sleep(1)

    def known(self, token: str) -> Actor | None:
        """The actor of a token that was verified before, without verifying anything."""
        found = self._known.get(token)
        return found[0] if found else None


@dataclass
class Platform:
    """The parts that routes use, on ``app.state.platform``."""

    settings: Settings
    database: Database
    tokens: TokenCache
    cursors: Cursors
    throttle: Throttle
    signer: Signer
