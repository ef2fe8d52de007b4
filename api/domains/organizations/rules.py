"""What makes a RUC."""

from collections.abc import Collection
from typing import Final

from stdnum.exceptions import ValidationError
from stdnum.pe import ruc as stdnum_ruc

RUC_PREFIXES: Final = frozenset({"10", "15", "16", "17", "20"})
"""Natural persons (10), non-domiciled and others (15, 16, 17), legal persons (20). Whether SUNAT
issues 16 is not settled in public sources; it is admitted and its check digit still judged. An
installation can name others (``MAZORCA_RUC_PREFIXES``)."""
COMPANY: Final = "20"


def is_ruc(value: str, prefixes: Collection[str] = RUC_PREFIXES) -> bool:
    """Eleven digits, a known prefix, the check digit (11 - sum % 11) % 10 (SUNAT; stdnum.pe)."""
    if len(value) != 11 or not value.isdigit() or value[:2] not in prefixes:
        return False
    try:
        return stdnum_ruc.calc_check_digit(value[:-1]) == value[-1]
    except ValidationError:
        return False
