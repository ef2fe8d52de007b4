"""Wire shapes."""

from typing import Self

from pydantic import Field, model_validator

from api.core.invalid import Invalid
from api.core.wire import PositiveAmount, Sentence, Shape
from api.domains.orders.vocabulary import DisputeReason, SettlementOutcome


class DisputeIn(Shape):
    """What is contested. Kept with the order for both sides to read."""

    code: DisputeReason = Field(examples=["shortage"])
    reason: Sentence | None = Field(default=None, examples=["Faltan dos sacos"])


class SettlementIn(Shape):
    """How the dispute is to end; a credit note says how much, in the order's currency."""

    outcome: SettlementOutcome = Field(examples=["credit_note"])
    amount: PositiveAmount | None = Field(default=None, examples=["240.00"])

    @model_validator(mode="after")
    def _credited(self) -> Self:
        if (self.outcome is SettlementOutcome.CREDIT_NOTE) != (self.amount is not None):
            raise Invalid(
                "una nota de crédito lleva monto, y nada más lo lleva",
                "a credit note has an amount, and nothing else has",
                field="amount",
            )
        return self


class SettlementOfferIn(SettlementIn):
    """What the supplier offers."""

    note: Sentence | None = Field(default=None, examples=["Nota de crédito FC01-118"])
