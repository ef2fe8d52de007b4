"""Wire shapes."""

from uuid import UUID

from pydantic import Field

from api.core.wire import Shape


class MergeIn(Shape):
    """Which registration stands for both from now on. There is no way back."""

    into: UUID = Field(description="The registration that stays; one's own, and active")
