"""The closed lists of this room."""

from enum import StrEnum


class LoanMovementKind(StrEnum):
    """Money out to the borrower's side, or back."""

    DISBURSEMENT = "disbursement"
    REPAYMENT = "repayment"


class LoanChannel(StrEnum):
    """How the money moved."""

    ORDER_PAYMENT = "order_payment"
    CASH = "cash"
    TRANSFER = "transfer"
    RETENTION = "retention"
