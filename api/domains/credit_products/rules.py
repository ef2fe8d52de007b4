"""What a product may promise, and the terms of one loan under it. Pure: dates come in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from api.core.problems import FieldError, Text
from api.domains.credit_products.schedule_kinds import add_months
from api.domains.credit_products.terms import (
    Commission,
    CommissionMoment,
    Desgravamen,
    Disbursement,
    ScheduleTerms,
)
from api.domains.credit_products.vocabulary import (
    DesgravamenVariant,
    GraceKind,
    LoanPurpose,
    ScheduleKind,
)

LABOUR: Final = LoanPurpose.LABOUR
"""The purpose of plan lines without a category: work on the farm, paid in cash."""
DAYS_OF_A_MONTH: Final = 30


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a product fixes about every loan under it; amounts in ``currency``."""

    currency: str
    amount_min: Decimal
    amount_max: Decimal
    term_months_min: int
    term_months_max: int
    tea: Decimal
    commission: Decimal
    desgravamen_variant: DesgravamenVariant
    desgravamen_rate: Decimal
    schedule_kind: ScheduleKind
    grace_kind: GraceKind
    grace_months: int


@dataclass(frozen=True, slots=True)
class Harvest:
    """A month of the year (1-12) in which the borrower sells, and its weight in the repayment."""

    month: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class LoanWish:
    """A loan as a borrower asks for it, paid out at once on ``disbursed_on``.

    ``every_months`` between instalments, for fixed schedules; ``harvests`` for cash-flow ones;
    ``due_day`` 1-31 (the month's last day where it is shorter), else the day of disbursement.
    """

    amount: Decimal
    months: int
    disbursed_on: date
    due_day: int | None = None
    every_months: int = 1
    harvests: tuple[Harvest, ...] = ()


def reasons_incoherent(conditions: Conditions) -> list[FieldError]:
    """Why the conditions contradict one another; empty where they do not."""
    grace = conditions.grace_kind is not GraceKind.NONE
    insured = conditions.desgravamen_variant is not DesgravamenVariant.NONE
    broken = {
        "/amount_max": conditions.amount_max < conditions.amount_min,
        "/term_months_max": conditions.term_months_max < conditions.term_months_min,
        "/grace_months": grace != bool(conditions.grace_months)
        or conditions.grace_months >= conditions.term_months_min,
        "/desgravamen_rate": insured != bool(conditions.desgravamen_rate),
    }
    return [_INCOHERENT[pointer] for pointer, is_broken in broken.items() if is_broken]


def reasons_not_offered(conditions: Conditions, wish: LoanWish) -> list[FieldError]:
    """Why a product does not offer what a borrower asks for; empty where it does."""
    return [reason for reason, broken in _OFFERED if broken(conditions, wish)]


def terms_of(conditions: Conditions, wish: LoanWish) -> ScheduleTerms:
    """The terms of the loan; only for a wish that the product offers."""
    dates = harvest_dates(wish) if conditions.schedule_kind is ScheduleKind.CASH_FLOW else ()
    instalments = len(dates) or wish.months // wish.every_months
    grace = _grace_periods(conditions, wish, [day for day, _ in dates])
    shares = [share if number >= grace else Decimal(0) for number, (_, share) in enumerate(dates)]
    return ScheduleTerms(
        principal=wish.amount,
        tea=conditions.tea,
        disbursements=(Disbursement(wish.disbursed_on, wish.amount),),
        instalments=instalments,
        currency="PEN" if conditions.currency == "PEN" else "USD",
        kind=conditions.schedule_kind,
        period_days=DAYS_OF_A_MONTH * wish.every_months,
        due_day=wish.due_day,
        every_months=wish.every_months,
        dates=tuple(day for day, _ in dates),
        shares=tuple(shares),
        grace=conditions.grace_kind if grace else GraceKind.NONE,
        grace_periods=grace,
        desgravamen=Desgravamen(conditions.desgravamen_variant, conditions.desgravamen_rate),
        commissions=_commissions(conditions),
    )


def harvest_dates(wish: LoanWish) -> tuple[tuple[date, Decimal], ...]:
    """Due dates and weights: every harvest after the disbursement and within the term."""
    shares = {harvest.month: harvest.share for harvest in wish.harvests}
    first, end = wish.disbursed_on, _end(wish)
    day = wish.due_day or first.day
    dates = (add_months(first, months, day) for months in range(wish.months + 1))
    return tuple((on, shares[on.month]) for on in dates if on.month in shares and first < on <= end)


