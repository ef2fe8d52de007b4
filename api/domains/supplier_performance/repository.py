"""The figures as a list, one row for each supplier."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Date, Integer, Numeric, Text, Uuid, bindparam, column, func, select

from api.core.documents import document, text_of
from api.core.paging import Listing
from api.domains.supplier_performance.statements import PERFORMANCE

_COUNTS: Final = (
    "orders", "waiting", "answered_in_time", "unanswered", "rejected", "dispatched", "received",
    "disputed", "open_disputes",
)  # fmt: skip
_FIGURES: Final = (
    "days_to_answer", "days_to_dispatch", "days_to_receipt", "filled", "short", "damaged",
)  # fmt: skip
_p: Final = (
    sa.text(PERFORMANCE)
    .columns(
        column("supplier_id", Uuid()),
        *(column(name, Integer()) for name in _COUNTS),
        *(column(name, Numeric()) for name in _FIGURES),
        column("since", Date()),
        column("until", Date()),
        column("legal_name", Text()),
    )
    .subquery("performance")
    .c
)


def _days(figure: Any) -> Any:
    return text_of(sa.cast(figure, Numeric(8, 2)))


def _share(figure: Any) -> Any:
    return text_of(sa.cast(figure, Numeric(7, 6)))


def _part(some: Any, whole: Any) -> Any:
    return _share(sa.cast(some, Numeric()) / func.nullif(whole, 0))


SHAPE: Final = document(
    supplier_id=_p.supplier_id,
    supplier=_p.legal_name,
    placed_from=_p.since,
    placed_until=_p.until,
    orders=_p.orders,
    waiting=_p.waiting,
    answered_in_time=_p.answered_in_time,
    unanswered=_p.unanswered,
    rejected=_p.rejected,
    answered_share=_part(_p.answered_in_time, _p.answered_in_time + _p.unanswered),
    days_to_answer=_days(_p.days_to_answer),
    dispatched=_p.dispatched,
    days_to_dispatch=_days(_p.days_to_dispatch),
    received=_p.received,
    days_to_receipt=_days(_p.days_to_receipt),
    fill_rate=_share(_p.filled),
    shortage_rate=_share(_p.short),
    damage_rate=_share(_p.damaged),
    disputed=_p.disputed,
    disputed_share=_part(_p.disputed, _p.dispatched),
    open_disputes=_p.open_disputes,
)
SUPPLIERS: Final = Listing(
    "supplier-performance",
    select(SHAPE).select_from(_p.supplier_id.table),
    order=[_p.supplier_id],
    filters={"supplier_id": _p.supplier_id == bindparam("supplier_id", type_=Uuid())},
)
