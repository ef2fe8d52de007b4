"""A request waits for the provider's answer; what is accepted is completed once it was visited."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class ServiceRequestState(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


_S = ServiceRequestState

LIFECYCLE: Final = Lifecycle(
    name="service_request",
    initial=_S.REQUESTED,
    transitions=MappingProxyType({
        "accept": Transition(
            frozenset({_S.REQUESTED}), _S.ACCEPTED,
            Permission.SERVICE_REQUESTS_ANSWER, "service_request.accepted",
        ),
        "decline": Transition(
            frozenset({_S.REQUESTED}), _S.DECLINED,
            Permission.SERVICE_REQUESTS_ANSWER, "service_request.declined",
        ),
        "withdraw": Transition(
            frozenset({_S.REQUESTED, _S.ACCEPTED}), _S.WITHDRAWN,
            Permission.SERVICE_REQUESTS_WRITE, "service_request.withdrawn",
        ),
        "complete": Transition(
            frozenset({_S.ACCEPTED}), _S.COMPLETED,
            Permission.SERVICE_REQUESTS_ANSWER, "service_request.completed",
        ),
    }),
)  # fmt: skip
