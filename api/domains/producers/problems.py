"""What this room refuses."""

from api.core.problems import Conflict


class AlreadyRegistered(Conflict):
    """The organisation itself has registered this document; ``producer_id`` is its registration."""

    code = "producer-already-registered"
    title = {"es": "Productor ya registrado", "en": "Producer already registered"}
    text = {
        "es": "Su organización ya registró a un productor con ese documento.",
        "en": "Your organisation has registered a producer with that document already.",
    }
