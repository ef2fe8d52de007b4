"""Documents, telephone numbers, names, and what a purpose needs to know of a person."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

import phonenumbers
from stdnum.pe import cui

from api.core.problems import FieldError
from api.domains.consents.vocabulary import Purpose
from api.domains.organizations.rules import COMPANY, RUC_PREFIXES, is_ruc
from api.domains.producers.vocabulary import DocumentType

DNI_DIGITS: Final = 8
CLOCK_TOLERANCE: Final = timedelta(days=1)
"""A telephone's clock may run ahead."""

_SERVICE: Final = frozenset({"given_names", "family_names", "language", "phone"})
_IDENTITY: Final = frozenset({"given_names", "family_names", "document"})
DISCLOSED: Final[Mapping[Purpose, frozenset[str]]] = MappingProxyType({
    Purpose.SERVICE_DELIVERY: _SERVICE,
    Purpose.CREDIT_READINESS: _SERVICE | _IDENTITY | {"birth_year", "ruc"},
    Purpose.TRACEABILITY_DISCLOSURE: frozenset({"given_names", "family_names"}),
    Purpose.INCENTIVES: _IDENTITY | {"phone"},
})  # fmt: skip
"""The personal fields that each purpose discloses to others, no more than it needs (Ley 29733,
art. 7: proportionality). Sex and the organisation's own code are for no purpose of others."""


ERASED: Final = (
    "external_id", "given_names", "family_names", "search_name", "birth_year", "sex", "language",
    "phone", "ruc", "captured_at",
)  # fmt: skip
"""What a registration forgets (Ley 29733, art. 20). District and membership of an association stay:
sums need them, and they single out nobody."""
NAMELESS: Final = "—"
"""The name of a plot of somebody erased: plots' names are often their owners'."""


def document_faults(kind: DocumentType, number: str, check: str | None) -> list[FieldError]:
    """What is wrong with an identity document.

    A DNI has eight digits, leading zeros included, and a check character (a digit or a letter,
    RENIEC; stdnum.pe.cui) that may be left out. A carné de extranjería has nine to twelve letters
    and digits and no check character.
    """
    if kind is DocumentType.DNI:
        if len(number) != DNI_DIGITS or not number.isascii() or not number.isdigit():
            return [_DNI_FORM]
        if check is not None and check.upper() not in cui.calc_check_digits(number):
            return [_DNI_CHECK]
        return []
    found = [] if 9 <= len(number) <= 12 and number.isascii() and number.isalnum() else [_CE_FORM]
    return found if check is None else [*found, _CE_CHECK]


def ruc_faults(
    ruc: str | None, kind: DocumentType, number: str, prefixes: Collection[str] = RUC_PREFIXES
) -> list[FieldError]:
    """What is wrong with the RUC of a natural person with this document.

    Eleven digits with a check digit (SUNAT; stdnum.pe.ruc). One that begins with 10 holds its
    owner's DNI; one that begins with 20 is a legal person's.
    """
    if ruc is None:
        return []
    if not is_ruc(ruc, prefixes):
        return [_RUC_FORM]
    if ruc.startswith(COMPANY):
        return [_RUC_OF_COMPANY]
    another = ruc.startswith(_BY_DNI) and kind is DocumentType.DNI and ruc[2:-1] != number
    return [_RUC_OF_ANOTHER] if another else []


def moment_faults(
    birth_year: int | None, captured_at: datetime | None, now: datetime
) -> list[FieldError]:
    """What lies in the future and cannot."""
    found = []
    if birth_year is not None and birth_year > now.year:
        found.append(_in_future("/birth_year"))
    if captured_at is not None and captured_at > now + CLOCK_TOLERANCE:
        found.append(_in_future("/captured_at"))
    return found


def e164(number: str) -> str | None:
    """A telephone number as ``+51987654321``, Peruvian unless it says otherwise; None if it is no
    number that exists (E.164; metadata of libphonenumber).
    """
    try:
        parsed = phonenumbers.parse(number, "PE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _in_future(pointer: str) -> FieldError:
    return FieldError(
        pointer, "in-the-future", {"es": "está en el futuro", "en": "lies in the future"}
    )


_BY_DNI: Final = "10"
_RUC_FORM: Final = FieldError(
    "/ruc",
    "ruc-form",
    {
        "es": "el dígito de verificación o el prefijo del RUC no es correcto",
        "en": "the check digit or the prefix of the RUC is wrong",
    },
)
_RUC_OF_COMPANY: Final = FieldError(
    "/ruc",
    "ruc-of-company",
    {"es": "es el RUC de una persona jurídica", "en": "is the RUC of a legal person"},
)
_RUC_OF_ANOTHER: Final = FieldError(
    "/ruc",
    "ruc-of-another",
    {
        "es": "un RUC que empieza con 10 contiene el DNI de su titular, y este contiene otro",
        "en": "a RUC that begins with 10 contains its owner's DNI, and this one contains another",
    },
)
_DNI_FORM: Final = FieldError(
    "/document/number",
    "dni-form",
    {"es": "un DNI tiene ocho dígitos", "en": "a DNI has eight digits"},
)
_DNI_CHECK: Final = FieldError(
    "/document/check",
    "dni-check",
    {
        "es": "el carácter de verificación no corresponde al número",
        "en": "the check character does not belong to the number",
    },
)
_CE_FORM: Final = FieldError(
    "/document/number",
    "ce-form",
    {
        "es": "un carné de extranjería tiene de nueve a doce letras y cifras",
        "en": "a carné de extranjería has nine to twelve letters and digits",
    },
)
_CE_CHECK: Final = FieldError(
    "/document/check",
    "ce-check",
    {
        "es": "un carné de extranjería no tiene carácter de verificación",
        "en": "a carné de extranjería has no check character",
    },
)
