"""The closed lists of this room."""

from enum import StrEnum


class PlanException(StrEnum):
    """The only reasons for which a line may stand outside a farm plan; they stay visible."""

    EMERGENCY = "emergency"
    REPLACEMENT = "replacement"
    TRAINING = "training"


class PaymentSource(StrEnum):
    """Where an order's money comes from."""

    CASH = "cash"
    TRANSFER = "transfer"
    WALLET = "wallet"
    LOAN = "loan"
    INCENTIVE_VOUCHER = "incentive_voucher"
