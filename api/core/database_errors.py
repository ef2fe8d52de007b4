"""What PostgreSQL refuses, as problems: a value that is taken, a reference to nothing, a rule that
the database itself holds; or that there is no time for it now.
"""

from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from api.core.problems import Conflict, FieldError, InvalidPayload, Problem


class AlreadyExists(Conflict):
    """A unique value is taken."""

    code = "already-exists"
    title = {"es": "Ya existe", "en": "Already exists"}
    text = {
        "es": "Otro registro ya usa ese valor ({constraint}).",
        "en": "Another record already uses that value ({constraint}).",
    }


class UnknownReference(Conflict):
    """An id in the payload names nothing, or something that is still referred to."""

    code = "unknown-reference"
    title = {"es": "Referencia desconocida", "en": "Unknown reference"}
    text = {
        "es": "Un identificador no corresponde a nada ({constraint}).",
        "en": "An identifier refers to nothing ({constraint}).",
    }


class ConstraintBroken(Conflict):
    """A rule that the database itself holds."""

    code = "constraint-broken"
    title = {"es": "Regla de datos incumplida", "en": "Data rule broken"}
    text = {
        "es": "El cambio incumple la regla {constraint}.",
        "en": "The change breaks the rule {constraint}.",
    }


class Busy(Problem):
    """Too much at once; nothing was changed."""

    status = 503
    code = "busy"
    title = {"es": "Servicio ocupado", "en": "Service busy"}
    text = {
        "es": "No se pudo atender a tiempo; nada cambió. Reintente con la misma clave.",
        "en": "It could not be served in time; nothing changed. Retry with the same key.",
    }

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


_ID_TAKEN: Final = FieldError(
    "/id",
    "already-exists",
    {
        "es": "otro registro ya tiene este id; elija uno nuevo",
        "en": "another record has this id; choose a new one",
    },
)
_UNIQUE_VIOLATION: Final = "23505"
_BY_STATE: Final = {
    _UNIQUE_VIOLATION: AlreadyExists,
    "23503": UnknownReference,
    "23514": ConstraintBroken,
}
_OUT_OF_RANGE: Final = {"22003", "22008", "22021"}
_BUSY_STATES: Final = {"40001", "40P01", "55P03", "57014", "53300"}


def problem_of(error: Exception) -> Problem | None:
    """The problem behind a driver's error, as it is or wrapped by SQLAlchemy; None for a fault of
    ours.
    """
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    state = str(getattr(cause, "sqlstate", "") or getattr(cause, "pgcode", ""))
    if state in _BY_STATE:
        # SQLAlchemy's own exception stands between; the driver's names the constraint.
        told = cause if hasattr(cause, "constraint_name") else cause.__cause__
        constraint = str(getattr(told, "constraint_name", None) or "-")
        if state == _UNIQUE_VIOLATION and constraint.startswith("pk_"):
            return AlreadyExists(constraint="id", errors=[_ID_TAKEN])
        return _BY_STATE[state](constraint=constraint)
    if state in _OUT_OF_RANGE:
        return InvalidPayload()
    return Busy() if state in _BUSY_STATES else None
