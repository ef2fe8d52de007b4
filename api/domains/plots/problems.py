"""What this room refuses."""

from api.core.problems import Conflict


class PlotExists(Conflict):
    """The id or the organisation's own code is in use; ``plot_id`` is the plot that has it."""

    code = "plot-exists"
    title = {"es": "La parcela ya existe", "en": "Plot exists"}
    text = {
        "es": "Su organización ya tiene una parcela con ese identificador o ese código.",
        "en": "Your organisation has a plot with that id or that code already.",
    }
