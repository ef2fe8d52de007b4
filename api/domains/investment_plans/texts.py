"""The sentences of this room's rules."""

from typing import Final

from api.core.problems import FieldError


def _reason(pointer: str, code: str, es: str, en: str) -> FieldError:
    return FieldError(pointer, code, {"es": es, "en": en})


ONE_OF_TWO: Final = _reason(
    "/profile", "one-of-two",
    "Envíe «cash_flow» o «profile», uno de los dos.",
    "Send 'cash_flow' or 'profile', one of the two.",
)  # fmt: skip
MONTHS_BROKEN: Final = _reason(
    "/cash_flow", "months-do-not-follow",
    "Los meses van por su primer día, uno tras otro, sin huecos.",
    "Months are named by their first day, one after the other, without gaps.",
)  # fmt: skip
OTHER_CURRENCY: Final = _reason(
    "/profile/price_per_kg/currency", "currencies-differ",
    "Precio y costos van en la moneda del plan predial.",
    "Price and costs are in the farm plan's currency.",
)  # fmt: skip
REPEATED_HARVEST: Final = _reason(
    "/profile/harvests", "harvest-repeated",
    "Cada mes de cosecha se indica una vez.", "Each month of harvest is named once.",
)  # fmt: skip
NO_YIELD: Final = _reason(
    "/profile", "yield-missing",
    "El plan predial no dice el rendimiento esperado de cada año; indique el flujo mes a mes.",
    "The farm plan does not say the yield expected in each year; give the months instead.",
)  # fmt: skip
NO_COCOA: Final = _reason(
    "/profile", "cocoa-area-missing",
    "El plan predial no tiene zonas de cacao de las que esperar cosecha.",
    "The farm plan has no zones of cocoa from which to expect a harvest.",
)  # fmt: skip
TOO_LARGE: Final = _reason(
    "", "amounts-too-large",
    "Los montos son demasiado grandes para una finca.", "The amounts are too large for a farm.",
)  # fmt: skip
