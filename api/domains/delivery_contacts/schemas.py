"""Wire shapes."""

from uuid import UUID

from api.core.wire import Name, Sentence, Shape
from api.domains.consents.schemas import Disclosure
from api.domains.producers.schemas import Phone


class DeliveryContactOut(Shape):
    """To whom and where an order is delivered. ``disclosure``: the consent by which the supplier
    reads it, where it names a producer.
    """

    order_id: UUID
    name: Name
    phone: Phone | None
    address: Sentence
    producer_id: UUID | None
    disclosure: Disclosure | None
