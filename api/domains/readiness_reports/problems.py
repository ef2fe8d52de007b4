"""What this room refuses."""

from api.domains.consents.problems import ConsentRequired


class ReadinessConsentRequired(ConsentRequired):
    """Nobody's readiness is judged without consent."""

    text = {
        "es": "El productor no ha consentido, o ya no, que su institución evalúe su preparación"
        " (finalidad «credit_readiness»).",
        "en": "The producer has not consented, or no longer, that your institution judges readiness"
        " (purpose 'credit_readiness').",
    }
