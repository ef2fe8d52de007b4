"""Why something is refused, as codes and sentences."""

from decimal import Decimal
from typing import Final

from api.core.problems import FieldError, Text

_TEXTS: Final[dict[str, Text]] = {
    "amount-too-small": {
        "es": "La línea cuesta menos de un céntimo, o más de lo que cabe en una orden.",
        "en": "The line costs less than a céntimo, or more than an order holds.",
    },
    "beyond-asked": {
        "es": "Supera lo que se pide en la línea.",
        "en": "It is more than the line asks for.",
    },
    "closes-out-of-range": {
        "es": "El plazo para cotizar debe vencer entre ahora y 90 días.",
        "en": "The time to quote must end between now and 90 days from now.",
    },
    "line-repeated": {
        "es": "La línea ya está en esta lista.",
        "en": "The line stands in this list already.",
    },
    "line-unknown": {
        "es": "La solicitud no tiene esa línea.",
        "en": "The request has no such line.",
    },
    "no-supplier": {
        "es": "Ningún proveedor ofrece esas categorías en ese distrito.",
        "en": "No supplier offers these categories in that district.",
    },
    "quote-expired": {
        "es": "La cotización ya no está vigente.",
        "en": "The quote is not valid any more.",
    },
    "quote-unknown": {
        "es": "La solicitud no tiene esa cotización vigente.",
        "en": "The request has no such standing quote.",
    },
    "quoting-closed": {
        "es": "El plazo para cotizar ya venció.",
        "en": "The time to quote is over.",
    },
    "sealed": {
        "es": "Las cotizaciones están selladas hasta que venza el plazo.",
        "en": "Quotes are sealed until the deadline.",
    },
    "supplier-unknown": {
        "es": "No es un proveedor verificado, o es su propia organización.",
        "en": "That is no verified supplier, or it is your own organisation.",
    },
    "valid-too-short": {
        "es": "La cotización debe valer al menos hasta el día en que vence el plazo.",
        "en": "A quote must be valid until the day of the deadline at least.",
    },
}


def fault(pointer: str, code: str, *, left: Decimal | None = None) -> FieldError:
    """A reason, with what is left where that is the reason."""
    facts = {} if left is None else {"left": f"{left:f}"}
    return FieldError(pointer, code, _TEXTS[code], facts)
