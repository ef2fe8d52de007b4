"""What this room refuses."""

from api.core.problems import Conflict


class FarmPlanNotApproved(Conflict):
    """Money is planned for a farm plan that somebody stands by."""

    code = "farm-plan-not-approved"
    title = {"es": "Plan predial sin aprobar", "en": "Farm plan not approved"}
    text = {
        "es": "El plan de inversión se hace para un plan predial aprobado o aceptado.",
        "en": "An investment plan is made for an approved or accepted farm plan.",
    }
