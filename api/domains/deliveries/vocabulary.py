"""The closed lists of this room."""

from enum import StrEnum


class CocoaForm(StrEnum):
    """Wet beans in pulp (baba), or fermented and dried."""

    WET = "wet"
    DRY = "dry"


class DeliveryDocument(StrEnum):
    """The paper behind a purchase from a producer."""

    LIQUIDACION_DE_COMPRA = "liquidacion_de_compra"
    INVOICE = "invoice"
