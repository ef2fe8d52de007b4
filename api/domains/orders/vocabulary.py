"""The closed lists of this room."""

from enum import StrEnum


class PlanException(StrEnum):
    """The only reasons for which a line may stand outside a farm plan; they stay visible."""

    EMERGENCY = "emergency"
    REPLACEMENT = "replacement"
    TRAINING = "training"


class LineState(StrEnum):
    """Where a line stands between the two sides."""

    ORDERED = "ordered"
    PROPOSED = "proposed"
    """The supplier proposes a substitute; what the line reserved waits for the buyer's answer."""
    DECLINED = "declined"
    SUBSTITUTED = "substituted"
    """The substitute is a line of its own."""


class SubstituteState(StrEnum):
    """What became of a substitute that the supplier proposed."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """Nobody answered in time, or the order ended."""


class PaymentSource(StrEnum):
    """Where an order's money comes from."""

    CASH = "cash"
    TRANSFER = "transfer"
    WALLET = "wallet"
    LOAN = "loan"
    INCENTIVE_VOUCHER = "incentive_voucher"
