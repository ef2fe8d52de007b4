"""A buyer proposes, the cluster's host signs, deliveries fulfil."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class PurchaseCommitmentState(StrEnum):
    """Where a purchase commitment stands."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    IN_FULFILMENT = "in_fulfilment"
    FULFILLED = "fulfilled"
    BROKEN = "broken"
    CANCELLED = "cancelled"


_S = PurchaseCommitmentState

LIFECYCLE: Final = Lifecycle(
    name="purchase_commitment",
    initial=_S.PROPOSED,
    transitions=MappingProxyType({
        "sign": Transition(
            frozenset({_S.PROPOSED}), _S.SIGNED,
            Permission.COMMITMENTS_SIGN, "purchase_commitment.signed",
        ),
        "cancel": Transition(
            frozenset({_S.PROPOSED}), _S.CANCELLED,
            Permission.COMMITMENTS_SIGN, "purchase_commitment.cancelled",
        ),
        "ship": Transition(
            frozenset({_S.SIGNED, _S.IN_FULFILMENT}), _S.IN_FULFILMENT,
            Permission.SHIPMENTS_WRITE, "purchase_commitment.shipped",
        ),
        "fulfil": Transition(
            frozenset({_S.SIGNED, _S.IN_FULFILMENT}), _S.FULFILLED,
            Permission.SHIPMENTS_RECEIVE, "purchase_commitment.fulfilled",
        ),
        "break": Transition(
            frozenset({_S.SIGNED, _S.IN_FULFILMENT}), _S.BROKEN,
            Permission.COMMITMENTS_SIGN, "purchase_commitment.broken",
        ),
    }),
)  # fmt: skip
