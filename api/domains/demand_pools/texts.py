"""Why a pool or a pledge is refused, as codes and sentences."""

from decimal import Decimal
from typing import Final

from api.core.problems import FieldError, Text

_TEXTS: Final[dict[str, Text]] = {
    "application-differs": {
        "es": "La solicitud de crédito no es de su organización, terminó o no paga esa línea.",
        "en": "The credit application is not your organisation's, has ended, or does not pay that"
        " line.",
    },
    "closes-out-of-range": {
        "es": "El cierre debe caer entre ahora y 180 días.",
        "en": "The pool must close between now and 180 days from now.",
    },
    "cluster-unknown": {
        "es": "El grupo no existe o no es de su organización.",
        "en": "There is no such cluster, or it is not your organisation's.",
    },
    "item-differs": {
        "es": "La línea del plan pide otra categoría o unidad que la del artículo.",
        "en": "The plan line asks for another category or unit than the item's.",
    },
    "maximum-below-minimum": {
        "es": "El máximo es menor que el mínimo.",
        "en": "The maximum is below the minimum.",
    },
    "not-a-member": {
        "es": "El productor no es hoy miembro del grupo.",
        "en": "The producer is no member of the cluster today.",
    },
    "not-on-offer": {
        "es": "El artículo no está en oferta para ese lugar.",
        "en": "The item is not on offer for that place.",
    },
    "plan-line-exhausted": {
        "es": "Supera lo que falta pedir de la línea del plan.",
        "en": "It is more than what is left to order of the plan line.",
    },
    "plan-line-unknown": {
        "es": "El productor no tiene esa línea en un plan aceptado.",
        "en": "The producer has no such line in an accepted plan.",
    },
    "pool-full": {
        "es": "Supera el máximo de la compra conjunta.",
        "en": "It is more than the pool's maximum allows.",
    },
    "pool-over": {
        "es": "El plazo de la compra conjunta ya venció.",
        "en": "The pool's time is over.",
    },
}


def fault(pointer: str, code: str, *, left: Decimal | None = None) -> FieldError:
    """A reason, with what is left where that is the reason."""
    facts = {} if left is None else {"left": f"{left:f}"}
    return FieldError(pointer, code, _TEXTS[code], facts)