def covers(coverage: Iterable[str], ubigeo: str) -> bool:
    """Whether a product serves a district; an empty coverage is the whole country."""
    prefixes = tuple(coverage)
    return not prefixes or ubigeo.startswith(prefixes)


def _end(wish: LoanWish) -> date:
    return add_months(wish.disbursed_on, wish.months, wish.due_day or wish.disbursed_on.day)


def _grace_periods(conditions: Conditions, wish: LoanWish, dates: list[date]) -> int:
    """How many instalments fall due while the principal rests."""
    if conditions.schedule_kind is not ScheduleKind.CASH_FLOW:
        return conditions.grace_months // wish.every_months
    rests_until = add_months(wish.disbursed_on, conditions.grace_months, wish.disbursed_on.day)
    return sum(day <= rests_until for day in dates) if conditions.grace_months else 0


def _commissions(conditions: Conditions) -> tuple[Commission, ...]:
    if not conditions.commission:
        return ()
    return (Commission("commission", CommissionMoment.DISBURSEMENT, conditions.commission),)


def _no_harvest_left(conditions: Conditions, wish: LoanWish) -> bool:
    """Whether no harvest falls within the term, or none after the grace period."""
    if conditions.schedule_kind is not ScheduleKind.CASH_FLOW or not wish.harvests:
        return False
    dates = [day for day, _ in harvest_dates(wish)]
    return len(dates) <= _grace_periods(conditions, wish, dates)


def _fault(pointer: str, code: str, es: str, en: str) -> FieldError:
    text: Text = {"es": es, "en": en}
    return FieldError(pointer, code, text)


_INCOHERENT: Final[Mapping[str, FieldError]] = {
    fault.pointer: fault
    for fault in (
        _fault(
            "/amount_max", "range-inverted",
            "El monto máximo es menor que el mínimo.",
            "The largest amount is below the smallest.",
        ),
        _fault(
            "/term_months_max", "range-inverted",
            "El plazo máximo es menor que el mínimo.",
            "The longest term is below the shortest.",
        ),
        _fault(
            "/grace_months", "grace-does-not-fit",
            "Sin gracia los meses son 0; con gracia, al menos 1 y menos que el plazo mínimo.",
            "Without grace the months are 0; with grace, at least 1 and below the shortest term.",
        ),
        _fault(
            "/desgravamen_rate", "desgravamen-does-not-fit",
            "Sin seguro la tasa es 0; con seguro es mayor que 0.",
            "Without insurance the rate is 0; with insurance it is above 0.",
        ),
    )
}  # fmt: skip

_OFFERED: Final[tuple[tuple[FieldError, Callable[[Conditions, LoanWish], bool]], ...]] = (
    (
        _fault(
            "/amount", "amount-not-offered",
            "El monto está fuera del rango del producto.",
            "The amount is outside the product's range.",
        ),
        lambda product, wish: not product.amount_min <= wish.amount <= product.amount_max,
    ),
    (
        _fault(
            "/months", "term-not-offered",
            "El plazo está fuera del rango del producto.",
            "The term is outside the product's range.",
        ),
        lambda product, wish: (
            not product.term_months_min <= wish.months <= product.term_months_max
        ),
    ),
    (
        _fault(
            "/every_months", "term-not-divisible",
            "El plazo no se divide en cuotas de esos meses, o las fechas siguen la cosecha.",
            "The term does not divide into such instalments, or the dates follow the harvest.",
        ),
        lambda product, wish: (
            wish.months % wish.every_months != 0
            or (product.schedule_kind is ScheduleKind.CASH_FLOW and wish.every_months != 1)
        ),
    ),
    (
        _fault(
            "/harvests", "harvests-do-not-fit",
            "Los meses de cosecha van con un cronograma según flujo de caja, y solo con él.",
            "Harvest months go with a cash-flow schedule, and only with it.",
        ),
        lambda product, wish: (
            (product.schedule_kind is ScheduleKind.CASH_FLOW) != bool(wish.harvests)
        ),
    ),
    (
        _fault(
            "/harvests", "no-harvest-within-term",
            "Ninguna cosecha cae dentro del plazo y después de la gracia.",
            "No harvest falls within the term and after the grace period.",
        ),
        _no_harvest_left,
    ),
)  # fmt: skip
