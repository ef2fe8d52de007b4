"""A shipment is dispatched by the seller and received by the buyer."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class ShipmentState(StrEnum):
    """Where a shipment stands."""

    DISPATCHED = "dispatched"
    RECEIVED = "received"


LIFECYCLE: Final = Lifecycle(
    name="shipment",
    initial=ShipmentState.DISPATCHED,
    transitions=MappingProxyType({
        "receive": Transition(
            frozenset({ShipmentState.DISPATCHED}), ShipmentState.RECEIVED,
            Permission.SHIPMENTS_RECEIVE, "shipment.received",
        ),
    }),
)  # fmt: skip
