"""Arrears in days, and the class that the Peruvian regulator (SBS) gives them.

Limits are a dated table: the row in force on the day of judgement counts. Source: Res. SBS
11356-2008, published 21 November 2008. By arrears alone; the regulator's other criteria
(refinancing, alignment with other lenders) are the lender's to apply.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.domains.loans.account import Due


class SbsClass(StrEnum):
    """The five classes, best first."""

    NORMAL = "normal"
    CPP = "cpp"
    DEFICIENTE = "deficiente"
    DUDOSO = "dudoso"
    PERDIDA = "perdida"


class CreditType(StrEnum):
    """The retail types; the classes of larger companies do not follow from arrears alone."""

    PEQUENA_EMPRESA = "pequena_empresa"
    MICROEMPRESA = "microempresa"
    CONSUMO = "consumo"
    HIPOTECARIO = "hipotecario"


@dataclass(frozen=True, slots=True)
class ArrearsTable:
    """The most days of arrears of Normal, CPP, Deficiente and Dudoso; beyond is Pérdida."""

    effective_from: date
    source: str
    limits: Mapping[CreditType, tuple[int, int, int, int]]


ARREARS_TABLES: Final = (
    ArrearsTable(
        date(2008, 11, 21),
        "Res. SBS 11356-2008",
        MappingProxyType(
            {
                CreditType.PEQUENA_EMPRESA: (8, 30, 60, 120),
                CreditType.MICROEMPRESA: (8, 30, 60, 120),
                CreditType.CONSUMO: (8, 30, 60, 120),
                CreditType.HIPOTECARIO: (30, 60, 120, 365),
            }
        ),
    ),
)


def days_in_arrears(unpaid: Iterable[Due], as_of: date) -> int:
    """Days since the oldest due that is not fully paid; 0 on the due date itself."""
    return max(((as_of - due.on).days for due in unpaid), default=0)


def sbs_class(
    days: int,
    credit_type: CreditType,
    as_of: date,
    tables: Sequence[ArrearsTable] = ARREARS_TABLES,
) -> SbsClass | None:
    """The class of ``days`` of arrears by the table in force on ``as_of``; None before any."""
    in_force = [table for table in tables if table.effective_from <= as_of]
    if not in_force:
        return None
    limits = max(in_force, key=lambda table: table.effective_from).limits[credit_type]
    classes = zip(SbsClass, limits, strict=False)
    return next((name for name, limit in classes if days <= limit), SbsClass.PERDIDA)
