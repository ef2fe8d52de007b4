"""The closed lists of this room."""

from enum import StrEnum


class Treatment(StrEnum):
    """What the plan does with a zone."""

    INTENSIFY = "intensify"
    REHABILITATE = "rehabilitate"
    RENEW = "renew"
    RESTORE = "restore"
    CONSERVE = "conserve"


class LineKind(StrEnum):
    """What a plan line needs: something to buy, a service, or work."""

    INPUT = "input"
    SERVICE = "service"
    LABOUR = "labour"
