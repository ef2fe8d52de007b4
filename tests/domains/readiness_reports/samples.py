"""A producer who passes every gate, to be changed by one fact at a time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.domains.credit_products.rules import Conditions
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind
from api.domains.readiness_reports.capacity import Demands
from api.domains.readiness_reports.facts import CostFact, MonthFact, ReadinessFacts

AS_OF = date(2027, 1, 15)
D = Decimal


def months(count: int = 24, sold: str = "12000.00", cost: str = "300.00") -> tuple[MonthFact, ...]:
    """From January 2027: every month costs, June and November sell."""
    found = []
    for number in range(count):
        year, month = divmod(number, 12)
        income = D(sold) if month + 1 in (6, 11) else D(0)
        found.append(MonthFact(date(2027 + year, month + 1, 1), income - D(cost), income))
    return tuple(found)


READY = ReadinessFacts(
    producer_id=UUID(int=1),
    as_of=AS_OF,
    identity_present=True,
    consent_id=UUID(int=2),
    plots=2,
    plots_with_polygon=2,
    plots_with_tenure=2,
    cocoa_area_ha=D("3.0000"),
    farm_plan_id=UUID(int=3),
    farm_plan_state="accepted",
    farm_plan_ends_on=date(2029, 12, 31),
    farm_plan_currency="PEN",
    conservation_ha=D("1.0000"),
    unfinanced_costs=(CostFact("fertilizer", D("4000.00")), CostFact("labour", D("2000.00"))),
    investment_plan_id=UUID(int=4),
    investment_currency="PEN",
    van=D("5000.00"),
    van_price_20=D("100.00"),
    months=months(),
    expected_kg=D("1800.000"),
    commitment_ids=(UUID(int=5),),
    season_covered=D("1.0000"),
    price_protected=True,
    delivered_kg=D("1800.000"),
    delivery_months=8,
    orders_received=1,
    loan_ids=(),
    loans_settled=0,
    days_in_arrears=0,
    arrears_class="no_loans",
    deforestation="no_data",
)

CONDITIONS = Conditions(
    currency="PEN",
    amount_min=D(500),
    amount_max=D(30000),
    term_months_min=6,
    term_months_max=18,
    tea=D("0.36"),
    commission=D(0),
    desgravamen_variant=DesgravamenVariant.NONE,
    desgravamen_rate=D(0),
    schedule_kind=ScheduleKind.CASH_FLOW,
    grace_kind=GraceKind.NONE,
    grace_months=0,
)
PRODUCT = Demands(
    credit_product_id=UUID(int=9),
    conditions=CONDITIONS,
    purposes=frozenset({"fertilizer", "labour"}),
    financed_share=D("0.8"),
    minimum_dscr=D("1.200"),
)


def having(**changes: Any) -> ReadinessFacts:
    """The ready producer with other facts."""
    return replace(READY, **changes)
