"""What this room refuses."""

from api.core.problems import Conflict, Problem


class ConsentRequired(Problem):
    """The caller knows of the producer, but no consent covers this purpose today.

    ``purposes`` names those for which a consent in force covers the caller.
    """

    status = 403
    code = "consent-required"
    title = {"es": "Falta el consentimiento", "en": "Consent required"}
    text = {
        "es": "Indique «purpose» con una finalidad que el productor haya consentido y esté"
        " vigente; vea «purposes».",
        "en": "State a 'purpose' to which the producer has consented and which is in force;"
        " see 'purposes'.",
    }


class ServiceConsentRequired(ConsentRequired):
    """Another organisation's producer is served only with consent."""

    text = {
        "es": "El productor no ha consentido, o ya no, que su organización le preste servicios"
        " (finalidad «service_delivery»).",
        "en": "The producer has not consented, or no longer, to be served by your organisation"
        " (purpose 'service_delivery').",
    }


class ConsentExists(Conflict):
    """The same purpose and recipient are consented to already in part of that time."""

    code = "consent-exists"
    title = {"es": "Ya hay un consentimiento", "en": "A consent exists"}
    text = {
        "es": "Ya hay un consentimiento vigente en esas fechas para esa finalidad y ese"
        " destinatario; revóquelo antes de registrar otro.",
        "en": "A consent for that purpose and recipient is in force on those dates already;"
        " revoke it before recording another.",
    }
