"""Wire shapes."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from api.core.invalid import one_of
from api.core.wire import (
    Code,
    Day,
    Kilos,
    PageParameters,
    PositiveKilos,
    Resource,
    Shape,
)
from api.domains.deliveries.vocabulary import CocoaForm
from api.domains.lots.states import LotState
from api.domains.lots.vocabulary import CustodyModel, LotProcess


class LotInputIn(Shape):
    """Kilos from a delivery or from another lot: one of the two."""

    delivery_id: UUID | None = None
    source_lot_id: UUID | None = None
    kg: PositiveKilos = Field(examples=["100.000"])

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.delivery_id is None) == (self.source_lot_id is None):
            raise one_of("delivery_id", "source_lot_id")
        return self


class LotIn(Shape):
    """A lot collected from deliveries, merged from lots, or split off one."""

    code: Code = Field(examples=["TOC-2026-014"])
    form: CocoaForm
    custody: CustodyModel
    made_on: Day = Field(examples=["2026-11-21"])
    inputs: Annotated[list[LotInputIn], Field(min_length=1, max_length=1000)]


class DryingIn(Shape):
    """Fermenting and drying: wet kilos in, dry kilos out."""

    code: Code = Field(examples=["TOC-2026-014-S"])
    made_on: Day = Field(examples=["2026-11-27"])
    wet_kg: PositiveKilos = Field(examples=["300.000"])
    dry_kg: PositiveKilos = Field(examples=["117.000"])


class LotInputOut(Shape):
    """Where kilos of a lot came from."""

    delivery_id: UUID | None
    source_lot_id: UUID | None
    kg: Kilos


class LotOut(Resource):
    """A lot."""

    organization_id: UUID
    code: Code
    form: CocoaForm
    process: LotProcess
    custody: CustodyModel
    made_on: Day
    kg: Kilos
    unused_kg: Kilos
    state: LotState
    inputs: Annotated[list[LotInputOut], Field(max_length=1000)]


class LotSearch(PageParameters):
    """Filters of the list."""

    form: Annotated[CocoaForm | None, Field(description="Wet or dry")] = None
    state: Annotated[LotState | None, Field(description="In this state")] = None
    code: Annotated[Code | None, Field(description="With this code")] = None
