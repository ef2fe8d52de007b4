"""Wire shapes."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from api.core.invalid import Invalid
from api.core.wire import Amount, Instant, PositiveKilos, Sentence, Shape
from api.domains.order_answers.vocabulary import LineAnswer

_ID = "01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c11"


class SubstituteIn(Shape):
    """Another item of the supplier's own on offer, of the line's category and unit."""

    item_id: UUID = Field(examples=["01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c12"])
    quantity: PositiveKilos = Field(description="Packs", examples=["3"])
    unit_price: Amount | None = Field(
        default=None,
        description="Per pack, in the order's currency; that of the offer or less",
        examples=["110.00"],
    )


class LineAnswerIn(Shape):
    """What the supplier says to a line; a line that is declined says why."""

    line_id: UUID = Field(examples=[_ID])
    answer: LineAnswer = Field(examples=["decline"])
    reason: Sentence | None = Field(default=None, examples=["Sin existencias hasta enero"])
    substitute: SubstituteIn | None = Field(default=None, examples=[None])

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.answer is LineAnswer.SUBSTITUTE) != (self.substitute is not None):
            raise Invalid(
                "va con la respuesta «substitute», y solo con ella",
                "stands with the answer 'substitute', and only there",
                field="substitute",
            )
        if self.answer is LineAnswer.DECLINE and self.reason is None:
            raise Invalid(
                "diga por qué se rechaza la línea", "say why the line is declined", field="reason"
            )
        return self


class AcceptanceIn(Shape):
    """The supplier's answer, line by line; lines that are not named are accepted."""

    lines: Annotated[list[LineAnswerIn], Field(max_length=1000)] = []
    answer_until: Instant | None = Field(
        default=None,
        description="By when the buyer is to answer proposals; default the platform's own time",
        examples=[None],
    )


class ProposalAnswerIn(Shape):
    """What the buyer says to the substitute proposed for a line."""

    line_id: UUID = Field(examples=[_ID])
    answer: Literal["accept", "decline"] = Field(examples=["accept"])


class ProposalsAnswerIn(Shape):
    """The buyer's answer to every proposal, each once."""

    lines: Annotated[list[ProposalAnswerIn], Field(min_length=1, max_length=1000)]
