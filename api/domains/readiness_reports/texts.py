"""What would close each gap: the sentences of this room."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.core.problems import FieldError, Text

CLOSES: Final[Mapping[str, Text]] = MappingProxyType({
    "identity": {
        "es": "Registrar el documento de identidad del productor.",
        "en": "Register the producer's identity document.",
    },
    "consent": {
        "es": "Registrar el consentimiento del productor para evaluar su preparación.",
        "en": "Record the producer's consent to have readiness judged.",
    },
    "farm_plan": {
        "es": "Hacer, aprobar y aceptar un plan predial con asistencia técnica.",
        "en": "Make, approve and accept a farm plan with technical assistance.",
    },
    "farm_plan_current": {
        "es": "Renovar el plan predial: el vigente ya terminó, o no hay.",
        "en": "Renew the farm plan: the one in force has ended, or there is none.",
    },
    "investment_plan": {
        "es": "Hacer el plan de inversión del plan predial vigente.",
        "en": "Make the investment plan of the farm plan in force.",
    },
    "arrears": {
        "es": "Poner al día los préstamos atrasados, o reprogramarlos con la institución.",
        "en": "Bring late loans up to date, or reschedule them with the lender.",
    },
    "deforestation": {
        "es": "No evaluado: esta versión aún no evalúa la deforestación de las parcelas.",
        "en": "Not assessed: this version does not assess the plots' deforestation yet.",
    },
    "market_commitment": {
        "es": "Firmar un compromiso de compra que cubra la mayor parte de la próxima cosecha.",
        "en": "Sign a purchase commitment that covers most of the coming harvest.",
    },
    "cocoa_area": {
        "es": "Registrar todas las parcelas de cacao; el programa se enfoca en más de 2 ha.",
        "en": "Register every plot of cocoa; the programme's focus is more than 2 ha.",
    },
    "yield": {
        "es": "Subir el rendimiento con el plan predial, y entregar la cosecha en los acopios.",
        "en": "Raise the yield with the farm plan, and deliver the crop to collection centres.",
    },
    "polygons": {
        "es": "Levantar el polígono de cada parcela.",
        "en": "Survey the polygon of every plot.",
    },
    "tenure": {
        "es": "Registrar el documento de tenencia de cada parcela.",
        "en": "Register the tenure document of every plot.",
    },
    "conservation": {
        "es": "Incluir en el plan predial el bosque que se conserva.",
        "en": "Include the forest that is kept in the farm plan.",
    },
    "plan_pays": {
        "es": "Rehacer el plan: lo que agrega no paga lo que cuesta.",
        "en": "Plan again: what it adds does not pay what it costs.",
    },
    "plan_pays_when_cheap": {
        "es": "Ajustar el plan para que se pague con el cacao 20 % más barato.",
        "en": "Adjust the plan so that it pays with cocoa 20 % cheaper.",
    },
    "deliveries": {
        "es": "Entregar cacao en los acopios de la plataforma en más meses.",
        "en": "Deliver cocoa to the platform's collection centres in more months.",
    },
    "inputs": {
        "es": "Comprar por la plataforma los insumos del plan.",
        "en": "Buy the plan's inputs through the platform.",
    },
    "loans_settled": {
        "es": "Pagar por completo un préstamo en la plataforma.",
        "en": "Repay a loan on the platform in full.",
    },
    "season": {
        "es": "Comprometer con un comprador casi toda la próxima cosecha.",
        "en": "Commit nearly all of the coming harvest to a buyer.",
    },
    "price": {
        "es": "Acordar con el comprador un precio fijo o un precio piso.",
        "en": "Agree a fixed price or a floor price with the buyer.",
    },
    "debt_service": {
        "es": "Pedir menos, a más plazo, o mejorar el flujo de caja del plan de inversión.",
        "en": "Borrow less, for longer, or improve the investment plan's cash flow.",
    },
    "members_with_consent": {
        "es": "Recoger el consentimiento de más miembros; con menos de cinco no se muestra nada.",
        "en": "Collect the consent of more members; below five nothing is shown.",
    },
    "share_ready": {
        "es": "Cerrar las brechas que más miembros comparten.",
        "en": "Close the gaps that most members share.",
    },
})  # fmt: skip

ONE_SUBJECT: Final = FieldError(
    "/cluster_id",
    "one-of-two",
    {
        "es": "Indique un productor o un grupo, uno de los dos.",
        "en": "Name a producer or a cluster, one of the two.",
    },
)
IN_THE_FUTURE: Final = FieldError(
    "/as_of",
    "in-the-future",
    {
        "es": "Lo que será no se sabe: indique hoy o una fecha pasada.",
        "en": "What will be is not known: give today or a past day.",
    },
)
