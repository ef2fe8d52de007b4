"""Terms and schedules as JSON: decimals as strings, dates as ISO days.

``build_schedule(terms_from_wire(stored))`` gives back the schedule that was agreed.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from api.domains.credit_products.schedule import Schedule
from api.domains.credit_products.terms import (
    Amortisation,
    Commission,
    CommissionMoment,
    Desgravamen,
    Disbursement,
    ScheduleTerms,
)
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind


def to_wire(value: Any) -> Any:
    """Dataclasses, tuples, decimals, dates and enums as JSON has them; the rest as it is."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_wire(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_wire(getattr(value, each.name)) for each in fields(value)}
    return value


def instalments_to_wire(schedule: Schedule) -> list[dict[str, Any]]:
    """The rows, each an object with the fields of ``Instalment``."""
    return [to_wire(row) for row in schedule.instalments]


def terms_from_wire(wire: Mapping[str, Any]) -> ScheduleTerms:
    """The terms that ``to_wire`` wrote; KeyError or ValueError where they are not."""
    insurance, first_due = wire["desgravamen"], wire["first_due"]
    insured = insurance["insured"]
    return ScheduleTerms(
        principal=Decimal(wire["principal"]),
        tea=Decimal(wire["tea"]),
        disbursements=tuple(
            Disbursement(date.fromisoformat(each["on"]), Decimal(each["amount"]))
            for each in wire["disbursements"]
        ),
        instalments=wire["instalments"],
        currency=wire["currency"],
        kind=ScheduleKind(wire["kind"]),
        amortisation=Amortisation(wire["amortisation"]),
        period_days=wire["period_days"],
        due_day=wire["due_day"],
        every_months=wire["every_months"],
        first_due=None if first_due is None else date.fromisoformat(first_due),
        dates=tuple(date.fromisoformat(each) for each in wire["dates"]),
        shares=tuple(Decimal(each) for each in wire["shares"]),
        grace=GraceKind(wire["grace"]),
        grace_periods=wire["grace_periods"],
        desgravamen=Desgravamen(
            DesgravamenVariant(insurance["variant"]),
            Decimal(insurance["rate"]),
            None if insured is None else Decimal(insured),
        ),
        commissions=tuple(
            Commission(
                each["code"],
                CommissionMoment(each["moment"]),
                Decimal(each["amount"]),
                Decimal(each["share"]),
            )
            for each in wire["commissions"]
        ),
        rounding=Decimal(wire["rounding"]),
    )
