"""Who is calling."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """An API client acting for its organisation, as its access token says.

    ``permissions`` are the scopes of the token: already the intersection of what the client was
    given and what the organisation's roles allow.
    """

    client_id: UUID
    organization_id: UUID
    roles: frozenset[str]
    permissions: frozenset[str]
    token_id: str = ""

    @property
    def is_operator(self) -> bool:
        """Whether the organisation runs this installation."""
        return "operator" in self.roles


SYSTEM: Final = Actor(UUID(int=0), UUID(int=0), frozenset({"operator"}), frozenset())
"""The platform itself: first start, housekeeping."""

ANONYMOUS: Final = Actor(UUID(int=0), UUID(int=0), frozenset(), frozenset())
"""Nobody yet: an organisation that registers itself."""
