"""What can be wrong with a file, or with a row beside its values."""

from typing import Final

from api.core.problems import FieldError


def _fault(field: str, code: str, es: str, en: str) -> FieldError:
    return FieldError(field, code, {"es": es, "en": en})


MEDIA_TYPE: Final = _fault(
    "header:content-type",
    "media-type",
    "debe ser text/csv, application/x-ndjson o application/json",
    "must be text/csv, application/x-ndjson or application/json",
)
PLOTS_MEDIA_TYPE: Final = _fault(
    "header:content-type",
    "media-type",
    "debe ser application/geo+json, application/vnd.google-earth.kml+xml o text/csv",
    "must be application/geo+json, application/vnd.google-earth.kml+xml or text/csv",
)
NO_ROWS: Final = _fault("", "no-rows", "el archivo no tiene filas", "the file has no rows")
NO_ARRAY: Final = _fault(
    "", "not-an-array", "debe ser una lista JSON de objetos", "must be a JSON array of objects"
)
TOO_MANY_ROWS: Final = _fault(
    "", "too-many-rows", "el archivo tiene demasiadas filas", "the file has too many rows"
)
QUOTES: Final = _fault(
    "",
    "unclosed-quotes",
    "las comillas del archivo no cierran",
    "the file's quotation marks do not close",
)
UNKNOWN_COLUMN: Final = _fault(
    "",
    "unknown-column",
    "una columna no es de la plantilla, o está dos veces",
    "a column is not of the template, or is there twice",
)
ROW_LENGTH: Final = _fault(
    "",
    "too-many-cells",
    "la fila tiene más celdas que el encabezado; lo que contiene el separador va entre comillas",
    "the row has more cells than the header; what holds the separator stands in quotation marks",
)
NOT_JSON: Final = _fault(
    "", "not-json", "la línea no es un objeto JSON", "the line is not a JSON object"
)


def repeated(field: str, row: int) -> FieldError:
    """The value stands in an earlier row of the file."""
    return _fault(
        field,
        "repeated-in-file",
        f"el mismo valor está en la fila {row}",
        f"row {row} has the same value",
    )
