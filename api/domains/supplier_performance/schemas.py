"""Wire shapes."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.core.wire import Count, Day, Duration, Name, PageParameters, Shape, Share

_OF_ORDERS = ("placed_from", "placed_until", "cluster_id")

_Days = Annotated[Duration, Field(description="Days, the median over orders")]


class SupplierPerformanceOut(Shape):
    """How a supplier did by its orders placed in a period. A figure without any order to tell it by
    is null; shares are parts of one.

    Answers: ``waiting`` orders still have time to be answered. ``answered_share`` is
    ``answered_in_time`` of these and the ``unanswered``; accepting, proposing and rejecting are all
    answers. Deliveries: days count from the placing to the first dispatch, and of what has
    ``received`` to the last receipt. Over the lines of what was received, each line alike:
    ``fill_rate`` is what arrived in order of what was ordered, lines that were declined among it,
    without what the buyer cancelled; ``shortage_rate`` and ``damage_rate`` are what did not arrive
    and what arrived damaged of what was dispatched, once replacements have arrived.
    ``disputed_share`` is orders with a dispute, open or not, of those ``dispatched``.
    """

    supplier_id: UUID
    supplier: Name
    placed_from: Day
    placed_until: Day
    orders: Count
    waiting: Count
    answered_in_time: Count
    unanswered: Count
    rejected: Count
    answered_share: Share | None
    days_to_answer: _Days | None
    dispatched: Count
    days_to_dispatch: _Days | None
    received: Count
    days_to_receipt: _Days | None
    fill_rate: Share | None
    shortage_rate: Share | None
    damage_rate: Share | None
    disputed: Count
    disputed_share: Share | None
    open_disputes: Count


class SupplierPerformanceSearch(PageParameters):
    """Filters of the list; which orders the figures are of."""

    supplier_id: Annotated[UUID | None, Field(description="Of this supplier")] = None
    cluster_id: Annotated[
        UUID | None, Field(description="By orders that one placed for this cluster")
    ] = None
    placed_from: Annotated[
        Day | None, Field(description="By orders from this day on; default a year before the last")
    ] = None
    placed_until: Annotated[
        Day | None, Field(description="By orders up to this day; default today")
    ] = None

    def filters(self) -> dict[str, Any]:
        """The filters that choose among suppliers."""
        return {k: v for k, v in super().filters().items() if k not in _OF_ORDERS}

    def orders(self) -> dict[str, Any]:
        """Which orders the figures are of."""
        return {name: getattr(self, name) for name in _OF_ORDERS}
