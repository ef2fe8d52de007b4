"""What a request must be, and when visits answer it."""

from datetime import date
from typing import Final

from api.core.problems import FieldError


def _fault(pointer: str, code: str, es: str, en: str) -> FieldError:
    return FieldError(pointer, code, {"es": es, "en": en})


ONE_SUBJECT: Final = _fault(
    "/producer_id",
    "one-subject",
    "indique un productor o un grupo, y solo uno de los dos",
    "name a producer or a cluster, and only one of the two",
)
IN_THE_PAST: Final = _fault("/wanted_by", "in-the-past", "ya pasó", "lies in the past")
UNKNOWN_PROVIDER: Final = _fault(
    "/provider_id",
    "unknown-provider",
    "no es una organización verificada que preste asistencia técnica",
    "is no verified provider of technical assistance",
)
NO_CONSENT: Final = _fault(
    "/producer_id",
    "no-consent",
    "no ha consentido que esa organización le preste servicios («service_delivery»)",
    "has not consented to be served by that organisation ('service_delivery')",
)
NOT_VISITED: Final = _fault(
    "",
    "not-visited",
    "ninguna visita responde a la solicitud",
    "no visit answers the request",
)
NOT_ACCEPTED: Final = _fault(
    "/service_request_id",
    "request-not-accepted",
    "la solicitud no está aceptada",
    "the request is not accepted",
)
OTHER_SUBJECT: Final = _fault(
    "/service_request_id",
    "other-subject",
    "la solicitud no es de este productor ni de un grupo suyo",
    "the request is neither for this producer nor for a cluster of theirs",
)


def faults(producers: int, wanted_by: date | None, today: date) -> list[FieldError]:
    """What is wrong with a request as it was sent; ``producers`` counts whom it names."""
    found = [] if producers == 1 else [ONE_SUBJECT]
    if wanted_by is not None and wanted_by < today:
        found.append(IN_THE_PAST)
    return found
