"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.wire import Name, PageParameters, Resource, Shape, Ubigeo


class CollectionCentreIn(Shape):
    """A new centre."""

    name: Name = Field(examples=["Centro de acopio Pólvora"])
    ubigeo: Ubigeo = Field(examples=["221004"])


class CollectionCentreOut(Resource):
    """A centre of one's own organisation."""

    organization_id: UUID
    name: Name
    ubigeo: Ubigeo


class CollectionCentreSearch(PageParameters):
    """Filters of the list."""

    ubigeo: Annotated[Ubigeo | None, Field(description="In this district")] = None
