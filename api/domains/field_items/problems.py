"""What this room refuses."""

from api.core.problems import Conflict


class NotChangeable(Conflict):
    """A delivery is a fact: its kilos are in lots, its price is paid."""

    code = "not-changeable"
    title = {"es": "No se modifica", "en": "Cannot be changed"}
    text = {
        "es": "Lo que ya se registró de este tipo no se modifica; envíelo sin «version».",
        "en": "What is recorded of this kind is not changed; send it without 'version'.",
    }
