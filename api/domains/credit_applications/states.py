"""An application is submitted for plan lines, reviewed, offered or declined, accepted, and
becomes a loan with its disbursement.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class CreditApplicationState(StrEnum):
    """Where a credit application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DISBURSING = "disbursing"
    ACTIVE = "active"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_S = CreditApplicationState
_WRITE = Permission.CREDIT_APPLICATIONS_WRITE
_DECIDE = Permission.CREDIT_APPLICATIONS_DECIDE

LIFECYCLE: Final = Lifecycle(
    name="credit_application",
    initial=_S.DRAFT,
    transitions=MappingProxyType({
        "submit": Transition(
            frozenset({_S.DRAFT}), _S.SUBMITTED, _WRITE, "credit_application.submitted"
        ),
        "review": Transition(
            frozenset({_S.SUBMITTED}), _S.UNDER_REVIEW, _DECIDE, "credit_application.reviewed"
        ),
        "offer": Transition(
            frozenset({_S.SUBMITTED, _S.UNDER_REVIEW}), _S.OFFERED, _DECIDE,
            "credit_application.offered",
        ),
        "decline": Transition(
            frozenset({_S.SUBMITTED, _S.UNDER_REVIEW}), _S.DECLINED, _DECIDE,
            "credit_application.declined",
        ),
        "accept": Transition(
            frozenset({_S.OFFERED}), _S.ACCEPTED, _WRITE, "credit_application.accepted"
        ),
        "disburse": Transition(
            frozenset({_S.ACCEPTED, _S.DISBURSING}), _S.DISBURSING, Permission.LOANS_DISBURSE,
            "credit_application.disbursing",
        ),
        "activate": Transition(
            frozenset({_S.ACCEPTED, _S.DISBURSING}), _S.ACTIVE, Permission.LOANS_DISBURSE,
            "credit_application.activated",
        ),
        "withdraw": Transition(
            frozenset({_S.DRAFT, _S.SUBMITTED, _S.UNDER_REVIEW, _S.OFFERED, _S.ACCEPTED}),
            _S.WITHDRAWN, _WRITE, "credit_application.withdrawn",
        ),
        "expire": Transition(
            frozenset({_S.OFFERED}), _S.EXPIRED, _DECIDE, "credit_application.expired"
        ),
    }),
)  # fmt: skip

BOOKED: Final = frozenset({_S.SUBMITTED, _S.UNDER_REVIEW, _S.OFFERED, _S.ACCEPTED})
"""Where plan lines are booked and kilos pledged, and a way out gives all of it back."""

ENDED: Final = frozenset({_S.DECLINED, _S.WITHDRAWN, _S.EXPIRED})
"""Where nothing will come of an application any more."""
