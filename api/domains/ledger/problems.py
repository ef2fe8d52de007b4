"""What this room refuses."""

from api.core.problems import Conflict


class NotSequenced(Conflict):
    """The entry is committed, and gets its position within seconds."""

    code = "not-sequenced"
    title = {"es": "Aún sin posición", "en": "Not sequenced yet"}
    text = {
        "es": "El registro está guardado y recibirá su posición en unos segundos; reintente.",
        "en": "The entry is recorded and gets its position within seconds; retry.",
    }


class SizeUnknown(Conflict):
    """A tree size that the log has not reached, or sizes in the wrong order."""

    code = "size-unknown"
    title = {"es": "Tamaño desconocido", "en": "Unknown size"}
    text = {
        "es": "El árbol tiene {size} registros; pida tamaños en orden y no mayores.",
        "en": "The tree has {size} entries; ask for sizes in order and no larger.",
    }
