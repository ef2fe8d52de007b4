"""Wire shapes."""

from typing import Annotated

from pydantic import Field

from api.core.wire import Count, Shape
from api.domains.field_batches.rules import MOST_ITEMS
from api.domains.field_items.schemas import FieldItemIn, FieldItemOut


class FieldBatchIn(Shape):
    """Everything that was captured since the last connection, in any order."""

    items: Annotated[list[FieldItemIn], Field(min_length=1, max_length=MOST_ITEMS)]


class FieldBatchOut(Shape):
    """What became of each item, in the order in which they were sent, and how many of each."""

    applied: Count
    unchanged: Count
    refused: Count
    conflict: Count
    waiting: Count
    items: Annotated[list[FieldItemOut], Field(max_length=MOST_ITEMS)]
