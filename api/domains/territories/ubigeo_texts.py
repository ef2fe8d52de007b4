"""Why a row, or a whole file, of territories was not taken."""

from collections.abc import Mapping
from typing import Final

Told = tuple[str, Mapping[str, str]]
"""A code that never changes, and the sentence in both languages."""

NO_CSV: Final = {
    "es": "el archivo no es un CSV: hay comillas sin cerrar",
    "en": "the file is no CSV: quotes are not closed",
}
NO_COLUMNS: Final = {
    "es": "faltan columnas: el código INEI (inei o ubigeo) y los nombres (departamento, provincia,"
    " distrito)",
    "en": "columns are missing: the INEI code (inei or ubigeo) and the names (departamento,"
    " provincia, distrito)",
}
RENIEC: Final = {
    "es": "los códigos del archivo son del RENIEC: nombran otros distritos que los del INEI",
    "en": "the codes of the file are RENIEC's: they name other districts than INEI's do",
}
NO_INEI_CODE: Final[Told] = (
    "inei-code-missing",
    {"es": "no tiene código INEI de seis dígitos", "en": "has no INEI code of six digits"},
)
ZERO_LOST: Final[Told] = (
    "leading-zero-lost",
    {
        "es": "el código tiene cinco dígitos: una hoja de cálculo le quitó el cero inicial",
        "en": "the code has five digits: a spreadsheet took its leading zero away",
    },
)
NO_NAME: Final[Told] = (
    "name-missing",
    {
        "es": "la columna de su nivel no tiene nombre",
        "en": "the column of its level holds no name",
    },
)


def repeated(first: int) -> Told:
    """The code stands in an earlier row."""
    return (
        "repeated",
        {"es": f"repite el código de la fila {first}", "en": f"repeats the code of row {first}"},
    )
