"""A consent is granted until it is revoked; it may also run out."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class ConsentState(StrEnum):
    """Where a consent stands."""

    GRANTED = "granted"
    REVOKED = "revoked"


LIFECYCLE: Final = Lifecycle(
    name="consent",
    initial=ConsentState.GRANTED,
    transitions=MappingProxyType({
        "revoke": Transition(
            frozenset({ConsentState.GRANTED}), ConsentState.REVOKED,
            Permission.CONSENTS_WRITE, "consent.revoked",
        ),
    }),
)  # fmt: skip
