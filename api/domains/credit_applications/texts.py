"""The sentences of this room's rules, by code."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.core.problems import FieldError, Text

_TEXTS: Final[Mapping[str, Text]] = MappingProxyType({
    "one-subject": {
        "es": "Indique un productor o un grupo, y solo uno de los dos.",
        "en": "Name a producer or a cluster, and only one of the two.",
    },
    "pledge-incomplete": {
        "es": "El compromiso de compra y los kilos en garantía van juntos.",
        "en": "The purchase commitment and the pledged kilos go together.",
    },
    "line-repeated": {
        "es": "La línea del plan aparece dos veces.",
        "en": "The plan line appears twice.",
    },
    "borrower-not-served": {
        "es": "El producto es para la otra clase de prestatario (productor o grupo solidario).",
        "en": "The product is for the other kind of borrower (producer or solidarity group).",
    },
    "district-not-served": {
        "es": "El producto no atiende ese distrito.",
        "en": "The product does not serve that district.",
    },
    "term-not-offered": {
        "es": "El plazo está fuera del rango del producto.",
        "en": "The term is outside the product's range.",
    },
    "amount-not-offered": {
        "es": "La suma de las líneas está fuera del rango del producto.",
        "en": "The sum of the lines is outside the product's range.",
    },
    "commitment-required": {
        "es": "El producto pide un compromiso de compra en garantía.",
        "en": "The product asks for a purchase commitment as a guarantee.",
    },
    "commitment-of-another-cluster": {
        "es": "El compromiso de compra es de un grupo al que el solicitante no pertenece.",
        "en": "The purchase commitment is of a cluster that the applicant does not belong to.",
    },
    "report-does-not-fit": {
        "es": "El informe de preparación no es de esta institución sobre este solicitante.",
        "en": "The readiness report is not of this institution about this applicant.",
    },
    "not-of-the-applicant": {
        "es": "La línea no es de un plan del productor, o de un miembro actual del grupo.",
        "en": "The line is not of a plan of the producer, or of a present member of the cluster.",
    },
    "plan-not-accepted": {
        "es": "El plan predial de la línea no está aceptado.",
        "en": "The line's farm plan is not accepted.",
    },
    "purpose-not-financed": {
        "es": "El producto no financia esta clase de línea.",
        "en": "The product does not finance this kind of line.",
    },
    "currencies-differ": {
        "es": "Los importes van en la moneda del producto.",
        "en": "Amounts are in the product's currency.",
    },
    "line-exhausted": {
        "es": "Supera lo que falta financiar de la línea; vea «left».",
        "en": "More than is left to finance of the line; see 'left'.",
    },
    "share-exceeded": {
        "es": "Supera la parte del costo que el producto financia; vea «left».",
        "en": "More than the part of the cost that the product finances; see 'left'.",
    },
    "beyond-application": {
        "es": "La oferta supera lo solicitado.",
        "en": "The offer is more than was applied for.",
    },
    "beyond-published-tea": {
        "es": "La TEA ofrecida supera la publicada del producto.",
        "en": "The offered TEA is above the product's published one.",
    },
    "in-the-past": {
        "es": "La fecha ya pasó.",
        "en": "The day has passed.",
    },
    "after-first-due": {
        "es": "La oferta debe vencer antes de la primera cuota.",
        "en": "The offer must expire before the first instalment.",
    },
    "harvest-schedule": {
        "es": "Un cronograma según flujo de caja lleva fechas («dates»), y solo él.",
        "en": "A cash-flow schedule takes dates, and only it does.",
    },
    "instalments-do-not-fit": {
        "es": "El plazo no se divide en esas cuotas, o no son tantas como fechas.",
        "en": "The term does not divide into such instalments, or they are not as many as dates.",
    },
    "beyond-term": {
        "es": "La última cuota cae después del plazo solicitado.",
        "en": "The last instalment falls due after the term that was applied for.",
    },
})  # fmt: skip


def fault(pointer: str, code: str, **facts: str) -> FieldError:
    """A fault with its sentences."""
    return FieldError(pointer, code, _TEXTS[code], facts)
