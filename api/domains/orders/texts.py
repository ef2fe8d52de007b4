"""Why an order is refused, as codes and sentences."""

from decimal import Decimal
from typing import Final

from api.core.problems import FieldError, Text

_TEXTS: Final[dict[str, Text]] = {
    "amount-too-large": {
        "es": "El monto no cabe en una orden.",
        "en": "The amount is too large for an order.",
    },
    "amount-too-small": {
        "es": "Tan poco costaría menos de un céntimo.",
        "en": "So little would cost less than a céntimo.",
    },
    "answer-overdue": {
        "es": "El plazo para responder ya venció.",
        "en": "The time to answer is over.",
    },
    "answer-until-out-of-range": {
        "es": "El plazo para responder debe vencer entre ahora y 90 días.",
        "en": "The time to answer must end between now and 90 days from now.",
    },
    "category-differs": {
        "es": "El artículo no es de la categoría que pide la línea del plan.",
        "en": "The item is not of the category that the plan line asks for.",
    },
    "cluster-unknown": {
        "es": "El grupo no existe o no es de su organización.",
        "en": "There is no such cluster, or it is not your organisation's.",
    },
    "credit-beyond": {
        "es": "Supera lo que cuesta la orden.",
        "en": "It is more than what the order costs.",
    },
    "currency-differs": {
        "es": "Todas las líneas de una orden llevan la misma moneda.",
        "en": "All lines of an order are in the same currency.",
    },
    "date-in-future": {
        "es": "La fecha está en el futuro.",
        "en": "The date lies in the future.",
    },
    "dearer-than-offered": {
        "es": "El precio propuesto supera el de la oferta del artículo.",
        "en": "The price proposed is above that of the item's offer.",
    },
    "before-dispatch": {
        "es": "Nada de la orden se había despachado ese día.",
        "en": "Nothing of the order had been dispatched by that day.",
    },
    "line-missing": {
        "es": "Falta una línea despachada; si no llegó nada, indique 0.",
        "en": "A dispatched line is missing; where nothing arrived, say 0.",
    },
    "line-repeated": {
        "es": "La línea ya está en esta lista.",
        "en": "The line stands in this list already.",
    },
    "line-unanswered": {
        "es": "Falta responder un sustituto propuesto.",
        "en": "A substitute that was proposed is not answered.",
    },
    "line-unknown": {
        "es": "La orden no tiene esa línea.",
        "en": "The order has no such line.",
    },
    "more-than-dispatched": {
        "es": "Lo recibido y lo dañado suman más que lo despachado.",
        "en": "What was received and damaged is more than what was dispatched.",
    },
    "more-than-ordered": {
        "es": "Supera lo que falta despachar.",
        "en": "It is more than what is left to dispatch.",
    },
    "not-delivered-there": {
        "es": "El proveedor no entrega en ese distrito.",
        "en": "The supplier does not deliver to that district.",
    },
    "not-enough-stock": {
        "es": "No hay existencias suficientes.",
        "en": "There is not enough stock.",
    },
    "not-on-offer": {
        "es": "El artículo no está en oferta.",
        "en": "The item is not on offer.",
    },
    "nothing-accepted": {
        "es": "Se rechazan todas las líneas: rechace la orden.",
        "en": "Every line is declined: reject the order.",
    },
    "not-another-category": {
        "es": "El sustituto debe ser de la categoría y la unidad de la línea.",
        "en": "The substitute must be of the line's category and unit.",
    },
    "not-proposed": {
        "es": "El proveedor no propuso un sustituto para esa línea.",
        "en": "The supplier proposed no substitute for that line.",
    },
    "nothing-ordered": {
        "es": "La orden no tiene líneas.",
        "en": "The order has no lines.",
    },
    "nothing-to-replace": {
        "es": "Nada falta ni llegó dañado.",
        "en": "Nothing is missing or damaged.",
    },
    "offer-not-valid": {
        "es": "La oferta no está vigente hoy.",
        "en": "The offer is not valid today.",
    },
    "paid-beyond": {
        "es": "Lo pagado supera lo que quedaría por pagar: primero la devolución.",
        "en": "More is paid than would be left to pay: the refund comes first.",
    },
    "order-paid": {
        "es": "La orden tiene pagos registrados.",
        "en": "The order has payments.",
    },
    "other-supplier": {
        "es": "El artículo es de otro proveedor.",
        "en": "The item is another supplier's.",
    },
    "overpaid": {
        "es": "Supera lo que falta pagar.",
        "en": "It is more than what is left to pay.",
    },
    "plan-line-exhausted": {
        "es": "Supera lo que queda por pedir en la línea del plan.",
        "en": "It is more than what is left to order on the plan line.",
    },
    "plan-line-unknown": {
        "es": "No hay tal línea en un plan aceptado de sus productores.",
        "en": "There is no such line in an accepted plan of your producers.",
    },
    "producer-unknown": {
        "es": "El productor no existe o no es de su organización.",
        "en": "There is no such producer, or it is not your organisation's.",
    },
    "refund-due": {
        "es": "El proveedor aún debe una devolución.",
        "en": "The supplier owes a refund still.",
    },
    "refunded-beyond": {
        "es": "Supera lo que se pagó.",
        "en": "It is more than what was paid.",
    },
    "registration-expired": {
        "es": "El registro SENASA del artículo venció.",
        "en": "The item's SENASA registration has expired.",
    },
    "registration-missing": {
        "es": "El artículo se vende solo con registro SENASA.",
        "en": "The item is sold only with a SENASA registration.",
    },
    "registration-not-valid": {
        "es": "El registro SENASA del artículo está suspendido o cancelado.",
        "en": "The item's SENASA registration is suspended or cancelled.",
    },
    "settlement-differs": {
        "es": "El proveedor no ofrece ese arreglo.",
        "en": "That is not the settlement that the supplier offers.",
    },
    "unit-differs": {
        "es": "El artículo se vende en otra unidad que la de la línea del plan.",
        "en": "The item is sold in another unit than the plan line's.",
    },
}


def fault(pointer: str, code: str, *, left: Decimal | None = None) -> FieldError:
    """A reason, with what is left where that is the reason."""
    facts = {} if left is None else {"left": f"{left:f}"}
    return FieldError(pointer, code, _TEXTS[code], facts)
