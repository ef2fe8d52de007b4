"""What Pydantic finds in a payload, as faults with sentences in Spanish and English."""

import re
from collections.abc import Sequence
from typing import Any, Final

from api.core.problems import FieldError

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "missing": ("falta este dato obligatorio", "this required field is missing"),
    "extra_forbidden": ("este campo no existe", "there is no such field"),
    "enum": ("no es uno de los valores admitidos", "is not one of the admitted values"),
    "literal_error": ("no es uno de los valores admitidos", "is not one of the admitted values"),
    "uuid_parsing": ("no es un UUID", "is not a UUID"),
    "uuid_type": ("no es un UUID", "is not a UUID"),
    "string_type": ("debe ser texto", "must be a string"),
    "string_too_long": ("es demasiado largo", "is too long"),
    "string_too_short": ("es demasiado corto", "is too short"),
    "string_pattern_mismatch": ("no tiene el formato debido", "does not have the right form"),
    "int_type": ("debe ser un entero", "must be an integer"),
    "int_parsing": ("debe ser un entero", "must be an integer"),
    "int_from_float": ("debe ser un entero", "must be an integer"),
    "bool_type": ("debe ser verdadero o falso", "must be true or false"),
    "bool_parsing": ("debe ser verdadero o falso", "must be true or false"),
    "list_type": ("debe ser una lista", "must be a list"),
    "too_long": ("tiene demasiados elementos", "has too many elements"),
    "too_short": ("tiene muy pocos elementos", "has too few elements"),
    "model_attributes_type": ("debe ser un objeto", "must be an object"),
    "model_type": ("debe ser un objeto", "must be an object"),
    "dict_type": ("debe ser un objeto", "must be an object"),
    "greater_than": ("es demasiado pequeño", "is too small"),
    "greater_than_equal": ("es demasiado pequeño", "is too small"),
    "less_than": ("es demasiado grande", "is too large"),
    "less_than_equal": ("es demasiado grande", "is too large"),
    "decimal_max_digits": ("tiene demasiadas cifras", "has too many digits"),
    "decimal_max_places": ("tiene demasiados decimales", "has too many decimal places"),
    "date_from_datetime_parsing": ("no es una fecha AAAA-MM-DD", "is not a date YYYY-MM-DD"),
    "date_parsing": ("no es una fecha AAAA-MM-DD", "is not a date YYYY-MM-DD"),
    "datetime_parsing": ("no es una hora RFC 3339", "is not an RFC 3339 time"),
    "datetime_from_date_parsing": ("no es una hora RFC 3339", "is not an RFC 3339 time"),
}
_OTHERWISE: Final = ("no es un valor válido", "is not a valid value")

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""Names that are told back. Any other name came from the caller and could carry anything; the
fault then points at what holds it."""


def field_errors(errors: Sequence[Any]) -> list[FieldError]:
    """Pydantic's findings as pointers, codes and sentences, without the input."""
    found = []
    for error in errors:
        place, *path = error["loc"]
        path = [part for part in path if _NAME.fullmatch(str(part))]
        if place == "body":
            pointer = "".join(f"/{part}" for part in path)
        else:
            pointer = (
                f"?{path[0]}"
                if place == "query" and path
                else f"{place}:{path[-1]}"
                if path
                else place
            )
        es, en = _SENTENCES.get(error["type"], _OTHERWISE)
        if error["type"] == "value_error":
            en = error["msg"].removeprefix("Value error, ")
        found.append(FieldError(pointer, error["type"].replace("_", "-"), {"es": es, "en": en}))
    return found
