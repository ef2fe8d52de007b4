"""What this room refuses."""

from api.core.problems import Conflict


class SkuTaken(Conflict):
    """The catalogue has an item with this SKU; the bulk call would replace it."""

    code = "sku-taken"
    title = {"es": "SKU ya usado", "en": "SKU already used"}
    text = {
        "es": "El catálogo ya tiene un artículo con ese SKU; la carga masiva (PUT) lo reemplaza.",
        "en": "The catalogue has an item with that SKU already; the bulk call (PUT) replaces it.",
    }


class RevisionOpen(Conflict):
    """The next revision is being drafted already."""

    code = "revision-open"
    title = {"es": "Revisión en curso", "en": "Revision under way"}
    text = {
        "es": "La siguiente versión del catálogo ya está en borrador; edítela o retírela.",
        "en": "The catalogue's next revision is a draft already; edit or withdraw it.",
    }
