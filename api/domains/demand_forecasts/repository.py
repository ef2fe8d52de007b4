"""The forecast as a list. Filters choose among its rows: none makes a row of other producers."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Date, Integer, Numeric, Text, bindparam, column, func, or_, select

from api.core.documents import document, money, text_of
from api.core.paging import Listing
from api.domains.demand_forecasts.statements import FORECASTS as STATEMENT

_f: Final = (
    sa.text(STATEMENT)
    .columns(
        column("category", Text()),
        column("unit", Text()),
        column("currency", Text()),
        column("month", Date()),
        column("ubigeo", Text()),
        column("level", Text()),
        column("producers", Integer()),
        column("quantity", Numeric()),
        column("open_quantity", Numeric()),
        column("estimated_cost", Numeric()),
    )
    .subquery("forecast")
    .c
)
_place: Any = bindparam("ubigeo", type_=Text())


def _scaled(figure: Any, places: int) -> Any:
    return text_of(sa.cast(figure, Numeric(14, places)))


SHAPE: Final = document(
    level=_f.level,
    ubigeo=_f.ubigeo,
    category=_f.category,
    month=_f.month,
    unit=_f.unit,
    producers=_f.producers,
    quantity=_scaled(_f.quantity, 3),
    open_quantity=_scaled(_f.open_quantity, 3),
    estimated_cost=money(sa.cast(_f.estimated_cost, Numeric(14, 2)), _f.currency),
)
FORECASTS: Final = Listing(
    "demand-forecasts",
    select(SHAPE).select_from(_f.month.table),
    order=[_f.month, _f.category, _f.ubigeo, _f.unit, _f.currency],
    filters={
        # Forecasts within a place, and those of wider places that may have it in them.
        "ubigeo": or_(func.starts_with(_f.ubigeo, _place), func.starts_with(_place, _f.ubigeo)),
        "level": _f.level == bindparam("level", type_=Text()),
        "unit": _f.unit == bindparam("unit", type_=Text()),
        "open": (_f.open_quantity > 0) == bindparam("open", type_=sa.Boolean()),
    },
)
