"""What this room refuses."""

from api.core.problems import Conflict


class TooManyNeighbours(Conflict):
    """A geometry whose box meets the boxes of more plots than are compared."""

    code = "too-many-neighbours"
    title = {"es": "Demasiadas parcelas vecinas", "en": "Too many neighbouring plots"}
    text = {
        "es": "La geometría abarca a más de {limit} parcelas registradas: no puede ser la de una"
        " sola. Revise sus esquinas.",
        "en": "The geometry spans more than {limit} registered plots: it cannot be that of a single"
        " one. Check its corners.",
    }
