"""What this room refuses."""

from api.domains.consents.problems import ConsentRequired


class ServiceConsentRequired(ConsentRequired):
    """Another organisation's producer is planned for only with consent."""

    text = {
        "es": "El productor no ha consentido, o ya no, que su organización le preste servicios"
        " (finalidad «service_delivery»).",
        "en": "The producer has not consented, or no longer, to be served by your organisation"
        " (purpose 'service_delivery').",
    }
