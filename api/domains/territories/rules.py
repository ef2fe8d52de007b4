"""Codes of territories, and what is said of a code that is no district's."""

import re
from typing import Final

from api.core.problems import FieldError
from api.domains.territories.vocabulary import TerritoryLevel

CODE: Final = re.compile(r"\d{6}", re.ASCII)
"""A UBIGEO of INEI or RENIEC: department, province and district, two digits each."""


def level_of(ubigeo: str) -> TerritoryLevel:
    """What a code of six digits names: ``220000`` a department, ``220600`` one of its provinces."""
    if ubigeo.endswith("0000"):
        return TerritoryLevel.DEPARTMENT
    return TerritoryLevel.PROVINCE if ubigeo.endswith("00") else TerritoryLevel.DISTRICT


def unknown_district(pointer: str, by_reniec: str | None) -> FieldError:
    """The fault of a code that no district has; ``by_reniec`` is the INEI code of the district that
    RENIEC knows by it.
    """
    if by_reniec is None:
        return FieldError(pointer, "unknown-district", _UNKNOWN)
    detail = {language: text.format(inei=by_reniec) for language, text in _FROM_RENIEC.items()}
    return FieldError(pointer, "unknown-district", detail, {"inei": by_reniec})


UNKNOWN_TERRITORY: Final = FieldError(
    "",
    "unknown-territory",
    {
        "es": "ningún distrito del INEI empieza con ese código",
        "en": "no district of INEI's begins with that code",
    },
)
_UNKNOWN: Final = {
    "es": "ningún distrito tiene ese código en la codificación del INEI; búsquelo en"
    " /v1/territories",
    "en": "no district has that code in INEI's coding; look it up in /v1/territories",
}
_FROM_RENIEC: Final = {
    "es": "parece un código del RENIEC: ese distrito es {inei} en la codificación del INEI",
    "en": "this looks like a RENIEC code: that district is {inei} in INEI's coding",
}
