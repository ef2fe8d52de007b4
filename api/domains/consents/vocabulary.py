"""The closed lists of this room (Ley 29733: one consent, one purpose)."""

from enum import StrEnum


class Purpose(StrEnum):
    """What personal data may be used for."""

    SERVICE_DELIVERY = "service_delivery"
    CREDIT_READINESS = "credit_readiness"
    TRACEABILITY_DISCLOSURE = "traceability_disclosure"
    INCENTIVES = "incentives"


class Channel(StrEnum):
    """How the consent was given."""

    PAPER = "paper"
    APP = "app"
    VOICE = "voice"
    WEB = "web"
