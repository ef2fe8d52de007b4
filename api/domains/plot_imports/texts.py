"""What can be wrong with a row beside its values."""

from typing import Final

from api.core.problems import FieldError
from api.domains.plot_overlaps.problems import TooManyNeighbours


def _fault(field: str, code: str, es: str, en: str) -> FieldError:
    return FieldError(field, code, {"es": es, "en": en})


NO_PRODUCER: Final = _fault(
    "/producer_id",
    "producer-missing",
    "no se sabe de quién es: agregue producer_id o producer_external_id",
    "nobody knows whose it is: add producer_id or producer_external_id",
)
UNKNOWN_ID: Final = _fault(
    "/producer_id",
    "unknown-producer",
    "no es un productor activo de su organización",
    "is no active producer of your organisation",
)
UNKNOWN_CODE: Final = _fault(
    "/producer_external_id",
    "unknown-producer",
    "ningún productor activo de su organización tiene ese código",
    "no active producer of your organisation has that code",
)
ANOTHER_PRODUCER: Final = _fault(
    "/producer_id",
    "another-producer",
    "la parcela con ese código es de otro productor",
    "the plot with that code is another producer's",
)
CLOSED: Final = _fault(
    "/external_id",
    "plot-closed",
    "la parcela con ese código está cerrada",
    "the plot with that code is closed",
)


def crowded(most: int) -> FieldError:
    """The row meets more than so many plots, of the file or of others."""
    text = {language: t.format(limit=most) for language, t in TooManyNeighbours.text.items()}
    return FieldError("/geometry", TooManyNeighbours.code, text, {"limit": most})
