"""What this room refuses."""

from api.core.problems import Conflict, QueueFull


class TableNameTaken(Conflict):
    """Another table has this name."""

    code = "archetype-table-name-taken"
    title = {"es": "Nombre de tabla en uso", "en": "Table name taken"}
    text = {
        "es": "Ya hay una tabla de arquetipos con ese nombre; cada versión lleva el suyo.",
        "en": "There is a table of archetypes with that name; each version has its own.",
    }


class TooManyRunsWait(QueueFull):
    """The organisation asks for runs faster than workers do them."""

    code = "too-many-runs-wait"
    title = {"es": "Demasiadas clasificaciones en espera", "en": "Too many runs wait"}
    text = {
        "es": "Ya esperan {most} clasificaciones de su organización; pida la siguiente más tarde.",
        "en": "{most} runs of your organisation wait already; ask for the next one later.",
    }
