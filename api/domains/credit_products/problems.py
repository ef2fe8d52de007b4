"""What this room refuses."""

from api.core.problems import Conflict


class NotPublished(Conflict):
    """Nobody borrows under a product that is a draft or was withdrawn."""

    code = "credit-product-not-published"
    title = {"es": "Producto no publicado", "en": "Product not published"}
    text = {
        "es": "El producto de crédito no está publicado.",
        "en": "The credit product is not published.",
    }
