"""What this room refuses."""

from api.core.problems import Conflict


class TableNameTaken(Conflict):
    """Another table has this name."""

    code = "archetype-table-name-taken"
    title = {"es": "Nombre de tabla en uso", "en": "Table name taken"}
    text = {
        "es": "Ya hay una tabla de arquetipos con ese nombre; cada versión lleva el suyo.",
        "en": "There is a table of archetypes with that name; each version has its own.",
    }
