"""What a schedule is built from: the terms of one loan, and the faults that forbid building it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from api.core.money import CENT, Currency, exact, quantize_money
from api.core.problems import Text
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind

ROUNDINGS: Final = (Decimal("0.01"), Decimal("0.05"), Decimal("0.10"))
MAX_INSTALMENTS: Final = 480


class Amortisation(StrEnum):
    """How principal is spread where no shares are given; bullet: all of it with the last."""

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    BULLET = "bullet"


class CommissionMoment(StrEnum):
    """Taken once when money is paid out, or with every instalment that is paid."""

    DISBURSEMENT = "disbursement"
    INSTALMENT = "instalment"


@dataclass(frozen=True, slots=True)
class Disbursement:
    """Money paid out to the borrower, or to a supplier for them, on a day."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Desgravamen:
    """Premium as a rate per 30 days (``0.001`` is 0.1 %).

    ``insured`` replaces the first amount paid out as the base of ``initial_flat`` and of
    ``capitalised``, for the rest of a loan that was partly repaid.
    """

    variant: DesgravamenVariant = DesgravamenVariant.NONE
    rate: Decimal = Decimal(0)
    insured: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Commission:
    """A named charge: a fixed amount plus a share of the principal, each time it is taken."""

    code: str
    moment: CommissionMoment
    amount: Decimal = Decimal(0)
    share: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ScheduleTerms:
    """Terms of one loan; every amount is in ``currency``, whole céntimos.

    ``tea`` is effective, for 360 days. ``instalments`` counts all due dates, those of grace
    included. Dates: ``period_days`` for fixed_period; ``due_day`` (1-31, the last day where a
    month is shorter) every ``every_months`` for fixed_date; ``dates`` for cash_flow. ``dates``
    replace the computed ones for any kind. ``shares`` are weights of principal per date
    (zero: interest only) and replace ``amortisation``. ``rounding``: 0.01, 0.05 or 0.10.
    """

    principal: Decimal
    tea: Decimal
    disbursements: tuple[Disbursement, ...]
    instalments: int
    currency: Currency = "PEN"
    kind: ScheduleKind = ScheduleKind.FIXED_PERIOD
    amortisation: Amortisation = Amortisation.EQUAL_INSTALMENT
    period_days: int = 30
    due_day: int | None = None
    every_months: int = 1
    first_due: date | None = None
    dates: tuple[date, ...] = ()
    shares: tuple[Decimal, ...] = ()
    grace: GraceKind = GraceKind.NONE
    grace_periods: int = 0
    desgravamen: Desgravamen = field(default_factory=Desgravamen)
    commissions: tuple[Commission, ...] = ()
    rounding: Decimal = CENT

    @property
    def start(self) -> date:
        """The day of the first disbursement."""
        return self.disbursements[0].on

    def commission(self, moment: CommissionMoment) -> Decimal:
        """What is taken at ``moment``, all commissions together."""
        return sum(
            (
                quantize_money(each.amount + each.share * self.principal)
                for each in self.commissions
                if each.moment is moment
            ),
            start=Decimal("0.00"),
        )


class TermsFault(StrEnum):
    """Why terms describe no schedule."""

    AMOUNT = "amount_not_positive_centimos"
    RATE = "rate_negative"
    DISBURSEMENTS = "disbursements_do_not_add_up"
    DISBURSEMENT_ORDER = "disbursements_not_in_order"
    DISBURSEMENT_LATE = "disbursement_after_repayment_began"
    INSTALMENTS = "instalments_out_of_range"
    PERIOD = "period_missing_or_out_of_range"
    DATES = "dates_missing_or_not_in_order"
    SHARES = "shares_do_not_fit"
    GRACE = "grace_does_not_fit"
    ROUNDING = "rounding_not_offered"
    DESGRAVAMEN = "desgravamen_does_not_fit"
    COMMISSION = "commission_negative"


