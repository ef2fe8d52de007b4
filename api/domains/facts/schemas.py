"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.core.wire import Day, Shape
from api.domains.facts.vocabulary import Absence, FactKind, FactName

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=200)]
TableName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+$", max_length=63)]


class FactsSearch(Shape):
    """The day that the facts are of."""

    as_of: Annotated[Day | None, Field(description="Today if left out")] = None


class FactOut(Shape):
    """A fact: its value as text, or why it is not known."""

    fact: FactName
    kind: FactKind
    unit: Text | None
    source: Annotated[list[TableName], Field(max_length=10, description="Records it is read from")]
    value: Annotated[Text | None, Field(description="Null where it is not known, never zero")]
    absent_because: Absence | None


class ProducerFactsOut(Shape):
    """What the records say of a producer on a day. No protected attribute is among it."""

    producer_id: UUID
    as_of: Day
    facts: Annotated[list[FactOut], Field(max_length=100)]
