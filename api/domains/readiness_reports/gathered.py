"""Rows, as they were read, made into facts. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from api.core.money import quantize_kg
from api.domains.loans.arrears import SbsClass
from api.domains.loans.book import Book
from api.domains.loans.standing import standing
from api.domains.loans.states import LoanState
from api.domains.loans.wire import book_from_wire
from api.domains.readiness_reports.facts import CostFact, MonthFact, ReadinessFacts
from api.domains.readiness_reports.season import Window, expected_kg, season_covered

NO_LOANS = "no_loans"
ARREARS = (NO_LOANS, *(str(each) for each in SbsClass))
"""From best to worst."""


@dataclass(frozen=True, slots=True)
class Lent:
    """A loan with its book."""

    id: UUID
    state: str
    book: Book


@dataclass(frozen=True, slots=True)
class Rows:
    """What the statements found of one producer; the columns are attributes."""

    land: Any
    plan: Any
    costs: Sequence[Any]
    money: Any
    commitments: Sequence[Any]
    delivered: Any
    bought: Any
    loans: Sequence[Lent]


def facts(
    producer_id: UUID, as_of: date, identity_present: bool, consent_id: UUID | None, rows: Rows
) -> ReadinessFacts:
    """The facts of one producer."""
    delivered, bought = rows.delivered, rows.bought
    return ReadinessFacts(
        producer_id=producer_id,
        as_of=as_of,
        identity_present=identity_present,
        consent_id=consent_id,
        **_land(rows.land),
        **_plan(rows.plan, rows.costs),
        **_money(rows.money),
        **_market(rows, as_of),
        delivered_kg=quantize_kg(delivered.delivered_kg if delivered else 0),
        delivery_months=delivered.delivery_months if delivered else 0,
        orders_received=bought.orders_received if bought else 0,
        **_credit(rows.loans, as_of),
        deforestation="no_data",
    )


def lent(row: Any, movements: Iterable[Any]) -> Lent:
    """A loan from its row and those of its movements."""
    return Lent(
        row.id, row.state, book_from_wire(orjson.loads(row.schedule), map(_moved, movements))
    )


def _land(row: Any) -> dict[str, Any]:
    return {
        "plots": row.plots if row else 0,
        "plots_with_polygon": row.plots_with_polygon if row else 0,
        "plots_with_tenure": row.plots_with_tenure if row else 0,
        "cocoa_area_ha": row.cocoa_area_ha if row else Decimal(0),
    }


def _plan(row: Any, costs: Sequence[Any]) -> dict[str, Any]:
    return {
        "farm_plan_id": row.id if row else None,
        "farm_plan_state": row.state if row else None,
        "farm_plan_ends_on": row.ends_on if row else None,
        "farm_plan_currency": costs[0].currency if costs else None,
        "conservation_ha": row.conservation_ha if row else Decimal(0),
        "unfinanced_costs": tuple(CostFact(each.purpose, each.amount) for each in costs),
    }


def _money(row: Any) -> dict[str, Any]:
    scenarios = {each["scenario"]: each for each in orjson.loads(row.stress)} if row else {}
    cheap = scenarios.get("price_20")
    return {
        "investment_plan_id": row.id if row else None,
        "investment_currency": row.currency if row else None,
        "van": row.van if row else None,
        "van_price_20": Decimal(cheap["van"]) if cheap else None,
        "months": tuple(_months(row)),
    }


def _months(row: Any) -> Iterable[MonthFact]:
    for each in orjson.loads(row.cash_flow) if row else []:
        farm = {name: Decimal(amount) for name, amount in each["with_project"].items()}
        income = farm["cocoa_income"] + farm["other_income"]
        yield MonthFact(
            month=date.fromisoformat(each["month"]),
            net=income - farm["costs"] - farm["harvest_costs"],
            cocoa_income=farm["cocoa_income"],
        )


def _market(rows: Rows, as_of: date) -> dict[str, Any]:
    promised = rows.commitments
    windows = [Window(row.window_from, row.window_until, row.kg) for row in promised]
    expected = _expected(rows.plan, as_of)
    return {
        "expected_kg": expected,
        "commitment_ids": tuple(row.id for row in promised),
        "season_covered": season_covered(_months(rows.money), windows, as_of, expected),
        "price_protected": any(row.price_protected for row in promised),
    }


def _expected(plan: Any, as_of: date) -> Decimal | None:
    if plan is None:
        return None
    yields = {each["year"]: Decimal(each["kg_per_ha"]) for each in orjson.loads(plan.yields)}
    return expected_kg(yields, plan.cocoa_ha, as_of)


def _moved(row: Any) -> Mapping[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "happened_on": row.happened_on.isoformat(),
        "amount": f"{row.amount:.2f}",
        "chapter": row.chapter,
    }


def _credit(loans: Sequence[Lent], as_of: date) -> dict[str, Any]:
    """How loans stand on the day; one that was not paid out yet is none."""
    paid_out = [each for each in loans if each.book.disbursed(as_of)]
    stands = [standing(each.book, as_of) for each in paid_out]
    classes = [
        SbsClass.PERDIDA if loan.state == LoanState.WRITTEN_OFF else one.sbs_class
        for loan, one in zip(paid_out, stands, strict=True)
    ]
    over = [
        loan.state == LoanState.SETTLED and not one.payoff
        for loan, one in zip(paid_out, stands, strict=True)
    ]
    return {
        "loan_ids": tuple(each.id for each in paid_out),
        "loans_settled": sum(over),
        "days_in_arrears": max((each.days_in_arrears for each in stands), default=0),
        "arrears_class": max(
            (str(each or SbsClass.PERDIDA) for each in classes),
            key=ARREARS.index,
            default=NO_LOANS,
        ),
    }
