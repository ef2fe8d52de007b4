"""What this room refuses."""

from api.core.problems import Conflict, Problem


class RucTaken(Conflict):
    """An organisation with this RUC is registered already."""

    code = "ruc-taken"
    title = {"es": "RUC ya registrado", "en": "RUC already registered"}
    text = {
        "es": "Ya hay una organización registrada con ese RUC.",
        "en": "An organisation with that RUC is registered already.",
    }


class OperatorNotOpen(Problem):
    """Nobody becomes the operator by registering."""

    status = 403
    code = "operator-not-open"
    title = {"es": "Rol reservado", "en": "Role reserved"}
    text = {
        "es": "El rol «operator» lo asigna quien administra la instalación, no el registro.",
        "en": "The role 'operator' is given by whoever runs the installation, not by registering.",
    }
