"""What this room refuses."""

from api.core.problems import Conflict, Problem


class ReadinessConsentRequired(Problem):
    """A lender judges nobody who has not consented to it; ``producer_ids`` names who is missing."""

    status = 403
    code = "consent-required"
    title = {"es": "Falta el consentimiento", "en": "Consent required"}
    text = {
        "es": "Faltan consentimientos vigentes para que la institución evalúe el crédito"
        " (credit_readiness); vea «producer_ids».",
        "en": "Consents in force are missing that let the institution judge the credit"
        " (credit_readiness); see 'producer_ids'.",
    }


class OfferExpired(Conflict):
    """The offer was good until a day that has passed."""

    code = "offer-expired"
    title = {"es": "Oferta vencida", "en": "Offer expired"}
    text = {
        "es": "La oferta ya venció; la institución puede hacer otra sobre una nueva solicitud.",
        "en": "The offer has expired; the institution can make another on a new application.",
    }


class OfferOpen(Conflict):
    """An offer binds until its last day: only the applicant can end it before."""

    code = "offer-open"
    title = {"es": "Oferta vigente", "en": "Offer still open"}
    text = {
        "es": "La oferta sigue vigente hasta «offer_expires_on».",
        "en": "The offer is open until 'offer_expires_on'.",
    }
