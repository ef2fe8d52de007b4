"""What is asked of this room."""

from datetime import date
from uuid import UUID

from api.core.clock import today
from api.core.criteria import written
from api.core.problems import FieldError, InvalidPayload, NotFound
from api.domains.facts import repository
from api.domains.facts.facts import FACTS, ProducerFacts
from api.domains.facts.schemas import FactOut, ProducerFactsOut
from api.domains.facts.vocabulary import FactName
from api.reads import Document, Reader


async def presented(reader: Reader, producer_id: UUID, as_of: date | None) -> Document:
    """The facts of a producer of one's own; 404 for anybody else's, 422 for a day to come."""
    day = as_of or today()
    if day > today():
        raise InvalidPayload(errors=[_FUTURE])
    if not await reader.rows(repository.OWN, producer_id=producer_id):
        raise NotFound("producer")
    [facts] = await repository.of_producers(reader.rows, [producer_id], day)
    return Document(_shape(facts).model_dump_json().encode(), 0)


def _shape(facts: ProducerFacts) -> ProducerFactsOut:
    return ProducerFactsOut(
        producer_id=facts.producer_id,
        as_of=facts.as_of,
        facts=[_fact(facts, name) for name in FactName],
    )


def _fact(facts: ProducerFacts, name: FactName) -> FactOut:
    known = FACTS[name]
    return FactOut(
        fact=name,
        kind=known.kind,
        unit=known.unit,
        source=list(known.source),
        value=written(getattr(facts, name)),
        absent_because=facts.absences.get(name),
    )


_FUTURE = FieldError(
    "?as_of", "in-the-future", {"es": "está en el futuro", "en": "lies in the future"}
)
