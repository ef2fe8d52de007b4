"""Recording an investment plan: a cash flow, and what follows from it."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.core.ids import new_id
from api.core.money import Currency
from api.core.problems import InvalidPayload, RuleBroken
from api.core.wire import Money, PositiveMoney
from api.domains.credit_products.wire import to_wire
from api.domains.farm_plans import repository as farm_plans
from api.domains.farm_plans.rules import Zone
from api.domains.farm_plans.service import of_provider
from api.domains.farm_plans.states import FarmPlanState
from api.domains.investment_plans import outlook as outlooks
from api.domains.investment_plans import texts
from api.domains.investment_plans.cash_flow import CashFlow, FarmMonth, PlanMonth
from api.domains.investment_plans.problems import FarmPlanNotApproved
from api.domains.investment_plans.rules import Appraisal, appraise
from api.domains.investment_plans.schemas import InvestmentPlanIn, PlanMonthIn, ProfileIn
from api.models.farm_plans import FarmPlan
from api.models.investment_plans import InvestmentPlan
from api.transactions import Event, UnitOfWork

PLANNABLE = frozenset({FarmPlanState.APPROVED, FarmPlanState.ACCEPTED})
LARGEST = Decimal(10) ** 12


async def record(uow: UnitOfWork, wish: InvestmentPlanIn) -> UUID:
    """Compute and store an investment plan for a farm plan that the actor wrote."""
    farm_plan = await of_provider(uow, wish.farm_plan_id)
    if farm_plan.state not in PLANNABLE:
        raise FarmPlanNotApproved
    flow = await _cash_flow(uow, farm_plan, wish)
    scenarios = appraise(flow, wish.discount_rate)
    base = scenarios[0]
    if any(abs(each.van) >= LARGEST or each.finance_need >= LARGEST for each in scenarios):
        raise InvalidPayload(errors=[texts.TOO_LARGE])
    plan = InvestmentPlan(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        farm_plan_id=farm_plan.id,
        producer_id=farm_plan.producer_id,
        currency=flow.currency,
        discount_rate=wish.discount_rate,
        cash_flow=[to_wire(month) for month in flow.months],
        finance_needed=base.finance_need,
        van=base.van,
        tir=base.tir,
        tir_absent_because=base.tir_reason,
        payback_months=base.payback_months,
        stress=[_scenario(each) for each in scenarios],
    )
    uow.add(plan)
    data = {
        "currency": plan.currency,
        "van": f"{base.van}",
        "finance_needed": f"{base.finance_need}",
    }
    related = (("farm_plan", farm_plan.id), ("producer", farm_plan.producer_id))
    uow.record(Event("investment_plan.recorded", ("investment_plan", plan.id), data, related))
    return plan.id


def flow_of(plan: InvestmentPlan) -> CashFlow:
    """The cash flow of a stored plan."""
    currency: Currency = "PEN" if plan.currency == "PEN" else "USD"
    months = (
        PlanMonth(
            date.fromisoformat(each["month"]),
            _month(each["with_project"]),
            _month(each["without"]),
        )
        for each in plan.cash_flow
    )
    return CashFlow(currency, tuple(months))


async def _cash_flow(uow: UnitOfWork, farm_plan: FarmPlan, wish: InvestmentPlanIn) -> CashFlow:
    lines = await farm_plans.lines_of(uow, farm_plan.id)
    currency: Currency = "PEN" if lines[0].currency == "PEN" else "USD"
    if wish.cash_flow is not None and wish.profile is None:
        return _given(currency, wish.cash_flow)
    if wish.profile is None or wish.cash_flow is not None:
        raise InvalidPayload(errors=[texts.ONE_OF_TWO])
    zones = await farm_plans.zones_of(uow, farm_plan.id)
    area_with, area_without = outlooks.cocoa_areas(
        Zone(z.plot_id, z.current_use, z.future_use, z.treatment, z.area_ha) for z in zones
    )
    planned = outlooks.Planned(
        starts_on=farm_plan.starts_on,
        ends_on=farm_plan.ends_on,
        yields={each["year"]: Decimal(each["kg_per_ha"]) for each in farm_plan.expected_yields},
        area_with_ha=area_with,
        area_without_ha=area_without,
        costs=[(line.month, line.estimated_cost) for line in lines],
        currency=currency,
    )
    return outlooks.cash_flow(planned, _outlook(planned, wish.profile))


def _given(currency: Currency, months: list[PlanMonthIn]) -> CashFlow:
    try:
        return CashFlow(
            currency,
            tuple(
                PlanMonth(m.month, FarmMonth(**dict(m.with_project)), FarmMonth(**dict(m.without)))
                for m in months
            ),
        )
    except ValueError:
        raise InvalidPayload(errors=[texts.MONTHS_BROKEN]) from None


def _outlook(planned: outlooks.Planned, wish: ProfileIn) -> outlooks.Outlook:
    amounts = (wish.price_per_kg, wish.harvest_cost_per_kg, wish.cost_without_per_ha)
    if any(each is not None and each.currency != planned.currency for each in amounts):
        raise InvalidPayload(errors=[texts.OTHER_CURRENCY])
    if len({each.month for each in wish.harvests}) < len(wish.harvests):
        raise InvalidPayload(errors=[texts.REPEATED_HARVEST])
    if outlooks.years_without_yield(planned):
        raise RuleBroken(errors=[texts.NO_YIELD])
    if not planned.area_with_ha:
        raise RuleBroken(errors=[texts.NO_COCOA])
    return outlooks.Outlook(
        price_per_kg=_amount(wish.price_per_kg),
        harvest_cost_per_kg=_amount(wish.harvest_cost_per_kg),
        harvests=[outlooks.Harvest(each.month, each.share) for each in wish.harvests],
        yield_without_kg_per_ha=wish.yield_without_kg_per_ha,
        cost_without_per_ha=_amount(wish.cost_without_per_ha),
        investment_months=wish.investment_months,
    )


def _amount(money: Money | PositiveMoney | None) -> Decimal:
    return money.amount if money else Decimal("0.00")


def _month(stored: dict[str, str]) -> FarmMonth:
    return FarmMonth(**{each.name: Decimal(stored[each.name]) for each in fields(FarmMonth)})


def _scenario(appraisal: Appraisal) -> dict[str, Any]:
    return {
        "scenario": appraisal.scenario,
        "van": to_wire(appraisal.van),
        "tir": to_wire(appraisal.tir),
        "tir_absent_because": to_wire(appraisal.tir_reason),
        "tirm": to_wire(appraisal.tirm),
        "payback_months": to_wire(appraisal.payback_months),
        "payback_absent_because": to_wire(appraisal.payback_reason),
        "finance_needed": to_wire(appraisal.finance_need),
        "finance_needed_month": to_wire(appraisal.finance_need_month),
    }
