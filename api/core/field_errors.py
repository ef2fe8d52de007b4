"""What Pydantic finds in a payload, as faults with sentences in Spanish and English."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.core.invalid import Invalid
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
_BOUNDS: Final[dict[str, tuple[str, str, str]]] = {
    "string_too_long": ("max_length", "a lo más", "at most"),
    "string_too_short": ("min_length", "al menos", "at least"),
    "too_long": ("max_length", "a lo más", "at most"),
    "too_short": ("min_length", "al menos", "at least"),
    "greater_than": ("gt", "más de", "more than"),
    "greater_than_equal": ("ge", "al menos", "at least"),
    "less_than": ("lt", "menos de", "less than"),
    "less_than_equal": ("le", "a lo más", "at most"),
    "decimal_max_places": ("decimal_places", "a lo más", "at most"),
    "string_pattern_mismatch": ("pattern", "patrón", "pattern"),
}
_OTHERWISE: Final = ("no es un valor válido", "is not a valid value")

_NAME: Final = re.compile(r"(?!.*\d{6})[A-Za-z0-9_.-]{1,64}", re.ASCII)
"""Names that are told back. Any other name came from the caller and could carry anything, a
person's document or phone among it; the fault then points at what holds it."""


def field_errors(errors: Sequence[Any]) -> list[FieldError]:
    """Pydantic's findings as pointers, codes and sentences, without the input."""
    found = []
    for error in errors:
        place, *path = error["loc"]
        reason = _reason(error)
        if isinstance(reason, Invalid) and reason.field:
            path.append(reason.field)
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
        es, en = _sentence(error)
        found.append(FieldError(pointer, error["type"].replace("_", "-"), {"es": es, "en": en}))
    return found


def _reason(error: Any) -> Any:
    """What a validator raised, where it was one."""
    return error.get("ctx", {}).get("error")


def _sentence(error: Any) -> tuple[str, str]:
    """Why, in Spanish and English; with the bound or the values that the contract names."""
    reason = _reason(error)
    if isinstance(reason, Invalid):
        return reason.es, reason.en
    es, en = _SENTENCES.get(error["type"], _OTHERWISE)
    told = _told(error["type"], error.get("ctx", {}))
    return f"{es}{told[0]}", f"{en}{told[1]}"


def _told(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    if kind in ("enum", "literal_error"):
        values = ", ".join(re.findall(r"'([^']+)'", str(context.get("expected", ""))))
        return (f": {values}", f": {values}") if values else ("", "")
    name, es, en = _BOUNDS.get(kind, ("", "", ""))
    return (f" ({es} {context[name]})", f" ({en} {context[name]})") if name in context else ("", "")
