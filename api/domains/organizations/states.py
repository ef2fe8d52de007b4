"""An organisation acts only after the operator verified it."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class OrganizationState(StrEnum):
    """Where an organisation stands."""

    REGISTERED = "registered"
    VERIFIED = "verified"
    SUSPENDED = "suspended"


_S = OrganizationState

LIFECYCLE: Final = Lifecycle(
    name="organization",
    initial=_S.REGISTERED,
    transitions=MappingProxyType({
        "verify": Transition(
            frozenset({_S.REGISTERED, _S.SUSPENDED}), _S.VERIFIED,
            Permission.ORGANIZATIONS_VERIFY, "organization.verified",
        ),
        "suspend": Transition(
            frozenset({_S.VERIFIED}), _S.SUSPENDED,
            Permission.ORGANIZATIONS_VERIFY, "organization.suspended",
        ),
    }),
)  # fmt: skip
