"""A cash flow from a farm plan: what it expects to harvest and what its lines cost.

The quick way to an investment plan: kilos are yield x area, spread over the months of harvest;
the plan's lines are investment in its first months and running costs after. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from api.core.money import EXACT, Currency, quantize_money
from api.domains.credit_products.schedule_kinds import add_months
from api.domains.farm_plans.rules import Zone
from api.domains.investment_plans.cash_flow import (
    ZERO,
    CashFlow,
    FarmMonth,
    PlanMonth,
    month_number,
)
from api.domains.plots.vocabulary import LandUse

COCOA = frozenset({LandUse.COCOA, LandUse.COCOA_AGROFORESTRY})


@dataclass(frozen=True, slots=True)
class Harvest:
    """A month of the year and its weight in the year's kilos."""

    month: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a plan does not say: price and costs per kg, and the farm without the project.

    ``cost_without_per_ha`` is a year's, spread evenly. Lines of the first ``investment_months``
    are investment, the later ones running costs.
    """

    price_per_kg: Decimal
    harvest_cost_per_kg: Decimal
    harvests: Sequence[Harvest]
    yield_without_kg_per_ha: Decimal
    cost_without_per_ha: Decimal
    investment_months: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What a farm plan says: its months, kg/ha by year, hectares, and line costs by month."""

    starts_on: date
    ends_on: date
    yields: Mapping[int, Decimal]
    area_with_ha: Decimal
    area_without_ha: Decimal
    costs: Iterable[tuple[date, Decimal]]
    currency: Currency


def cocoa_areas(zones: Iterable[Zone]) -> tuple[Decimal, Decimal]:
    """Hectares of cocoa as the plan wants them, and as they are now."""
    each = list(zones)
    return (
        sum((zone.area_ha for zone in each if zone.future_use in COCOA), start=Decimal(0)),
        sum((zone.area_ha for zone in each if zone.current_use in COCOA), start=Decimal(0)),
    )


def years_without_yield(planned: Planned) -> list[int]:
    """The plan's years for which no yield is expected: they would count as no harvest."""
    return [y for y in range(planned.starts_on.year, planned.ends_on.year + 1)
            if y not in planned.yields]  # fmt: skip


def cash_flow(planned: Planned, outlook: Outlook) -> CashFlow:
    """The months of the plan in both worlds, each amount to the céntimo."""
    with localcontext(EXACT):
        costs: dict[int, Decimal] = defaultdict(lambda: ZERO)
        for month, cost in planned.costs:
            costs[month_number(month)] += cost
        first = planned.starts_on.replace(day=1)
        count = month_number(planned.ends_on) - month_number(first) + 1
        months = [add_months(first, number, 1) for number in range(count)]
        return CashFlow(
            planned.currency,
            tuple(
                PlanMonth(
                    month,
                    _with(planned, outlook, month, costs[month_number(month)], number),
                    _without(planned, outlook, month),
                )
                for number, month in enumerate(months)
            ),
        )


def _with(planned: Planned, outlook: Outlook, month: date, cost: Decimal, number: int) -> FarmMonth:
    is_investment = number < outlook.investment_months
    kilos = planned.yields.get(month.year, Decimal(0)) * planned.area_with_ha
    return _month(
        outlook,
        month,
        kilos,
        costs=ZERO if is_investment else cost,
        investment=cost if is_investment else ZERO,
    )


def _without(planned: Planned, outlook: Outlook, month: date) -> FarmMonth:
    return _month(
        outlook,
        month,
        outlook.yield_without_kg_per_ha * planned.area_without_ha,
        costs=outlook.cost_without_per_ha * planned.area_without_ha / 12,
        investment=ZERO,
    )


def _month(
    outlook: Outlook, month: date, yearly_kilos: Decimal, costs: Decimal, investment: Decimal
) -> FarmMonth:
    whole = sum(each.share for each in outlook.harvests)
    here = sum(each.share for each in outlook.harvests if each.month == month.month)
    kilos = yearly_kilos * here / whole
    return FarmMonth(
        cocoa_income=quantize_money(kilos * outlook.price_per_kg),
        costs=quantize_money(costs),
        harvest_costs=quantize_money(kilos * outlook.harvest_cost_per_kg),
        investment=quantize_money(investment),
    )
