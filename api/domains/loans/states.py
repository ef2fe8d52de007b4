"""A loan is active from its first disbursement until it is settled or written off; one that was
never paid out is cancelled with its application.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class LoanState(StrEnum):
    """Where a loan stands."""

    APPROVED = "approved"
    ACTIVE = "active"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    CANCELLED = "cancelled"


_S = LoanState

LIFECYCLE: Final = Lifecycle(
    name="loan",
    initial=_S.APPROVED,
    transitions=MappingProxyType({
        "disburse": Transition(
            frozenset({_S.APPROVED, _S.ACTIVE}), _S.ACTIVE,
            Permission.LOANS_DISBURSE, "loan.disbursed",
        ),
        "repay": Transition(
            frozenset({_S.ACTIVE}), _S.ACTIVE, Permission.LOANS_REPAY, "loan.repaid"
        ),
        "settle": Transition(
            frozenset({_S.ACTIVE}), _S.SETTLED, Permission.LOANS_REPAY, "loan.settled"
        ),
        "write_off": Transition(
            frozenset({_S.ACTIVE}), _S.WRITTEN_OFF,
            Permission.LOANS_DISBURSE, "loan.written_off",
        ),
        "cancel": Transition(
            frozenset({_S.APPROVED}), _S.CANCELLED,
            Permission.CREDIT_APPLICATIONS_WRITE, "loan.cancelled",
        ),
    }),
)  # fmt: skip
