"""What one process serves with: connections, keys, counters. Made by ``api.main``."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from time import time
from typing import Final
from uuid import UUID

from asyncpg import InterfaceError, PostgresError

from api.core.actor import Actor
from api.core.notes import Signer
from api.core.paging import Cursors
from api.core.throttle import Throttle
from api.core.tokens import TokenError, Tokens
from api.database import Database
from api.policies import Permission
from api.settings import Settings

_MOST_TOKENS: Final = 20_000
_ENDED: Final = """
SELECT 'token' AS kind, token_id AS id FROM revoked_tokens WHERE expires_at > now()
 UNION ALL
SELECT 'client', id::text FROM api_clients WHERE revoked_at > now() - interval '1 day'
 UNION ALL
SELECT 'organization', id::text FROM organizations WHERE state = 'suspended'
"""
"""What ends tokens before their time; none outlives a day."""
_OF_THE_SUSPENDED: Final = frozenset({Permission.ORGANIZATIONS_READ.value})
"""What a token holds that was made while its organisation was suspended."""


@dataclass
class TokenCache:
    """Verifies a token's signature once, and remembers the actor until expiry or revocation: of the
    token, of its client, or of what its organisation may do.
    """

    tokens: Tokens
    revoked: set[str] = field(default_factory=set)
    clients: frozenset[UUID] = frozenset()
    suspended: frozenset[UUID] = frozenset()
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
        if actor.token_id in self.revoked or actor.client_id in self.clients:
            raise TokenError("revoked")
        if actor.organization_id in self.suspended and actor.permissions - _OF_THE_SUSPENDED:
            raise TokenError("suspended")
        return actor

    async def watch(self, database: Database) -> None:
        """Keep up with what ends tokens in any process, once a second, for ever."""
        while True:
            with suppress(OSError, PostgresError, InterfaceError):
                await self.refresh(database)
            await asyncio.sleep(1)

    async def refresh(self, database: Database) -> None:
        """Read what has ended tokens."""
        ended: dict[str, list[str]] = {"token": [], "client": [], "organization": []}
        for kind, name in await database.pool.fetch(_ENDED):
            ended[kind].append(name)
        self.revoked = set(ended["token"])
        self.clients = frozenset(map(UUID, ended["client"]))
        self.suspended = frozenset(map(UUID, ended["organization"]))

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
