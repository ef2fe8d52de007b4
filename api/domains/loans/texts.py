"""The sentences of this room's rules, by code."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.core.problems import FieldError, Text
from api.domains.loans.posting import NotEntered

_TEXTS: Final[Mapping[str, Text]] = MappingProxyType({
    "order-or-labour": {
        "es": "Pague una orden («order_id»), o una línea de mano de obra por un canal"
        " («farm_plan_line_id» y «channel»).",
        "en": "Pay an order ('order_id'), or a labour line by a channel ('farm_plan_line_id' and"
        " 'channel').",
    },
    "currencies-differ": {
        "es": "El importe va en la moneda del préstamo.",
        "en": "The amount is in the loan's currency.",
    },
    "in-the-future": {
        "es": "La fecha está en el futuro.",
        "en": "The day lies in the future.",
    },
    "beyond-principal": {
        "es": "Supera lo que falta desembolsar del préstamo; vea «left».",
        "en": "More than is left to pay out of the loan; see 'left'.",
    },
    "order-outside-application": {
        "es": "La orden tiene líneas que la solicitud de crédito no financia.",
        "en": "The order has lines that the credit application does not finance.",
    },
    "line-outside-application": {
        "es": "La solicitud de crédito no financia esa línea.",
        "en": "The credit application does not finance that line.",
    },
    "not-labour": {
        "es": "En efectivo o transferencia solo se paga mano de obra; lo demás, por su orden.",
        "en": "Cash and transfers pay labour only; anything else is paid by its order.",
    },
    "beyond-lines": {
        "es": "Supera lo que la solicitud aún financia de esas líneas; vea «left».",
        "en": "More than the application still finances of those lines; see 'left'.",
    },
    "before-agreement": {
        "es": "Es anterior al acuerdo del préstamo.",
        "en": "It is before the loan was agreed.",
    },
    "after-repayment-began": {
        "es": "Cambiaría cuotas ya vencidas, o cae tras empezar la devolución del capital.",
        "en": "It would change instalments already due, or falls after repayment began.",
    },
    "repaid-early-before": {
        "es": "Tras un pago anticipado no se desembolsa más; hace falta otro préstamo.",
        "en": "Nothing is paid out after an early repayment; another loan is needed.",
    },
    "before-chapter": {
        "es": "Es anterior al desembolso, o al último pago anticipado.",
        "en": "It is before the disbursement, or before the last early repayment.",
    },
    "beyond-owed": {
        "es": "Supera lo que cancela el préstamo ese día; vea «owed».",
        "en": "More than ends the loan on that day; see 'owed'.",
    },
    "moved-since": {
        "es": "Un pago anticipado no se registra antes de otro movimiento.",
        "en": "An early repayment cannot be entered before another movement.",
    },
    "not-the-borrower": {
        "es": "El productor de la entrega no es deudor de este préstamo.",
        "en": "The producer of the delivery does not owe this loan.",
    },
})  # fmt: skip


def fault(pointer: str, code: str, **facts: str) -> FieldError:
    """A fault with its sentences."""
    return FieldError(pointer, code, _TEXTS[code], facts)


def refused(reason: NotEntered, pointer: str, currency: str) -> FieldError:
    """Why a movement was not entered; of more than is owed with what is owed."""
    facts = {} if reason.owed is None else {"owed": f"{reason.owed:.2f}", "currency": currency}
    return fault(pointer, reason.refusal.value.replace("_", "-"), **facts)
