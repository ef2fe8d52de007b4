"""What is known of a producer, fact by fact. Pure.

Sex, age, language, name, document number and place of birth are not here and never will be: what
is not a fact cannot be scored. Ids name the records that a fact was read from.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.core.canonical import canonical


@dataclass(frozen=True, slots=True)
class MonthFact:
    """A month of the investment plan, with the project: net cash flow before investment and debt,
    and the cocoa income in it. Source: ``investment_plans.cash_flow``.
    """

    month: date
    net: Decimal
    cocoa_income: Decimal


@dataclass(frozen=True, slots=True)
class CostFact:
    """Estimated cost of plan lines with one purpose that no credit pays for yet.
    Source: ``farm_plan_lines`` (estimated_cost - financed_amount).
    """

    purpose: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReadinessFacts:
    """One producer on ``as_of``; amounts in the currency of the investment plan or farm plan."""

    producer_id: UUID
    as_of: date

    identity_present: bool
    """An identity document stands behind an active registration. Source: ``persons``."""
    consent_id: UUID | None
    """The consent that lets the institution judge readiness; None for an own producer."""

    plots: int
    """Open plots. Source: ``plots``."""
    plots_with_polygon: int
    plots_with_tenure: int
    """With any document that ties the producer to the land."""
    cocoa_area_ha: Decimal
    """Hectares of open plots under cocoa, alone or in agroforestry."""

    farm_plan_id: UUID | None
    """The accepted plan in force on the day, else the furthest of those on their way."""
    farm_plan_state: str | None
    """``accepted``, or how far it has come."""
    farm_plan_ends_on: date | None
    farm_plan_currency: str | None
    conservation_ha: Decimal
    """Forest that the plan in force commits to keep, hectares."""
    unfinanced_costs: tuple[CostFact, ...]

    investment_plan_id: UUID | None
    """The newest one of the plan in force. Source: ``investment_plans``."""
    investment_currency: str | None
    van: Decimal | None
    van_price_20: Decimal | None
    """The same with cocoa 20 % cheaper."""
    months: tuple[MonthFact, ...]

    expected_kg: Decimal | None
    """Dry kg that the plan expects of the next twelve months; None where it says nothing.
    Source: ``farm_plans.expected_yields``, ``farm_plan_zones``.
    """
    commitment_ids: tuple[UUID, ...]
    """Signed purchase commitments with the producer's clusters. Source:
    ``purchase_commitments``; their state is today's, whatever ``as_of`` says.
    """
    season_covered: Decimal | None
    """Share (0-1) of the next twelve months' cocoa that they take: by the income that falls into
    their windows, and by their kilos that are not pledged for somebody else.
    """
    price_protected: bool
    """One of them has a fixed price or a floor."""

    delivered_kg: Decimal
    """Dry kg delivered in the twelve months before, wet beans counted at the least they can
    yield. Source: ``deliveries``.
    """
    delivery_months: int
    """Months with deliveries, of the last 24."""
    orders_received: int
    """Orders for the producer's plan lines received in the last 24 months. Source: ``orders``."""

    loan_ids: tuple[UUID, ...]
    """Loans paid out on the platform, the producer's own and those of groups that it shares."""
    loans_settled: int
    days_in_arrears: int
    """Of the loan that is latest; 0 where none is. Source: ``loans``, ``loan_movements``."""
    arrears_class: str
    """The worst SBS class of those loans; ``no_loans`` where there is none."""

    deforestation: str
    """``no_data``: this version assesses no plot."""


def plain(facts: ReadinessFacts) -> dict[str, Any]:
    """The facts as JSON: decimals and ids as strings, days as ISO days."""
    return {each.name: _plain(getattr(facts, each.name)) for each in fields(facts)}


def hash_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON of ``plain`` facts: the same facts, the same hash."""
    return hashlib.sha256(canonical(dict(facts))).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, MonthFact | CostFact):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value.isoformat() if isinstance(value, date) else str(value)
