"""What this room refuses."""

from api.core.problems import Conflict


class TooManyNeighbours(Conflict):
    """A geometry whose box meets the boxes of more plots than are compared with it."""

    code = "too-many-neighbours"
    title = {"es": "Demasiadas parcelas vecinas", "en": "Too many neighbouring plots"}
    text = {
        "es": "La geometría toca a más de {limit} parcelas: no puede ser la de una sola. Revise sus"
        " esquinas, y si el equipo dio a muchas parcelas la misma posición.",
        "en": "The geometry meets more than {limit} plots: it cannot be that of a single one. Check"
        " its corners, and whether the device gave many plots the same position.",
    }


class TooManyOverlaps(Conflict):
    """Plots that were sent together and lie on more others than are compared or kept at once."""

    code = "too-many-overlaps"
    title = {"es": "Demasiadas superposiciones", "en": "Too many overlaps"}
    text = {
        "es": "Las parcelas enviadas se superponen con demasiadas otras, o entre sí. Revise si"
        " el equipo dio a muchas la misma posición; si no, envíe menos a la vez.",
        "en": "The plots that were sent lie on too many others, or on each other. Check whether the"
        " device gave many the same position; if not, send fewer at once.",
    }
