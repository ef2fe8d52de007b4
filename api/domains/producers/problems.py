"""What this room refuses."""

from api.core.problems import Conflict, Problem


class AlreadyRegistered(Conflict):
    """The organisation itself has registered this document; ``producer_id`` is its registration."""

    code = "producer-already-registered"
    title = {"es": "Productor ya registrado", "en": "Producer already registered"}
    text = {
        "es": "Su organización ya registró a un productor con ese documento.",
        "en": "Your organisation has registered a producer with that document already.",
    }


class PersonalDataErased(Problem):
    """The first answer to this idempotency key told of somebody who has been erased since."""

    status = 410
    code = "personal-data-erased"
    title = {"es": "Datos personales suprimidos", "en": "Personal data erased"}
    text = {
        "es": "La solicitud se ejecutó; su respuesta contenía datos de una persona que fue"
        " suprimida.",
        "en": "The request was carried out; its answer held data of a person who has been erased.",
    }
