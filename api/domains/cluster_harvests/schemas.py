"""Wire shapes."""

from typing import Annotated

from pydantic import Field

from api.core.wire import Count, Kilos, PageParameters, Shape


class ClusterHarvestOut(Shape):
    """Cocoa that producers delivered in a calendar year while they were members, as kilos of dry
    cocoa; a kilo of wet cocoa counts as 0.33, the least it dries to. The main season is April to
    August, March to July in Ayacucho and Cusco. Other organisations get no sum to which fewer than
    five producers delivered, nor one from which such a sum follows: it is null.
    """

    year: Annotated[int, Field(ge=1900, le=2200, json_schema_extra={"format": "int32"})]
    producers: Annotated[Count | None, Field(description="Who delivered")]
    dry_kg: Kilos | None
    main_season_dry_kg: Kilos | None
    other_months_dry_kg: Kilos | None


class ClusterHarvestSearch(PageParameters):
    """Filters of the list."""

    year: Annotated[
        int | None,
        Field(
            description="This calendar year",
            ge=1900,
            le=2200,
            json_schema_extra={"format": "int32"},
        ),
    ] = None
