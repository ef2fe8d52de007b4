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
    """Somebody who has been erased: the first answer to this idempotency key told of them, or more
    would be written about them.
    """

    status = 410
    code = "personal-data-erased"
    title = {"es": "Datos personales suprimidos", "en": "Personal data erased"}
    text = {
        "es": "Trata de una persona cuyos datos fueron suprimidos: lo que se respondió sobre ella"
        " no se conserva, y no se toma nada más. Lo que ya se ejecutó no se ejecuta otra vez.",
        "en": "It is about a person whose data have been erased: what was answered about them is"
        " not kept, and nothing more is taken. What was carried out is not carried out again.",
    }
