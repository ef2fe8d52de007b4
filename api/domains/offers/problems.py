"""What this room refuses."""

from api.core.problems import Conflict


class NotRegistered(Conflict):
    """There is no registration whose standing could change."""

    code = "item-not-registered"
    title = {"es": "Sin registro SENASA", "en": "No SENASA registration"}
    text = {
        "es": "El artículo se publicó sin número de registro SENASA.",
        "en": "The item carries no SENASA registration number.",
    }
