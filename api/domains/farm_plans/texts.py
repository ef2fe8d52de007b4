"""The sentences of this room's rules."""

from typing import Final

from api.core.problems import FieldError


def _reason(pointer: str, code: str, es: str, en: str) -> FieldError:
    return FieldError(pointer, code, {"es": es, "en": en})


DATES_INVERTED: Final = _reason(
    "/ends_on", "dates-inverted",
    "El plan termina antes de empezar.", "The plan ends before it starts.",
)  # fmt: skip
TOO_LONG: Final = _reason(
    "/ends_on", "plan-too-long",
    "Un plan predial dura 20 años como máximo.", "A farm plan lasts at most 20 years.",
)  # fmt: skip
CONSERVATION_BELOW_ZONES: Final = _reason(
    "/conservation_ha", "conservation-below-zones",
    "El compromiso de conservación es menor que las zonas por conservar.",
    "The conservation commitment is below the zones to be conserved.",
)  # fmt: skip
NOT_A_MEMBER: Final = _reason(
    "/cluster_id", "not-a-member",
    "El productor no es hoy miembro de ese grupo.",
    "The producer is no member of that cluster today.",
)  # fmt: skip


def visit_unknown(pointer: str) -> FieldError:
    """A visit was not made to this producer, or is named twice."""
    return _reason(
        pointer, "visit-unknown",
        "No es una visita a este productor, o se repite.",
        "It is no visit to this producer, or is repeated.",
    )  # fmt: skip


def year_outside(pointer: str) -> FieldError:
    """A year of the yield curve is outside the plan, or given twice."""
    return _reason(
        pointer, "year-does-not-fit",
        "El año está fuera del plan o se repite.", "The year is outside the plan, or repeated.",
    )  # fmt: skip


def treatment_does_not_fit(pointer: str) -> FieldError:
    """A treatment does not lead from one land use to the other."""
    return _reason(
        pointer, "treatment-does-not-fit",
        "El tratamiento no lleva de ese uso actual a ese uso futuro; el bosque sigue bosque.",
        "The treatment does not lead from that use to that one; forest stays forest.",
    )  # fmt: skip


def month_outside(pointer: str) -> FieldError:
    """A line's month is outside the plan, or not given by its first day."""
    return _reason(
        pointer, "month-does-not-fit",
        "Indique el mes por su primer día, dentro del plan.",
        "Give the month by its first day, within the plan.",
    )  # fmt: skip


def category_does_not_fit(pointer: str) -> FieldError:
    """Inputs and services have a category of their kind, labour has none."""
    return _reason(
        pointer, "category-does-not-fit",
        "Insumos y servicios llevan una categoría de su clase; la mano de obra, ninguna.",
        "Inputs and services have a category of their kind; labour has none.",
    )  # fmt: skip


def currencies_differ(pointer: str) -> FieldError:
    """A plan is in one currency."""
    return _reason(
        pointer, "currencies-differ",
        "Todo el plan va en una sola moneda.", "The whole plan is in one currency.",
    )  # fmt: skip


def plot_unknown(pointer: str) -> FieldError:
    """The plot is another producer's, or closed, or none."""
    return _reason(
        pointer, "plot-not-of-producer",
        "No es una parcela abierta de este productor.", "It is no open plot of this producer.",
    )  # fmt: skip


def zones_exceed_plot(pointer: str) -> FieldError:
    """The zones of a plot are together larger than the plot."""
    return _reason(
        pointer, "zones-exceed-plot",
        "Las zonas suman más que el área de la parcela.",
        "The zones add up to more than the plot's area.",
    )  # fmt: skip


def exhausted(pointer: str) -> FieldError:
    """A line has less left than is asked of it."""
    return _reason(
        pointer, "plan-line-exhausted",
        "Supera lo que queda de la línea del plan.",
        "It exceeds what is left of the plan line.",
    )  # fmt: skip


def plan_not_accepted(pointer: str) -> FieldError:
    """Only an accepted plan is ordered from and financed."""
    return _reason(
        pointer, "plan-not-accepted",
        "El plan de esta línea no está aceptado o fue reemplazado.",
        "The plan of this line is not accepted, or was superseded.",
    )  # fmt: skip