FAULT_TEXT: Final[Mapping[TermsFault, Text]] = {
    TermsFault.AMOUNT: {
        "es": "Los importes deben ser positivos y tener como máximo dos decimales.",
        "en": "Amounts must be positive and have at most two decimals.",
    },
    TermsFault.RATE: {
        "es": "La TEA no puede ser negativa.",
        "en": "The TEA cannot be negative.",
    },
    TermsFault.DISBURSEMENTS: {
        "es": "Los desembolsos deben sumar el capital.",
        "en": "The disbursements must add up to the principal.",
    },
    TermsFault.DISBURSEMENT_ORDER: {
        "es": "Los desembolsos deben ir por fecha, uno por día.",
        "en": "Disbursements must be in order of date, one per day.",
    },
    TermsFault.DISBURSEMENT_LATE: {
        "es": "Solo se devuelve capital ya desembolsado: use gracia, o mueva las fechas.",
        "en": "Principal is repaid only once paid out: use a grace period, or move the dates.",
    },
    TermsFault.INSTALMENTS: {
        "es": f"El número de cuotas debe estar entre 1 y {MAX_INSTALMENTS}.",
        "en": f"The number of instalments must be between 1 and {MAX_INSTALMENTS}.",
    },
    TermsFault.PERIOD: {
        "es": "Falta el plazo entre cuotas o el día de pago, o está fuera de rango.",
        "en": "The days between instalments, or the due day, are missing or out of range.",
    },
    TermsFault.DATES: {
        "es": "Las fechas de pago deben ser tantas como cuotas, en orden y tras el desembolso.",
        "en": "Due dates must be as many as instalments, in order, after the disbursement.",
    },
    TermsFault.SHARES: {
        "es": "Debe haber una parte de capital por fecha, ninguna negativa, la última positiva.",
        "en": "There must be one share of principal per date, none negative, the last positive.",
    },
    TermsFault.GRACE: {
        "es": "La gracia debe ser más corta que el plazo y no devolver capital.",
        "en": "Grace must be shorter than the term and repay no principal.",
    },
    TermsFault.ROUNDING: {
        "es": "El redondeo de la cuota es a 0.01, 0.05 o 0.10.",
        "en": "Instalments are rounded to 0.01, 0.05 or 0.10.",
    },
    TermsFault.DESGRAVAMEN: {
        "es": "La tasa del seguro no corresponde a la variante o al plazo.",
        "en": "The insurance rate does not fit the variant or the term.",
    },
    TermsFault.COMMISSION: {
        "es": "Las comisiones no pueden ser negativas.",
        "en": "Commissions cannot be negative.",
    },
}


class TermsNotBuildable(ValueError):
    """The terms describe no schedule; ``faults`` says why, ``FAULT_TEXT`` in two languages."""

    def __init__(self, faults: list[TermsFault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def faults_of_terms(terms: ScheduleTerms) -> list[TermsFault]:
    """Faults that can be named before any due date is known."""
    return [fault for fault, broken in CHECKS.items() if broken(terms)]


def _bad_amount(terms: ScheduleTerms) -> bool:
    amounts = [terms.principal, *(each.amount for each in terms.disbursements)]
    return any(exact(amount) <= 0 or amount != quantize_money(amount) for amount in amounts)


def _bad_grace(terms: ScheduleTerms) -> bool:
    given = terms.grace is not GraceKind.NONE
    fits = 0 <= terms.grace_periods < max(terms.instalments, 1)
    return (
        given != bool(terms.grace_periods) or not fits or any(terms.shares[: terms.grace_periods])
    )


def _bad_desgravamen(terms: ScheduleTerms) -> bool:
    rate = exact(terms.desgravamen.rate)
    return rate < 0 or bool(rate and terms.desgravamen.variant is DesgravamenVariant.NONE)


CHECKS: Final[Mapping[TermsFault, Callable[[ScheduleTerms], bool]]] = {
    TermsFault.AMOUNT: _bad_amount,
    TermsFault.RATE: lambda terms: exact(terms.tea) < 0,
    TermsFault.DISBURSEMENTS: lambda terms: (
        sum(each.amount for each in terms.disbursements) != terms.principal
    ),
    TermsFault.DISBURSEMENT_ORDER: lambda terms: any(
        one.on >= two.on for one, two in pairwise(terms.disbursements)
    ),
    TermsFault.INSTALMENTS: lambda terms: not 1 <= terms.instalments <= MAX_INSTALMENTS,
    TermsFault.GRACE: _bad_grace,
    TermsFault.ROUNDING: lambda terms: terms.rounding not in ROUNDINGS,
    TermsFault.DESGRAVAMEN: _bad_desgravamen,
    TermsFault.COMMISSION: lambda terms: any(
        exact(each.amount) < 0 or exact(each.share) < 0 for each in terms.commissions
    ),
}
