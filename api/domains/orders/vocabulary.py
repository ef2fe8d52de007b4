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


class DisputeReason(StrEnum):
    """Why the buyer contests what was sent or received."""

    SHORTAGE = "shortage"
    DAMAGE = "damage"
    WRONG_ITEM = "wrong_item"
    QUALITY = "quality"
    LATE = "late"
    PRICE = "price"
    OTHER = "other"


class DisputeState(StrEnum):
    """Where a dispute stands."""

    OPEN = "open"
    OFFERED = "offered"
    """The supplier offers a settlement, the buyer has not taken it."""
    SETTLED = "settled"


class SettlementOutcome(StrEnum):
    """How a dispute ends."""

    CREDIT_NOTE = "credit_note"
    """The order costs less by the amount of the supplier's nota de crédito."""
    REPLACEMENT = "replacement"
    """What is missing or damaged is sent again, and received anew."""
    NOTHING = "nothing"


class PaymentSource(StrEnum):
    """Where an order's money comes from."""

    CASH = "cash"
    TRANSFER = "transfer"
    WALLET = "wallet"
    LOAN = "loan"
    INCENTIVE_VOUCHER = "incentive_voucher"
