"""Wire shapes."""

from typing import Annotated, Any

from pydantic import Field

from api.core.wire import Count, Day, Kilos, Money, PageParameters, Shape, UbigeoPrefix
from api.domains.catalogues.vocabulary import Category, Unit
from api.domains.demand_forecasts.vocabulary import ForecastLevel

_OF_NEEDS = ("category", "month_from", "month_until")


class DemandForecastOut(Shape):
    """What the farm plans of at least five producers need of a category in a month.

    Figures are rounded to two significant digits, ``producers`` down to a multiple of five.
    ``open_quantity`` is what is not ordered yet, null where that would tell of fewer than five
    producers. ``estimated_cost`` is the plans' own estimate, of the whole quantity.
    """

    level: ForecastLevel
    ubigeo: UbigeoPrefix
    category: Category
    month: Annotated[Day, Field(description="By its first day")]
    unit: Unit
    producers: Count
    quantity: Annotated[Kilos, Field(description="In the unit")]
    open_quantity: Annotated[Kilos, Field(description="In the unit")] | None
    estimated_cost: Money


class DemandForecastSearch(PageParameters):
    """Filters of the list; sorted by month, category and place."""

    category: Annotated[Category | None, Field(description="Of this category")] = None
    unit: Annotated[Unit | None, Field(description="Counted in this unit")] = None
    level: Annotated[ForecastLevel | None, Field(description="For places of this width")] = None
    ubigeo: Annotated[
        UbigeoPrefix | None,
        Field(description="Within this place, or for a wider one that may have it in it"),
    ] = None
    month_from: Annotated[
        Day | None, Field(description="For months from this day on; default this month")
    ] = None
    month_until: Annotated[
        Day | None,
        Field(description="For months begun by this day, a year at most; default three months"),
    ] = None
    open: Annotated[
        bool | None, Field(description="With something known not to be ordered yet, or nothing")
    ] = None

    def filters(self) -> dict[str, Any]:
        """The filters that choose among forecasts."""
        return {k: v for k, v in super().filters().items() if k not in _OF_NEEDS}

    def needs(self) -> dict[str, Any]:
        """Which forecasts are made at all: categories and months do not touch one another."""
        return {name: getattr(self, name) for name in _OF_NEEDS}
